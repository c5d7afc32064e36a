"""A pathway as a student stands on it: what is done, what opens what (P5, O4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pathways.app import Milepost
from pathways.domain.catalog import Catalog, Course, Program
from pathways.domain.facts import CourseState
from pathways.domain.matching import explained
from pathways.services.access import Actor, Role, require
from pathways.services.errors import NotFound
from pathways.services.option_views import Seen
from pathways.services.options import see

DONE, UNDER_WAY, OPEN, LATER = "done", "under_way", "open", "later"
STATES = {CourseState.COMPLETED: DONE, CourseState.IN_PROGRESS: UNDER_WAY}
DEPTH = 4


@dataclass(frozen=True)
class Choice:
    """A pathway that the school offers; `aimed` if it leads where a student aims."""

    code: str
    title: str
    field: str
    aimed: bool
    begun: int


@dataclass(frozen=True)
class Step:
    """A course on the way.

    Attributes:
        state: done, under_way, open or later.
        needs: codes of the steps that come before it, on this map.
        opens: titles of the steps for which it is needed.
        missing: titles of what is still needed before it.
        extra: it is not of the pathway itself, but needed for it.
    """

    code: str
    title: str
    state: str
    needs: tuple[str, ...]
    opens: tuple[str, ...]
    missing: tuple[str, ...]
    extra: bool


@dataclass(frozen=True)
class Pathway:
    """One pathway: its steps in an order in which they can be taken, and its jobs."""

    code: str
    title: str
    description: str
    steps: tuple[Step, ...]
    jobs: tuple[str, ...]
    credentials: tuple[str, ...]


def choices(milepost: Milepost, actor: Actor) -> list[Choice]:
    """Return the school's pathways: aimed at first, then those begun, then by title."""
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        seen = see(milepost, work, actor, actor.id)
    found = [_choice(one, seen) for one in seen.catalog.programs.values()]
    return sorted(found, key=lambda one: (not one.aimed, -one.begun, one.title))


def pathway(milepost: Milepost, actor: Actor, code: str) -> Pathway:
    """Return one pathway with the student's place on it.

    Raises:
        NotFound: the catalog has no such pathway.
    """
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        seen = see(milepost, work, actor, actor.id)
    program = seen.catalog.programs.get(code)
    if program is None:
        raise NotFound("The pathway")
    courses = _with_what_is_missing(program, seen)
    jobs = (seen.catalog.occupations.get(one) for one in program.occupations)
    return Pathway(
        program.code,
        program.title,
        program.description,
        tuple(_steps(courses, program, seen)),
        tuple(one.title for one in jobs if one is not None),
        tuple(program.credentials),
    )


def _choice(program: Program, seen: Seen) -> Choice:
    cluster = seen.catalog.clusters.get(program.cluster)
    aims = {one.occupation for one in seen.facts.careers}
    begun = sum(seen.facts.courses.get(one) in STATES for one in program.courses)
    field = cluster.title if cluster else program.cluster.replace("_", " ")
    aimed = bool(aims & {*program.occupations})
    return Choice(program.code, program.title, field, aimed, begun)


def _with_what_is_missing(program: Program, seen: Seen) -> dict[str, Course]:
    """Return the pathway's courses, and those that the student lacks before them."""
    catalog = seen.catalog
    found = {
        one: catalog.courses[one] for one in program.courses if one in catalog.courses
    }
    newest = list(found.values())
    for _ in range(DEPTH):
        wanted = {
            code
            for course in newest
            if seen.facts.courses.get(course.code) not in STATES
            for code in _lacks(course, seen)
        }
        new = [code for code in wanted if code not in found and code in catalog.courses]
        newest = [catalog.courses[code] for code in sorted(new)]
        found.update({one.code: one for one in newest})
    return found


def _lacks(course: Course, seen: Seen) -> tuple[str, ...]:
    return course.rule.missing(seen.facts.completed_or_under_way)


def _steps(
    courses: Mapping[str, Course], program: Program, seen: Seen
) -> Iterable[Step]:
    needs = {
        code: tuple(one for one in course.rule.codes if one in courses)
        for code, course in courses.items()
    }
    for code in in_order(needs):
        course = courses[code]
        opens = sorted(one.title for one in courses.values() if code in needs[one.code])
        state = _state(course, seen)
        waits = _lacks(course, seen) if state in (OPEN, LATER) else ()
        yield Step(
            code,
            course.title,
            state,
            needs[code],
            tuple(opens),
            tuple(_title(seen.catalog, one) for one in waits),
            code not in program.courses,
        )


def in_order(needs: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return codes so that what is needed comes first; a circle keeps its order."""
    ordered: list[str] = []

    def place(code: str, way: tuple[str, ...] = ()) -> None:
        if code in ordered or code in way:
            return
        for one in needs[code]:
            place(one, (*way, code))
        ordered.append(code)

    for code in needs:
        place(code)
    return ordered


def _state(course: Course, seen: Seen) -> str:
    taken = seen.facts.courses.get(course.code)
    if taken in STATES:
        return STATES[taken]
    option = explained(course, seen.standing)
    return OPEN if option is not None and option.open else LATER


def _title(catalog: Catalog, code: str) -> str:
    course = catalog.courses.get(code)
    return course.title if course else code
