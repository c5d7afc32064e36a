"""An advisor's students, and who of them needs a look first (feature A2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pathways.app import Milepost
from pathways.services.access import Actor, Role, require, student_for
from pathways.services.alerts import full_name
from pathways.store.models import Alert, Person
from pathways.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class StudentRow:
    """A student on the caseload, with what is new about them."""

    id: str
    name: str
    grade: int | None
    open_alerts: int
    new_summaries: int
    last_released: datetime | None


def caseload(milepost: Milepost, actor: Actor) -> list[StudentRow]:
    """Return the advisor's students: alerts first, then new summaries, then names."""
    require(actor, Role.ADVISOR)
    with milepost.work() as work:
        students = work.people.students_of(actor.school_id, actor.id)
        alerts = work.conversations.alerts(
            actor.school_id, [student.id for student in students]
        )
        rows = [_row(work, student, alerts) for student in students]
    return sorted(
        rows, key=lambda row: (-row.open_alerts, -row.new_summaries, row.name)
    )


def _row(work: UnitOfWork, student: Person, alerts: Sequence[Alert]) -> StudentRow:
    released = [
        one
        for one in work.conversations.summaries(student.school_id, student.id)
        if one.status == "released"
    ]
    return StudentRow(
        student.id,
        full_name(student),
        student.grade,
        _open(alerts, student.id),
        sum(one.read_at is None for one in released),
        max((one.released_at for one in released if one.released_at), default=None),
    )


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
