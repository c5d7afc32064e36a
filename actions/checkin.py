"""The weekly check-in, short form (feature C3)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rasa_sdk.events import EventType, SlotSet

from actions.answers import Checked, ValidateFlow, confirmed, own_words
from actions.control import tell_adults
from actions.forms import (
    SKIPPED,
    BeginFlow,
    Flow,
    ask_which_to_change,
    offer_return,
    quoted,
)
from actions.shared import CHANGE_WANTED, CoachAction, Turn
from pathways.services import checkins, drafts


async def look_up_promise(turn: Turn) -> list[EventType]:
    """Look up what was planned last; without a plan nothing is asked about it."""
    promise = await turn.call(checkins.last_promise)
    if not promise:
        await turn.call(drafts.save_answers, "checkin", {"promise_result": SKIPPED})
    return [
        SlotSet("checkin_promise", promise or None),
        SlotSet("checkin_promise_result", None if promise else SKIPPED),
    ]


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
    look_up_promise,
)
ASKED = "utter_ask_checkin_form_checkin_"
INVALID = "utter_invalid_checkin_form_checkin_"
MOOD = re.compile(r"\b([1-5])\b")
LOW_MOOD = 2
NEGATED = re.compile(r"\b(?:not|n't|isn't|wasn't|aint|never)\b[ a-z]{0,12}$")
MOOD_WORDS = (
    ("1", "terrible|awful|horrible|worst|horrendous|one|rough"),
    ("2", "bad|not good|not great|stressful|meh|sucks?|sucked|hard|tough|two"),
    ("3", "okay|ok|fine|so[- ]so|alright|three|mid|average|decent|neutral"),
    ("4", "pretty good|good|nice|well|four"),
    ("5", "great|amazing|awesome|best|perfect|excellent|fantastic|five"),
)
TURNED = {"1": "2", "2": "3", "3": "2", "4": "2", "5": "3"}
RESULTS = (
    (
        "part",
        r"part|partly|half|halfway|some|sorta|kind ?of|sort of|kinda|almost|mostly"
        r"|most of it|a bit|a little|not all|not (?:quite|fully|completely)",
    ),
    ("not", r"not|no|nope|nah|didn'?t|did not|haven'?t|forgot|never|couldn'?t"),
    (
        "done",
        r"done|did|yes|yeah|yep|yup|ya|finished|all of it|it happened|complete[d]?",
    ),
)


class BeginCheckin(BeginFlow):
    """Opens the check-in."""

    flow = FLOW
    start, go_on = "utter_checkin_start", "utter_checkin_continue"

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_begin_checkin"


def mood_of(words: str) -> str | None:
    """Read a mood from 1 to 5 out of a number or plain words; "not bad" is a 3."""
    found = MOOD.search(words)
    if found:
        return found[1]
    folded = words.lower().replace("’", "'")
    named = [
        (len(match[0]), mood, match.start())
        for mood, names in MOOD_WORDS
        for match in re.finditer(rf"\b(?:{names})\b", folded)
    ]
    if not named:
        return None
    _, mood, start = max(named)
    return TURNED[mood] if NEGATED.search(folded[:start]) else mood


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
    result = next(
        (name for name, words in RESULTS if re.search(rf"\b(?:{words})\b", folded)),
        None,
    )
    if result is None:
        turn.utter(f"{INVALID}promise_result")
    return result, result


async def check_wants_person(turn: Turn, value: str) -> Checked:
    """Take a yes or a no."""
    if value in ("yes", "no"):
        return value, value
    turn.utter(f"{INVALID}wants_person")
    return None, None


check_confirmed = confirmed(f"{INVALID}confirmed")


class ValidateCheckin(ValidateFlow):
    """Checks the answers of the check-in."""

    flow = FLOW
    checks = {
        "mood": check_mood,
        "promise_result": check_promise_result,
        "next_step": own_words(f"{INVALID}next_step"),
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
        if turn.tracker.get_slot(CHANGE_WANTED) == "yes":
            return ask_which_to_change(turn, FLOW)
        said = FLOW.answers(turn.tracker)
        mood = said.get("mood")
        turn.utter(
            f"{ASKED}confirmed",
            mood=turn.line("coach.mood", mood=mood) if mood else quoted(turn, ""),
            win=quoted(turn, said.get("win", "")),
            obstacle=quoted(turn, said.get("obstacle", "")),
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
        answers["promise"] = str(turn.tracker.get_slot("checkin_promise") or "")
        done = await turn.call(checkins.save_checkin, answers)
        turn.utter("utter_checkin_saved", next_step=done.next_step)
        if done.wants_person:
            await tell_adults(turn)
        turn.note("checkin", parts=self._parts(turn, done))
        await offer_return(turn)
        return FLOW.cleared()

    def _parts(self, turn: Turn, done: checkins.CheckinView) -> str:
        parts = [turn.line("notes.checkin_mood", mood=done.mood)] if done.mood else []
        if done.win:
            parts.append(turn.line("notes.checkin_win", win=done.win))
        parts.append(turn.line("notes.checkin_next_step", next_step=done.next_step))
        return " ".join(parts)
