"""Whether the rules of state and district leave an option open (O8, O11)."""

from __future__ import annotations

from datetime import date

from pathways.domain.catalog import Course, CreditOption, Opportunity
from pathways.domain.college_credit import Open, may_join
from pathways.domain.credit_facts import CreditFacts
from pathways.domain.days import next_day
from pathways.domain.facts import StudentFacts
from pathways.domain.options import Check
from pathways.domain.policy_limits import CollegeLimits, PolicyLimits
from pathways.domain.standing import Standing

COLLEGE = "college"
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
    """Say where hours at work do not count toward graduation yet; it stays open."""
    limits, grade = standing.limits, standing.facts.grade
    first = limits.work_from_grade
    if first is None or grade is None or grade >= first or entry.sort not in AT_WORK:
        return ()
    return (
        Check("work_hours_later", True, {"grade": first}, True, limits.work_source),
    )
