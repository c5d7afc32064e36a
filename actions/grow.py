"""GROW for "what should I do": three options before a choice (feature C7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rasa_sdk.events import EventType, SlotSet

from actions.answers import (
    Checked,
    ValidateFlow,
    coming_day,
    confirmed,
    is_question,
    once,
    own_words,
    says_nothing,
)
from actions.forms import BeginFlow, Flow
from actions.naming import place_named, title_named
from actions.shared import CoachAction, Turn
from actions.talking import AskReview, SaveTalk
from pathways.domain.coaching import GROW, OPTIONS
from pathways.domain.goal_quality import is_specific
from pathways.domain.goals import LOW_CONFIDENCE, confidence_of
from pathways.domain.lexicon import fold
from pathways.services import drafts
from pathways.services.talks import TalkView

INVALID = "utter_invalid_grow_form_grow_"
LEAST_WORDS = 6


def without_smaller(answers: Mapping[str, str]) -> frozenset[str]:
    """A student who is sure needs no smaller step."""
    sure = confidence_of(answers.get("confidence", ""))
    return frozenset({"action"} if sure and sure >= LOW_CONFIDENCE else ())


FLOW = Flow(
    "grow",
    (*GROW.steps, "action", "confirmed"),
    frozenset(),
    unasked=without_smaller,
)


class BeginGrow(BeginFlow):
    """Opens the talk; a question that was told already is not asked for again."""

    flow = FLOW
    start, go_on = "utter_grow_start", "utter_grow_continue"

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_begin_grow"

    async def known(self, turn: Turn) -> list[EventType]:
        """Take the opening words as what it is about, where they say so."""
        told = len(turn.text.split()) >= LEAST_WORDS and is_specific(turn.text)
        if turn.pressed or not told:
            return []
        await turn.call(drafts.save_answers, FLOW.name, {"goal": turn.text})
        return [SlotSet(FLOW.slot("goal"), turn.text)]


def options_of(turn: Turn, beside: str | None = None) -> list[str]:
    """Return the options named so far, without that of the slot `beside`."""
    said = FLOW.answers(turn.tracker)
    named = [step for step in OPTIONS if FLOW.slot(step) != beside]
    return [said[step] for step in named if said.get(step)]


async def check_option(turn: Turn, value: str) -> Checked:
    """Take an option that was not named before."""
    if says_nothing(turn, value):
        turn.utter(f"{INVALID}another")
        return None, None
    if fold(value) in {fold(one) for one in options_of(turn, turn.asked)}:
        turn.utter(f"{INVALID}another_same")
        return None, None
    return value, value


async def check_choice(turn: Turn, value: str) -> Checked:
    """Take one of the options, by its words, its place or a telling word."""
    named = [(one, one) for one in options_of(turn)]
    same = next((one for one, _ in named if fold(one) == fold(value)), None)
    found = same or place_named(value, named) or title_named(value, named)
    if found is None and (says_nothing(turn, value) or once(turn, "choice")):
        turn.utter(f"{INVALID}choice")
        return None, None
    return found or value, found or value


async def check_confidence(turn: Turn, value: str) -> Checked:
    """Read a number from 1 to 10."""
    confidence = confidence_of(value)
    if confidence is None:
        turn.utter(f"{INVALID}confidence")
        return None, None
    return str(confidence), str(confidence)


class ValidateGrow(ValidateFlow):
    """Checks the answers of the talk."""

    flow = FLOW
    checks = {
        "goal": own_words(f"{INVALID}goal"),
        "reality": own_words(f"{INVALID}reality"),
        "tiny": check_option,
        "bold": check_option,
        "another": check_option,
        "choice": check_choice,
        "day": coming_day(f"{INVALID}day", from_today=True),
        "confidence": check_confidence,
        "action": own_words(f"{INVALID}action"),
        "confirmed": confirmed(f"{INVALID}confirmed"),
    }


class AskGrowChoice(CoachAction):
    """Asks which option to try, by a button for each."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_ask_grow_form_grow_choice"

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Show the student's own options."""
        named = options_of(turn)
        turn.dispatcher.utter_message(
            response="utter_ask_grow_form_grow_choice",
            buttons=[
                {"title": one[:60], "payload": one}
                for one in named
                if not is_question(one)
            ],
        )
        return []


class AskGrowConfirmed(AskReview):
    """Reads the talk back."""

    flow = FLOW
    response = "utter_ask_grow_form_grow_confirmed"

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_ask_grow_form_grow_confirmed"


class SaveGrow(SaveTalk):
    """Keeps the talk for the student."""

    flow = FLOW

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_save_grow"

    def talk(self, answers: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        """Return the steps, with the smaller step where there is one."""
        return GROW.name, {
            step: text for step, text in answers.items() if step != "confirmed"
        }

    def tell(self, turn: Turn, saved: TalkView) -> None:
        """Say the step once more, and note it for the summary."""
        turn.utter("utter_grow_saved", action=saved.action)
        turn.note("decided", action=saved.action)
