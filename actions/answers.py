"""Answers of the forms: what counts as one, and each kept in the draft at once."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from actions.forms import (
    ANEW,
    BESIDE,
    HELD,
    NUDGED,
    SKIPPED,
    Flow,
    field_named,
    take_back,
)
from actions.shared import CHANGE_WANTED, WHICH, CoachAction, Turn, asks_about_others
from pathways.domain.goals import LOW_CONFIDENCE, due_problem, is_tiny
from pathways.domain.lexicon import fold
from pathways.services import drafts
from pathways.services.school_day import today

FEW_WORDS = 3
HOURS = re.compile(
    r"(?<![\d.])(\d{1,3}(?:\.\d{1,2})?)\s*(?:h|hrs?|hours?|horas?)?\b", re.I
)
UNSURE = re.compile(
    r"(?:um+ |uh+ |well )?(?:i )?(?:really )?(?:idk|dunno|don'?t (?:really )?know|"
    r"do not know|not sure|have no (?:idea|clue)|no (?:idea|clue)|whatever|n/?a"
    r"|(?:pues |mmm* |la verdad )?(?:ni idea|no tengo (?:ni )?idea|no s[eé]"
    r"|nose|nada|quien sabe"
    r"|quién sabe|no estoy segur[oa]|lo que sea|da igual))"
    r"(?: yet| really| lol| tbh| todav[ií]a| la verdad| a[uú]n)*\W*",
    re.IGNORECASE,
)
QUESTION = re.compile(
    r"^(?:(?:wait|but|so|ok(?:ay)?|um+|and|hey)[ ,]+)*"
    r"(?:(?:what|how|why|who|where|which|when)(?:'?s| (?:is|are|do|does|did|can|could|"
    r"should|would|will|was|were|if|about|kind|classes?|jobs?|much|many|long))\b"
    r"|do (?:i|you|u|we|they|any)\b|(?:can|could|would|will|does|did|is|are|should) "
    r"(?:i|you|u|we|it|there|they|my|the|a|anyone)\b)"
    r"|^(?:(?:oye|pero|y|bueno|espera|ok)[ ,]+)*(?:¿|qué|cómo|cuál(?:es)?"
    r"|quién(?:es)?|cuándo"
    r"|dónde|cuánt[oa]s?|por qué|para qué|(?:que|como) (?:es|son|hago|puedo"
    r"|significa)\b"
    r"|(?:puedo|puedes|debo|hay|tengo que) .*\?$)",
    re.IGNORECASE,
)
ASKING = re.compile(
    r"\b(?:what|how|why|who|where|when|which|can|could|do|does|did|is|are|should"
    r"|would|will|qu[eé]|c[oó]mo|cu[aá]l(?:es)?|qui[eé]n|cu[aá]ndo|d[oó]nde|cu[aá]nt[oa]s?"
    r"|puedo|puedes|debo|deber[ií]a|hay)\b",
    re.IGNORECASE,
)
Checked = tuple[str | None, str | None]
Check = Callable[[Turn, str], Awaitable[Checked]]


def says_nothing(turn: Turn, words: str) -> bool:
    """Tell whether an answer is a bare yes or no, "idk", or has no word at all."""
    bare = turn.intent in ("affirm", "deny") and len(words.split()) <= FEW_WORDS
    return bare or bool(UNSURE.fullmatch(words.strip())) or not fold(words)


def own_words(response: str) -> Check:
    """Return a check that takes any words, and asks once more for none."""

    async def check(turn: Turn, value: str) -> Checked:
        if says_nothing(turn, value):
            turn.utter(response)
            return None, None
        return value, value

    return check


def is_question(words: str) -> bool:
    """Tell whether words ask something, so that they are no answer by themselves."""
    plain = words.strip()
    long = len(plain.split()) > FEW_WORDS
    return long and bool(
        QUESTION.match(plain) or (plain.endswith("?") and ASKING.search(plain))
    )


def once(turn: Turn, nudge: str) -> bool:
    """Tell whether a nudge is due; each is given once in a run of a flow."""
    given = str(turn.tracker.slots.get(NUDGED) or "").split()
    turn.tracker.slots[NUDGED] = " ".join(dict.fromkeys([*given, nudge]))
    return nudge not in given


def confirmed(response: str) -> Check:
    """Return the check of the last question: a yes saves, a no leads to a change."""

    async def check(turn: Turn, value: str) -> Checked:
        if value == "yes":
            return value, None
        if value == "no":
            turn.tracker.slots[CHANGE_WANTED] = "yes"
        else:
            turn.utter(response)
        return None, None

    return check


def coming_day(response: str, from_today: bool = False) -> Check:
    """Return a check that takes a day from tomorrow, or today, on, for two years."""

    async def check(turn: Turn, value: str) -> Checked:
        try:
            day: date | None = date.fromisoformat(value)
        except ValueError:
            day = None
        now = await turn.call(today)
        problem = due_problem(day, now)
        if from_today and day == now:
            problem = ""
        if problem:
            suffix = "" if problem == "unreadable" else f"_{problem}"
            turn.utter(f"{response}{suffix}")
            return None, None
        return value, value

    return check


def shrunk(turn: Turn, confidence: int, words: str, response: str) -> bool:
    """Ask once for a smaller step where the confidence is low; tell whether it was."""
    if is_tiny(words) or confidence >= LOW_CONFIDENCE or not once(turn, "shrunk"):
        return False
    keep = {"title": turn.line("coach.button_keep"), "payload": words}
    turn.dispatcher.utter_message(
        response=response, confidence=confidence, step=words, buttons=[keep]
    )
    return True


class ValidateFlow(CoachAction):
    """Checks each answer of a form and saves it into the draft at once."""

    @property
    @abstractmethod
    def flow(self) -> Flow:
        """The flow whose answers are checked."""

    @property
    @abstractmethod
    def checks(self) -> Mapping[str, Check]:
        """The checks by field; a field without one takes any text."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return f"validate_{self.flow.form}"

    async def act(self, turn: Turn) -> list[EventType]:
        """Check new answers and save the good ones."""
        if turn.pressed and ANEW in turn.named("field"):
            return (await self.flow.begin(turn))[0]
        if turn.tracker.get_slot(CHANGE_WANTED) == WHICH:
            return await self._revise(turn)
        if turn.asked not in [self.flow.slot(field) for field in self.flow.fields]:
            return []
        slots = turn.tracker.slots
        new = self._new(turn.tracker)
        every = map(self.flow.slot, (*self.flow.fields, *self.flow.hidden))
        aside = (*BESIDE, *(name for name in every if name not in new))
        before = {name: slots.get(name) for name in aside}
        events, saved = await self._kept(turn)
        changed = {
            name: slots.get(name) for name in aside if slots.get(name) != before[name]
        }
        saved |= {
            self.flow.field(name): text
            for name, text in changed.items()
            if name not in BESIDE
        }
        if saved:
            await turn.call(drafts.save_answers, self.flow.name, saved)
        events += [SlotSet(name, text) for name, text in changed.items()]
        return [*events, *self.flow.branch(slots)]

    async def _kept(self, turn: Turn) -> tuple[list[EventType], dict[str, str | None]]:
        """Check what is new; return its slots, and what the draft keeps of it."""
        events: list[EventType] = []
        saved: dict[str, str | None] = {}
        for slot, value in self._new(turn.tracker).items():
            field = self.flow.field(slot)
            kept, draft = await self._checked(turn, field, value)
            events.append(SlotSet(slot, kept))
            turn.tracker.slots[slot] = kept
            if draft is not None:
                saved[field] = draft
        return events, saved

    async def _revise(self, turn: Turn) -> list[EventType]:
        """Take the message as the name of the answer to change, not as an answer."""
        kept = [SlotSet(slot, None) for slot in self._new(turn.tracker)]
        field = field_named(turn, self.flow)
        if field is not None:
            return [*kept, *await take_back(turn, self.flow, field)]
        if turn.intent != "deny":
            turn.utter("utter_revise_unclear")
        return [*kept, SlotSet(CHANGE_WANTED, None)]

    def _new(self, tracker: Tracker) -> dict[str, Any]:
        slots = tracker.slots_to_validate()
        mine = {self.flow.slot(field) for field in self.flow.fields}
        return {slot: value for slot, value in slots.items() if slot in mine and value}

    async def _checked(self, turn: Turn, field: str, value: str) -> Checked:
        held = turn.tracker.slots.get(HELD)
        turn.tracker.slots[HELD] = None
        if held and turn.intent == "affirm":
            value = str(held)
        elif self._is_no_answer(turn, field, value):
            return None, None
        if value == SKIPPED:
            return value, value
        if field in self.flow.optional and UNSURE.fullmatch(value.strip()):
            turn.utter("utter_skipped")
            return SKIPPED, SKIPPED
        check = self.checks.get(field)
        if check is None:
            return value, value
        return await check(turn, value)

    def _is_no_answer(self, turn: Turn, field: str, value: str) -> bool:
        """Turn away another button, a look at others, and a question to the coach."""
        if value.startswith("/"):
            if turn.intent not in ("affirm", "deny"):
                turn.utter("utter_finish_first")
            return True
        if value.rstrip().endswith("?") and asks_about_others(turn):
            turn.utter("utter_only_your_own")
            return True
        if field not in self.flow.questions and is_question(value):
            turn.tracker.slots[HELD] = value
            turn.utter("utter_question_not_kept", said=value)
            return True
        return False
