"""Answers of the forms, as students type them."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import checkin, goal_setting
from actions.answers import Check, Checked, own_words, says_nothing
from actions.checkin import mood_of
from actions.forms import SKIPPED, flow_of
from actions.shared import Turn
from pathways.services.access import Actor, Role

STUDENT = Actor("student", "school", Role.STUDENT)


def turn(text: str, intent: str = "nlu_fallback", **slots: Any) -> Turn:
    message = {"text": text, "intent": {"name": intent}, "entities": []}
    tracker = Tracker("talk", slots, message, [], False, None, {}, "action_listen")
    return Turn(STUDENT, None, tracker, CollectingDispatcher())  # type: ignore[arg-type]


def said(about: Turn) -> list[str]:
    return [one["response"] for one in about.dispatcher.messages]


async def checked(check: Check, about: Turn) -> Checked:
    return await check(about, about.text)


@pytest.mark.parametrize(
    ("words", "mood"),
    [
        ("4", "4"),
        ("like a 2 tbh", "2"),
        ("4/5", "4"),
        ("three", "3"),
        ("pretty good", "4"),
        ("great!!", "5"),
        ("not great", "2"),
        ("not bad", "3"),
        ("isn't terrible", "2"),
        ("not that good", "2"),
        ("meh", "2"),
        ("ok i guess", "3"),
        ("7", None),
        ("purple", None),
        ("10 out of 10", None),
        ("", None),
    ],
)
def test_a_mood_is_read_from_a_number_or_words(words: str, mood: str | None) -> None:
    assert mood_of(words) == mood


@pytest.mark.parametrize(
    ("words", "result"),
    [
        ("done", "done"),
        ("yep did it", "done"),
        ("i finished all of it", "done"),
        ("part", "part"),
        ("kinda, like half", "part"),
        ("mostly", "part"),
        ("not all of it", "part"),
        ("not yet", "not"),
        ("nah", "not"),
        ("i forgot", "not"),
        ("i didn't do it", "not"),
    ],
)
async def test_a_promise_is_done_partly_done_or_not(words: str, result: str) -> None:
    assert await checked(checkin.check_promise_result, turn(words)) == (result, result)


async def test_what_says_nothing_of_a_promise_is_asked_again() -> None:
    about = turn("well the weather was nice")
    assert await checked(checkin.check_promise_result, about) == (None, None)
    assert said(about) == ["utter_invalid_checkin_form_checkin_promise_result"]


@pytest.mark.parametrize("mood", ["1", "2"])
async def test_a_low_mood_is_heard(mood: str) -> None:
    about = turn(mood)
    assert await checked(checkin.check_mood, about) == (mood, mood)
    assert said(about) == ["utter_checkin_low_mood"]


@pytest.mark.parametrize(
    ("words", "kept", "heard"),
    [
        ("8", "8", []),
        ("about seven", "7", []),
        ("10", "10", []),
        ("a 3", "3", ["utter_goal_setting_low_confidence"]),
        ("100", None, ["utter_invalid_goal_setting_form_goal_setting_confidence"]),
        ("0", None, ["utter_invalid_goal_setting_form_goal_setting_confidence"]),
        ("very", None, ["utter_invalid_goal_setting_form_goal_setting_confidence"]),
    ],
)
async def test_confidence_is_a_number_from_one_to_ten(
    words: str, kept: str | None, heard: list[str]
) -> None:
    about = turn(words)
    assert await checked(goal_setting.check_confidence, about) == (kept, kept)
    assert said(about) == heard


async def test_a_vague_goal_is_sharpened_once() -> None:
    about = turn("do better")
    assert await checked(goal_setting.check_what, about) == (None, None)
    assert said(about) == ["utter_invalid_goal_setting_form_goal_setting_what"]
    assert about.tracker.slots["nudged"] == "sharpened"
    again = turn("do better", nudged="sharpened")
    assert await checked(goal_setting.check_what, again) == ("do better", "do better")


@pytest.mark.parametrize(
    ("words", "intent"),
    [("idk", "express_confusion"), ("yes", "affirm"), ("no", "deny"), ("😀", "greet")],
)
async def test_a_goal_needs_words(words: str, intent: str) -> None:
    about = turn(words, intent)
    assert await checked(goal_setting.check_what, about) == (None, None)
    assert said(about) == ["utter_explain_goal_setting_form_goal_setting_what"]


@pytest.mark.parametrize(
    ("words", "intent", "nothing"),
    [
        ("idk", "nlu_fallback", True),
        ("i don't know yet", "nlu_fallback", True),
        ("not sure", "deny", True),
        ("...", "nlu_fallback", True),
        ("ok", "affirm", True),
        ("ok so i will ask my teacher", "affirm", False),
        ("i don't know the formulas, learn them", "nlu_fallback", False),
        ("read", "nlu_fallback", False),
    ],
)
def test_an_answer_of_no_words_is_known(words: str, intent: str, nothing: bool) -> None:
    assert says_nothing(turn(words, intent), words) is nothing


async def test_words_of_ones_own_are_kept_as_they_are() -> None:
    check = own_words("utter_trouble")
    assert await check(turn("Email Mr. Lee"), "Email Mr. Lee") == ("Email Mr. Lee",) * 2
    about = turn("idk")
    assert await check(about, "idk") == (None, None)
    assert said(about) == ["utter_trouble"]


@pytest.mark.parametrize("module", [goal_setting, checkin])
@pytest.mark.parametrize(
    ("value", "kept", "change"),
    [("yes", "yes", None), ("no", None, "yes"), ("purple", None, None)],
)
async def test_only_a_yes_confirms(
    module: Any, value: str, kept: str | None, change: str | None
) -> None:
    about = turn(value)
    assert (await module.check_confirmed(about, value))[0] == kept
    assert about.tracker.slots.get("change_wanted") == change


def test_a_skipped_answer_is_empty_and_a_missing_one_is_not_there() -> None:
    flow = flow_of("checkin_form")
    assert flow is checkin.FLOW
    about = turn("", checkin_win=SKIPPED, checkin_mood="4", checkin_obstacle=None)
    assert flow.answers(about.tracker) == {"mood": "4", "win": ""}


def test_there_is_no_flow_behind_no_form() -> None:
    assert flow_of(None) is None
    assert flow_of("another_form") is None
