"""Tells whether this is the only process that takes turns on its database.

What a process that was killed had begun is then taken over at once (trust R8). A lock
on a file tells, which the kernel gives back when a process ends, however it ends; on
PostgreSQL a lock of the server, which goes with the connections of a process. There
each process has a lock of its own, too, by which the others see that it has ended.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import SQLAlchemyError

from pathways.app import Milepost
from pathways.services.apps import new_id_of, new_key, share_of
from pathways.services.messages import Lease

KEY = 0x4D696C65706F7374
WHOLE = text(f"SELECT pg_try_advisory_lock({KEY})")
NOT_WHOLE = text(f"SELECT pg_advisory_unlock({KEY})")


@dataclass(frozen=True)
class Standing:
    """What a process knows of itself among those that take turns.

    Attributes:
        alone_since: from this moment on no other process takes turns; None: some may.
        key: what others know it by.
    """

    alone_since: datetime | None = None
    key: str = field(default_factory=new_key)

    def lease(self, length: timedelta) -> Lease:
        """Return what this process asks a conversation's place with, for one turn."""
        return Lease(new_id_of(self.key), length, self.alone_since, self.key)


@contextmanager
def standing_on(milepost: Milepost) -> Iterator[Standing]:
    """Give what this process is among those on its database, for the block.

    It is not alone beside a second app on the database, nor where the database can't be
    reached just now.
    """
    key = new_key()
    if milepost.engine.dialect.name == "postgresql":
        with _alone_on_server(milepost, key) as since:
            yield Standing(since, key)
        return
    with _alone_on_file(milepost) as since:
        yield Standing(since, key)


@contextmanager
def _alone_on_file(milepost: Milepost) -> Iterator[datetime | None]:
    file = milepost.engine.url.database
    if milepost.engine.dialect.name != "sqlite" or not file or file == ":memory:":
        yield None
        return
    try:
        lock = Path(f"{file}-app.lock").open("ab")  # noqa: SIM115
    except OSError:
        yield None
        return
    with lock:
        yield milepost.clock() if _nobody_else(lock) else None


def _nobody_else(lock: BinaryIO) -> bool:
    """Keep a share of a lock; return whether nobody had one at this moment."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        with suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_SH)  # who starts has it whole for an instant
        return False
    with suppress(OSError):
        fcntl.flock(lock, fcntl.LOCK_SH)
    return True


@contextmanager
def _alone_on_server(milepost: Milepost, key: str) -> Iterator[datetime | None]:
    """Hold a share of the server's locks on each connection, also on later ones.

    After the server was away an app has its shares again with its first connection.
    """
    engine = milepost.engine
    own: Connection | None = None
    since: datetime | None = None
    share = f"SELECT pg_advisory_lock_shared({KEY}), {share_of(key)}"

    def take_share(connection: Any, record: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(share)
        connection.commit()

    event.listen(engine, "connect", take_share)
    try:
        with suppress(SQLAlchemyError):
            own = _own_connection(engine, share)
            if own.scalar(WHOLE):
                own.execute(NOT_WHOLE)
                since = milepost.clock()
        yield since
    finally:
        event.remove(engine, "connect", take_share)
        if own is not None:
            with suppress(SQLAlchemyError):
                own.close()


def _own_connection(engine: Engine, share: str) -> Connection:
    """Return a connection outside the pool that holds the shares."""
    own = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    own.detach()
    own.execute(text(share))
    return own
