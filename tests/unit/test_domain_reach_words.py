"""Hours a week and places in a student's words (O5)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.domain.reach_words import hours_in, places_in

PLACES = ("Columbus", "Galion Road", "Riverbend")


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("5 hours a week", 5),
        ("5", 5),
        ("about 6", 6),
        ("i got like 3-5 hrs", 5),
        ("two to four hours", 4),
        ("1.5h", 1.5),
        ("unas 4 horas por semana", 4),
        ("ten hours and anywhere", 10),
        ("a couple of hours on sunday", 2),
        ("2 hours a day", None),
        ("20 hours a month", None),
        ("dos horas al día", None),
        ("weekends", None),
        ("after 12/18", None),
        ("I live at 5th street", None),
    ],
)
def test_hours_a_week_are_read_and_nothing_else_is(
    words: str, hours: float | None
) -> None:
    assert hours_in(words) == hours


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("5 hours, columbus", ("Columbus",)),
        ("Riverbend or galion road", ("Galion Road", "Riverbend")),
        ("only online pls", ()),
        ("solo en línea", ()),
        ("5 hours", None),
        ("Cleveland", None),
    ],
)
def test_places_are_those_that_the_catalog_names(
    words: str, places: tuple[str, ...] | None
) -> None:
    assert places_in(words, PLACES) == places


@given(st.text(max_size=300))
def test_any_words_are_read(words: str) -> None:
    hours = hours_in(words)
    assert hours is None or 0 <= hours < 100
    found = places_in(words, PLACES)
    assert found is None or set(found) <= set(PLACES)
