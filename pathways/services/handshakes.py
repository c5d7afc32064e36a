"""What sign-ins at a school's own system share: hand-shakes, claims, known people.

People are found among those whom the school imported, never made.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import structlog

from pathways.app import Milepost
from pathways.identity.config import (
    Identity,
    IdentityError,
    OpenID,
    Platform,
    read_identity,
)
from pathways.identity.tokens import TokenRefused, read_token
from pathways.services.access import Role
from pathways.services.back_off import mark_of
from pathways.services.sign_in import Caller, Needs, fold, open_session
from pathways.store.identity_models import Handshake
from pathways.store.models import Person
from pathways.store.unit_of_work import UnitOfWork

UNFINISHED = timedelta(minutes=10)
LONGEST_VALUE = 80
LONGEST_PATH = 500
LOCAL = "local:"
log = structlog.get_logger()


class Trouble(StrEnum):
    """Why nobody was signed in; the sign-in page says each in a sentence."""

    SET_UP = "set_up"
    AWAY = "away"
    AGAIN = "again"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    ROLE = "role"


class NotSignedIn(Exception):
    """The school's own system led to no session; `reason` is for the log."""

    def __init__(self, trouble: Trouble, reason: str = "") -> None:
        """Say what to show and what to log."""
        super().__init__(reason or trouble.value)
        self.trouble = trouble


@dataclass(frozen=True)
class Begun:
    """Where to send the browser, and the secret that it keeps until it is back."""

    address: str
    secret: str


@dataclass(frozen=True)
class Finished:
    """A new session, and where its person wanted to go."""

    secret: str
    next_path: str


def identity_of(milepost: Milepost) -> Identity | None:
    """Return the file of the schools' own sign-in; None where there is none.

    Raises:
        IdentityError: it can't be used.
    """
    file = milepost.settings.identity_file
    if file is None:
        return None
    try:
        return _read(file, file.stat().st_mtime_ns, file.stat().st_mode)
    except OSError:
        raise IdentityError(f"{file.name}: the file can't be read.") from None


@lru_cache(maxsize=8)
def _read(file: Path, changed: int, mode: int) -> Identity:
    return read_identity(file)


def identity_or_refuse(milepost: Milepost) -> Identity:
    """Return the file of the schools' own sign-in, or lead back to the sign-in."""
    try:
        found = identity_of(milepost)
    except IdentityError as error:
        raise NotSignedIn(Trouble.SET_UP, str(error)) from None
    if found is None:
        raise NotSignedIn(Trouble.AGAIN, "no identity file")
    return found


def derived(secret: str, what: str) -> str:
    """Return a value that only the holder of the browser's secret could make."""
    return hashlib.sha256(f"{what}:{secret}".encode("utf-8", "replace")).hexdigest()


def remember(milepost: Milepost, name: str, next_path: str) -> str:
    """Write down that a sign-in begins; return the secret for the browser."""
    now, secret = milepost.clock(), secrets.token_urlsafe(32)
    with milepost.work() as work:
        work.identity.forget_handshakes_before(now - UNFINISHED)
        work.identity.add(
            Handshake(
                id=fold(derived(secret, "state")),
                provider=name,
                next_path=next_path[:LONGEST_PATH],
                made_at=now,
            )
        )
        work.commit()
    return secret


def recall(milepost: Milepost, secret: str, state: str) -> Handshake:
    """Return the hand-shake of this browser, once."""
    given = state.encode("utf-8", "replace")
    if not secret or not hmac.compare_digest(derived(secret, "state").encode(), given):
        raise NotSignedIn(Trouble.AGAIN, "state")
    with milepost.work() as work:
        found = work.identity.take_handshake(fold(state))
        work.commit()
    if found is None or milepost.clock() - found.made_at > UNFINISHED:
        raise NotSignedIn(Trouble.AGAIN, "the hand-shake is over")
    return found


def claims_of(
    milepost: Milepost,
    party: OpenID | Platform,
    token: str,
    keys: Mapping[str, Any],
    secret: str,
) -> dict[str, Any]:
    """Return the claims of an id_token that holds for this hand-shake."""
    try:
        return read_token(
            token,
            keys,
            issuer=party.issuer,
            client_id=party.client_id,
            nonce=derived(secret, "nonce"),
            now=milepost.clock(),
        )
    except TokenRefused as error:
        raise NotSignedIn(Trouble.REFUSED, f"id_token: {error}") from None


def enter(
    milepost: Milepost,
    party: OpenID | Platform,
    claims: Mapping[str, Any],
    roles: frozenset[Role] | None,
    caller: Caller,
    how: str,
) -> str:
    """Start a session for the imported person whom the claims name."""
    with milepost.work() as work:
        person = _known(work, party, claims)
        if roles is not None and person.role not in roles:
            raise NotSignedIn(Trouble.ROLE, "the roles don't go together")
        needs = Needs.NOTHING if party.checks_second_factor else None
        secret = open_session(
            work, person, milepost.clock(), how, caller.device, needs=needs
        )
        work.commit()
    mark = mark_of(milepost, person.username)
    log.info("identity.tried", by=how, good=True, mark=mark)
    return secret


def _known(
    work: UnitOfWork, party: OpenID | Platform, claims: Mapping[str, Any]
) -> Person:
    value = claims.get(party.claim)
    if party.claim == "email" and claims.get("email_verified") is not True:
        raise NotSignedIn(Trouble.UNKNOWN, "the e-mail is not verified")
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_VALUE:
        raise NotSignedIn(Trouble.UNKNOWN, f"no usable claim {party.claim}")
    school = work.people.school_by_code(party.school)
    if school is None:
        raise NotSignedIn(Trouble.SET_UP, "no such school")
    wanted = value.lower() if party.match == "username" else value
    person = work.identity.matching(school.id, party.match, wanted)
    if person is None or person.source_id.startswith(LOCAL):
        raise NotSignedIn(Trouble.UNKNOWN, "not among the imported people")
    return person
