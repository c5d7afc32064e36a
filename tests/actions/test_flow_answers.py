"""Answers of the newer flows, as students type them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import experience_log, goal_setting, grow, reflection
from actions.answers import is_question, once, shrunk
from actions.experience_log import hours_of, past_day, sort_of
from actions.forms import NOT_ASKED, SKIPPED
from actions.reminders import about_what
from actions.shared import Turn
from pathways.domain.coaching import GIBBS, GROW, METHODS, PROJECT, WHAT
from pathways.services.access import Actor, Role

STUDENT = Actor("student", "school", Role.STUDENT)
TODAY = date(2026, 11, 21)


def turn(text: str, *entities: tuple[str, str], **slots: Any) -> Turn:
    found = [{"entity": kind, "value": value} for kind, value in entities]
    message = {"text": text, "intent": {"name": "nlu_fallback"}, "entities": found}
    tracker = Tracker("talk", slots, message, [], False, None, {}, "action_listen")
    return Turn(STUDENT, None, tracker, CollectingDispatcher())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "words",
    [
        "how does photosynthesis make sugar?",
        "what is the capital of ohio",
        "can you do my math homework",
        "wait is there a bus on saturdays",
        "so would that even work for me?",
    ],
)
def test_what_asks_is_a_question(words: str) -> None:
    assert is_question(words)


@pytest.mark.parametrize(
    "words",
    [
        "maybe a seven?",
        "from a C to a B?",
        "what i want is to pass chem",
        "when i get home i will read",
        "do my homework after dinner",
        "ask how to get help",
        "monday?",
        "???",
        "",
    ],
)
def test_an_answer_is_no_question(words: str) -> None:
    assert not is_question(words)


def test_a_nudge_is_given_once() -> None:
    about = turn("x")
    assert [once(about, one) for one in ("split", "soon", "split")] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("confidence", "words", "asked"),
    [
        (4, "redo all of chapter three", True),
        (4, "redo chapter three for ten minutes", False),
        (7, "redo all of chapter three", False),
    ],
)
def test_a_low_number_halves_a_big_step_once(
    confidence: int, words: str, asked: bool
) -> None:
    about = turn(words)
    assert shrunk(about, confidence, words, "utter_trouble") is asked
    assert shrunk(about, confidence, words, "utter_trouble") is False


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("a project", "project"),
        ("I want to think about how my project went", "project"),
        ("something that went wrong", "setback"),
        ("i bombed my speech", "setback"),
        ("my first shift", "job"),
        ("something small", "small"),
        ("purple", None),
    ],
)
def test_the_kind_of_what_happened_is_read(words: str, kind: str | None) -> None:
    assert reflection.kind_of(words) == kind


def asked_of(flow: Any, answers: dict[str, str]) -> tuple[str, ...]:
    return tuple(
        field
        for field in flow.fields
        if field not in flow.unasked(answers) and field != "confirmed"
    )


def test_the_forms_ask_in_the_order_of_their_methods() -> None:
    assert asked_of(reflection.FLOW, {"kind": "small"}) == ("kind", *WHAT.steps)
    assert asked_of(reflection.FLOW, {"kind": "project"}) == ("kind", *GIBBS.steps)
    assert asked_of(grow.FLOW, {"confidence": "8"}) == GROW.steps
    assert asked_of(grow.FLOW, {"confidence": "3"}) == (*GROW.steps, "action")
    assert set(METHODS) >= {PROJECT.name}


def test_an_obstacle_left_out_needs_no_plan_and_comes_back_with_it() -> None:
    flow = goal_setting.FLOW
    left_out = {"goal_setting_obstacle": SKIPPED}
    assert flow.branch(left_out) == [SlotSet("goal_setting_plan", NOT_ASKED)]
    named = {"goal_setting_obstacle": "tired", "goal_setting_plan": NOT_ASKED}
    assert flow.branch(named) == [SlotSet("goal_setting_plan", None)]


@pytest.mark.parametrize(
    ("value", "hours"),
    [("PT6H", "6"), ("PT2H30M", "2.5"), ("PT90M", "1.5"), ("P2W", None), ("x", None)],
)
def test_hours_are_read_from_a_span_of_time(value: str, hours: str | None) -> None:
    assert hours_of(turn("x", ("duration", value))) == hours


@pytest.mark.parametrize(
    ("words", "value", "day"),
    [
        ("saturday", "2026-11-28", date(2026, 11, 21)),
        ("on tuesday", "2026-11-24", date(2026, 11, 17)),
        ("november 14", "2027-11-14", date(2026, 11, 14)),
        ("yesterday", "2026-11-20", date(2026, 11, 20)),
        ("december 18", "2026-12-18", date(2026, 12, 18)),
        ("december 18 2026", "2026-12-18", date(2026, 12, 18)),
        ("soon", "soon", None),
    ],
)
def test_a_bare_day_is_the_one_that_was(
    words: str, value: str, day: date | None
) -> None:
    assert past_day(turn(words, ("date", value)), TODAY) == day


@pytest.mark.parametrize(
    ("words", "sort"),
    [
        ("I volunteered at the food bank", "service"),
        ("worked at the garage", "job"),
        ("shadowed a nurse", "job_shadow"),
        ("my internship at the clinic", "internship"),
        ("competed in skillsusa", "competition"),
        ("walked a lot", "other"),
    ],
)
def test_the_sort_of_an_experience_is_read(words: str, sort: str) -> None:
    assert sort_of(words) == sort


@pytest.mark.parametrize(
    ("text", "kept"),
    [("3", "3"), ("about 2.5 hours", "2.5"), ("a lot", None), ("900 hours", None)],
)
async def test_hours_are_a_number_that_can_be(text: str, kept: str | None) -> None:
    assert await experience_log.check_hours(turn(text), text) == (kept, kept)


@pytest.mark.parametrize(
    ("words", "about"),
    [
        ("remind me on Sunday to check my goal", "check my goal"),
        ("set a reminder for my essay", "my essay"),
        ("remind me about the permission slip.", "the permission slip"),
        ("remind me", ""),
    ],
)
def test_what_a_reminder_is_about_is_read(words: str, about: str) -> None:
    assert about_what(words) == about


NAMED = {"grow_tiny": "ask her", "grow_bold": "quit", "grow_another": "wait a week"}


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("quit", "quit"),
        ("Quit!", "quit"),
        ("the first one", "ask her"),
        ("the third", "wait a week"),
        ("i would wait", "wait a week"),
    ],
)
async def test_a_choice_is_one_of_the_ways(words: str, kept: str) -> None:
    assert await grow.check_choice(turn(words, **NAMED), words) == (kept, kept)


async def test_another_choice_is_asked_about_once_and_then_taken() -> None:
    about = turn("run away", **NAMED)
    assert await grow.check_choice(about, "run away") == (None, None)
    assert await grow.check_choice(about, "run away") == ("run away", "run away")


async def test_a_way_that_was_named_is_asked_for_again() -> None:
    about = turn("Quit", grow_bold="quit")
    assert await grow.check_option(about, "Quit") == (None, None)
    said = [one["response"] for one in about.dispatcher.messages]
    assert said == ["utter_invalid_grow_form_grow_another_same"]
