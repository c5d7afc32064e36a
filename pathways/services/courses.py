"""Courses that a student's words name, and what one of them changes (O7, O10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pathways.app import Milepost
from pathways.domain.catalog import Course
from pathways.domain.facts import CourseState
from pathways.domain.lexicon import fold, lexicon_of
from pathways.services.access import Actor, Role, require
from pathways.services.graduation import Credits, status


@dataclass(frozen=True)
class WhatIf:
    """What one course changes in the record.

    Attributes:
        title: the course.
        credits: what it counts for, in Carnegie units.
        state: where the student stands in it; None where the record has nothing.
        later: titles of courses that need it.
        now: credits as the record has them; None without a course record.
        needed: the state's least number; None without a policy pack.
    """

    title: str
    credits: float
    state: str | None
    later: tuple[str, ...]
    now: Credits | None
    needed: float | None


def find_course(
    milepost: Milepost, actor: Actor, words: Sequence[str]
) -> Course | None:
    """Return the course of the catalog that words name: a code, a name, a title."""
    with milepost.work() as work:
        catalog = milepost.catalogs.current(work, actor.school_id)
    lexicon = lexicon_of(catalog)
    for one in words:
        found = catalog.courses.get(one) or lexicon.courses.get(fold(one))
        if found is not None:
            return found
    said = " ".join(fold(one) for one in words)
    titles = {fold(one.title): one for one in catalog.courses.values()}
    return next((course for title, course in titles.items() if title in said), None)


def what_if(milepost: Milepost, actor: Actor, words: Sequence[str]) -> WhatIf | None:
    """Return what a named course changes; None where no course is named."""
    require(actor, Role.STUDENT)
    course = find_course(milepost, actor, words)
    if course is None:
        return None
    with milepost.work() as work:
        catalog = milepost.catalogs.current(work, actor.school_id)
        rows = work.records.courses(actor.school_id, actor.id)
    taken = {row.course: CourseState(row.state).value for row in rows}
    later = [
        one.title for one in catalog.courses.values() if course.code in one.rule.codes
    ]
    standing = status(milepost, actor)
    return WhatIf(
        course.title,
        course.credits,
        taken.get(course.code),
        tuple(sorted(later)),
        standing.credits,
        standing.needed,
    )
