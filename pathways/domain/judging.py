"""Every option of a shelf judged at once: its score, and whether it is open."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from pathways.domain.catalog import Course, CreditOption, Entry, Opportunity
from pathways.domain.limits import grade, personal, reach, ready_to_test
from pathways.domain.options import Check
from pathways.domain.reach import reachable
from pathways.domain.scores import (
    NEW,
    NO_GOAL,
    ON_PATHWAY,
    combined,
    core,
    feasibility,
    field_worth,
    growth,
    readiness,
    weights_of,
)
from pathways.domain.shelves import Column, Shelf
from pathways.domain.standing import WHOLE, Standing
from pathways.domain.ties import Field

CLOSED_FOR_GOOD = frozenset(
    {
        *("taken", "taking", "over", "too_old", "grade_past"),
        *("circular", "prerequisite_gone", "withdrawn", "retired"),
    }
)
OPEN, NOT_YET, CLOSED = 0, 1, 2


@dataclass
class Judged:
    """The scores (in hundred-thousandths) and states of a shelf's options."""

    units: list[int]
    states: list[int]


def judged(shelf: Shelf, standing: Standing) -> Judged:
    """Judge the options of a shelf for a student."""
    sample = shelf.entries[0]
    if isinstance(sample, Course):
        found = _courses(shelf, standing)
    elif isinstance(sample, Opportunity):
        found = _opportunities(shelf, standing)
    else:
        found = _credit_options(shelf, standing)
    _add_goals_and_interests(shelf, standing, found.units, weights_of(sample))
    return found


Worth = Callable[[Entry], int]


def _worth(column: Column[Hashable], weight: int, of: Worth) -> list[int]:
    return [weight * of(sample) for sample in column.samples]


def _state(checks: Iterable[Check]) -> int:
    failed = [check.key for check in checks if not check.holds]
    return CLOSED if CLOSED_FOR_GOOD & {*failed} else NOT_YET if failed else OPEN


def _courses(shelf: Shelf, standing: Standing) -> Judged:
    def course(one: Entry) -> Course:
        assert isinstance(one, Course)
        return one

    weights = weights_of(shelf.entries[0])
    needs = _worth(
        shelf.needs, weights["readiness"], lambda one: readiness(course(one), standing)
    )
    builds = _worth(
        shelf.builds,
        weights["growth"],
        lambda one: standing.gauge(NEW, course(one).competencies_taught, NO_GOAL),
    )
    asks = _worth(shelf.asks, weights["core"], lambda one: core(course(one), standing))
    follows = _worth(
        shelf.follows, weights["feasibility"], lambda one: feasibility(one, standing)
    )
    in_grade = [
        NOT_YET
        if course(one).seats == 0
        else _state([grade(course(one).grades, standing.facts, next_year=True)])
        for one in shelf.asks.samples
    ]
    in_order = [_in_order(course(one), standing) for one in shelf.follows.samples]
    units = [
        needs[a] + builds[b] + asks[c] + follows[d]
        for a, b, c, d in zip(
            shelf.needs.at,
            shelf.builds.at,
            shelf.asks.at,
            shelf.follows.at,
            strict=True,
        )
    ]
    states = [
        in_grade[c] if in_grade[c] > in_order[d] else in_order[d]
        for c, d in zip(shelf.asks.at, shelf.follows.at, strict=True)
    ]
    _close_taken(shelf, standing, states)
    return Judged(units, states)


def _in_order(course: Course, standing: Standing) -> int:
    """Judge what comes first: open, still missing, or out of anybody's reach."""
    if standing.stage(course.rule):
        return OPEN
    can = reachable(standing)
    return NOT_YET if course.rule.holds(can.__contains__) else CLOSED


def _close_taken(shelf: Shelf, standing: Standing, states: list[int]) -> None:
    for code in standing.facts.courses:
        for place in shelf.by_course.get(code, ()):
            states[place] = CLOSED


def _opportunities(shelf: Shelf, standing: Standing) -> Judged:
    weights, facts = weights_of(shelf.entries[0]), standing.facts
    builds = _worth(shelf.builds, weights["growth"], lambda one: growth(one, standing))
    terms = _worth(
        shelf.terms, weights["feasibility"], lambda one: feasibility(one, standing)
    )
    units = [
        builds[b] + terms[c]
        for b, c in zip(shelf.builds.at, shelf.terms.at, strict=True)
    ]
    fits = _each(shelf.asks, lambda one: personal(one, facts))
    today = standing.today.toordinal()
    states = [
        fits[c] if last >= today else fits[c] or NOT_YET
        for c, last in zip(shelf.asks.at, shelf.last_day, strict=True)
    ]
    if facts.hours_a_week is not None or facts.places is not None:
        near = _each(shelf.where, lambda one: reach(one, facts))
        states = [
            state or near[c] for state, c in zip(states, shelf.where.at, strict=True)
        ]
    return Judged(units, states)


def _each(
    column: Column[Hashable], checks: Callable[[Opportunity], Iterable[Check]]
) -> list[int]:
    return [
        _state(checks(one)) for one in column.samples if isinstance(one, Opportunity)
    ]


def _credit_options(shelf: Shelf, standing: Standing) -> Judged:
    def option(one: Entry) -> CreditOption:
        assert isinstance(one, CreditOption)
        return one

    weights = weights_of(shelf.entries[0])
    courses = standing.catalog.courses
    builds = _worth(shelf.builds, weights["growth"], lambda one: growth(one, standing))
    tested = [
        _state([ready_to_test(option(one).competencies, standing)])
        if option(one).way == "test_out"
        else OPEN
        for one in shelf.builds.samples
    ]
    asks = [
        _credit_state(courses.get(option(one).course), standing)
        for one in shelf.asks.samples
    ]
    units = [
        builds[b] + follows
        for b, follows in zip(
            shelf.builds.at,
            _feasible(shelf, standing, weights["feasibility"]),
            strict=True,
        )
    ]
    in_order = [
        CLOSED if course is None else _in_order(course, standing)
        for course in (courses.get(option(one).course) for one in shelf.follows.samples)
    ]
    states = [
        max(tested[b], asks[c], in_order[d])
        for b, c, d in zip(
            shelf.builds.at, shelf.asks.at, shelf.follows.at, strict=True
        )
    ]
    _close_taken(shelf, standing, states)
    return Judged(units, states)


def _credit_state(course: Course | None, standing: Standing) -> int:
    if course is None:
        return CLOSED
    return _state([grade(course.grades, standing.facts, next_year=True)])


def _feasible(shelf: Shelf, standing: Standing, weight: int) -> list[int]:
    """Feasibility rests on the cost and on what comes first, together."""
    known: dict[tuple[int, int], int] = {}
    found = []
    for place, key in enumerate(zip(shelf.asks.at, shelf.follows.at, strict=True)):
        if key not in known:
            known[key] = weight * feasibility(shelf.entries[place], standing)
        found.append(known[key])
    return found


def _add_goals_and_interests(
    shelf: Shelf, standing: Standing, units: list[int], weights: Mapping[str, int]
) -> None:
    """Add what fields count, then what single courses, places and words count more."""
    worth = [
        field_worth(trait, standing)
        for trait in shelf.fields.seen
        if isinstance(trait, Field)
    ]
    goals = [one.goal for one in worth]
    interests = [one.interest for one in worth]
    base = [
        weights["goal"] * one.goal + weights["interest"] * one.interest for one in worth
    ]
    at = shelf.fields.at
    if any(base):
        units[:] = [given + base[a] for given, a in zip(units, at, strict=True)]
    for place, strength in _aimed(shelf, standing).items():
        more = strength - goals[at[place]]
        units[place] += weights["goal"] * max(0, more)
    known: dict[tuple[int, int], int] = {}
    for place, named in _liked(shelf, standing).items():
        key = (at[place], named)
        if key not in known:
            known[key] = _with_named(worth[at[place]].likings, named, standing)
        units[place] += weights["interest"] * (known[key] - interests[at[place]])


def _with_named(found: Sequence[int], named: int, standing: Standing) -> int:
    return combined(
        [
            liking.fresh if named >> number & 1 else strength
            for number, (strength, liking) in enumerate(
                zip(found, standing.likings, strict=True)
            )
        ]
    )


def _aimed(shelf: Shelf, standing: Standing) -> dict[int, int]:
    """Return the options that lead right to a career that is aimed for."""
    found: dict[int, int] = {}
    for career in standing.careers:
        for course in standing.ties.courses_toward.get(career.occupation, ()):
            for place in shelf.by_course.get(course, ()):
                found[place] = max(found.get(place, 0), ON_PATHWAY)
        for place in shelf.by_occupation.get(career.occupation, ()):
            found[place] = WHOLE
    return found


def _liked(shelf: Shelf, standing: Standing) -> dict[int, int]:
    """Return the options that name what is liked, each with a bit for each liking."""
    found: dict[int, int] = {}
    for number, liking in enumerate(standing.likings):
        hits = chain(
            shelf.by_word.get(liking.words, ()),
            *(shelf.by_occupation.get(one, ()) for one in liking.fact.occupations),
        )
        for place in hits:
            found[place] = found.get(place, 0) | 1 << number
    return found
