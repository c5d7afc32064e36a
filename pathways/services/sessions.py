"""Running sessions: listed and ended, by the person and by an administrator."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from pathways.app import Milepost
from pathways.services.access import Actor, Role, note_look, require
from pathways.services.alerts import full_name
from pathways.services.errors import NotFound
from pathways.services.sign_in import fold, has_run_out
from pathways.store.identity_models import AccountEvent
from pathways.store.models import Person, SignIn
from pathways.store.unit_of_work import UnitOfWork

ENDED = "sessions ended"


@dataclass(frozen=True)
class SessionView:
    """A running session as its owner sees it; `id` opens nothing."""

    id: str
    device: str
    how: str
    started_at: datetime
    seen_at: datetime
    here: bool


@dataclass(frozen=True)
class EventView:
    """Something that was done to an account."""

    who: str
    what: str
    at: datetime


@dataclass(frozen=True)
class AccountView:
    """A person's account as an administrator sees it."""

    id: str
    name: str
    username: str
    role: str
    sessions: tuple[SessionView, ...]
    has_code: bool
    events: tuple[EventView, ...]


def own_sessions(
    milepost: Milepost, actor: Actor, secret: str = ""
) -> list[SessionView]:
    """Return the actor's running sessions, the newest first.

    Args:
        milepost: the product.
        actor: whose sessions.
        secret: of the session they use now, which is marked.
    """
    with milepost.work() as work:
        return _running(milepost, work, actor.id, actor.role, secret)


def end_session(milepost: Milepost, actor: Actor, session_id: str) -> None:
    """End one of the actor's own sessions.

    Raises:
        NotFound: they have none with that id.
    """
    with milepost.work() as work:
        for one in work.identity.sessions(actor.id):
            if _shown_id(one) == session_id:
                work.people.sign_out(one.id)
                work.commit()
                return
    raise NotFound("The session")


def end_all(milepost: Milepost, actor: Actor) -> int:
    """Sign the actor out everywhere; return how many sessions ended."""
    with milepost.work() as work:
        ended = work.identity.end_sessions(actor.id)
        work.commit()
        return ended


def account(milepost: Milepost, actor: Actor, person_id: str) -> AccountView:
    """Return an account of the school, for an administrator."""
    with milepost.work() as work:
        person = person_for_admin(work, actor, person_id)
        if person.role == Role.STUDENT:
            note_look(work, actor, person_id, "account", milepost.clock())
        factor = work.identity.factor(actor.school_id, person_id)
        events = work.identity.events(actor.school_id, person_id)
        who = {one.actor_id: work.people.by_id(one.actor_id) for one in events}
        return AccountView(
            person.id,
            full_name(person),
            person.username,
            person.role,
            tuple(_running(milepost, work, person.id, Role(person.role), "")),
            factor is not None,
            tuple(
                EventView(_name(who[one.actor_id]), one.what, one.happened_at)
                for one in events
            ),
        )


def end_all_of(milepost: Milepost, actor: Actor, person_id: str) -> int:
    """Sign a person of the school out everywhere, for an administrator; logged."""
    with milepost.work() as work:
        person_for_admin(work, actor, person_id)
        ended = work.identity.end_sessions(person_id)
        note_event(work, actor, person_id, ENDED, milepost.clock())
        work.commit()
        return ended


def person_for_admin(work: UnitOfWork, actor: Actor, person_id: str) -> Person:
    """Return a person of the administrator's school.

    Raises:
        NotFound: there is none, or the actor is no administrator.
    """
    require(actor, Role.ADMIN)
    person = work.people.person(actor.school_id, person_id)
    if person is None:
        raise NotFound("The person")
    return person


def note_event(
    work: UnitOfWork, actor: Actor, person_id: str, what: str, now: datetime
) -> None:
    """Write down what was done to an account, in the same unit of work."""
    work.identity.add(
        AccountEvent(
            school_id=actor.school_id,
            actor_id=actor.id,
            person_id=person_id,
            what=what,
            happened_at=now,
        )
    )


def _running(
    milepost: Milepost, work: UnitOfWork, person_id: str, role: Role, secret: str
) -> list[SessionView]:
    now, here = milepost.clock(), fold(secret)
    return [
        SessionView(
            _shown_id(one),
            one.device,
            one.how,
            one.started_at,
            one.seen_at,
            one.id == here,
        )
        for one in work.identity.sessions(person_id)
        if not has_run_out(one, role, now)
    ]


def _shown_id(session: SignIn) -> str:
    return hashlib.sha256(f"shown:{session.id}".encode()).hexdigest()[:32]


def _name(person: Person | None) -> str:
    return full_name(person) if person else ""
