"""Rasa's working copy of conversations, reached from outside: to delete and to trim.

Its table is `events`: one row for each event with the conversation's pseudonym, the
moment, and the event as JSON, texts included (Rasa 3.6, `SQLTrackerStore`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    func,
    inspect,
    select,
)
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

EVENTS = Table(
    "events",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("sender_id", String(255)),
    Column("type_name", String(255)),
    Column("timestamp", Float),
)
DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg2": "postgresql+psycopg",
}
SESSION_STARTED = "session_started"
SECURELY = ("busy_timeout=5000", "secure_delete=ON")


class Tracker:
    """The tracker's database; nothing is there before the assistant first ran."""

    def __init__(self, url: str) -> None:
        """Remember the address; each use connects anew."""
        found = make_url(url)
        self.url = found.set(drivername=DRIVERS.get(found.drivername, found.drivername))

    def purge(self, conversation_id: str) -> int:
        """Delete every event of a conversation; return how many."""
        with self._open() as connection:
            if connection is None:
                return 0
            mine = EVENTS.c.sender_id == conversation_id
            gone = connection.execute(delete(EVENTS).where(mine)).rowcount
        self._empty_log()
        return gone

    def trim(self, before: datetime, *, dry_run: bool = False) -> int:
        """Delete talks that rest since a moment, and all before a talk's last session.

        Rasa reads a conversation from its last session on, so nothing that it still
        uses goes. Talks with an event since then keep their last session.

        Returns:
            how many events went, or would go.
        """
        with self._open() as connection:
            if connection is None:
                return 0
            old = EVENTS.c.timestamp < before.timestamp()
            newest = (
                select(EVENTS.c.sender_id, func.max(EVENTS.c.timestamp).label("at"))
                .group_by(EVENTS.c.sender_id)
                .subquery()
            )
            resting = select(newest.c.sender_id).where(newest.c.at < before.timestamp())
            later = EVENTS.alias()
            begun_anew = (
                select(later.c.id)
                .where(
                    later.c.sender_id == EVENTS.c.sender_id,
                    later.c.type_name == SESSION_STARTED,
                    later.c.id > EVENTS.c.id,
                )
                .exists()
            )
            chosen = EVENTS.c.sender_id.in_(resting) | (old & begun_anew)
            if dry_run:
                count = select(func.count()).select_from(EVENTS).where(chosen)
                return connection.execute(count).scalar_one()
            gone = connection.execute(delete(EVENTS).where(chosen)).rowcount
        self._empty_log()
        return gone

    @property
    def _file(self) -> Path | None:
        is_file = self.url.get_backend_name() == "sqlite" and self.url.database
        return Path(self.url.database) if is_file and self.url.database else None

    @contextmanager
    def _open(self) -> Iterator[Connection | None]:
        if self._file is not None and not self._file.exists():
            yield None
            return
        engine = create_engine(self.url, poolclass=NullPool)
        try:
            with engine.begin() as connection:
                if self._file is not None:
                    for setting in SECURELY:
                        connection.exec_driver_sql(f"PRAGMA {setting}")
                known = inspect(connection).has_table(EVENTS.name)
                yield connection if known else None
        finally:
            engine.dispose()

    def _empty_log(self) -> None:
        """Let no deleted text stay in SQLite's write-ahead log."""
        if self._file is not None:
            empty_log(str(self.url))


def empty_log(url: str) -> None:
    """Write SQLite's write-ahead log into its file and empty it, where nobody reads."""
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout=2000")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        engine.dispose()
