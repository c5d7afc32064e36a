"""A form and the draft behind it: begun, filled, revised, left and taken up again."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, ClassVar

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.shared import CHANGE_WANTED, WHICH, CoachAction, Turn
from pathways.domain.lexicon import fold
from pathways.services import drafts

SKIPPED, NOT_ASKED = "–", "—"
ANEW = "anew"
LISTEN = "action_listen"
KEPT_FOR = timedelta(days=6)
NUDGED, HELD = "nudged", "held_answer"
BESIDE = (CHANGE_WANTED, NUDGED, HELD)
More = Callable[[Turn], Awaitable[list[EventType]]]


class Flow:
    """A form and the draft behind it.

    Attributes:
        name: the flow, as in the names of its files.
        fields: the form's fields in order; slots are `<flow>_<field>`.
        optional: fields that may be skipped.
        more: what else the working copy needs when the flow begins or goes on.
        hidden: fields that are kept with the answers but never asked for.
        unasked: tells from the answers so far which fields their branch leaves out.
        questions: fields to which a question is a good answer.
    """

    registry: ClassVar[dict[str, Flow]] = {}

    def __init__(
        self,
        name: str,
        fields: tuple[str, ...],
        optional: frozenset[str],
        more: More | None = None,
        hidden: tuple[str, ...] = (),
        unasked: Callable[[Mapping[str, str]], frozenset[str]] = lambda _: frozenset(),
        questions: frozenset[str] = frozenset(),
    ) -> None:
        """Register a flow under its name."""
        self.name, self.fields, self.optional, self.more = name, fields, optional, more
        self.hidden, self.unasked, self.questions = hidden, unasked, questions
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
        every = (*self.fields, *self.hidden)
        found = {field: tracker.get_slot(self.slot(field)) for field in every}
        return {
            field: "" if text == SKIPPED else str(text)
            for field, text in found.items()
            if text not in (None, NOT_ASKED)
        }

    def given(self, tracker: Tracker) -> list[str]:
        """Return the fields that have an answer which the student can change."""
        beside = {"confirmed", *self.hidden}
        return [field for field in self.answers(tracker) if field not in beside]

    def cleared(self) -> list[EventType]:
        """Return events that empty the working copy."""
        slots = [self.slot(field) for field in (*self.fields, *self.hidden)]
        return [SlotSet(slot, None) for slot in [*slots, *BESIDE]]

    def branch(self, slots: Mapping[str, Any]) -> list[EventType]:
        """Return events that leave out, or bring back, what a branch decides."""
        texts = {field: slots.get(self.slot(field)) for field in self.fields}
        answers = {
            field: str(text)
            for field, text in texts.items()
            if text not in (None, NOT_ASKED)
        }
        left_out = self.unasked(answers)
        events = []
        for field, text in texts.items():
            if field in left_out and text != NOT_ASKED:
                events.append(SlotSet(self.slot(field), NOT_ASKED))
            elif field not in left_out and text == NOT_ASKED:
                events.append(SlotSet(self.slot(field), None))
        return events

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
        kept = {self.slot(field): text for field, text in answers.items()}
        set_ = [SlotSet(slot, text) for slot, text in kept.items()]
        return [*events, *set_, *self.branch(kept)]


def flow_of(form: str | None) -> Flow | None:
    """Return the flow whose form is open."""
    return Flow.registry.get((form or "").removesuffix("_form"))


def field_named(turn: Turn, flow: Flow) -> str | None:
    """Return the answered field that a button or the student's words name."""
    given = flow.given(turn.tracker)
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
        for field in flow.given(turn.tracker)
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
    emptied = dict.fromkeys(slots)
    branch = flow.branch({**turn.tracker.slots, **emptied})
    return [*(SlotSet(slot, None) for slot in slots), *branch]


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


class BeginFlow(CoachAction):
    """Opens a flow, and keeps the answers of the flow that it interrupts."""

    start: ClassVar[str]
    go_on: ClassVar[str]

    @property
    @abstractmethod
    def flow(self) -> Flow:
        """The flow that begins."""

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Go on where the student left, or begin anew."""
        if turn.form and turn.form != self.flow.form:
            left = turn.line(f"coach.flow_{turn.form.removesuffix('_form')}")
            turn.utter("utter_switched", flow=left)
        events, answers = await self.flow.begin(turn)
        turn.utter(self.go_on if answers else self.start)
        return [*events, *([] if answers else await self.known(turn))]

    async def known(self, turn: Turn) -> list[EventType]:
        """Return events for what the opening message told already."""
        return []
