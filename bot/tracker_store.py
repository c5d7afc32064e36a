"""A tracker store that says so when its database is away."""

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.trackers import DialogueStateTracker

lost_turns: set[str] = set()


class LoudSQLTrackerStore(SQLTrackerStore):
    """Rasa's SQL tracker store, which names each turn that it could not keep.

    Rasa wraps every store so that an error falls back to memory with a log line.
    The channel reads `lost_turns` and turns such a turn into an error instead.
    """

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Save, or note the conversation as lost and raise."""
        try:
            await super().save(tracker)
        except Exception:
            lost_turns.add(tracker.sender_id)
            raise

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Retrieve, or note the conversation as lost and raise."""
        try:
            return await super().retrieve(sender_id)
        except Exception:
            lost_turns.add(sender_id)
            raise
