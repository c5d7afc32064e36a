"""A student's wishes for their own data: a copy, or its deletion (feature P9)."""

from __future__ import annotations

from collections.abc import Iterable

from rasa_sdk.events import EventType

from actions.shared import Interruption, Turn
from pathways.services import alerts

SURE = "sure"


class AskForCopy(Interruption):
    """Puts the wish for a copy before the adults of the student."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_ask_for_copy"

    async def answer(self, turn: Turn) -> Iterable[EventType]:
        """Keep the wish, and say who sees it."""
        told = await turn.call(alerts.ask_for, alerts.WANTS_COPY)
        turn.utter("utter_copy_asked", names=turn.listed(told))
        return []


class AskForDeletion(Interruption):
    """Puts the wish for deletion before the adults, once the student is sure."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_ask_for_deletion"

    async def answer(self, turn: Turn) -> Iterable[EventType]:
        """Ask first; a wish that was sent can't be taken back here."""
        if SURE not in turn.named("field"):
            turn.utter("utter_deletion_sure")
            return []
        told = await turn.call(alerts.ask_for, alerts.WANTS_DELETION)
        turn.utter("utter_deletion_asked", names=turn.listed(told))
        return []
