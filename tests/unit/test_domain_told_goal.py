"""What an opening message tells of a goal (feature C1)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.domain.told_goal import ToldGoal, told_due, told_goal


def without_day(words: str, day: str) -> ToldGoal:
    start = words.index(day)
    return told_goal(words, (start, start + len(day)))


@pytest.mark.parametrize(
    ("words", "day", "told"),
    [
        (
            "I want to raise my math grade to a B by December",
            "by December",
            ToldGoal("raise my math grade to a B", "to a B"),
        ),
        (
            "by dec 18 i wanna have a b in chem",
            "dec 18",
            ToldGoal("have a b in chem", "a b"),
        ),
        (
            "I want to pass the algebra final in 3 weeks, help me plan it",
            "in 3 weeks",
            ToldGoal("pass the algebra final"),
        ),
        (
            "quiero subir mi nota de mate de una C a una B para diciembre",
            "diciembre",
            ToldGoal("subir mi nota de mate de una C a una B", "de una C a una B"),
        ),
        (
            "I want to read 10 books by May 1 so I can join book club",
            "May 1",
            ToldGoal("read 10 books", "10 books", "so I can join book club"),
        ),
    ],
)
def test_the_goal_its_measure_and_its_reason_are_told_apart(
    words: str, day: str, told: ToldGoal
) -> None:
    assert without_day(words, day) == told


@pytest.mark.parametrize(
    ("words", "what", "measure"),
    [
        ("my goal is no late work", "no late work", ""),
        (
            "ugh I want to stop failing tests this quarter",
            "stop failing tests this",
            "",
        ),
        ("goal: run a mile under eight minutes", "run a mile", "under eight minutes"),
        ("I want straight A's, can we do that", "straight A's", "straight A's"),
        ("make a goal about being on time", "being on time", ""),
        ("i wanna get from a 70 to an 80", "get from a 70", "from a 70 to an 80"),
        ("mi meta es leer dos libros al mes", "leer dos", "dos libros al mes"),
        ("raise my GPA to 3.0 please", "raise my GPA to 3.0", "to 3.0"),
    ],
)
def test_what_is_told_is_in_the_student_s_words(
    words: str, what: str, measure: str
) -> None:
    told = told_goal(words)
    assert told.what.startswith(what)
    assert told.measure == measure


@pytest.mark.parametrize(
    "words",
    [
        "I want to set a goal",
        "set a goal for math",
        "what goal should I set",
        "how do i set a good goal",
        "my mom says I need goals",
        "I need a goal for advisory by Friday",
        "my grade is at 68 and i'm gonna get it to 80",
        "I'm sick of getting Cs and I want to do something about it",
        "i don't want to raise my grade",
        "i want to know what i could do",
        "necesito que me ayudes a ponerme metas",
        "quiero ponerme una meta para este semestre",
        "can we set something for next week",
        "goal time",
        "",
    ],
)
def test_what_only_asks_for_a_goal_tells_none(words: str) -> None:
    assert told_goal(words) == ToldGoal()


@pytest.mark.parametrize(
    ("words", "day", "due"),
    [
        ("raise it by December", "December", True),
        ("raise it by December", "by December", True),
        ("pass it in 3 weeks", "in 3 weeks", True),
        ("all done by the end of the month", "the end of the month", True),
        ("subirla para diciembre", "diciembre", True),
        ("starting monday i want to study", "monday", False),
        ("I failed on October 3 and want to pass", "October 3", False),
    ],
)
def test_only_a_day_to_reach_it_by_is_the_due_day(
    words: str, day: str, due: bool
) -> None:
    start = words.index(day)
    assert told_due(words, (start, start + len(day))) is due


@given(st.text(max_size=400), st.integers(0, 50), st.integers(0, 50))
def test_any_message_is_read_and_nothing_is_made_up(
    words: str, first: int, last: int
) -> None:
    told = told_goal(f"I want to {words}")
    for part in (told.what, told.why):
        assert part in words
    assert told.measure in told.what
    told_goal(words, (min(first, last), max(first, last)))
