"""An advisor's students, and who of them needs a look first (features A2, A10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
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
        rows = _rows(milepost, work, actor, students)
        _note_once_a_day(milepost, work, actor, rows)
    return sorted(rows, key=lambda row: (-row.weight, row.name))


def reasons_of(
    milepost: Milepost, work: UnitOfWork, actor: Actor, student: Person
) -> tuple[Reason, ...]:
    """Return why a student needs a look, within a unit of work."""
    return _rows(milepost, work, actor, [student])[0].reasons


def _rows(
    milepost: Milepost, work: UnitOfWork, actor: Actor, students: Sequence[Person]
) -> list[StudentRow]:
    """Return a row for each student; as many questions for one as for hundreds.

    What a family read is unread still for the advisor: their own looks count.
    """
    ids = [one.id for one in students]
    alerts = work.conversations.alerts(actor.school_id, ids)
    seen = work.people.newest_looks(actor.school_id, actor.id, "released summaries")
    released = _by_student(work.conversations.released(actor.school_id, ids))
    heard = _by_student(work.records.goals_heard_of(actor.school_id, ids))
    checked_in = _by_student(work.records.newest_checkins(actor.school_id, ids))
    rows = []
    for one in students:
        since = seen.get(one.id)
        unread = sum(since is None or at > since for at in released[one.id])
        reasons = (
            Reason("alert", _open(alerts, one.id)),
            Reason("summary", unread),
            Reason("goal", _days(milepost, heard[one.id], REST_DAYS)),
            Reason("checkin", _days(milepost, checked_in[one.id], CHECKIN_DAYS)),
        )
        rows.append(
            StudentRow(
                one.id,
                full_name(one),
                one.grade,
                _open(alerts, one.id),
                unread,
                max(released[one.id], default=None),
                tuple(reason for reason in reasons if reason.number),
            )
        )
    return rows


def _by_student(told: Iterable[tuple[str, datetime]]) -> dict[str, list[datetime]]:
    found: dict[str, list[datetime]] = defaultdict(list)
    for student_id, moment in told:
        found[student_id].append(moment)
    return found


def _days(milepost: Milepost, moments: Sequence[datetime], least: int) -> int:
    """Return whole days since the oldest moment; 0 where that is under `least`."""
    days = max(((milepost.clock() - one).days for one in moments), default=0)
    return days if days >= least else 0


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
