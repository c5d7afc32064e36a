"""Which apps run on one PostgreSQL: a lock tells, which ends with its app.

Each app has a key, and holds a share of its key's lock on every connection. What an app
began carries the key in its id, so that another app can tell whether that app ended.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from pathways.store.base import new_id

APPS = 0x4D696C65
KEY_SIGNS, VERSION_AT = 8, 14
RUNNING = text(
    "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND granted "
    "AND classid = :apps AND objsubid = 2 AND database = "
    "(SELECT oid FROM pg_database WHERE datname = current_database())"
)
UP_FOR = text(
    "SELECT pg_postmaster_start_time() < clock_timestamp() - make_interval(secs => :s)"
)


def new_key() -> str:
    """Return the key of an app that starts: eight hex digits, 31 bits."""
    return f"{secrets.randbits(31):08x}"


def share_of(key: str) -> str:
    """Return the expression with which a connection of an app tells that it runs."""
    return f"pg_advisory_lock_shared({APPS}, {int(key, 16)})"


def new_id_of(key: str) -> str:
    """Return a fresh id that names an app (UUID 8, RFC 9562, 5.8)."""
    made = new_id()
    return (
        f"{key}{made[KEY_SIGNS:VERSION_AT]}8{made[VERSION_AT + 1 :]}" if key else made
    )


def key_in(name: str) -> str | None:
    """Return the key of the app that an id names; None where it names none."""
    named = len(name) > VERSION_AT and name[VERSION_AT] == "8"
    return name[:KEY_SIGNS] if named else None


def ended(
    session: Session, names: Iterable[str], patience: timedelta
) -> frozenset[str]:
    """Return the keys in some ids whose apps run no more; none where nobody can tell.

    The ids have to be read before: an app has its lock before it begins anything. A
    server that started less than `patience` ago ended the connections of all, and says
    nothing.
    """
    keys = {key for key in map(key_in, names) if key is not None}
    if not keys or session.get_bind().dialect.name != "postgresql":
        return frozenset()
    if not session.scalar(UP_FOR, {"s": patience.total_seconds()}):
        return frozenset()
    running = session.scalars(RUNNING, {"apps": APPS}).all()
    return frozenset(keys - {f"{number:08x}" for number in running})
