"""An advisor's students, and who of them needs a look first (features A2, A10)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from pathways.app import Milepost
from pathways.services.access import (
    Actor,
    Role,
    note_look,
    require,
    school_of,
    student_for,
)
from pathways.services.alerts import full_name
from pathways.store.models import Alert, Person
from pathways.store.unit_of_work import UnitOfWork

CHECKIN_DAYS = 10  # a weekly check-in, and the weekend after it
REST_DAYS = 14  # a goal of which nothing was heard for two weeks has stalled
OVERVIEW = "caseload overview"
WEIGHTS = {"alert": 1000, "summary": 100, "goal": 20, "checkin": 10}


@dataclass(frozen=True)
class Reason:
    """Why a student needs a look; `number` counts things, for late ones days.

    It says that something waits, never what the student wrote (A10).
    """

    name: str
    number: int


@dataclass(frozen=True)
class StudentRow:
    """A student on the caseload, with what is new about them."""

    id: str
    name: str
    grade: int | None
    open_alerts: int
    new_summaries: int
    last_released: datetime | None
    reasons: tuple[Reason, ...] = ()

    @property
    def weight(self) -> int:
        """How pressing it is, for the order alone; nobody sees a number."""
        return sum(WEIGHTS[one.name] + min(one.number, 9) for one in self.reasons)


def caseload(milepost: Milepost, actor: Actor) -> list[StudentRow]:
    """Return the advisor's students, those who need a look first.

    Alerts first, then summaries to read, goals and check-ins that are late, then
    names. The look is on record once a day for each student of whom days show.
    """
    require(actor, Role.ADVISOR)
    with milepost.work() as work:
        students = work.people.students_of(actor.school_id, actor.id)
        alerts = work.conversations.alerts(
            actor.school_id, [student.id for student in students]
        )
        seen = work.people.newest_looks(actor.school_id, actor.id, "released summaries")
        rows = [_row(milepost, work, one, alerts, seen) for one in students]
        _note_once_a_day(milepost, work, actor, rows)
    return sorted(rows, key=lambda row: (-row.weight, row.name))


def _row(
    milepost: Milepost,
    work: UnitOfWork,
    student: Person,
    alerts: Sequence[Alert],
    seen: Mapping[str, datetime],
) -> StudentRow:
    """What a family read is unread still for the advisor: their own looks count."""
    released = [
        one
        for one in work.conversations.summaries(student.school_id, student.id)
        if one.status == "released"
    ]
    looked = seen.get(student.id)
    unread = sum(looked is None or _after(one.released_at, looked) for one in released)
    reasons = (
        Reason("alert", _open(alerts, student.id)),
        Reason("summary", unread),
        *_late(milepost, work, student),
    )
    return StudentRow(
        student.id,
        full_name(student),
        student.grade,
        _open(alerts, student.id),
        unread,
        max((one.released_at for one in released if one.released_at), default=None),
        tuple(one for one in reasons if one.number),
    )


def _after(released: datetime | None, looked: datetime) -> bool:
    return released is not None and released > looked


def reasons_of(
    milepost: Milepost, work: UnitOfWork, actor: Actor, student: Person
) -> tuple[Reason, ...]:
    """Return why a student needs a look, within a unit of work."""
    alerts = work.conversations.alerts(student.school_id, [student.id])
    seen = work.people.newest_looks(actor.school_id, actor.id, "released summaries")
    return _row(milepost, work, student, alerts, seen).reasons


def _late(milepost: Milepost, work: UnitOfWork, student: Person) -> Iterator[Reason]:
    """Yield days since a goal rests, and since a check-in was due; no words."""
    now = milepost.clock()
    goals = [
        goal
        for goal in work.records.goals(student.school_id, student.id)
        if goal.status in (None, "active")
    ]
    waits = []
    for goal in goals:
        told = work.records.progress(student.school_id, goal.id)
        heard = max([goal.set_at, *(one.reported_at for one in told)])
        waits.append((now - heard).days)
    rested = max((days for days in waits if days >= REST_DAYS), default=0)
    if rested:
        yield Reason("goal", rested)
    checkins = work.records.checkins(student.school_id, student.id)
    if checkins and (since := (now - checkins[0].done_at).days) >= CHECKIN_DAYS:
        yield Reason("checkin", since)


def _note_once_a_day(
    milepost: Milepost, work: UnitOfWork, actor: Actor, rows: Sequence[StudentRow]
) -> None:
    shown = [
        row.id
        for row in rows
        if any(one.name in ("goal", "checkin") for one in row.reasons)
    ]
    if not shown:
        return
    school = school_of(work, actor)
    zone = ZoneInfo(school.timezone)
    begun = datetime.combine(milepost.today(school), time(), zone).astimezone(UTC)
    known = work.people.looked_since(actor.school_id, actor.id, OVERVIEW, begun)
    for student_id in shown:
        if student_id not in known:
            note_look(work, actor, student_id, OVERVIEW, milepost.clock())


def _open(alerts: Sequence[Alert], student_id: str) -> int:
    return sum(
        one.student_id == student_id and one.acknowledged_at is None for one in alerts
    )


def student_name(milepost: Milepost, actor: Actor, student_id: str) -> str:
    """Return the name of a student whom the actor may see."""
    with milepost.work() as work:
        return full_name(student_for(work, actor, student_id))


def students_of_family(milepost: Milepost, actor: Actor) -> list[tuple[str, str]]:
    """Return (id, name) of the students that a relative looks after."""
    require(actor, Role.FAMILY)
    with milepost.work() as work:
        people = work.people.students_of(actor.school_id, actor.id)
        return [(person.id, full_name(person)) for person in people]
