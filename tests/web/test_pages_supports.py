"""What a student chose changes what a page does: plain words, dictation (P8)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from door import Door, opened
from little_school import LittleSchool

from pathways.domain.features import Feature, Switch
from pathways.services import features, preferences
from web.pages.plain_words import explained, meanings

NO_MICROPHONE = "camera=(), geolocation=(), microphone=()"


@pytest.fixture
def door(little: LittleSchool) -> Iterator[Door]:
    with opened(little) as made:
        yield made


def choose(door: Door, *supports: str) -> None:
    little = door.little
    preferences.choose_looks(little.milepost, little["student"], supports, [])


def test_a_hard_word_is_explained_once_where_it_stands() -> None:
    page = "<main><p>You earn Credit. More credits &amp; a GPA.</p></main>"
    assert explained(page, "en") == (
        '<main><p>You earn <dfn>Credit</dfn> <span class="meaning">(points for a class '
        "you finish)</span>. More credits &amp; a <dfn>GPA</dfn> "
        '<span class="meaning">(your grades as one number)</span>.</p></main>'
    )


@pytest.mark.parametrize(
    "page",
    [
        '<p title="credit">x</p>',
        "<a href='/credit'>credit</a>",
        "<textarea>credit</textarea>",
        '<div class="said"><p>my credit</p></div>',
        "<h1>Credit</h1><q>credit</q><button>credit</button>",
        "<svg><text>credit</text></svg><p>creditor</p>",
        "<!doctype html><p>a&lt;b<br>c</p>",
    ],
)
def test_names_controls_and_ones_own_words_are_left_alone(page: str) -> None:
    assert explained(page, "en") == page


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_meaning_is_shorter_than_a_sentence(language: str) -> None:
    found = meanings(language)
    assert len(found) > 20
    assert all(0 < len(one.split()) <= 12 for one in found.values())
    assert "" not in found


def test_plain_words_change_the_pages_of_who_chose_them_alone(door: Door) -> None:
    usual = door.page("student", "GET", "/options/CTE-VET").text
    assert "<dfn>" not in usual
    choose(door, "plain_words")
    plain = door.page("student", "GET", "/options/CTE-VET").text
    assert '<span class="meaning">(points for a class you finish)</span>' in plain
    assert "Where this comes from" in plain
    assert "<dfn>" not in door.page("other_student", "GET", "/options/CTE-VET").text


def test_dictation_is_off_until_the_school_and_the_student_want_it(
    door: Door,
) -> None:
    little = door.little
    choose(door, "dictation")
    off = door.page("student", "GET", "/chat")
    assert "dictation.js" not in off.text
    assert off.headers["permissions-policy"] == NO_MICROPHONE
    assert (
        "Not turned on at your school" in door.page("student", "GET", "/supports").text
    )

    features.set_switch(
        little.milepost, little["admin"], Feature.DICTATION, Switch(everyone=True)
    )
    on = door.page("student", "GET", "/chat")
    assert "dictation.js" in on.text
    assert on.headers["permissions-policy"].endswith("microphone=(self)")
    home = door.page("student", "GET", "/home")
    assert home.headers["permissions-policy"] == NO_MICROPHONE
    other = door.page("other_student", "GET", "/chat")
    assert "dictation.js" not in other.text
    assert other.headers["permissions-policy"] == NO_MICROPHONE
    assert "stays on this device" in door.page("student", "GET", "/supports").text
