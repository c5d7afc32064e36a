"""Pages speak the student's language, sign-in the one chosen there (P8, issue 6)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from door import Door, opened
from fastapi.testclient import TestClient
from little_school import LittleSchool

from pathways.services import preferences

PAGES = {
    "/chat": "Escribirle a Milepost",
    "/plan": "Tu camino hasta ahora",
    "/summaries": "Tú decides qué leen los adultos",
    "/looks": "Quién miró",
    "/my-data": "Sacar una copia",
    "/who-sees": "Consejería de la escuela",
    "/person": "Hablar con una persona",
}


@pytest.fixture
def door(little: LittleSchool) -> Iterator[Door]:
    with opened(little) as made:
        yield made


def test_pages_of_a_student_who_chose_spanish_are_spanish(door: Door) -> None:
    preferences.speak(door.little.milepost, door.little["student"], "es")
    for path, words in PAGES.items():
        page = door.page("student", "GET", path)
        assert page.status_code == 200, path
        assert '<html lang="es">' in page.text, path
        assert words in page.text, path
        assert "Quién puede ver esto" in page.text, path


def test_the_same_pages_stay_english_without_a_choice(door: Door) -> None:
    for path, words in PAGES.items():
        page = door.page("student", "GET", path)
        assert '<html lang="en">' in page.text, path
        assert words not in page.text, path


def test_the_sign_in_page_keeps_the_language_that_is_chosen(
    pages: TestClient,
) -> None:
    assert 'lang="en"' in pages.get("/sign-in").text
    offered = re.search(r'href="(/sign-in\?lang=es[^"]*)"', pages.get("/sign-in").text)
    assert offered is not None
    assert "Contraseña" in pages.get(offered[1].replace("&amp;", "&")).text
    again = pages.get("/sign-in").text
    assert '<html lang="es">' in again
    assert "Contraseña" in again


def test_a_language_that_there_is_not_changes_nothing(pages: TestClient) -> None:
    assert '<html lang="en">' in pages.get("/sign-in?lang=xx").text
