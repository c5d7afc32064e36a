"""Passwords: which are taken, how people change theirs, and one-time passwords.

Length alone, and no rule on signs (NIST SP 800-63B-4, 3.1.1.2; OWASP ASVS 5.0, 6.2).
What is too easy is told by zxcvbn, whose words come from published breaches: a
password must hold a million guesses, the bar it names against guessing at a sign-in.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

import structlog

from pathways.app import Milepost
from pathways.services.access import Actor, Role, actor_of, note_look, school_of
from pathways.services.back_off import ACCOUNT, count_try, good_try
from pathways.services.errors import Invalid, NotFound
from pathways.services.sessions import note_event, person_for_admin
from pathways.services.sign_in import (
    PASSWORD,
    Needs,
    fold,
    has_expired,
    has_run_out,
    hash_password,
    matches,
    open_session,
)
from pathways.store.models import Person, School, SignIn
from pathways.store.unit_of_work import UnitOfWork

SHORTEST, LONGEST = 8, 200
LEAST_GUESSES = 10**6
WEIGHED = 72
ONE_TIME = timedelta(days=3)
FRESH = timedelta(minutes=10)
GROUPS, GROUP = 3, 4
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
CHANGED, GIVEN, CHOSEN = (
    "password changed",
    "one-time password given",
    "own password chosen",
)
log = structlog.get_logger()


class WeakPassword(Invalid):
    """A new password that is not taken; `why` is short, long, easy, known or same."""

    def __init__(self, why: str, message: str) -> None:
        """Keep the reason; pages have words of their own for it."""
        super().__init__(message, "new")
        self.why = why


class NotProven(Invalid):
    """The person did not show again that it is them; `why` is wrong or stale."""

    def __init__(self, why: str) -> None:
        """Keep the reason; pages have words of their own for it."""
        super().__init__("Please show again that it is you.", "password")
        self.why = why


def checked(password: str, *own_words: str) -> str:
    """Return a new password that is neither too short nor too easy to guess.

    Args:
        password: as typed.
        own_words: names around the person, which count as easy (ASVS 6.1.2).

    Raises:
        WeakPassword: choose another.
    """
    if len(password) < SHORTEST:
        raise WeakPassword("short", f"A password needs {SHORTEST} characters or more.")
    if len(password) > LONGEST:
        raise WeakPassword("long", f"A password has {LONGEST} characters at most.")
    if _guesses(password, own_words) < LEAST_GUESSES:
        raise WeakPassword("easy", "That password is easy to guess. Choose another.")
    return password


def _guesses(password: str, own_words: tuple[str, ...]) -> float:
    from zxcvbn import zxcvbn  # its lists take a moment, with the first password

    known = ["milepost", *(word for word in own_words if word)]
    return float(zxcvbn(password[:WEIGHED], user_inputs=known)["guesses"])


def words_around(person: Person, school: School) -> tuple[str, ...]:
    """Return the names that no password of a person may lean on."""
    return (
        person.username,
        person.given_name,
        person.family_name,
        school.code,
        school.name,
    )


def has_password(milepost: Milepost, actor: Actor) -> bool:
    """Tell whether the actor signs in with a password here."""
    with milepost.work() as work:
        return _own(work, actor).password_hash is not None


def confirm(milepost: Milepost, actor: Actor, secret: str, password: str) -> None:
    """Let the actor go on only if they show again that it is them (ASVS 7.5.1).

    With their password; without one here, by a sign-in within ten minutes.

    Raises:
        NotProven: neither is so.
        TooManyTries: there were too many wrong passwords.
    """
    with milepost.work() as work:
        stored = _own(work, actor).password_hash
        found = work.people.signed_in(fold(secret))
    if stored is not None:
        _prove(milepost, actor, stored, password)
    elif found is None or milepost.clock() - found[0].started_at > FRESH:
        raise NotProven("stale")


def change(milepost: Milepost, actor: Actor, secret: str, old: str, new: str) -> str:
    """Change the actor's own password; all other sessions end.

    Returns:
        The secret of the session that takes the place of this one.

    Raises:
        NotFound: they have no password here.
        NotProven: the old one is wrong.
        WeakPassword: the new one is not taken.
        TooManyTries: there were too many wrong old ones.
    """
    with milepost.work() as work:
        person = _own(work, actor)
        words = words_around(person, school_of(work, actor))
    if person.password_hash is None:
        raise NotFound("The password")
    _prove(milepost, actor, person.password_hash, old)
    hashed = _new_hash(old, new, words)
    with milepost.work() as work:
        person, session = _own(work, actor), work.people.signed_in(fold(secret))
        device = session[0].device if session else ""
        person.password_hash, person.password_until = hashed, None
        work.identity.end_sessions(person.id)
        now = milepost.clock()
        fresh = open_session(work, person, now, PASSWORD, device, needs=Needs.NOTHING)
        note_event(work, actor, person.id, CHANGED, now)
        work.commit()
    log.info("identity.password", what="changed")
    return fresh


def choose(milepost: Milepost, secret: str, new: str) -> str:
    """Take an own password in place of a one-time one; the session becomes whole.

    Raises:
        Invalid: no session waits for this, or the one-time password has run out.
        WeakPassword: the new one is not taken.
    """
    with milepost.work() as work:
        session, person = _waiting(work, secret, milepost.clock())
        school = school_of(work, actor_of(person))
    if person.password_hash and matches(person.password_hash, new):
        raise WeakPassword("same", "Choose a password that nobody gave you.")
    hashed = hash_password(checked(new, *words_around(person, school)))
    with milepost.work() as work:
        session, person = _waiting(work, secret, milepost.clock())
        person.password_hash, person.password_until = hashed, None
        work.identity.end_sessions(person.id)
        now, device = milepost.clock(), session.device
        fresh = open_session(work, person, now, PASSWORD, device, needs=Needs.NOTHING)
        note_event(work, actor_of(person), person.id, CHOSEN, now)
        work.commit()
    log.info("identity.password", what="chosen")
    return fresh


def give(milepost: Milepost, actor: Actor, person_id: str) -> str:
    """Give a person of the school a one-time password, for an administrator.

    It is random, works for three days, and leads to choosing an own one. Their
    sessions end; a code app stays (ASVS 6.4.1, 6.4.3).

    Returns:
        The password, which is shown once and stored as a hash alone.
    """
    with milepost.work() as work:
        person_for_admin(work, actor, person_id)  # before the hash, which is costly
    made = one_time()
    hashed = hash_password(made)
    with milepost.work() as work:
        person = person_for_admin(work, actor, person_id)
        now = milepost.clock()
        if person.role == Role.STUDENT:
            note_look(work, actor, person_id, "password", now)
        put_one_time(work, person, hashed, now)
        note_event(work, actor, person_id, GIVEN, now)
        work.commit()
    log.info("identity.password", what="given")
    return made


def one_time() -> str:
    """Return a random password of twelve signs, about 59 bits, easy to read aloud."""
    signs = [secrets.choice(ALPHABET) for _ in range(GROUPS * GROUP)]
    return "-".join(
        "".join(signs[at : at + GROUP]) for at in range(0, len(signs), GROUP)
    )


def put_one_time(work: UnitOfWork, person: Person, hashed: str, now: datetime) -> None:
    """Store a one-time password's hash, and sign its person out everywhere."""
    person.password_hash, person.password_until = hashed, now + ONE_TIME
    work.identity.end_sessions(person.id)


def _own(work: UnitOfWork, actor: Actor) -> Person:
    person = work.people.person(actor.school_id, actor.id)
    if person is None:
        raise NotFound("The person")
    return person


def _prove(milepost: Milepost, actor: Actor, stored: str, password: str) -> None:
    key = f"confirm:{actor.id}"
    count_try(milepost, {key: ACCOUNT})
    if not matches(stored, password):
        log.warning("identity.password", what="refused")
        raise NotProven("wrong")
    good_try(milepost, key)


def _new_hash(old: str, new: str, words: tuple[str, ...]) -> str:
    if new == old:
        raise WeakPassword("same", "That is the password you have.")
    return hash_password(checked(new, *words))


def _waiting(work: UnitOfWork, secret: str, now: datetime) -> tuple[SignIn, Person]:
    session, person = work.people.signed_in(fold(secret)) or (None, None)
    if (
        session is None
        or person is None
        or session.needs != Needs.PASSWORD
        or has_run_out(session, person.role, now)
        or has_expired(person, now)
    ):
        raise Invalid("Please sign in again.")
    return session, person
