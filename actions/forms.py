"""What the forms share: validating, saving drafts, explaining, revising."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, ClassVar

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.shared import CHANGE_WANTED, WHICH, CoachAction, Turn, asks_about_others
from pathways.domain.lexicon import fold
from pathways.services import drafts

SKIPPED = "–"
ANEW = "anew"
LISTEN = "action_listen"
KEPT_FOR = timedelta(days=6)
FEW_WORDS = 3
UNSURE = re.compile(
    r"(?:um+ |uh+ |well )?(?:i )?(?:really )?(?:idk|dunno|don'?t (?:really )?know|"
    r"do not know|not sure|have no (?:idea|clue)|no (?:idea|clue)|whatever|n/?a)"
    r"(?: yet| really| lol| tbh)*\W*",
    re.IGNORECASE,
)
Checked = tuple[str | None, str | None]
Check = Callable[[Turn, str], Awaitable[Checked]]
More = Callable[[Turn], Awaitable[list[EventType]]]


class Flow:
    """A form and the draft behind it.

    Attributes:
        name: the flow, as in the names of its files.
        fields: the form's fields in order; slots are `<flow>_<field>`.
        optional: fields that may be skipped.
        more: what else the working copy needs when the flow begins or goes on.
    """

    registry: ClassVar[dict[str, Flow]] = {}

    def __init__(
        self,
        name: str,
        fields: tuple[str, ...],
        optional: frozenset[str],
        more: More | None = None,
    ) -> None:
        """Register a flow under its name."""
        self.name, self.fields, self.optional, self.more = name, fields, optional, more
        self.registry[name] = self

    @property
    def form(self) -> str:
        """The name of its form."""
        return f"{self.name}_form"

    def slot(self, field: str) -> str:
        """The slot of a field."""
        return f"{self.name}_{field}"

    def field(self, slot: str) -> str:
        """The field of a slot."""
        return slot.removeprefix(f"{self.name}_")

    def answers(self, tracker: Tracker) -> dict[str, str]:
        """Return the answers given so far, by field; skipped ones are empty."""
        found = {field: tracker.get_slot(self.slot(field)) for field in self.fields}
        return {
            field: "" if text == SKIPPED else str(text)
            for field, text in found.items()
            if text is not None
        }

    def cleared(self) -> list[EventType]:
        """Return events that empty the working copy."""
        slots = [self.slot(field) for field in self.fields]
        return [SlotSet(slot, None) for slot in [*slots, CHANGE_WANTED]]

    async def begin(self, turn: Turn) -> tuple[list[EventType], Mapping[str, str]]:
        """Take up the answers left in this flow, unless a button says "anew".

        Returns:
            Events that fill the working copy, and the answers that were there.
        """
        answers = await turn.call(drafts.draft_of, self.name, KEPT_FOR)
        if ANEW in turn.named("field") or not answers:
            await turn.call(drafts.discard, self.name)
            answers = {}
        return await self.filled(turn, answers), answers

    async def filled(self, turn: Turn, answers: Mapping[str, str]) -> list[EventType]:
        """Return events that put answers into the working copy."""
        events = [*self.cleared(), *(await self.more(turn) if self.more else [])]
        return [
            *events,
            *(SlotSet(self.slot(field), text) for field, text in answers.items()),
        ]


def flow_of(form: str | None) -> Flow | None:
    """Return the flow whose form is open."""
    return Flow.registry.get((form or "").removesuffix("_form"))


def field_named(turn: Turn, flow: Flow) -> str | None:
    """Return the answered field that a button or the student's words name."""
    given = [field for field in flow.answers(turn.tracker) if field != "confirmed"]
    pressed = turn.named("field")
    for field in given:
        if flow.slot(field) in pressed:
            return field
    said = f" {fold(turn.text)} "
    found = {
        word: field
        for field in given
        for word in turn.line(f"coach.words_{flow.slot(field)}").split(", ")
        if f" {fold(word)} " in said
    }
    return found[max(found, key=len)] if found and not turn.pressed else None


def ask_which_to_change(turn: Turn, flow: Flow) -> list[EventType]:
    """Ask which answer to change, by a button for each one given, and wait."""
    buttons = [
        {
            "title": turn.line(f"coach.field_{flow.slot(field)}"),
            "payload": f'/revise_answer{{"field": "{flow.slot(field)}"}}',
        }
        for field in flow.answers(turn.tracker)
        if field != "confirmed"
    ]
    if not buttons:
        turn.utter("utter_nothing_to_revise")
        return turn.back_to_form()
    turn.dispatcher.utter_message(response="utter_revise_which", buttons=buttons)
    return [SlotSet(CHANGE_WANTED, WHICH), FollowupAction(LISTEN)]


async def take_back(turn: Turn, flow: Flow, field: str) -> list[EventType]:
    """Empty one answer, so that the form asks for it again."""
    await turn.call(drafts.save_answers, flow.name, {field: None})
    slots = (flow.slot(field), flow.slot("confirmed"), CHANGE_WANTED)
    return [SlotSet(slot, None) for slot in slots]


async def offer_return(turn: Turn) -> None:
    """After one flow is done, offer the one that was left for it."""
    draft = await turn.call(drafts.newest_draft)
    if draft and draft[1]:
        turn.utter("utter_offer_return", flow=turn.line(f"coach.flow_{draft[0]}"))


def quoted(turn: Turn, words: str) -> str:
    """Return an answer in quotation marks, or that it was left out."""
    return (
        turn.line("coach.quoted", text=words) if words else turn.line("coach.left_out")
    )


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
        events: list[EventType] = []
        saved: dict[str, str | None] = {}
        change_wanted = turn.tracker.get_slot(CHANGE_WANTED)
        for slot, value in self._new(turn.tracker).items():
            field = self.flow.field(slot)
            kept, draft = await self._checked(turn, field, value)
            events.append(SlotSet(slot, kept))
            turn.tracker.slots[slot] = kept
            if draft is not None:
                saved[field] = draft
        if saved:
            await turn.call(drafts.save_answers, self.flow.name, saved)
        if turn.tracker.get_slot(CHANGE_WANTED) != change_wanted:
            changed = turn.tracker.get_slot(CHANGE_WANTED)
            events.append(SlotSet(CHANGE_WANTED, changed))
        return events

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
        if value == SKIPPED:
            return value, value
        if value.startswith("/"):
            if turn.intent not in ("affirm", "deny"):
                turn.utter("utter_finish_first")
            return None, None
        if value.rstrip().endswith("?") and asks_about_others(turn):
            turn.utter("utter_only_your_own")
            return None, None
        if field in self.flow.optional and UNSURE.fullmatch(value.strip()):
            turn.utter("utter_skipped")
            return SKIPPED, SKIPPED
        check = self.checks.get(field)
        if check is None:
            return value, value
        return await check(turn, value)
