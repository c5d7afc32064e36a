"""Ways to earn one credit outside class, ranked, with what each asks for (O6).

The catalog's credit options come first; two partial ones of different kinds can be
a mix; a plan of the student's own is always among them. What the district has not
set is None: your counselor decides this.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from pathways.domain.catalog import Catalog, Course, CreditOption
from pathways.domain.credit_facts import NOTHING_NOTED, CreditFacts
from pathways.domain.days import next_day
from pathways.domain.options import Check, Option
from pathways.domain.policy import Policy
from pathways.domain.policy_checks import flex_checks
from pathways.domain.policy_limits import limits_of

MIX, OWN = "mix", "own_plan"
LAB_SUBJECT, PE_SUBJECT = "science", "physical_education"
MOST_MIXES = 3
OWN_SCORE = 0.05


@dataclass(frozen=True)
class Deadline:
    """A day by which something must be in; `what` is `school` or `place`."""

    what: str
    day: date | None


@dataclass(frozen=True)
class Way:
    """One way to earn a credit.

    Attributes:
        id: a credit option's code, two joined by " + ", or `own_plan`.
        kind: test_out, internship, service, online, travel, independent_study, job,
            mix, own_plan.
        credits: that it earns; `whole` where these are the whole course's.
        hours: to plan with, of the catalog or by the rule `hours_rule`.
        score: how well it fits, 0 to 1, as the matcher says; a mix has its mean.
        failed: limits that do not hold yet.
    """

    id: str
    title: str
    kind: str
    course: str
    credits: float
    whole: bool
    hours: float | None
    hours_rule: str
    evidence: str
    overseer: str
    cost: str
    deadlines: tuple[Deadline, ...]
    score: float
    failed: tuple[Check, ...]
    parts: tuple[str, ...]
    rule: str

    @property
    def open(self) -> bool:
        """Tell whether nothing stands in the way."""
        return not self.failed


def planning_hours(credits: float, course: Course, policy: Policy) -> tuple[float, str]:
    """Return hours to plan with for some credits of a course, and the rule.

    The district's number goes first; physical education has one of its own in Ohio.
    A lab course may ask for more (`graduation.hours`); which courses are labs is not
    in the catalog, so the plain number stands and the rule says so.
    """
    if policy.district.hours_per_credit:
        return credits * policy.district.hours_per_credit, "district"
    half = policy.value("graduation.pe_hours", "pe_hours_per_half_credit")
    if course.subject == PE_SUBJECT and half:
        return credits * 2 * float(half), "graduation.pe_hours"
    per_credit = policy.value("graduation.hours", "hours_per_credit")
    if per_credit is None:
        return 0.0, ""
    return credits * float(per_credit), "graduation.hours"


def ways_for(
    course: Course,
    options: Iterable[Option],
    catalog: Catalog,
    policy: Policy,
    today: date,
    credit: CreditFacts = NOTHING_NOTED,
) -> tuple[Way, ...]:
    """Return the ways to earn a course's credit, the open and best fitting first.

    Args:
        course: whose credit is wished for.
        options: credit options as the matcher sees them for the student; those of
            other courses are left out.
        catalog: to find the places that an option uses.
        policy: of the school.
        today: for deadlines.
        credit: what is approved already, where the district has set a cap.
    """
    single = [
        _way(option, course, catalog, policy, today)
        for option in options
        if isinstance(option.entry, CreditOption) and option.entry.course == course.code
    ]
    found = [*single, *_mixes(single, course), _own(course, policy, today)]
    found = [_capped(one, credit, policy, today) for one in found]
    return tuple(
        sorted(found, key=lambda one: (not one.open, not one.whole, -one.score, one.id))
    )


def _capped(way: Way, credit: CreditFacts, policy: Policy, today: date) -> Way:
    """Hold a mix and a plan of one's own to the district's caps, as the others."""
    if way.kind not in (MIX, OWN):
        return way
    limits = limits_of(policy, None, today)
    checks = flex_checks(way.credits, credit, limits)
    failed = tuple(one for one in checks if not one.holds)
    return replace(way, failed=way.failed + failed)


def courses_for_gap(competency: str, catalog: Catalog) -> tuple[Course, ...]:
    """Return the courses whose credit shows a competency, those with ways first."""
    with_ways = {
        one.course
        for one in catalog.credit_options.values()
        if competency in one.competencies
    }
    found = [
        course
        for code, course in sorted(catalog.courses.items())
        if code in with_ways or competency in course.competencies_taught
    ]
    return tuple(sorted(found, key=lambda one: one.code not in with_ways))


def school_deadline(policy: Policy, today: date) -> Deadline:
    """Return the school's next day for plans, None where the district set none."""
    days = policy.district.deadlines
    stated = (days.credit_flex_fall, days.credit_flex_spring, days.credit_flex_summer)
    ahead = [day for one in stated if (day := next_day(one, today)) is not None]
    return Deadline("school", min(ahead, default=None))


def _way(
    option: Option, course: Course, catalog: Catalog, policy: Policy, today: date
) -> Way:
    entry = option.entry
    assert isinstance(entry, CreditOption)
    hours, rule = entry.hours, ""
    if hours is None and entry.way != "test_out":
        guided, rule = planning_hours(entry.credits, course, policy)
        hours = guided or None
    places = [
        catalog.opportunities[code].apply_by
        for code in entry.opportunities
        if code in catalog.opportunities
    ]
    ahead = [day for day in places if day is not None and day >= today]
    place = (Deadline("place", min(ahead)),) if ahead else ()
    return Way(
        entry.code,
        entry.title,
        entry.way,
        course.code,
        entry.credits,
        entry.credits >= course.credits,
        hours,
        rule,
        entry.evidence,
        entry.overseer,
        entry.cost,
        (school_deadline(policy, today), *place),
        option.score,
        option.failed,
        (entry.code,),
        entry.policy_rule,
    )


def _mixes(single: Sequence[Way], course: Course) -> list[Way]:
    """Join two open partial ways of different kinds that make the whole credit."""
    partial = sorted(
        (one for one in single if not one.whole and one.open), key=lambda one: one.id
    )
    found = [
        _mix(first, second, course)
        for first, second in combinations(partial, 2)
        if first.kind != second.kind
        and first.credits + second.credits >= course.credits
    ]
    return sorted(found, key=lambda one: (-one.score, one.id))[:MOST_MIXES]


def _mix(first: Way, second: Way, course: Course) -> Way:
    hours = (first.hours or 0.0) + (second.hours or 0.0)
    free = {first.cost, second.cost} - {"free", ""}
    return Way(
        f"{first.id} + {second.id}",
        f"{first.title} + {second.title}",
        MIX,
        course.code,
        min(course.credits, first.credits + second.credits),
        True,
        hours or None,
        first.hours_rule or second.hours_rule,
        "; ".join(one.evidence for one in (first, second) if one.evidence),
        "; ".join(dict.fromkeys((first.overseer, second.overseer))),
        " + ".join(sorted(free)) or "free",
        tuple(dict.fromkeys((*first.deadlines, *second.deadlines))),
        round((first.score + second.score) / 2, 3),
        (),
        (first.id, second.id),
        "credit_flex.ways",
    )


def _own(course: Course, policy: Policy, today: date) -> Way:
    """Return the way that is always there: a plan of the student's own."""
    hours, rule = planning_hours(course.credits, course, policy)
    return Way(
        OWN,
        course.title,
        OWN,
        course.code,
        course.credits,
        True,
        hours or None,
        rule,
        "",
        "",
        "",
        (school_deadline(policy, today),),
        OWN_SCORE,
        (),
        (),
        "credit_flex.options",
    )
