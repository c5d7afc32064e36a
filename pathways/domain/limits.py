"""Hard limits: what must hold before an option can be suggested."""

from __future__ import annotations

from datetime import date

from pathways.domain.catalog import (
    Course,
    CreditOption,
    Entry,
    Opportunity,
    Status,
)
from pathways.domain.facts import CourseState, StudentFacts
from pathways.domain.mastery import Level
from pathways.domain.options import Check
from pathways.domain.policy_checks import (
    college_checks,
    option_flex_checks,
    work_checks,
)
from pathways.domain.reach import prerequisites
from pathways.domain.standing import Standing

GRADUATED_AFTER = 12


def checks_for(entry: Entry, standing: Standing) -> tuple[Check, ...]:
    """Return every limit of an entry with whether it holds for a student."""
    offered = () if entry.status is Status.ACTIVE else (Check("withdrawn", False),)
    if isinstance(entry, Course):
        return (
            *offered,
            not_taken(entry, standing.facts),
            grade(entry.grades, standing.facts, next_year=True),
            seats(entry),
            prerequisites(entry, standing),
            *college_checks(entry, standing),
        )
    if isinstance(entry, Opportunity):
        return (
            *offered,
            *personal(entry, standing.facts),
            *reach(entry, standing.facts),
            *places(entry, standing.today),
            *work_checks(entry, standing),
        )
    if isinstance(entry, CreditOption):
        return (*offered, *_credit_option(entry, standing))
    return offered


def not_taken(course: Course, facts: StudentFacts) -> Check:
    """A course that is completed or under way is not suggested again."""
    state = facts.courses.get(course.code)
    key = "taking" if state is CourseState.IN_PROGRESS else "taken"
    return Check(key, state is None, {"course": course.title})


def grade(grades: tuple[int, ...], facts: StudentFacts, next_year: bool) -> Check:
    """Courses are chosen for next year, experiences happen in this one."""
    if facts.grade is None or not grades:
        return Check("grade", True)
    fits = facts.grade in grades or (next_year and facts.grade + 1 in grades)
    values = {"grade": min(grades), "last": max(grades)}
    if not fits and facts.grade > max(grades):
        return Check("grade_past", fits, values)
    return Check("grade" if len(grades) > 1 else "one_grade", fits, values)


def seats(course: Course) -> Check:
    """A course without seats is full; no number means no limit is known."""
    return Check("full", course.seats != 0, {"course": course.title})


def personal(entry: Opportunity, facts: StudentFacts) -> tuple[Check, ...]:
    """Check what depends on the student's grade and age."""
    return (grade(entry.grades, facts, next_year=False), *_age(entry, facts))


def reach(entry: Opportunity, facts: StudentFacts) -> tuple[Check, ...]:
    """Check the hours that a student can give and the places they can come to."""
    return (*_hours(entry, facts), *_place(entry, facts), *_unasked(entry, facts))


def _unasked(entry: Opportunity, facts: StudentFacts) -> tuple[Check, ...]:
    """Say what nobody asked yet; it limits nothing."""
    hours = entry.hours_per_week if facts.hours_a_week is None else None
    away = facts.places is None and not entry.remote
    place = entry.place if away else ""
    if not hours and not place:
        return ()
    values = {"hours": f"{hours or 0:g}", "place": place}
    parts = [name for name, known in (("hours", hours), ("place", place)) if known]
    return (Check("_".join([*parts, "unknown"]), True, values, condition=True),)


def places(entry: Opportunity, today: date) -> tuple[Check, ...]:
    """Check what depends on the place alone: its dates and its safety."""
    return (*_dates(entry, today), _looked_after(entry))


def _age(entry: Opportunity, facts: StudentFacts) -> tuple[Check, ...]:
    checks = []
    if entry.age_min is not None:
        holds = facts.age is None or facts.age >= entry.age_min
        unknown = facts.age is None
        key = "age_unknown" if unknown else "too_young"
        checks.append(Check(key, holds, {"age": entry.age_min}, condition=unknown))
    if entry.age_max is not None:
        holds = facts.age is None or facts.age <= entry.age_max
        checks.append(Check("too_old", holds, {"age": entry.age_max}))
    return tuple(checks)


def _hours(entry: Opportunity, facts: StudentFacts) -> tuple[Check, ...]:
    if facts.hours_a_week is None or entry.hours_per_week is None:
        return ()
    holds = entry.hours_per_week <= facts.hours_a_week
    return (Check("hours", holds, {"hours": f"{entry.hours_per_week:g}"}),)


def _place(entry: Opportunity, facts: StudentFacts) -> tuple[Check, ...]:
    if facts.places is None or entry.remote or not entry.place:
        return ()
    return (Check("place", entry.place in facts.places, {"place": entry.place}),)


def _dates(entry: Opportunity, today: date) -> tuple[Check, ...]:
    """A past, undated or confused opportunity is never shown as open (O5)."""
    ends = entry.ends or entry.starts
    begins, closes = entry.starts, entry.apply_by
    backwards = begins and ends and ends < begins
    if backwards or (closes and ends and closes > ends):
        return (Check("dates_odd", False, {"organization": entry.organization}),)
    checks = []
    if closes is not None:
        checks.append(Check("deadline", closes >= today, {"date": closes.isoformat()}))
    elif ends is None:
        return (Check("undated", False, {"organization": entry.organization}),)
    if ends is not None and (closes is None or closes >= today):
        checks.append(Check("over", ends >= today, {"date": ends.isoformat()}))
    return tuple(checks)


def _looked_after(entry: Opportunity) -> Check:
    """A place without safety checks on record is not suggested to minors."""
    return Check(
        "safety_checks",
        entry.safety_checks is True or entry.remote is True,
        {"organization": entry.organization},
    )


def _credit_option(entry: CreditOption, standing: Standing) -> tuple[Check, ...]:
    course = standing.catalog.courses.get(entry.course)
    if course is None:
        return (Check("retired", False, {"course": entry.course}),)
    checks = [
        not_taken(course, standing.facts),
        grade(course.grades, standing.facts, next_year=True),
        prerequisites(course, standing),
    ]
    if entry.way == "test_out":
        checks.append(ready_to_test(entry.competencies, standing, course))
    return (*checks, *option_flex_checks(entry, standing))


def ready_to_test(
    codes: tuple[str, ...], standing: Standing, course: Course | None
) -> Check:
    """Testing out shows mastery, so a level below developing comes first."""
    facts, silent = standing.facts, standing.silent(course)
    low = [
        code
        for code in codes
        if facts.level(code) is Level.BEGINNING and code not in silent
    ]
    named = standing.catalog.competencies.get(low[0]) if low else None
    return Check("test_out", not low, {"competency": named.title if named else ""})
