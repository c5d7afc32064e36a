"""Who is asking, and what they may see: checked in every use case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pathways.services.errors import NotFound
from pathways.store.access_chain import AccessChain
from pathways.store.models import AccessLog, Person, School
from pathways.store.unit_of_work import UnitOfWork


class Role(StrEnum):
    """What a person is to the school."""

    STUDENT = "student"
    FAMILY = "family"
    ADVISOR = "advisor"
    COUNSELOR = "counselor"
    SAFETY_LEAD = "safety_lead"
    ADMIN = "admin"


WATCHES = frozenset({Role.COUNSELOR, Role.SAFETY_LEAD})
STAFF = frozenset({Role.ADVISOR, Role.COUNSELOR, Role.SAFETY_LEAD, Role.ADMIN})


@dataclass(frozen=True)
class Actor:
    """The person who acts: taken from the session, never from a message."""

    id: str
    school_id: str
    role: Role
    language: str = "en"


def actor_of(person: Person) -> Actor:
    """Return a person as the one who acts."""
    return Actor(person.id, person.school_id, Role(person.role), person.language)


def require(actor: Actor, *roles: Role) -> None:
    """Let only some roles go on.

    Raises:
        NotFound: for everybody else, so that nothing is given away.
    """
    if actor.role not in roles:
        raise NotFound("This page")


def school_of(work: UnitOfWork, actor: Actor) -> School:
    """Return the school of the person who acts."""
    school = work.people.school(actor.school_id)
    if school is None:
        raise NotFound("The school")
    return school


def student_for(work: UnitOfWork, actor: Actor, student_id: str) -> Person:
    """Return a student whom the actor may see: themselves or one in their care.

    Raises:
        NotFound: there is no such student, or the actor has no part in them.
    """
    person = work.people.person(actor.school_id, student_id)
    if person is None or person.role != Role.STUDENT:
        raise NotFound("The student")
    if actor.id == person.id:
        return person
    adult = actor.role in (Role.ADVISOR, Role.FAMILY)
    if adult and work.people.related(actor.school_id, actor.id, student_id):
        return person
    raise NotFound("The student")


def note_look(
    work: UnitOfWork,
    actor: Actor,
    student_id: str,
    what: str,
    now: datetime,
    reason: str = "",
) -> None:
    """Write down that someone looked, before they get to see it (A3).

    Args:
        work: saved at once, so that the look stands even if the answer fails.
        actor: who looks; a look at one's own data is none.
        student_id: whose data it is.
        what: the kind of data, as the student reads it.
        now: the moment.
        reason: why, where a reason must be given.
    """
    if actor.id == student_id:
        return
    look = AccessLog(
        school_id=actor.school_id,
        actor_id=actor.id,
        student_id=student_id,
        what=what,
        reason=reason,
        looked_at=now,
    )
    AccessChain(work.session).add(look)
    work.commit()
