"""Whether a pathway's courses fit into grades 9 to 12, one after another."""

from __future__ import annotations

from collections.abc import Mapping

from pathways.domain.catalog import Course, Program
from pathways.domain.prerequisites import Rule

HALF_YEARS = 8
FIRST_GRADE = 9
NEVER = 99


def unfinished(program: Program, courses: Mapping[str, Course]) -> tuple[str, ...]:
    """Return the courses of a pathway that no student can finish by grade 12.

    Counts half-years from the fall of grade 9. A course starts when its shortest way
    of prerequisites is done, in a term and a grade in which it is offered; it may
    stand beside any number of others. So this finds what can't be, and does not say
    that a full timetable has room.

    Args:
        program: the pathway.
        courses: the school's active courses.
    """
    done: dict[str, int] = {}
    return tuple(
        code
        for code in program.courses
        if code in courses and _end(code, courses, done, ()) > HALF_YEARS
    )


def _end(
    code: str,
    courses: Mapping[str, Course],
    done: dict[str, int],
    path: tuple[str, ...],
) -> int:
    """Return the half-year by whose start a course can be finished."""
    if code not in courses or code in path:
        return NEVER
    if code not in done:
        course = courses[code]
        ready = _ready(course.rule, courses, done, (*path, code))
        done[code] = _offered(course, ready)
    return done[code]


def _ready(
    rule: Rule,
    courses: Mapping[str, Course],
    done: dict[str, int],
    path: tuple[str, ...],
) -> int:
    if rule.join == "course":
        return _end(rule.code, courses, done, path)
    ends = [_ready(part, courses, done, path) for part in rule.parts]
    if not ends:
        return 0
    return max(ends) if rule.join == "all" else min(ends)


def _offered(course: Course, ready: int) -> int:
    """Return the end of the first run of a course that starts when one is ready."""
    for start in range(ready, HALF_YEARS):
        grade = FIRST_GRADE + start // 2
        if course.grades and grade not in course.grades:
            continue
        terms = course.terms or ("fall", "spring")
        fall, spring = "fall" in terms, "spring" in terms or "summer" in terms
        if (fall and start % 2 == 0) or (spring and start % 2 == 1):
            return start + 1
        if "year" in terms and start % 2 == 0:
            return start + 2
    return NEVER
