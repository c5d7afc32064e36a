"""What the forms share: validating, saving drafts, explaining, revising."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from actions.shared import CoachAction, Turn
from pathways.services import drafts

SKIPPED = "–"
Checked = tuple[str | None, str | None]
Check = Callable[[Turn, str], Awaitable[Checked]]


class Flow:
    """A form and the draft behind it.

    Attributes:
        name: the flow, as in the names of its files.
        fields: the form's fields in order; slots are `<flow>_<field>`.
        optional: fields that may be skipped.
    """

    registry: ClassVar[dict[str, Flow]] = {}

    def __init__(
        self, name: str, fields: tuple[str, ...], optional: frozenset[str]
    ) -> None:
        """Register a flow under its name."""
        self.name, self.fields, self.optional = name, fields, optional
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
        return [SlotSet(self.slot(field), None) for field in self.fields]


def flow_of(form: str | None) -> Flow | None:
    """Return the flow whose form is open."""
    return Flow.registry.get((form or "").removesuffix("_form"))


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
        events: list[EventType] = []
        saved: dict[str, str | None] = {}
        change_wanted = turn.tracker.get_slot("change_wanted")
        for slot, value in self._new(turn.tracker).items():
            field = self.flow.field(slot)
            kept, draft = await self._checked(turn, field, value)
            events.append(SlotSet(slot, kept))
            turn.tracker.slots[slot] = kept
            if draft is not None:
                saved[field] = draft
        if saved:
            await turn.call(drafts.save_answers, self.flow.name, saved)
        if turn.tracker.get_slot("change_wanted") != change_wanted:
            changed = turn.tracker.get_slot("change_wanted")
            events.append(SlotSet("change_wanted", changed))
        return events

    def _new(self, tracker: Tracker) -> dict[str, Any]:
        slots = tracker.slots_to_validate()
        mine = {self.flow.slot(field) for field in self.flow.fields}
        return {slot: value for slot, value in slots.items() if slot in mine and value}

    async def _checked(self, turn: Turn, field: str, value: str) -> Checked:
        if value == SKIPPED:
            return value, value
        check = self.checks.get(field)
        if check is None:
            return value, value
        return await check(turn, value)
