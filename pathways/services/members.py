"""Who a person is, who stands around a student, and who belongs to a school."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from pathways.app import Milepost
from pathways.domain.features import Feature
from pathways.services.access import Actor, Role, require, school_of
from pathways.services.alerts import full_name
from pathways.services.errors import NotFound
from pathways.services.features import is_off
from pathways.store.models import Person
from pathways.store.unit_of_work import UnitOfWork

DICTATION = "dictation"


@dataclass(frozen=True)
class Me:
    """The person who is signed in, as the top of every page shows them.

    `supports` are a student's own: what helps them, and how pages are drawn (P8).
    """

    name: str
    given_name: str
    school: str
    zone: ZoneInfo
    role: Role
    language: str
    now: datetime
    supports: tuple[str, ...] = ()


@dataclass(frozen=True)
class Circle:
    """Names of the adults around a student, by what they may see."""

    advisors: tuple[str, ...]
    family: tuple[str, ...]
    counselors: tuple[str, ...]
    safety_adult: str


@dataclass(frozen=True)
class MemberRow:
    """A person as an administrator sees them; never a password."""

    id: str
    name: str
    username: str
    role: str
    grade: int | None
    can_sign_in: bool


def me(milepost: Milepost, actor: Actor) -> Me:
    """Return the person who acts, with the clock of their school."""
    with milepost.work() as work:
        school = school_of(work, actor)
        person = work.people.person(actor.school_id, actor.id)
        if person is None:
            raise NotFound("The person")
        return Me(
            name=full_name(person),
            given_name=person.given_name,
            school=school.name,
            zone=ZoneInfo(school.timezone),
            role=actor.role,
            language=actor.language,
            now=milepost.clock(),
            supports=_supports(work, actor),
        )


def _supports(work: UnitOfWork, actor: Actor) -> tuple[str, ...]:
    if actor.role is not Role.STUDENT:
        return ()
    row = work.wishes.preference(actor.school_id, actor.id)
    chosen = tuple(row.supports) if row else ()
    if DICTATION in chosen and is_off(work, actor, Feature.DICTATION):
        return tuple(one for one in chosen if one != DICTATION)
    return chosen


def circle(milepost: Milepost, actor: Actor) -> Circle:
    """Return the adults around the student who asks.

    Advisors and family read what the student shares; advisors and counselors
    hear of danger and of the wish to talk.
    """
    require(actor, Role.STUDENT, kept=False)
    with milepost.work() as work:
        adults = work.people.adults_of(actor.school_id, actor.id)
        counselors = work.people.in_role(actor.school_id, Role.COUNSELOR)
        return Circle(
            advisors=_names(adults, Role.ADVISOR),
            family=_names(adults, Role.FAMILY),
            counselors=_names(counselors, Role.COUNSELOR),
            safety_adult=school_of(work, actor).safety_adult,
        )


def _names(people: Sequence[Person], role: Role) -> tuple[str, ...]:
    return tuple(full_name(one) for one in people if one.role == role)


def everyone(milepost: Milepost, actor: Actor) -> list[MemberRow]:
    """Return a school's active people by role and name, for an administrator."""
    require(actor, Role.ADMIN)
    with milepost.work() as work:
        return [
            MemberRow(
                id=person.id,
                name=full_name(person),
                username=person.username,
                role=person.role,
                grade=person.grade,
                can_sign_in=bool(person.password_hash),
            )
            for role in Role
            for person in work.people.in_role(actor.school_id, role)
        ]
