"""What the catalog says: Spanish where a school wrote it, else marked (P8)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator

import pytest
from door import Door, opened
from fastapi.testclient import TestClient
from little_school import LittleSchool

from pathways.domain.catalog import CreditOption, Opportunity, catalog_of, wording_of
from pathways.domain.catalog_lint import Check, lint
from pathways.services import preferences
from pathways.services.option_views import spoken

Enter = Callable[[str], str]
MARK = 'lang="en"'
PLACE = {
    "code": "OPP-1",
    "title": "Vet clinic helper",
    "kind": "internship",
    "organization": "Otter Creek Clinic",
}


@pytest.fixture
def door(little: LittleSchool) -> Iterator[Door]:
    with opened(little) as made:
        yield made


def test_equal_english_words_share_their_translation() -> None:
    told = Opportunity.model_validate({**PLACE, "title_es": "Ayudante de clínica"})
    other = CreditOption.model_validate(
        {"code": "CR-1", "title": "Vet clinic helper", "way": "job", "credits": 1}
        | {"course": "SCI-BIO"}
    )
    assert wording_of([other, told], "es") == {
        "Vet clinic helper": "Ayudante de clínica"
    }
    assert catalog_of(1, [other]).wordings == {"es": {}}


def test_what_is_told_in_spanish_by_half_wants_a_look(little: LittleSchool) -> None:
    half = Opportunity.model_validate(
        {**PLACE, "description": "Help out.", "title_es": "Ayudante"}
    )
    found = lint(catalog_of(1, [half]), little.clock().date(), ())
    assert [(one.check, one.code) for one in found if one.check is Check.HALF_TOLD] == [
        (Check.HALF_TOLD, "OPP-1")
    ]
    whole = half.model_copy(update={"description_es": "Ayuda."})
    found = lint(catalog_of(1, [whole]), little.clock().date(), ())
    assert Check.HALF_TOLD not in {one.check for one in found}


def test_a_counselor_writes_spanish_and_students_who_read_it_see_it(
    door: Door,
) -> None:
    little = door.little
    page = door.page("counselor", "GET", "/catalog/course/SCI-ZOO").text
    assert 'id="f-title_es"' in page
    assert 'id="f-description_es"' in page

    preferences.speak(little.milepost, little["student"], "es")
    before = door.page("student", "GET", "/options/SCI-ZOO").text
    assert f"<span {MARK}>Zoology</span>" in before
    assert '<span class="tag">en inglés</span>' in before

    sent = door.page(
        "counselor",
        "POST",
        "/catalog/course/SCI-ZOO",
        seen_version="1",
        title_es="Zoología escolar",
        description_es="Conoce a los animales.",
    )
    assert sent.status_code == 303
    after = door.page("student", "GET", "/options/SCI-ZOO").text
    assert "<h1>Zoología escolar</h1>" in after
    assert "<p>Conoce a los animales.</p>" in after
    assert "Zoology" not in after
    past = door.page("counselor", "GET", "/catalog/course/SCI-ZOO?view=history").text
    assert "Zoología escolar" in past

    preferences.speak(little.milepost, little["student"], "en")
    english = door.page("student", "GET", "/options/SCI-ZOO").text
    assert "<h1>Zoology</h1>" in english
    assert MARK not in english.split("<main", 1)[1].split("</main>", 1)[0]


def test_the_list_names_what_is_english_only_and_its_export_has_the_columns(
    pages: TestClient, enter: Enter
) -> None:
    enter("bell")
    listed = pages.get("/catalog?kind=course&status=english").text
    assert "/catalog/course/SCI-ASTRO" in listed
    assert "/catalog/course/MTH-ALG1" not in listed

    sheet = pages.get("/catalog/export?kind=course&q=algebra")
    text = sheet.content.decode("utf-8-sig")
    rows = {row["code"]: row for row in csv.DictReader(io.StringIO(text))}
    assert rows["MTH-ALG1"]["title_es"] == "Álgebra I"
    assert rows["MTH-CCPALG"]["title_es"] == ""
    assert rows["MTH-CCPALG"]["description_es"] == ""
    assert "MTH-ALG1" in pages.get("/catalog?kind=course&q=álgebra").text


def test_titles_inside_a_sentence_are_spanish_where_there_are_any(door: Door) -> None:
    little = door.little
    preferences.speak(little.milepost, little["student"], "es")
    page = door.page("student", "GET", "/options/CTE-VET").text
    assert "<h1>Ciencia veterinaria</h1>" in page
    assert "Plantas, animales y tú" in page
    assert "Plants, Animals and You" not in page


def test_levels_and_days_in_a_reason_are_spanish_too() -> None:
    values = {"level": "proficient", "competency": "x", "date": "2026-12-18"}
    assert spoken(values, "es") == {
        "level": "competente",
        "competency": "x",
        "date": "viernes 18 de diciembre",
    }
    assert spoken({"courses": "A, B and C, D"}, "es", {"A, B and C": "Ese"}) == {
        "courses": "Ese, D"
    }
