"""Every option of a shelf judged at once: its score, and whether it is open.

An option becomes one number: its score in hundred-thousandths, times the size of the
catalog, plus its place from the end, so that sorting numbers sorts by score and then
by code. A limit that fails adds a number above every score.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain

from pathways.domain.catalog import Course, CreditOption, Entry, Opportunity
from pathways.domain.limits import grade, personal, reach, ready_to_test, seats
from pathways.domain.options import Check
from pathways.domain.policy_checks import (
    college_checks,
    option_flex_checks,
    work_law,
)
from pathways.domain.reach import reachable
from pathways.domain.scores import (
    combined,
    core,
    cost_of,
    feasibility,
    field_worth,
    growth,
    newness,
    on_pathway,
    pathway_closeness,
    readiness,
    wait_for,
    weights_of,
)
from pathways.domain.shelves import Shelf
from pathways.domain.standing import WHOLE, Standing
from pathways.domain.ties import Field

CLOSED_FOR_GOOD = frozenset(
    {
        *("taken", "taking", "over", "too_old", "grade_past"),
        *("circular", "prerequisite_gone", "withdrawn", "retired"),
        "ccp_not_covered",
    }
)
NAMED, ON_ITS_PATHWAY = 1, 2
OPEN, NOT_YET, CLOSED = 0, 1 << 50, 1 << 56
Worth = tuple[int, int]
Judge = Callable[[Entry, Standing], Worth]


def judged(shelf: Shelf, standing: Standing, size: int) -> list[int]:
    """Return the numbers of a shelf's options for a student.

    Args:
        shelf: the options.
        standing: the student.
        size: more than the number of options of the catalog.
    """
    numbers = list(shelf.from_end)
    judges = JUDGES[shelf.entries[0].kind]
    for name, column in shelf.columns.items():
        if name not in judges or not _matters(name, standing):
            continue
        judge = judges[name]
        table = [
            units * size + state
            for units, state in (judge(one, standing) for one in column.samples)
        ]
        numbers = [a + table[b] for a, b in zip(numbers, column.at, strict=True)]
    for place in _closed(shelf, standing):
        numbers[place] += CLOSED
    for place in shelf.ended(standing.today):
        numbers[place] += NOT_YET
    return _with_goals_and_interests(shelf, standing, numbers, size)


def _matters(name: str, standing: Standing) -> bool:
    """Tell whether a trait can close anything: known hours, places or age, rules."""
    facts, limits = standing.facts, standing.limits
    if name == "where":
        return facts.hours_a_week is not None or facts.places is not None
    if name == "law":
        work, age = limits.work, facts.age
        return work is not None and age is not None and age < work.young_until
    if name == "ruled":
        return limits.college is not None
    return name != "capped" or limits.flex is not None


def _state(checks: Iterable[Check]) -> int:
    failed = [check.key for check in checks if not check.holds]
    return CLOSED if CLOSED_FOR_GOOD & {*failed} else NOT_YET if failed else OPEN


def _needs(entry: Entry, standing: Standing) -> Worth:
    assert isinstance(entry, Course)
    return weights_of(entry)["readiness"] * readiness(entry, standing), OPEN


def _teaches(entry: Entry, standing: Standing) -> Worth:
    assert isinstance(entry, Course)
    return weights_of(entry)["growth"] * newness(entry, standing), OPEN


def _course_asks(entry: Entry, standing: Standing) -> Worth:
    assert isinstance(entry, Course)
    fits = grade(entry.grades, standing.facts, next_year=True)
    return weights_of(entry)["core"] * core(entry, standing), _state(
        [fits, seats(entry)]
    )


def _course_follows(entry: Entry, standing: Standing) -> Worth:
    assert isinstance(entry, Course)
    worth = weights_of(entry)["feasibility"] * feasibility(entry, standing)
    return worth, _in_order(entry, standing)


def _in_order(course: Course | None, standing: Standing) -> int:
    """Judge what comes first: open, still missing, or out of anybody's reach."""
    if course is None:
        return CLOSED
    if standing.stage(course.rule):
        return OPEN
    can = reachable(standing)
    return NOT_YET if course.rule.holds(can.__contains__) else CLOSED


def _builds(entry: Entry, standing: Standing) -> Worth:
    state = OPEN
    if isinstance(entry, CreditOption) and entry.way == "test_out":
        course = standing.catalog.courses.get(entry.course)
        state = _state([ready_to_test(entry.competencies, standing, course)])
    return weights_of(entry)["growth"] * growth(entry, standing), state


def _place_asks(entry: Entry, standing: Standing) -> Worth:
    assert isinstance(entry, Opportunity)
    return 0, _state(personal(entry, standing.facts))


def _where(entry: Entry, standing: Standing) -> Worth:
    assert isinstance(entry, Opportunity)
    return 0, _state(reach(entry, standing.facts))


def _law(entry: Entry, standing: Standing) -> Worth:
    assert isinstance(entry, Opportunity)
    return 0, _state(work_law(entry, standing))


def _terms(entry: Entry, standing: Standing) -> Worth:
    return weights_of(entry)["feasibility"] * feasibility(entry, standing), OPEN


def _credit_asks(entry: Entry, standing: Standing) -> Worth:
    assert isinstance(entry, CreditOption)
    worth = -weights_of(entry)["feasibility"] * cost_of(entry)
    course = standing.catalog.courses.get(entry.course)
    if course is None:
        return worth, CLOSED
    return worth, _state([grade(course.grades, standing.facts, next_year=True)])


def _credit_follows(entry: Entry, standing: Standing) -> Worth:
    assert isinstance(entry, CreditOption)
    course = standing.catalog.courses.get(entry.course)
    left = WHOLE - wait_for(course, standing)
    return weights_of(entry)["feasibility"] * left, _in_order(course, standing)


def _ruled(entry: Entry, standing: Standing) -> Worth:
    assert isinstance(entry, Course)
    return 0, _state(college_checks(entry, standing))


def _capped(entry: Entry, standing: Standing) -> Worth:
    assert isinstance(entry, CreditOption)
    return 0, _state(option_flex_checks(entry, standing))


JUDGES: Mapping[str, Mapping[str, Judge]] = {
    Course.kind: {
        "needs": _needs,
        "builds": _teaches,
        "asks": _course_asks,
        "follows": _course_follows,
        "ruled": _ruled,
    },
    Opportunity.kind: {
        "builds": _builds,
        "asks": _place_asks,
        "where": _where,
        "law": _law,
        "terms": _terms,
    },
    CreditOption.kind: {
        "builds": _builds,
        "asks": _credit_asks,
        "follows": _credit_follows,
        "capped": _capped,
    },
}


def _closed(shelf: Shelf, standing: Standing) -> Iterable[int]:
    """Yield the places of courses that the record holds, and of their credit."""
    for code in standing.facts.courses:
        yield from shelf.by_course.get(code, ())


def _with_goals_and_interests(
    shelf: Shelf, standing: Standing, numbers: list[int], size: int
) -> list[int]:
    """Add what fields count, then what single courses, places and words count more."""
    if not standing.careers and not standing.likings:
        return numbers
    weights, column = weights_of(shelf.entries[0]), shelf.columns["field"]
    for_goal, for_interest = weights["goal"] * size, weights["interest"] * size
    worth = [
        field_worth(trait, standing)
        for trait in column.seen
        if isinstance(trait, Field)
    ]
    base = [for_goal * one.goal + for_interest * one.interest for one in worth]
    at = column.at
    numbers = [a + base[b] for a, b in zip(numbers, at, strict=True)]
    for place, strength in _aimed(shelf, standing).items():
        numbers[place] += for_goal * max(0, strength - worth[at[place]].goal)
    known: dict[tuple[int, int], int] = {}
    for place, named in _liked(shelf, standing).items():
        key = (at[place], named)
        if key not in known:
            by_field = worth[at[place]]
            field = shelf.ties[place].field
            more = _with_named(field, by_field.likings, named, standing)
            known[key] = for_interest * (more - by_field.interest)
        numbers[place] += known[key]
    return numbers


def _with_named(field: Field, found: Sequence[int], bits: int, by: Standing) -> int:
    """Combine what a field counts with what single words and pathways count more."""
    strengths = []
    for number, (strength, liking) in enumerate(zip(found, by.likings, strict=True)):
        if bits >> 2 * number & NAMED:
            strength = liking.fresh
        elif bits >> 2 * number & ON_ITS_PATHWAY:
            strength = max(strength, pathway_closeness(liking, field))
        strengths.append(strength)
    return combined(strengths)


def _aimed(shelf: Shelf, standing: Standing) -> dict[int, int]:
    """Return the options that lead right to a career that is aimed for."""
    found: dict[int, int] = {}
    for career in standing.careers:
        for course in standing.ties.courses_toward.get(career.occupation, ()):
            for place in shelf.by_course.get(course, ()):
                strength = on_pathway(career, shelf.ties[place].field)
                found[place] = max(found.get(place, 0), strength)
        for place in shelf.by_occupation.get(career.occupation, ()):
            found[place] = WHOLE
    return found


def _liked(shelf: Shelf, standing: Standing) -> dict[int, int]:
    """Return the options that name what is liked, with two bits for each liking."""
    found: dict[int, int] = {}
    for number, liking in enumerate(standing.likings):
        careers = liking.fact.occupations
        toward = standing.ties.courses_toward
        courses = {code for one in careers for code in toward.get(one, ())}
        hits = {
            ON_ITS_PATHWAY: chain(*(shelf.by_course.get(one, ()) for one in courses)),
            NAMED: chain(
                shelf.by_word.get(liking.words, ()),
                *(shelf.by_occupation.get(one, ()) for one in careers),
            ),
        }
        for bit, places in hits.items():
            for place in places:
                found[place] = found.get(place, 0) | bit << 2 * number
    return found
