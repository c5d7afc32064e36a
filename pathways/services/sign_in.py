"""Signing in and out with a local account; sessions live in the database."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

import structlog
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from pathways.app import Milepost
from pathways.services.access import STAFF, Actor, Role, actor_of, gate_now
from pathways.services.back_off import ACCOUNT, ADDRESS, count_try, good_try, mark_of
from pathways.services.errors import Invalid
from pathways.store.models import Person, SignIn
from pathways.store.unit_of_work import UnitOfWork

ABSOLUTE = timedelta(hours=12)
IDLE_STUDENT = timedelta(minutes=30)
IDLE_STAFF = timedelta(minutes=15)
UNFINISHED = timedelta(minutes=10)
SEEN_STEP = timedelta(seconds=30)
HASHER = PasswordHasher()
PASSWORD = "password"  # noqa: S105
log = structlog.get_logger()


class Needs(StrEnum):
    """What a session still lacks; it opens nothing until then."""

    NOTHING = ""
    CODE = "code"
    ENROL = "enrol"
    PASSWORD = "password"  # noqa: S105


@dataclass(frozen=True)
class Caller:
    """From where someone signs in: their network address, and what they use."""

    address: str = ""
    device: str = ""


@cache
def _nobody() -> str:
    """A hash that no password matches, so that an unknown name takes as long."""
    return HASHER.hash(secrets.token_hex(16))


def hash_password(password: str) -> str:
    """Return the argon2 hash of a password."""
    return HASHER.hash(password)


def sign_in(
    milepost: Milepost, username: str, password: str, caller: Caller | None = None
) -> str:
    """Check a password and start a session.

    Returns:
        The session's secret, for a cookie or a bearer token. The session may still
        need a code: see `second_factor.waiting`.

    Raises:
        Invalid: the name or the password is wrong; which one is not said.
        TooManyTries: there were too many failures; real and made-up names alike.
    """
    name, caller = _storable(username.strip().lower()), caller or Caller()
    if not name or not password:
        raise Invalid("Please give your user name and your password.")
    keys = {f"account:{name}": ACCOUNT}
    if caller.address:
        keys[f"address:{caller.address}"] = ADDRESS
    count_try(milepost, keys)
    with milepost.work() as work:
        person = work.people.by_username(name)
    stored = person.password_hash if person else None
    if not matches(stored or _nobody(), password) or person is None or not stored:
        log.info(
            "identity.tried", by=PASSWORD, good=False, mark=mark_of(milepost, name)
        )
        raise Invalid("That name and password don't match. Please try again.")
    log.info("identity.tried", by=PASSWORD, good=True, mark=mark_of(milepost, name))
    good_try(milepost, f"account:{name}", f"address:{caller.address}")
    if has_expired(person, milepost.clock()):
        raise Invalid("That one-time password has run out. Please ask for a new one.")
    with milepost.work() as work:
        secret = open_session(work, person, milepost.clock(), PASSWORD, caller.device)
        work.commit()
    return secret


def open_session(
    work: UnitOfWork,
    person: Person,
    now: datetime,
    how: str,
    device: str,
    *,
    needs: Needs | None = None,
) -> str:
    """Start a session in a unit of work and return its secret.

    Args:
        work: where the session is added.
        person: whose it is.
        now: the moment.
        how: by what they signed in, "password", "oidc" or "lti".
        device: what they use, in a few words.
        needs: what is still lacking; worked out where it is None.
    """
    secret = secrets.token_urlsafe(32)
    work.people.add(
        SignIn(
            id=fold(secret),
            person_id=person.id,
            started_at=now,
            seen_at=now,
            how=how,
            device=device[:80],
            needs=needs_of(work, person, how) if needs is None else needs,
        )
    )
    return secret


def needs_of(work: UnitOfWork, person: Person, how: str) -> Needs:
    """Return what a person's new session lacks: a code, a password, or nothing."""
    if person.role in STAFF:
        if work.identity.factor(person.school_id, person.id):
            return Needs.CODE
        school = work.people.school(person.school_id)
        if school and school.staff_second_factor:
            return Needs.ENROL
    return needs_password(person, how)


def needs_password(person: Person, how: str) -> Needs:
    """Return whether a session that began with a one-time password needs an own one."""
    one_time = how == PASSWORD and person.password_until is not None
    return Needs.PASSWORD if one_time else Needs.NOTHING


def has_expired(person: Person, now: datetime) -> bool:
    """Tell whether a person's password is a one-time one that has run out."""
    return person.password_until is not None and now > person.password_until


def actor_for(milepost: Milepost, secret: str) -> Actor | None:
    """Return who a session's secret belongs to; None when it has run out."""
    now = milepost.clock()
    with milepost.work() as work:
        found = work.people.signed_in(fold(secret))
        if found is None:
            return None
        session, person = found
        if person is None or has_run_out(session, person.role, now):
            work.people.sign_out(session.id)
            work.commit()
            return None
        if session.needs:
            return None
        if now - session.seen_at > SEEN_STEP:
            session.seen_at = now
            work.commit()
        return actor_of(person, gate_now(work, person, milepost.day()))


def has_run_out(session: SignIn, role: str, now: datetime) -> bool:
    """Tell whether a session is over, by its age or because nobody used it."""
    if session.needs:
        return now - session.started_at > UNFINISHED
    idle = IDLE_STAFF if role in STAFF else IDLE_STUDENT
    return now - session.started_at > ABSOLUTE or now - session.seen_at > idle


def sign_out(milepost: Milepost, secret: str) -> None:
    """End a session."""
    with milepost.work() as work:
        work.people.sign_out(fold(secret))
        work.commit()


def home_of(role: Role) -> str:
    """Return the page on which a role starts."""
    return {
        Role.STUDENT: "/home",
        Role.FAMILY: "/family",
        Role.ADVISOR: "/caseload",
        Role.COUNSELOR: "/catalog",
        Role.SAFETY_LEAD: "/alerts",
        Role.ADMIN: "/admin",
    }[role]


def fold(secret: str) -> str:
    """Return the hash under which a session's secret is stored."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _storable(name: str) -> str:
    """Return a name without the signs that no database takes."""
    return name.encode("utf-8", "replace").decode().replace("\0", "?")


def matches(stored: str, password: str) -> bool:
    """Tell whether a password fits a stored hash."""
    try:
        return HASHER.verify(stored, password)
    except (Argon2Error, InvalidHashError, UnicodeEncodeError):
        return False
