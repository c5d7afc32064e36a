"""What the record shows toward graduation, and what it can't show (O10, first part)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pathways.app import Milepost
from pathways.domain.facts import CourseState
from pathways.services.access import Actor, school_of, student_for
from pathways.services.policy import rule

UNITS, COMPETENCY, SEALS = (
    "graduation.units",
    "graduation.competency",
    "graduation.seals",
)
PACKS = {"OH": "ohio"}


@dataclass(frozen=True)
class Credits:
    """Credits completed and under way, in Carnegie units."""

    completed: float
    under_way: float


@dataclass(frozen=True)
class Requirement:
    """A rule of the state, in words, with where it stands."""

    rule: str
    text: str
    citation: str
    verified: bool


@dataclass(frozen=True)
class GraduationStatus:
    """Credits against the state's least number, and what nobody told us.

    `credits` is None where the school sent no course record; `needed` is None where
    there is no policy pack. `not_checked` are requirements that the record does not
    answer: a counselor does.
    """

    credits: Credits | None
    needed: float | None
    requirements: tuple[Requirement, ...]
    not_checked: tuple[str, ...]


def credits_of(milepost: Milepost, actor: Actor) -> Credits | None:
    """Return a student's credits; None where the school sent no course record.

    The credits that the school's record states count; where it states none, those
    of the catalog do.
    """
    with milepost.work() as work:
        student = student_for(work, actor, actor.id)
        catalog = milepost.catalogs.current(work, actor.school_id)
        taken = work.records.courses(student.school_id, student.id)
    if not taken:
        return None
    sums = dict.fromkeys(CourseState, 0.0)
    for row in taken:
        course = catalog.courses.get(row.course)
        listed = course.credits if course else 0.0
        earned = listed if row.credits is None else row.credits
        sums[CourseState(row.state)] += earned
    return Credits(sums[CourseState.COMPLETED], sums[CourseState.IN_PROGRESS])


def status(milepost: Milepost, actor: Actor) -> GraduationStatus:
    """Return what is known of a student's way to graduation."""
    with milepost.work() as work:
        state = school_of(work, actor).state
    pack = PACKS.get(state, "")
    rules = {name: rule(state, f"{pack}.{name}") for name in (UNITS, COMPETENCY, SEALS)}
    requirements = tuple(_requirement(one) for one in rules.values() if one is not None)
    units = rules[UNITS]
    return GraduationStatus(
        credits_of(milepost, actor),
        float(units["values"]["units_min"]) if units else None,
        requirements,
        tuple(name for name in (COMPETENCY, SEALS) if rules[name] is not None),
    )


def _requirement(found: Mapping[str, Any]) -> Requirement:
    citation = found["citation"]
    return Requirement(
        str(found["id"]),
        " ".join(str(found["text"]).split()),
        f"{citation['title']} {citation.get('section') or ''}".strip(),
        bool(found["verified"]),
    )
