"""Tells whether this is the only process that takes turns on its database.

What a process that was killed had begun is then taken over at once (trust R8). A lock
on a file tells, which the kernel gives back when a process ends, however it ends.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from pathways.app import Milepost


@contextmanager
def alone_on(milepost: Milepost) -> Iterator[datetime | None]:
    """Give the moment from which on no other process takes turns, for the block.

    It is None where another may: a second app on the file, or PostgreSQL, which apps
    on several machines can share.
    """
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
