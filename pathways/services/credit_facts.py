"""Collects what the school's record says about credit, where rules ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date

from pathways.domain.catalog import Catalog, Course
from pathways.domain.credit_facts import AREA, NOTHING_NOTED, CreditFacts
from pathways.domain.credit_plan import State
from pathways.domain.facts import CourseState
from pathways.domain.graduation_facts import SCHOOL_YEAR_TURNS
from pathways.domain.policy_limits import PolicyLimits
from pathways.services.graduation_notes import newest_values
from pathways.store.credit_models import CreditPlan
from pathways.store.models import CourseTaken, Person
from pathways.store.unit_of_work import UnitOfWork

GRANTED = frozenset(
    {
        *(State.APPROVED, State.IN_PROGRESS, State.EVIDENCE_IN),
        *(State.GRADED, State.ON_RECORD),
    }
)
LETTERS = frozenset("ABCDF")


def credit_facts_of(
    work: UnitOfWork,
    student: Person,
    taken: Sequence[CourseTaken],
    catalog: Catalog,
    limits: PolicyLimits,
    today: date,
) -> CreditFacts:
    """Return what the limits ask for; nothing is read that no rule looks at."""
    if limits.college is None and limits.flex is None:
        return NOTHING_NOTED
    known = newest_values(work, student.school_id, student.id) if limits.college else {}
    plans = _granted(work, student) if limits.flex else []
    year = [one for one in plans if one.made_at.date() >= year_begins(today)]
    return CreditFacts(
        gpa=known.get("gpa"),
        college_ready=known.get("college_ready", 0) >= 1,
        marks=best_marks(taken, catalog),
        school_units=_under_way(taken, catalog, college=False),
        college_units=_under_way(taken, catalog, college=True),
        college_courses=_college_courses(taken, catalog),
        college_gpa=known.get("college_gpa"),
        college_lost=int(known.get("college_lost", 0)),
        flex_year=_credits(year),
        flex_total=_credits(plans),
    )


def year_begins(today: date) -> date:
    """Return the first day of a school year, which turns in July."""
    return date(today.year - (today.month < SCHOOL_YEAR_TURNS), SCHOOL_YEAR_TURNS, 1)


def best_marks(
    taken: Iterable[CourseTaken], catalog: Catalog
) -> tuple[tuple[str, str], ...]:
    """Return the best letter of completed courses by SCED subject area."""
    best: dict[str, str] = {}
    for row in taken:
        course = _listed(row, catalog)
        letter = (row.mark or "")[:1].upper()
        if course and row.state == CourseState.COMPLETED and letter in LETTERS:
            area = course.sced_code[:AREA]
            best[area] = min(letter, best.get(area, letter))
    return tuple(sorted(best.items()))


def _under_way(taken: Iterable[CourseTaken], catalog: Catalog, college: bool) -> float:
    units = 0.0
    for row in taken:
        course = _listed(row, catalog)
        is_college = course is not None and course.level == "college"
        if row.state == CourseState.IN_PROGRESS and is_college is college:
            listed = course.credits if course else 0.0
            units += listed if row.credits is None else row.credits
    return units


def _college_courses(taken: Iterable[CourseTaken], catalog: Catalog) -> int:
    under_way = (one for one in taken if one.state == CourseState.IN_PROGRESS)
    listed = (_listed(one, catalog) for one in under_way)
    return sum(one is not None and one.level == "college" for one in listed)


def _listed(row: CourseTaken, catalog: Catalog) -> Course | None:
    found = catalog.entries.get(Course.kind, {}).get(row.course)
    return found if isinstance(found, Course) else None


def _granted(work: UnitOfWork, student: Person) -> list[CreditPlan]:
    every = work.credits.plans(student.school_id, student.id)
    return [one for one in every if one.state in GRANTED]


def _credits(plans: Iterable[CreditPlan]) -> float:
    total = 0.0
    for one in plans:
        with suppress(ValueError):
            total += float(one.fields.get("credit_amount") or 0)
    return total
