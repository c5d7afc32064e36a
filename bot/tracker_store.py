"""A tracker store that says when its database is away, and reads a tracker once."""

import itertools
import json
import os
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    SessionStarted,
)
from rasa.shared.core.trackers import DialogueStateTracker

KEPT = 500
LONGEST, SHORTEST = 48, 24
LISTEN = "action_listen"
lost_turns: set[str] = set()


@dataclass
class Kept:
    """A tracker as it stands in the database, up to its first `saved` events."""

    tracker: DialogueStateTracker
    saved: int


_kept: OrderedDict[str, Kept] = OrderedDict()
_places: OrderedDict[str, int] = OrderedDict()


def follows(sender_id: str, place: int | None) -> bool:
    """Tell whether a turn comes right after the last one that this worker took.

    Where another worker took turns between, what is in memory here is old.
    """
    last = _places.pop(sender_id, None)
    if place is None:
        return last is None
    _places[sender_id] = place
    while len(_places) > KEPT:
        _places.popitem(last=False)
    return last is None or place == last + 1


def forget(sender_id: str) -> None:
    """Read a conversation from the database the next time, whatever is in memory."""
    _kept.pop(sender_id, None)


def _keep(tracker: DialogueStateTracker) -> None:
    _kept[tracker.sender_id] = Kept(tracker, len(tracker.events))
    _kept.move_to_end(tracker.sender_id)
    while len(_kept) > KEPT:
        _kept.popitem(last=False)


def trim(tracker: DialogueStateTracker) -> None:
    """Drop what is long past from memory, so that no turn gets slower than the first.

    Cut where no form was open: a tracker's states are worked out from its events,
    and slots don't count in them here.
    """
    if len(tracker.events) <= LONGEST:
        return
    form_open, cut = False, 0
    for place, event in enumerate(tracker.events, start=1):
        if place > len(tracker.events) - SHORTEST:
            break
        if isinstance(event, ActiveLoop):
            form_open = event.name is not None
        waits = isinstance(event, ActionExecuted) and event.action_name == LISTEN
        if waits and not form_open:
            cut = place
    for _ in range(cut):
        tracker.events.popleft()


def kept_open(url: sqlalchemy.engine.URL) -> sqlalchemy.engine.Engine:
    """Return an engine on a SQLite file that is opened once, not for each turn.

    A file that was taken away or replaced is noticed: an open one could still be
    written to, and nothing of it would ever be read again.
    """
    engine = sqlalchemy.create_engine(
        url,
        poolclass=sqlalchemy.pool.QueuePool,
        connect_args={"check_same_thread": False},
    )

    def same_file(connection: Any, record: Any, proxy: Any) -> None:
        if record.info.get("file") != _identity(url.database):
            raise sqlalchemy.exc.DisconnectionError("The tracker's file was replaced.")

    def opened(connection: Any, record: Any) -> None:
        _prepare_sqlite(connection)
        record.info["file"] = _identity(url.database)

    sqlalchemy.event.listen(engine, "connect", opened)
    sqlalchemy.event.listen(engine, "checkout", same_file)
    return engine


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _row(sender_id: str, event: Event) -> dict[str, Any]:
    """Return an event as a row of Rasa's table, with the columns that Rasa fills."""
    data = event.as_dict()
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


def _prepare_sqlite(connection: Any) -> None:
    """The tracker is a working copy: it may lose a turn to a power cut, not more."""
    cursor = connection.cursor()
    for setting in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


class LoudSQLTrackerStore(SQLTrackerStore):
    """Rasa's SQL tracker store, which names each turn that it could not keep.

    Rasa wraps every store so that an error falls back to memory with a log line.
    The channel reads `lost_turns` and turns such a turn into an error instead.
    One worker owns a conversation, so a tracker that was saved stays in memory;
    after an error it is forgotten and read again.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Open the database as Rasa does; SQLite stays open, as others do."""
        super().__init__(*args, **kwargs)
        if self.engine.dialect.name == "sqlite" and self.engine.url.database:
            self.engine.dispose()
            self.engine = kept_open(self.engine.url)
            self.sessionmaker.configure(bind=self.engine)

    def drop(self, sender_id: str) -> None:
        """Delete a conversation, in memory and in the database, for good."""
        forget(sender_id)
        lost_turns.discard(sender_id)
        is_sqlite = self.engine.dialect.name == "sqlite"
        with self.session_scope() as session:
            if is_sqlite:
                session.execute(sqlalchemy.text("PRAGMA secure_delete=ON"))
            mine = self.SQLEvent.sender_id == sender_id
            session.execute(sqlalchemy.delete(self.SQLEvent).where(mine))
            session.commit()
        if is_sqlite:
            with self.engine.connect() as connection:
                connection.execute(sqlalchemy.text("PRAGMA wal_checkpoint(TRUNCATE)"))

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Retrieve, or note the conversation as lost and raise."""
        if sender_id in _kept:
            return _kept[sender_id].tracker
        try:
            found = await super().retrieve(sender_id)
        except Exception:
            lost_turns.add(sender_id)
            raise
        if found is not None:
            _keep(found)
        return found

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Save, or note the conversation as lost and raise."""
        known = _kept.get(tracker.sender_id)
        try:
            await self.stream_events(tracker)
            self._write(tracker)
        except Exception:
            forget(tracker.sender_id)
            lost_turns.add(tracker.sender_id)
            raise
        saved = known.saved if known and known.tracker is tracker else 0
        fresh = itertools.islice(tracker.events, saved, None)
        if saved and any(isinstance(event, SessionStarted) for event in fresh):
            forget(tracker.sender_id)
        else:
            trim(tracker)
            _keep(tracker)

    def _write(self, tracker: DialogueStateTracker) -> None:
        """Write what is new, all rows in one statement."""
        with self.session_scope() as session:
            fresh = self._additional_events(session, tracker)
            rows = [_row(tracker.sender_id, event) for event in fresh]
            if rows:
                session.execute(sqlalchemy.insert(self.SQLEvent), rows)
            session.commit()

    def _additional_events(
        self, session: Any, tracker: DialogueStateTracker
    ) -> Iterator[Event]:
        known = _kept.get(tracker.sender_id)
        if known is None or known.tracker is not tracker:
            return super()._additional_events(session, tracker)
        return itertools.islice(tracker.events, known.saved, None)
