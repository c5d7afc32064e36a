"""College credit in high school, by the numbers of the state's pack (O8)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pathways.domain.policy import Policy
from pathways.domain.policy_limits import CollegeLimits, limits_of


class Open(StrEnum):
    """Whether the door is open; `counselor` where a number is not known."""

    YES = "yes"
    NO = "no"
    COUNSELOR = "counselor"


def eligible(
    policy: Policy,
    today: date,
    grade: int | None,
    gpa: float | None,
    related_grade: str | None,
    test_score: bool = False,
) -> Open:
    """Tell whether a student can join; the college has rules of its own besides.

    Args:
        policy: of the school.
        today: the school's day.
        grade: of the student.
        gpa: from the school's record, never computed here.
        related_grade: the mark in a related course, such as "B".
        test_score: whether there is a remediation-free score.
    """
    rules = limits_of(policy, grade, today).college
    if rules is None or grade is None:
        return Open.COUNSELOR
    if grade not in rules.grades:
        return Open.NO
    return may_join(rules, gpa, related_grade, test_score)


def may_join(
    rules: CollegeLimits, gpa: float | None, related_grade: str | None, score: bool
) -> Open:
    """Tell whether a score, or the GPA with a mark in a related course, is enough."""
    if score:
        return Open.YES
    if gpa is None:
        return Open.COUNSELOR
    if gpa >= rules.gpa:
        return Open.YES
    if gpa < rules.gpa_low:
        return Open.NO
    if related_grade is None:
        return Open.COUNSELOR
    return Open.YES if related_grade[:1].upper() in rules.marks else Open.NO


def units_for(semester_hours: float, policy: Policy) -> float | None:
    """Return high school units for the hours of one college course."""
    rule = "ccp.credit"
    full = policy.value(rule, "semester_hours_for_full_credit")
    if full is None:
        return None
    if semester_hours >= full:
        return float(policy.value(rule, "units_for_3_hours"))
    word = "hours" if int(semester_hours) == 2 else "hour"
    found = policy.value(rule, f"units_for_{int(semester_hours)}_{word}")
    return float(found) if found is not None else None


def on_probation(policy: Policy, gpa: float | None, lost_in_term: int) -> bool:
    """Tell whether college work puts a student on probation."""
    rule = "ccp.probation"
    below, most = (
        policy.value(rule, "gpa_below"),
        policy.value(rule, "withdrawn_or_no_credit_in_term"),
    )
    return goes_badly(below, most, gpa, lost_in_term)


def goes_badly(
    below: float | None, most: int | None, gpa: float | None, lost_in_term: int
) -> bool:
    """Tell whether a college GPA is too low, or too many courses ended without credit.

    Args:
        below: the GPA that is needed, None where no rule says one.
        most: courses without credit from which on it counts, None for no rule.
        gpa: in college courses, None where nobody noted it.
        lost_in_term: courses without credit in one term.
    """
    low = gpa is not None and below is not None and gpa < below
    return low or (most is not None and lost_in_term >= most)
