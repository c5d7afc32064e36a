"""What the school's course record shows toward graduation (O10, first part)."""

from __future__ import annotations

from dataclasses import dataclass

from pathways.app import Milepost
from pathways.domain.facts import CourseState
from pathways.services.access import Actor, student_for


@dataclass(frozen=True)
class Credits:
    """Credits completed and under way, in Carnegie units."""

    completed: float
    under_way: float


def credits_of(milepost: Milepost, actor: Actor) -> Credits | None:
    """Return a student's credits; None where the school sent no course record."""
    with milepost.work() as work:
        student = student_for(work, actor, actor.id)
        catalog = milepost.catalogs.current(work, actor.school_id)
        taken = work.records.courses(student.school_id, student.id)
    if not taken:
        return None
    sums = dict.fromkeys(CourseState, 0.0)
    for row in taken:
        course = catalog.courses.get(row.course)
        sums[CourseState(row.state)] += course.credits if course else 0.0
    return Credits(sums[CourseState.COMPLETED], sums[CourseState.IN_PROGRESS])
