from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.domain.goals import confidence_of, dates_of, due_problem, is_vague

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    "words",
    [
        "better",
        "do better",
        "I want to do better in school",
        "get good grades",
        "be better",
        "try harder",
        "improve my grades",
        "work harder.",
        "study more",
        "do my best",
        "",
        "   ",
    ],
)
def test_a_goal_that_names_nothing_to_do_is_vague(words: str) -> None:
    assert is_vague(words)


@pytest.mark.parametrize(
    "words",
    [
        "finish my biology labs",
        "raise my algebra grade to a B",
        "read 4 books by winter break",
        "study algebra 20 minutes a day",
        "get my driver's license",
        "work on my essay every Tuesday",
        "be on time for first period",
        "improve my free throws",
    ],
)
def test_a_goal_with_a_thing_to_do_is_not_vague(words: str) -> None:
    assert not is_vague(words)


@given(st.text(max_size=2000))
def test_any_words_are_judged(words: str) -> None:
    assert is_vague(words) in (True, False)


@pytest.mark.parametrize(
    ("words", "confidence"),
    [
        ("8", 8),
        ("10", 10),
        ("about seven", 7),
        ("maybe a 6 or so", 6),
        ("Ten!", 10),
        ("8/10", 8),
        ("0", None),
        ("11", None),
        ("80%", None),
        ("pretty sure", None),
        ("", None),
    ],
)
def test_confidence_is_read_out_of_words(words: str, confidence: int | None) -> None:
    assert confidence_of(words) == confidence


@given(st.text(max_size=80))
def test_confidence_is_always_between_one_and_ten(words: str) -> None:
    found = confidence_of(words)
    assert found is None or 1 <= found <= 10


@pytest.mark.parametrize(
    ("due", "problem"),
    [
        (None, "unreadable"),
        (TODAY, "past"),
        (TODAY - timedelta(days=1), "past"),
        (TODAY + timedelta(days=1), ""),
        (TODAY + timedelta(days=730), ""),
        (TODAY + timedelta(days=731), "far"),
    ],
)
def test_what_is_wrong_with_a_due_date_is_named(due: date | None, problem: str) -> None:
    assert due_problem(due, TODAY) == problem


@given(st.integers(1, 730))
def test_a_goal_is_looked_at_within_six_weeks_and_begun_within_two_days(
    days: int,
) -> None:
    due = TODAY + timedelta(days=days)
    found = dates_of(due, TODAY)
    assert found.due == due
    assert TODAY < found.first_step <= min(due, TODAY + timedelta(days=2))
    assert found.first_step <= found.review <= min(due, TODAY + timedelta(weeks=6))
