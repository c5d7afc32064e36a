"""Whether the rules of state and district leave an option open (O8, O11)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pathways.domain.catalog import Course, CreditOption, Opportunity
from pathways.domain.college_credit import Open, goes_badly, may_join
from pathways.domain.credit_facts import CreditFacts
from pathways.domain.days import next_day
from pathways.domain.facts import StudentFacts
from pathways.domain.options import Check, Values
from pathways.domain.policy_limits import CollegeLimits, PolicyLimits, WorkLimits
from pathways.domain.standing import Standing

COLLEGE = "college"
FIRST_FREE, LAST_FREE = 6, 8
AT_WORK = frozenset({"internship", "apprenticeship"})


def college_checks(course: Course, standing: Standing) -> tuple[Check, ...]:
    """Check a college course by the state's rules of college credit."""
    rules = standing.limits.college
    if rules is None or course.level != COLLEGE:
        return ()
    facts = standing.facts
    return (
        _covered(course, rules),
        _in_grade(facts, rules),
        _entry(course, facts, rules),
        *_cap(course, facts.credit, rules),
        *_probation(facts.credit, rules),
        *_intent(rules, standing.today),
    )


def _covered(course: Course, rules: CollegeLimits) -> Check:
    holds = course.subject not in rules.excluded
    values = {"course": course.title}
    return Check("ccp_not_covered", holds, values, source=rules.excluded_source)


def _in_grade(facts: StudentFacts, rules: CollegeLimits) -> Check:
    grade = facts.grade
    holds = grade is None or bool({grade, grade + 1} & {*rules.grades})
    values = {"grade": min(rules.grades), "last": max(rules.grades)}
    return Check("ccp_grade", holds, values, source=rules.entry_source)


def _entry(course: Course, facts: StudentFacts, rules: CollegeLimits) -> Check:
    """The school's numbers decide; one that is missing is said, never guessed."""
    credit = facts.credit
    related = credit.best_mark(course.sced_code)
    found = may_join(rules, credit.gpa, related, credit.college_ready)
    values = {"gpa": rules.gpa, "gpa_low": rules.gpa_low}
    if found is Open.COUNSELOR:
        return Check("ccp_unknown", True, values, True, rules.entry_source)
    return Check("ccp_entry", found is Open.YES, values, source=rules.entry_source)


def _cap(
    course: Course, credit: CreditFacts, rules: CollegeLimits
) -> tuple[Check, ...]:
    """Measure by the courses under way: a college credit is at least so many hours."""
    under_way = credit.school_units + credit.college_units
    if rules.hours_per_year is None or not under_way:
        return ()
    most = max(0.0, rules.hours_per_year - rules.hours_less * credit.school_units)
    units = credit.college_units + course.credits
    holds = units * rules.hours_of_credit <= most
    values = {"hours": f"{most:g}", "credits": f"{credit.school_units:g}"}
    return (Check("ccp_cap", holds, values, source=rules.cap_source),)


def _probation(credit: CreditFacts, rules: CollegeLimits) -> tuple[Check, ...]:
    """On probation there is room for so many courses; what is noted decides."""
    below, most = rules.probation_gpa, rules.probation_lost
    if not goes_badly(below, most, credit.college_gpa, credit.college_lost):
        return ()
    holds = credit.college_courses < rules.probation_courses
    values = {"courses": rules.probation_courses}
    key = "ccp_probation_room" if holds else "ccp_probation"
    return (Check(key, holds, values, holds, rules.probation_source),)


def _intent(rules: CollegeLimits, today: date) -> tuple[Check, ...]:
    day = next_day(rules.intent, today)
    if day is None:
        return ()
    values = {"date": day.isoformat()}
    return (Check("ccp_intent", True, values, True, rules.intent_source),)


def flex_checks(
    credits: float, credit: CreditFacts, limits: PolicyLimits
) -> tuple[Check, ...]:
    """Check credits outside class by the caps that the district has set."""
    rules = limits.flex
    if rules is None:
        return ()
    found = []
    for name, cap, used in (
        ("flex_year", rules.per_year, credit.flex_year),
        ("flex_total", rules.total, credit.flex_total),
    ):
        if cap is not None:
            values = {"cap": f"{cap:g}", "used": f"{used:g}"}
            holds = used + credits <= cap
            found.append(Check(name, holds, values, source=rules.source))
    return tuple(found)


def option_flex_checks(entry: CreditOption, standing: Standing) -> tuple[Check, ...]:
    """Check a credit option by the district's caps."""
    return flex_checks(entry.credits, standing.facts.credit, standing.limits)


def work_checks(entry: Opportunity, standing: Standing) -> tuple[Check, ...]:
    """Check work by the law, and say where its hours do not count toward graduation."""
    limits, grade = standing.limits, standing.facts.grade
    first = limits.work_from_grade
    if entry.sort not in AT_WORK:
        return ()
    law = work_law(entry, standing)
    if first is None or grade is None or grade >= first:
        return law
    later = Check("work_hours_later", True, {"grade": first}, True, limits.work_source)
    return (*law, later)


def work_law(entry: Opportunity, standing: Standing) -> tuple[Check, ...]:
    """Check a place of work by the law on the work of minors.

    An age nobody knows closes nothing: what the law says is told.
    """
    rules, age = standing.limits.work, standing.facts.age
    if rules is None or entry.sort not in AT_WORK:
        return ()
    if age is not None and age >= rules.young_until:
        return ()
    return (
        *_old_enough(age, rules),
        *_law_hours(entry, age, rules),
        *_closed_work(entry, rules),
    )


def _old_enough(age: int | None, rules: WorkLimits) -> tuple[Check, ...]:
    if age is None:
        return ()
    values = {"age": rules.youngest}
    return (Check("work_age", age >= rules.youngest, values, source=rules.age_source),)


def _law_hours(
    entry: Opportunity, age: int | None, rules: WorkLimits
) -> tuple[Check, ...]:
    hours = entry.hours_per_week or 0
    if hours <= rules.school_week:
        return ()
    season = season_of(entry)
    most = rules.school_week if season is Season.SCHOOL else rules.other_week
    holds = hours <= most
    values: Values = {"hours": f"{most:g}", "age": rules.young_until}
    if age is None:
        return (Check("work_law_unknown", True, values, True, rules.hours_source),)
    if holds and season is Season.UNKNOWN:
        values = {**values, "hours": f"{rules.school_week:g}"}
        return (Check("work_law_school", True, values, True, rules.hours_source),)
    return (Check("work_law", holds, values, source=rules.hours_source),)


def _closed_work(entry: Opportunity, rules: WorkLimits) -> tuple[Check, ...]:
    """Say where the work is of a kind that is mostly closed; offices are open."""
    groups = {code[:2] for code in entry.occupations}
    if not groups or not groups <= {*rules.closed_work}:
        return ()
    values = {"age": rules.young_until}
    return (Check("work_closed", True, values, True, rules.closed_source),)


class Season(StrEnum):
    """Whether a place falls into weeks with school."""

    SCHOOL = "school"
    SUMMER = "summer"
    UNKNOWN = "unknown"


def season_of(entry: Opportunity) -> Season:
    """Return in which weeks a place falls; unknown without both of its days.

    June to August count as weeks without school: the catalog knows no school year.
    """
    if entry.starts is None or entry.ends is None:
        return Season.UNKNOWN
    starts, ends = entry.starts, entry.ends
    within = FIRST_FREE <= starts.month <= ends.month <= LAST_FREE
    free = starts.year == ends.year and within
    return Season.SUMMER if free else Season.SCHOOL
