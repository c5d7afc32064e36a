"""Tells whether this is the only process that takes turns on its database.

What a process that was killed had begun is then taken over at once (trust R8). A lock
on a file tells, which the kernel gives back when a process ends, however it ends; on
PostgreSQL a lock of the server, which goes with the connections of a process.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import SQLAlchemyError

from pathways.app import Milepost

KEY = 0x4D696C65706F7374
SHARE = f"SELECT pg_advisory_lock_shared({KEY})"
WHOLE = text(f"SELECT pg_try_advisory_lock({KEY})")
NOT_WHOLE = text(f"SELECT pg_advisory_unlock({KEY})")


@contextmanager
def alone_on(milepost: Milepost) -> Iterator[datetime | None]:
    """Give the moment from which on no other process takes turns, for the block.

    It is None where another may: a second app on the database, or one that can't be
    reached just now.
    """
    if milepost.engine.dialect.name == "postgresql":
        with _alone_on_server(milepost) as since:
            yield since
        return
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
def _alone_on_server(milepost: Milepost) -> Iterator[datetime | None]:
    """Hold a share of the server's lock on each connection, also on later ones.

    After the server was away an app has its share again with its first connection.
    """
    engine = milepost.engine
    own: Connection | None = None
    since: datetime | None = None
    event.listen(engine, "connect", _take_share)
    try:
        with suppress(SQLAlchemyError):
            own = _own_connection(engine)
            if own.scalar(WHOLE):
                own.execute(NOT_WHOLE)
                since = milepost.clock()
        yield since
    finally:
        event.remove(engine, "connect", _take_share)
        if own is not None:
            with suppress(SQLAlchemyError):
                own.close()


def _own_connection(engine: Engine) -> Connection:
    """Return a connection outside the pool that holds a share."""
    own = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    own.detach()
    own.execute(text(SHARE))
    return own


def _take_share(connection: Any, record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SHARE)
    connection.commit()
