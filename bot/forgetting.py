"""Drops a conversation that was deleted from every place where Rasa keeps it (P3)."""

from collections.abc import Iterator
from typing import Any

from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore

from bot.tracker_store import LoudSQLTrackerStore


async def drop(agent: Any, sender_id: str) -> None:
    """Forget a conversation, once the turn that runs in it has ended.

    Args:
        agent: Rasa's, with its stores.
        sender_id: the conversation's pseudonym.

    Raises:
        SQLAlchemyError: its database is away; what is in memory is gone all the same.
    """
    async with agent.lock_store.lock(sender_id):
        for store in stores_in(agent.tracker_store):
            if isinstance(store, InMemoryTrackerStore):
                store.store.pop(sender_id, None)
            elif isinstance(store, LoudSQLTrackerStore):
                store.drop(sender_id)


def stores_in(store: TrackerStore | None) -> Iterator[TrackerStore]:
    """Yield the stores that Rasa wraps, what it falls back to in memory first."""
    if store is None:
        return
    yield from stores_in(getattr(store, "_fallback_tracker_store", None))
    yield store
    yield from stores_in(getattr(store, "_tracker_store", None))
