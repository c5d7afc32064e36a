"""Who looked at whose data, for an administrator (features A3, P6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from pathways.app import Milepost
from pathways.services.access import Actor, Role, require, school_of
from pathways.services.alerts import full_name
from pathways.store.models import AccessLog, Person

PAGE = 100


@dataclass(frozen=True)
class Asked:
    """What is looked for; empty means all.

    Attributes:
        name: a part of the name of who looked, or of whose data it was.
        what: the kind of data, in full.
        since, until: days at the school, both included.
    """

    name: str = ""
    what: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class AccessRow:
    """One look; a name is empty where that person has left."""

    who: str
    role: str
    student: str
    what: str
    looked_at: datetime


@dataclass(frozen=True)
class AccessPage:
    """A part of the log, newest first, and all kinds of data that stand in it."""

    rows: tuple[AccessRow, ...]
    kinds: tuple[str, ...]
    more: bool


def access_log(
    milepost: Milepost, actor: Actor, asked: Asked, page: int = 1
) -> AccessPage:
    """Return the school's looks that fit, newest first; reasons are not shown."""
    require(actor, Role.ADMIN)
    with milepost.work() as work:
        zone = ZoneInfo(school_of(work, actor).timezone)
        people = {
            one.id: one
            for one in work.people.all(
                select(Person).where(Person.school_id == actor.school_id)
            )
        }
        query = select(AccessLog).where(AccessLog.school_id == actor.school_id)
        if asked.what:
            query = query.where(AccessLog.what == asked.what)
        if asked.since:
            query = query.where(AccessLog.looked_at >= _start(asked.since, zone))
        if asked.until:
            after = _start(asked.until + timedelta(days=1), zone)
            query = query.where(AccessLog.looked_at < after)
        if asked.name:
            wanted = asked.name.casefold().split()
            ids = [
                one.id
                for one in people.values()
                if all(part in full_name(one).casefold() for part in wanted)
            ]
            query = query.where(
                AccessLog.actor_id.in_(ids) | AccessLog.student_id.in_(ids)
            )
        found = work.people.all(
            query.order_by(AccessLog.looked_at.desc(), AccessLog.place.desc())
            .offset((page - 1) * PAGE)
            .limit(PAGE + 1)
        )
        kinds = work.session.scalars(
            select(AccessLog.what)
            .where(AccessLog.school_id == actor.school_id)
            .distinct()
            .order_by(AccessLog.what)
        )
        return AccessPage(
            tuple(_row(one, people) for one in found[:PAGE]),
            tuple(kinds),
            len(found) > PAGE,
        )


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _row(look: AccessLog, people: dict[str, Person]) -> AccessRow:
    who = people.get(look.actor_id or "")
    student = people.get(look.student_id or "")
    return AccessRow(
        full_name(who) if who else "",
        who.role if who else "",
        full_name(student) if student else "",
        look.what,
        look.looked_at,
    )
