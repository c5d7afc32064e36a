"""Who is asking, and what they may see: checked in every use case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pathways.domain.consent import Gate, gate_of, under_age
from pathways.services.errors import ConsentNeeded, NotFound
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
    """The person who acts: taken from the session, never from a message.

    `gate`: whether what a student does may be kept; open for everybody else.
    """

    id: str
    school_id: str
    role: Role
    language: str = "en"
    gate: Gate = Gate.OPEN


def actor_of(person: Person, gate: Gate = Gate.OPEN) -> Actor:
    """Return a person as the one who acts."""
    role = Role(person.role)
    return Actor(person.id, person.school_id, role, person.language, gate)


def gate_now(work: UnitOfWork, person: Person, today: date) -> Gate:
    """Return whether what a person does may be kept, as it is on record now (P7)."""
    if person.role != Role.STUDENT:
        return Gate.OPEN
    needed = not person.consent and _must_have_consent(work, person, today)
    return gate_of(person.consent, needed, person.coaching_off_on is not None)


def _must_have_consent(work: UnitOfWork, person: Person, today: date) -> bool:
    if under_age(person.born, person.grade, today):
        return True
    school = work.people.school(person.school_id)
    return school is not None and school.consent_from_all


def require(actor: Actor, *roles: Role, kept: bool = True) -> None:
    """Let only some roles go on.

    Args:
        actor: who acts.
        roles: who may.
        kept: False for what a student may do without consent: get help, see and
            delete their own data.

    Raises:
        NotFound: for everybody else, so that nothing is given away.
        ConsentNeeded: nothing of this student may be kept.
    """
    if actor.role not in roles:
        raise NotFound("This page")
    if kept:
        require_consent(actor)


def require_consent(actor: Actor) -> None:
    """Let nobody go on of whom nothing may be kept.

    Raises:
        ConsentNeeded: it is such a student.
    """
    if actor.gate:
        raise ConsentNeeded(actor.gate)


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
        require(actor, Role.STUDENT)
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
