"""What it takes to get into a course: the nearest step, or why there is none."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from pathways.domain.catalog import Catalog, Course
from pathways.domain.mastery import Level
from pathways.domain.options import Check, Values
from pathways.domain.prerequisites import Rule
from pathways.domain.standing import Standing


def prerequisites(
    course: Course, standing: Standing, wanted: Collection[str] = ()
) -> Check:
    """Check the courses that come first.

    Args:
        course: the course to get into.
        standing: the student.
        wanted: competencies that the missing courses would build.

    Returns:
        A check that holds, holds on condition, or fails with the nearest step.
    """
    rule, facts = course.rule, standing.facts
    stage = standing.stage(rule)
    if stage == 2:
        return Check("prerequisites", True)
    if stage == 1:
        missing = rule.missing(facts.completed)
        values = _titles(missing, standing.catalog)
        return Check("under_way", True, values, condition=True)
    can = reachable(standing)
    if not rule.holds(can.__contains__):
        return _no_way(course, standing)
    missing = rule.missing(lambda code: code in facts.courses)
    if not can.issuperset(missing):
        missing = _within(rule, standing, can)
    values = {
        **_titles(missing, standing.catalog),
        "first": _title(_nearest(missing, standing, can), standing.catalog),
        "competency": _built(missing, standing, wanted or course.competencies_needed),
    }
    key = "prerequisites_by" if values["competency"] else "prerequisites"
    return Check(key, False, values)


def _within(rule: Rule, standing: Standing, can: frozenset[str]) -> tuple[str, ...]:
    """Return the fewest missing courses among those that can be reached."""
    facts = standing.facts

    def trimmed(one: Rule) -> Rule:
        if one.join != "any":
            return Rule(one.join, one.code, tuple(map(trimmed, one.parts)))
        open_ = [part for part in one.parts if part.holds(can.__contains__)]
        return Rule("any", parts=tuple(map(trimmed, open_)))

    return trimmed(rule).missing(lambda code: code in facts.courses)


def _nearest(missing: tuple[str, ...], standing: Standing, can: frozenset[str]) -> str:
    """Follow what comes first until a course that could be taken next."""
    code, seen = missing[0], set[str]()
    while code not in seen:
        seen.add(code)
        course = standing.catalog.courses.get(code)
        if course is None or standing.stage(course.rule):
            return code
        code = _within(course.rule, standing, can)[0]
    return code


def _built(
    missing: tuple[str, ...], standing: Standing, wanted: Collection[str]
) -> str:
    """Name the competency that is missing and that a missing course would build."""
    for code in missing:
        course = standing.catalog.courses.get(code)
        for one in course.competencies_taught if course else ():
            level = standing.facts.level(one)
            competency = standing.catalog.competencies.get(one)
            short = level is None or level < Level.PROFICIENT
            if one in wanted and competency is not None and short:
                return competency.title
    return ""


def _no_way(course: Course, standing: Standing) -> Check:
    """No step of the student's leads there: a class is gone, or a circle."""
    courses = standing.catalog.courses
    gone = [
        code
        for code in course.rule.codes
        if code not in courses and code not in standing.facts.courses
    ]
    if gone:
        return Check("prerequisite_gone", False, _titles((gone[0],), standing.catalog))
    return Check("circular", False, _titles(course.rule.codes, standing.catalog))


@lru_cache(maxsize=4)
def reachable(standing: Standing) -> frozenset[str]:
    """Return the courses that a student has or could come to, step by step."""
    basic = _reachable(standing.catalog)
    own = standing.facts.courses.keys()
    return basic if own <= basic else _grown(standing.catalog, frozenset(own))


@lru_cache(maxsize=16)
def _reachable(catalog: Catalog) -> frozenset[str]:
    return _grown(catalog, frozenset())


def _grown(catalog: Catalog, known: frozenset[str]) -> frozenset[str]:
    """Add each course once what comes first is known; one look at each reference."""
    later: dict[str, list[Course]] = {}
    for course in catalog.courses.values():
        for code in course.rule.codes:
            later.setdefault(code, []).append(course)
    found = set(known)
    waiting = list(catalog.courses.values())
    while waiting:
        course = waiting.pop()
        if course.code not in found and course.rule.holds(found.__contains__):
            found.add(course.code)
            waiting += later.get(course.code, ())
    return frozenset(found)


def _title(code: str, catalog: Catalog) -> str:
    entry = catalog.entries.get(Course.kind, {}).get(code)
    return entry.title if entry is not None else code


def _titles(codes: tuple[str, ...], catalog: Catalog) -> Values:
    titles = [_title(code, catalog) for code in codes]
    return {"courses": ", ".join(titles), "first": titles[0] if titles else ""}
