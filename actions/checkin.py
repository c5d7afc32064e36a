"""The weekly check-in, short form (feature C3)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rasa_sdk.events import EventType, SlotSet

from actions.forms import SKIPPED, Checked, Flow, ValidateFlow
from actions.shared import CoachAction, Turn
from pathways.services import alerts, checkins
from pathways.services.errors import Invalid

FLOW = Flow(
    "checkin",
    (
        "mood",
        "promise_result",
        "win",
        "obstacle",
        "next_step",
        "wants_person",
        "confirmed",
    ),
    frozenset({"mood", "promise_result", "win", "obstacle", "wants_person"}),
)
ASKED = "utter_ask_checkin_form_checkin_"
INVALID = "utter_invalid_checkin_form_checkin_"
MOOD = re.compile(r"\b([1-5])\b")
LOW_MOOD = 1
MOOD_WORDS = {
    "1": ("terrible", "awful", "rough", "horrible", "worst", "one"),
    "2": ("bad", "not good", "not great", "meh", "two"),
    "3": ("okay", "ok", "fine", "so so", "alright", "three", "mid"),
    "4": ("good", "pretty good", "four"),
    "5": ("great", "amazing", "awesome", "best", "five"),
}
RESULTS = (
    ("not", re.compile(r"\b(?:not|no|nope|didn'?t|did not|haven'?t|forgot|never)\b")),
    (
        "part",
        re.compile(r"\b(?:part|partly|half|some|kind ?of|kinda|almost|a bit|little)\b"),
    ),
    (
        "done",
        re.compile(r"\b(?:done|did|yes|yeah|yep|yup|finished|all of it|it happened)\b"),
    ),
)


class BeginCheckin(CoachAction):
    """Opens the check-in and looks up what was planned last."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_begin_checkin"

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Without a last plan, nothing is asked about it."""
        promise = await turn.call(checkins.last_promise)
        turn.utter("utter_checkin_start")
        return [
            *FLOW.cleared(),
            SlotSet("checkin_promise", promise or None),
            SlotSet(FLOW.slot("promise_result"), None if promise else SKIPPED),
        ]


def mood_of(words: str) -> str | None:
    """Read a mood from 1 to 5 out of a number or plain words."""
    found = MOOD.search(words)
    if found:
        return found[1]
    folded = words.lower()
    names = sorted(
        ((name, mood) for mood, names in MOOD_WORDS.items() for name in names),
        key=lambda one: -len(one[0]),
    )
    return next(
        (mood for name, mood in names if re.search(rf"\b{name}\b", folded)), None
    )


async def check_mood(turn: Turn, value: str) -> Checked:
    """Take a number from 1 to 5."""
    mood = mood_of(value)
    if mood is None:
        turn.utter(f"{INVALID}mood")
        return None, None
    if int(mood) <= LOW_MOOD:
        turn.utter("utter_checkin_low_mood", mood=mood)
    return mood, mood


async def check_promise_result(turn: Turn, value: str) -> Checked:
    """Take done, part or not."""
    folded = value.lower()
    result = next((name for name, words in RESULTS if words.search(folded)), None)
    if result is None:
        turn.utter(f"{INVALID}promise_result")
    return result, result


async def check_wants_person(turn: Turn, value: str) -> Checked:
    """Take a yes or a no."""
    if value in ("yes", "no"):
        return value, value
    turn.utter(f"{INVALID}wants_person")
    return None, None


async def check_confirmed(turn: Turn, value: str) -> Checked:
    """A yes saves, a no leads to the answers that can be changed."""
    if value == "yes":
        return value, None
    if value == "no":
        turn.tracker.slots["change_wanted"] = "yes"
    else:
        turn.utter(f"{INVALID}confirmed")
    return None, None


class ValidateCheckin(ValidateFlow):
    """Checks the answers of the check-in."""

    flow = FLOW
    checks = {
        "mood": check_mood,
        "promise_result": check_promise_result,
        "wants_person": check_wants_person,
        "confirmed": check_confirmed,
    }


class AskCheckinConfirmed(CoachAction):
    """Repeats what was understood and asks, or asks which answer to change."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_ask_checkin_form_checkin_confirmed"

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Show the check-in as it would be saved."""
        from actions.control import ask_which_to_change

        if turn.tracker.get_slot("change_wanted") == "yes":
            ask_which_to_change(turn, FLOW)
            return [SlotSet("change_wanted", None)]
        said = FLOW.answers(turn.tracker)
        nothing = turn.line("coach.nothing_yet")
        turn.utter(
            f"{ASKED}confirmed",
            win=said.get("win") or nothing,
            obstacle=said.get("obstacle") or nothing,
        )
        return []


class SaveCheckin(CoachAction):
    """Turns the confirmed answers into a check-in."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_save_checkin"

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Save, tell the adults if wished, and note it for the summary."""
        answers = FLOW.answers(turn.tracker)
        answers["mood"] = answers.get("mood") or "3"
        promise = turn.tracker.get_slot("checkin_promise")
        answers["promise"] = str(promise or "")
        try:
            done = await turn.call(checkins.save_checkin, answers)
        except Invalid as error:
            turn.utter("utter_checkin_not_saved", problem=str(error))
            return [SlotSet(FLOW.slot("confirmed"), None)]
        turn.utter("utter_checkin_saved", next_step=done.next_step)
        if done.wants_person:
            names = await turn.call(alerts.ask_for_person)
            turn.utter("utter_request_human", names=turn.line("coach.and").join(names))
        turn.note(
            "checkin", mood=done.mood, win=done.win or "–", next_step=done.next_step
        )
        return FLOW.cleared()
