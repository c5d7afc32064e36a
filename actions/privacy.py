"""A student's wishes for their own data: a copy, or its deletion (feature P9)."""

from __future__ import annotations

from collections.abc import Iterable

from rasa_sdk.events import EventType

from actions.shared import Interruption, Turn
from pathways.services import data_requests

SURE = "sure"


class AskForCopy(Interruption):
    """Leads to the page where the copy is."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_ask_for_copy"

    async def answer(self, turn: Turn) -> Iterable[EventType]:
        """Say where the copy is: it needs nobody's leave."""
        turn.utter("utter_copy_asked")
        return []


class AskForDeletion(Interruption):
    """Sends a request for deletion, once the student is sure."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_ask_for_deletion"

    async def answer(self, turn: Turn) -> Iterable[EventType]:
        """Ask first; then keep the request, and say who sees it."""
        if SURE not in turn.named("field"):
            turn.utter("utter_deletion_sure")
            return []
        told = await turn.call(data_requests.ask, data_requests.Kind.DELETION)
        turn.utter("utter_deletion_asked", names=turn.listed(told))
        return []
