"""One question takes one answer, and after a crisis the open question comes back."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from door import Door

FIRST = "utter_ask_goal_setting_form_goal_setting_what"
SECOND = "utter_ask_goal_setting_form_goal_setting_measure"
OTHER = "utter_goal_setting_saved"
YES = {"title": "Yes", "payload": "/affirm"}
PLAN = {"title": "Plan", "payload": "/view_plan"}


def asks(door: Door, asking: str, *buttons: dict[str, str]) -> None:
    door.coach.replies = [{"text": asking, "asking": asking, "buttons": list(buttons)}]


def say(door: Door, text: str, seen: int | None = None) -> Any:
    said = {"client_message_id": str(uuid.uuid4()), "text": text, "seen": seen}
    answer = door.api("student", "POST", "/messages", json=said)
    assert answer.status_code == 200, answer.text
    return answer.json()


def heard(turn: Any) -> str:
    return " ".join(reply["text"] for reply in turn["replies"])


def asked_twice(door: Door) -> Any:
    """Have the coach ask one question, and then the next one."""
    asks(door, FIRST, YES)
    first = say(door, "i want to set a goal")
    asks(door, SECOND, YES, PLAN)
    say(door, "raise my algebra grade", first["place"])
    return first


def test_a_second_tab_s_answer_is_told_and_not_used(door: Door) -> None:
    first = asked_twice(door)
    late = say(door, "pass chemistry", first["place"])
    assert "already have your answer" in heard(late)
    assert SECOND in heard(late)
    assert [turn.text for turn in door.coach.turns][-1] == "raise my algebra grade"


def test_the_open_question_said_again_keeps_its_buttons(door: Door) -> None:
    first = asked_twice(door)
    late = say(door, "pass chemistry", first["place"])
    buttons = {one["title"]: one["payload"] for one in late["replies"][-1]["buttons"]}
    assert set(buttons) == {"Yes", "Plan"}
    say(door, buttons["Plan"], late["place"])
    assert door.coach.turns[-1].intent == "/view_plan"


def test_after_it_was_told_the_next_answer_counts(door: Door) -> None:
    first = asked_twice(door)
    late = say(door, "pass chemistry", first["place"])
    say(door, "from a C to a B", late["place"])
    assert door.coach.turns[-1].text == "from a C to a B"
    assert door.coach.turns[-1].asking == SECOND


def test_an_answer_to_what_is_open_counts(door: Door) -> None:
    asked_twice(door)
    say(door, "from a C to a B")
    assert door.coach.turns[-1].text == "from a C to a B"


def test_the_same_question_asked_again_takes_the_late_answer(door: Door) -> None:
    asks(door, FIRST)
    first = say(door, "i want to set a goal")
    say(door, "idk", first["place"])
    say(door, "pass chemistry", first["place"])
    assert door.coach.turns[-1].text == "pass chemistry"


@pytest.mark.parametrize("asking", ["", OTHER])
def test_what_is_no_form_s_question_takes_every_message(
    asking: str, door: Door
) -> None:
    asks(door, FIRST)
    first = say(door, "i want to set a goal")
    asks(door, asking or OTHER)
    say(door, "raise my algebra grade", first["place"])
    say(door, "show my plan", first["place"])
    assert door.coach.turns[-1].text == "show my plan"


def test_a_crisis_in_the_second_tab_is_heard(door: Door) -> None:
    first = asked_twice(door)
    late = say(door, "i want to kill myself", first["place"])
    assert late["safety"] == "red"


def test_after_a_crisis_the_open_question_is_offered_again(door: Door) -> None:
    asks(door, FIRST)
    say(door, "i want to set a goal")
    red = say(door, "i want to kill myself")
    (go_on,) = [
        one["payload"]
        for one in red["replies"][0]["buttons"]
        if one["title"] == "Go on with coaching"
    ]
    going = say(door, go_on)
    buttons = {one["title"]: one["payload"] for one in going["replies"][0]["buttons"]}
    assert set(buttons) == {"Go on where we were", "Something else"}
    say(door, buttons["Go on where we were"])
    assert door.coach.turns[-1].intent == "/resume_flow"


def test_after_a_crisis_outside_a_form_there_is_nothing_to_go_back_to(
    door: Door,
) -> None:
    asks(door, OTHER)
    say(door, "hello")
    red = say(door, "i want to kill myself")
    going = say(door, red["replies"][0]["buttons"][1]["payload"])
    assert going["replies"][0]["buttons"] == []


@pytest.mark.parametrize("seen", [-1, 2**40, "x"])
def test_a_place_that_can_not_be_is_refused(seen: object, door: Door) -> None:
    said = {"client_message_id": str(uuid.uuid4()), "text": "hi", "seen": seen}
    answer = door.api("student", "POST", "/messages", json=said)
    assert answer.status_code == 422
