"""Codes from an app for staff (TOTP, RFC 6238), with recovery codes.

The database holds a salt for each app; the secret follows from it and from the
installation's own key, so that a dump of the database makes no codes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyotp
import structlog

from pathways.app import Milepost
from pathways.services.access import STAFF, Actor, Role, actor_of, require, school_of
from pathways.services.back_off import ACCOUNT, count_try, good_try, mark_of
from pathways.services.errors import Invalid, NotFound
from pathways.services.passwords import confirm
from pathways.services.sessions import note_event, person_for_admin
from pathways.services.sign_in import (
    Caller,
    Needs,
    fold,
    has_run_out,
    needs_password,
    open_session,
    sign_in,
    sign_out,
)
from pathways.store.identity_models import RecoveryCode, SecondFactor
from pathways.store.models import Person, SignIn
from pathways.store.unit_of_work import UnitOfWork

STEP_SECONDS = 30
STEPS_AROUND = (-1, 0, 1)
RECOVERY_CODES = 10
CODE_GROUPS, CODE_GROUP = 5, 5  # 123 bits: nothing to guess from a hash
ISSUER = "Milepost"
Digest = Callable[..., Any]
# New apps are told SHA-256; the other is for those that heed no algorithm.
DIGESTS: tuple[Digest, ...] = (hashlib.sha256, hashlib.sha1)
log = structlog.get_logger()
SET_UP, RESET, RECOVERED = "code app set up", "code app reset", "recovery code used"
NOT_READY = {
    Needs.ENROL: "Sign in on the pages first and set up your code app.",
    Needs.PASSWORD: "Sign in on the pages first and choose your own password.",
}
WRONG = "That code doesn't fit. Please try the newest one."


@dataclass(frozen=True)
class Waiting:
    """A session that still lacks a code, and what to show for it.

    Attributes:
        needs: a code, or a first code of a new app.
        username: whose session.
        address: what the app reads from the QR picture; only for a new app.
        key: the same to type in, in groups of four.
    """

    needs: Needs
    username: str
    address: str = ""
    key: str = ""


@dataclass(frozen=True)
class Passed:
    """A session that is whole now, and the recovery codes of a new app."""

    secret: str
    recovery_codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class FactorView:
    """What a member of staff sees of their own code app."""

    offered: bool
    has_code: bool
    recovery_left: int
    must: bool


def view(milepost: Milepost, actor: Actor) -> FactorView:
    """Return the state of the actor's own code app."""
    with milepost.work() as work:
        factor = work.identity.factor(actor.school_id, actor.id)
        return FactorView(
            offered=actor.role in STAFF,
            has_code=factor is not None,
            recovery_left=work.identity.recovery_left(actor.school_id, actor.id),
            must=school_of(work, actor).staff_second_factor,
        )


def start(milepost: Milepost, actor: Actor, secret: str, password: str = "") -> None:
    """Lead a session of a member of staff to setting up a code app.

    Raises:
        Invalid: there is an app already; an administrator resets it.
        NotProven: they did not show again that it is them.
    """
    require(actor, *STAFF)
    confirm(milepost, actor, secret, password)
    with milepost.work() as work:
        if work.identity.factor(actor.school_id, actor.id):
            raise Invalid("You have a code app. An administrator can reset it.")
        found = work.people.signed_in(fold(secret))
        if found is None or found[0].person_id != actor.id:
            raise NotFound("The session")
        found[0].needs = Needs.ENROL
        found[0].started_at = milepost.clock()
        work.commit()


def waiting(milepost: Milepost, secret: str) -> Waiting | None:
    """Return what a session lacks; None where it lacks nothing or is over."""
    with milepost.work() as work:
        found = _unfinished(milepost, work, secret)
        if found is None:
            return None
        session, person = found
        if session.needs == Needs.PASSWORD:
            return Waiting(Needs.PASSWORD, person.username)
        if work.identity.factor(person.school_id, person.id):
            return Waiting(Needs.CODE, person.username)
        totp = _totp(milepost, _new_factor(milepost, session, person))
        address = totp.provisioning_uri(name=person.username, issuer_name=ISSUER)
        key = " ".join(totp.secret[i : i + 4] for i in range(0, len(totp.secret), 4))
        return Waiting(Needs.ENROL, person.username, address, key)


def pass_code(milepost: Milepost, secret: str, code: str) -> Passed:
    """Make a session whole with a code; its secret changes.

    Raises:
        Invalid: the code doesn't fit, was used before, or nothing waits for one.
        TooManyTries: there were too many wrong codes.
    """
    with milepost.work() as work:
        found = _unfinished(milepost, work, secret)
    if found is None:
        raise Invalid("Please sign in again.")
    session, person = found
    key = f"code:{person.id}"
    count_try(milepost, {key: ACCOUNT})
    mark = mark_of(milepost, person.username)
    with milepost.work() as work:
        try:
            codes = _accept(milepost, work, session, person, "".join(code.split()))
        except Invalid:
            log.info("identity.tried", by="code", good=False, mark=mark)
            raise
        work.people.sign_out(session.id)
        fresh = open_session(
            work,
            person,
            milepost.clock(),
            session.how,
            session.device,
            needs=needs_password(person, session.how),
        )
        work.commit()
    good_try(milepost, key)
    log.info("identity.tried", by="code", good=True, mark=mark)
    return Passed(fresh, codes)


def sign_in_with_code(
    milepost: Milepost, username: str, password: str, code: str, caller: Caller
) -> str:
    """Sign a program in: password, and a code where the account has a code app.

    Raises:
        Invalid: name, password or code don't fit, or a code app must be set up first.
        TooManyTries: there were too many failures.
    """
    secret = sign_in(milepost, username, password, caller)
    lacks = waiting(milepost, secret)
    if lacks is None:
        return secret
    try:
        if lacks.needs is not Needs.CODE:
            raise Invalid(NOT_READY[lacks.needs])
        if not code:
            raise Invalid("This account also needs a code from its code app.")
        secret = pass_code(milepost, secret, code).secret
        if waiting(milepost, secret):
            raise Invalid(NOT_READY[Needs.PASSWORD])
        return secret
    except Invalid:
        sign_out(milepost, secret)
        raise


def reset(milepost: Milepost, actor: Actor, person_id: str) -> None:
    """Take a person's code app away, for an administrator; logged, all signed out.

    Raises:
        Invalid: they have none.
    """
    with milepost.work() as work:
        person_for_admin(work, actor, person_id)
        if not work.identity.drop_factor(actor.school_id, person_id):
            raise Invalid("This person has no code app.")
        work.identity.end_sessions(person_id)
        note_event(work, actor, person_id, RESET, milepost.clock())
        work.commit()


def staff_must(milepost: Milepost, actor: Actor, must: bool) -> None:
    """Set for a school whether staff must use a code app, from their next sign-in."""
    require(actor, Role.ADMIN)
    with milepost.work() as work:
        school = school_of(work, actor)
        school.staff_second_factor = must
        what = "staff must use codes" if must else "staff may use codes"
        note_event(work, actor, actor.id, what, milepost.clock())
        work.commit()


def _unfinished(
    milepost: Milepost, work: UnitOfWork, secret: str
) -> tuple[SignIn, Person] | None:
    session, person = work.people.signed_in(fold(secret)) or (None, None)
    if session is None or person is None or not session.needs:
        return None
    if has_run_out(session, person.role, milepost.clock()):
        return None
    return session, person


def _new_factor(milepost: Milepost, session: SignIn, person: Person) -> SecondFactor:
    """Return the app that a session is about to set up; no other session sees it."""
    return SecondFactor(
        school_id=person.school_id,
        person_id=person.id,
        salt=fold(f"salt:{session.id}"),
        last_step=0,
        confirmed_at=milepost.clock(),
    )


def _accept(
    milepost: Milepost, work: UnitOfWork, session: SignIn, person: Person, code: str
) -> tuple[str, ...]:
    factor = work.identity.factor(person.school_id, person.id)
    actor, now = actor_of(person), milepost.clock()
    if factor is None:
        factor = _new_factor(milepost, session, person)
        step = _step(milepost, factor, code)
        if session.needs != Needs.ENROL or step is None:
            raise Invalid(WRONG)
        factor.last_step = step
        work.identity.add(factor)
        note_event(work, actor, person.id, SET_UP, now)
        return _new_recovery_codes(milepost, work, person)
    step = _step(milepost, factor, code)
    ids = person.school_id, person.id
    if step is not None and work.identity.use_step(*ids, step):
        return ()
    if work.identity.use_recovery(*ids, _fold_code(milepost, person, code), now):
        note_event(work, actor, person.id, RECOVERED, now)
        return ()
    raise Invalid(WRONG)


def _step(milepost: Milepost, factor: SecondFactor, code: str) -> int | None:
    """Return the time step that a code belongs to, of now or beside it."""
    apps = [_totp(milepost, factor, digest) for digest in DIGESTS]
    now = int(milepost.clock().timestamp()) // STEP_SECONDS
    for step in (now + near for near in STEPS_AROUND):
        expected = [app.at(step * STEP_SECONDS).encode() for app in apps]
        given = code.encode("utf-8", "replace")
        if any(hmac.compare_digest(one, given) for one in expected):
            return step
    return None


def _totp(
    milepost: Milepost, factor: SecondFactor, digest: Digest = hashlib.sha256
) -> pyotp.TOTP:
    key = _keyed(milepost, f"totp:{factor.person_id}:{factor.salt}")
    secret = base64.b32encode(key[:20]).decode()
    return pyotp.TOTP(secret, digest=digest, interval=STEP_SECONDS)


def _new_recovery_codes(
    milepost: Milepost, work: UnitOfWork, person: Person
) -> tuple[str, ...]:
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    codes = tuple(
        "-".join(
            "".join(secrets.choice(alphabet) for _ in range(CODE_GROUP))
            for _ in range(CODE_GROUPS)
        )
        for _ in range(RECOVERY_CODES)
    )
    for code in codes:
        work.identity.add(
            RecoveryCode(
                school_id=person.school_id,
                person_id=person.id,
                code_hash=_fold_code(milepost, person, code),
            )
        )
    return codes


def _fold_code(milepost: Milepost, person: Person, code: str) -> str:
    plain = code.replace("-", "").lower()
    return _keyed(milepost, f"recovery:{person.id}:{plain}").hex()


def _keyed(milepost: Milepost, text: str) -> bytes:
    key = milepost.settings.session_secret.encode()
    return hmac.new(key, text.encode("utf-8", "replace"), hashlib.sha256).digest()
