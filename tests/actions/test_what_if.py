"""What other choices would change, in the chat (O10)."""

from __future__ import annotations

from typing import Any

import pytest
from little_school import LittleSchool
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.shared import Turn
from actions.what_if import ExplainWhatIf, changes, wanted


def turn(little: LittleSchool, text: str, *codes: str) -> Turn:
    entities = [
        {"entity": "option", "value": code, "code": code, "start": 0, "end": 1}
        for code in codes
    ]
    message: dict[str, Any] = {
        "text": text,
        "intent": {"name": "ask_what_if"},
        "entities": entities,
    }
    tracker = Tracker("talk", {}, message, [], False, None, {}, "x")
    dispatcher = CollectingDispatcher()
    return Turn(little["student"], little.milepost, tracker, dispatcher)


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("what happens if i drop algebra", "drop"),
        ("what if I finish algebra by may", "finish"),
        ("what if i passed it", "finish"),
        ("what if i do the vet clinic", "add"),
    ],
)
def test_the_words_say_which_choice_is_meant(
    text: str, choice: str, little: LittleSchool
) -> None:
    assert wanted(turn(little, text)) == choice


async def test_a_place_is_answered_with_hours_credit_and_day(
    little: LittleSchool,
) -> None:
    about = turn(little, "what if i do the vet clinic", "OPP-INT-VET")
    assert await ExplainWhatIf().answer(about) == []
    said = about.dispatcher.messages[-1]
    assert said["response"] == "utter_what_if_changes"
    assert "120 hours" in said["lines"]
    assert "apply by" in said["lines"]


async def test_a_course_to_finish_names_what_it_opens(little: LittleSchool) -> None:
    about = turn(little, "what if i finish algebra", "MTH-ALG1")
    lines = await changes(about, "MTH-ALG1")
    assert any(line.startswith("It would open") for line in lines)


async def test_what_makes_no_sense_changes_nothing(little: LittleSchool) -> None:
    about = turn(little, "what if i drop algebra", "MTH-ALG1")
    assert await changes(about, "MTH-ALG1") == []


async def test_words_that_name_nothing_get_the_general_answer(
    little: LittleSchool,
) -> None:
    about = turn(little, "what if i move to the moon")
    await ExplainWhatIf().answer(about)
    assert about.dispatcher.messages[-1]["response"] == "utter_what_if"
