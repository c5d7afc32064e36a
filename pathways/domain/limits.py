"""Hard limits: what must hold before an option can be suggested."""

from __future__ import annotations

from datetime import date

from pathways.domain.catalog import Catalog, Course, CreditOption, Entry, Opportunity
from pathways.domain.facts import CourseState, StudentFacts
from pathways.domain.mastery import Level
from pathways.domain.options import Check

GRADUATED_AFTER = 12


def checks_for(
    entry: Entry, facts: StudentFacts, catalog: Catalog, today: date
) -> tuple[Check, ...]:
    """Return every limit of an entry with whether it holds for a student."""
    if isinstance(entry, Course):
        return (
            _not_taken(entry, facts),
            _grade(entry.grades, facts, next_year=True),
        ) + (_prerequisites(entry, facts, catalog),)
    if isinstance(entry, Opportunity):
        return (
            _grade(entry.grades, facts, next_year=False),
            *_age(entry, facts),
            *_dates(entry, today),
            _looked_after(entry),
        )
    if isinstance(entry, CreditOption):
        return _credit_option(entry, facts, catalog)
    return ()


def _not_taken(course: Course, facts: StudentFacts) -> Check:
    state = facts.courses.get(course.code)
    key = "taking" if state is CourseState.IN_PROGRESS else "taken"
    return Check(key, state is None, {"course": course.title})


def _grade(grades: tuple[int, ...], facts: StudentFacts, next_year: bool) -> Check:
    """Courses are chosen for next year, experiences happen in this one."""
    if facts.grade is None or not grades:
        return Check("grade", True)
    fits = facts.grade in grades or (next_year and facts.grade + 1 in grades)
    values = {"grade": min(grades), "last": max(grades)}
    if not fits and facts.grade > max(grades):
        return Check("grade_past", fits, values)
    return Check("grade" if len(grades) > 1 else "one_grade", fits, values)


def _prerequisites(course: Course, facts: StudentFacts, catalog: Catalog) -> Check:
    rule = course.rule
    if rule.holds(facts.completed):
        return Check("prerequisites", True)
    if rule.holds(facts.completed_or_under_way):
        missing = rule.missing(facts.completed)
        return Check("under_way", True, _titles(missing, catalog), condition=True)
    missing = rule.missing(facts.completed_or_under_way)
    return Check("prerequisites", False, _titles(missing, catalog))


def _titles(codes: tuple[str, ...], catalog: Catalog) -> dict[str, str | int | float]:
    titles = [
        catalog.courses[code].title if code in catalog.courses else code
        for code in codes
    ]
    return {"courses": ", ".join(titles), "first": titles[0] if titles else ""}


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


def _dates(entry: Opportunity, today: date) -> tuple[Check, ...]:
    """A past or undated opportunity is never shown as open (O5)."""
    if entry.apply_by is not None:
        holds = entry.apply_by >= today
        return (Check("deadline", holds, {"date": entry.apply_by.isoformat()}),)
    end = entry.ends or entry.starts
    if end is None:
        return (Check("undated", False, {"organization": entry.organization}),)
    return (Check("over", end >= today, {"date": end.isoformat()}),)


def _looked_after(entry: Opportunity) -> Check:
    """A place without safety checks on record is not suggested to minors."""
    return Check(
        "safety_checks",
        entry.safety_checks is True or entry.remote is True,
        {"organization": entry.organization},
    )


def _credit_option(
    entry: CreditOption, facts: StudentFacts, catalog: Catalog
) -> tuple[Check, ...]:
    course = catalog.courses.get(entry.course)
    if course is None:
        return (Check("retired", False, {"course": entry.course}),)
    checks = [
        _not_taken(course, facts),
        _grade(course.grades, facts, next_year=True),
        _prerequisites(course, facts, catalog),
    ]
    if entry.way == "test_out":
        checks.append(_ready_to_test(entry, facts, catalog))
    return tuple(checks)


def _ready_to_test(entry: CreditOption, facts: StudentFacts, catalog: Catalog) -> Check:
    """Testing out shows mastery, so a level below developing comes first."""
    low = [code for code in entry.competencies if facts.level(code) is Level.BEGINNING]
    named = catalog.competencies.get(low[0]) if low else None
    return Check("test_out", not low, {"competency": named.title if named else ""})
