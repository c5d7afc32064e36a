"""Signing in and out with a local account; sessions live in the database."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from pathways.app import Milepost
from pathways.services.access import STAFF, Actor, Role, actor_of
from pathways.services.errors import Invalid
from pathways.store.models import SignIn

ABSOLUTE = timedelta(hours=12)
IDLE_STUDENT = timedelta(minutes=30)
IDLE_STAFF = timedelta(minutes=15)
SEEN_STEP = timedelta(seconds=30)
HASHER = PasswordHasher()


@cache
def _nobody() -> str:
    """A hash that no password matches, so that an unknown name takes as long."""
    return HASHER.hash(secrets.token_hex(16))


def hash_password(password: str) -> str:
    """Return the argon2 hash of a password."""
    return HASHER.hash(password)


def sign_in(milepost: Milepost, username: str, password: str) -> str:
    """Check a password and start a session.

    Returns:
        The session's secret, for a cookie or a bearer token.

    Raises:
        Invalid: the name or the password is wrong; which one is not said.
    """
    now = milepost.clock()
    with milepost.work() as work:
        person = work.people.by_username(_storable(username.strip().lower()))
        stored = person.password_hash if person else None
        if not _matches(stored or _nobody(), password) or person is None or not stored:
            raise Invalid("That name and password don't match. Please try again.")
        secret = secrets.token_urlsafe(32)
        work.people.add(
            SignIn(id=_fold(secret), person_id=person.id, started_at=now, seen_at=now)
        )
        work.commit()
    return secret


def actor_for(milepost: Milepost, secret: str) -> Actor | None:
    """Return who a session's secret belongs to; None when it has run out."""
    now = milepost.clock()
    with milepost.work() as work:
        found = work.people.signed_in(_fold(secret))
        if found is None:
            return None
        session, person = found
        idle = IDLE_STAFF if person and person.role in STAFF else IDLE_STUDENT
        too_old = now - session.started_at > ABSOLUTE or now - session.seen_at > idle
        if person is None or too_old:
            work.people.sign_out(session.id)
            work.commit()
            return None
        if now - session.seen_at > SEEN_STEP:
            session.seen_at = now
            work.commit()
        return actor_of(person)


def sign_out(milepost: Milepost, secret: str) -> None:
    """End a session."""
    with milepost.work() as work:
        work.people.sign_out(_fold(secret))
        work.commit()


def home_of(role: Role) -> str:
    """Return the page on which a role starts."""
    return {
        Role.STUDENT: "/chat",
        Role.FAMILY: "/family",
        Role.ADVISOR: "/caseload",
        Role.COUNSELOR: "/catalog",
        Role.ADMIN: "/admin",
    }[role]


def _storable(name: str) -> str:
    """Return a name without the signs that no database takes."""
    return name.encode("utf-8", "replace").decode().replace("\0", "?")


def _fold(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _matches(stored: str, password: str) -> bool:
    try:
        return HASHER.verify(stored, password)
    except (Argon2Error, InvalidHashError, UnicodeEncodeError):
        return False
