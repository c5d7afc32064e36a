"""The limits that rules of a state and a district set to options (O8, O11).

Plain values with their sources, taken out of a policy, so that a suggestion can be
replayed after the rules have changed. What nobody set is None and limits nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from pathways.domain.graduation_facts import graduating_class
from pathways.domain.policy import Policy


@dataclass(frozen=True)
class CollegeLimits:
    """Who can take college courses in high school, how many, and by when.

    Attributes:
        grades: in which students can join.
        gpa: that is enough; from `gpa_low` on with a mark of `marks` besides.
        hours_per_year: college hours, less `hours_less` for each credit that is
            earned only in high school; a college credit is at least `hours_of_credit`.
        excluded: subjects that the rules leave out.
        intent: month and day by which the school must know.
        probation_gpa: under it, or with `probation_lost` courses without credit in one
            term, a student can take `probation_courses` at a time.
    """

    grades: tuple[int, ...]
    gpa: float
    gpa_low: float
    marks: tuple[str, ...]
    entry_source: str
    hours_per_year: float | None = None
    hours_less: float = 0.0
    hours_of_credit: float = 0.0
    cap_source: str = ""
    excluded: tuple[str, ...] = ()
    excluded_source: str = ""
    intent: str | None = None
    intent_source: str = ""
    probation_gpa: float | None = None
    probation_lost: int | None = None
    probation_courses: int = 1
    probation_source: str = ""


@dataclass(frozen=True)
class FlexLimits:
    """Most credits that a district grants outside class."""

    per_year: float | None
    total: float | None
    source: str


@dataclass(frozen=True)
class WorkLimits:
    """At what age, and for how many hours, the law lets a student be employed.

    Attributes:
        youngest: age from which there is a work permit.
        young_until: age from which the hours of a week have no limit.
        school_week: most hours of a week in which there is school.
        other_week: most hours of any other week.
        closed_work: SOC major groups whose work the law mostly closes until then.
    """

    youngest: int
    age_source: str
    young_until: int
    school_week: float
    other_week: float
    hours_source: str
    closed_work: tuple[str, ...] = ()
    closed_source: str = ""


@dataclass(frozen=True)
class PolicyLimits:
    """Everything that rules say about single options; None where no rule speaks."""

    college: CollegeLimits | None = None
    flex: FlexLimits | None = None
    work_from_grade: int | None = None
    work_source: str = ""
    work: WorkLimits | None = None


NO_LIMITS = PolicyLimits()
_READER = TypeAdapter(PolicyLimits)


def limits_of(policy: Policy, grade: int | None, today: date) -> PolicyLimits:
    """Return the limits that hold for a student's class on a day."""
    rules = _InForce(policy, graduating_class(grade, today), today)
    return PolicyLimits(
        _college(rules),
        _flex(policy),
        rules.value("wbl.from_grade", "from_grade"),
        rules.source("wbl.from_grade"),
        _work(rules),
    )


def plain_limits(limits: PolicyLimits) -> dict[str, Any]:
    """Return limits as plain data for a log."""
    return asdict(limits)


def limits_from(plain: Mapping[str, Any]) -> PolicyLimits:
    """Return the limits that plain data was made of."""
    return _READER.validate_python(plain)


@dataclass(frozen=True)
class _InForce:
    """The rules of a policy that apply to a class on a day."""

    policy: Policy
    graduating: int | None
    today: date

    def value(self, rule: str, name: str) -> Any:
        found = self.policy.pack.rule(rule) if self.policy.pack else None
        if found is None or not found.applies(self.graduating, self.today):
            return None
        return found.values.get(name)

    def source(self, rule: str) -> str:
        """Return the source in words; an unverified rule sends to the counselor."""
        pack = self.policy.pack
        found, cited = (pack.rule(rule), pack.source(rule)) if pack else (None, None)
        if found is None or cited is None:
            return ""
        return cited.words if found.verified else f"{cited.words}; ask your counselor"


def _college(rules: _InForce) -> CollegeLimits | None:
    joining, cap, out = "ccp.eligibility", "ccp.cap", "ccp.not_covered"
    grades = rules.value(joining, "grades")
    if grades is None:
        return None
    per_year = rules.value(cap, "hours_per_year")
    intent = rules.value("ccp.intent", "deadline")
    return CollegeLimits(
        grades=tuple(grades),
        gpa=float(rules.value(joining, "gpa")),
        gpa_low=float(rules.value(joining, "gpa_low")),
        marks=tuple(rules.value(joining, "grades_in_relevant_course") or ()),
        entry_source=rules.source(joining),
        hours_per_year=None if per_year is None else float(per_year),
        hours_less=float(rules.value(cap, "hours_less_per_high_school_unit") or 0),
        hours_of_credit=float(
            rules.value("ccp.credit", "semester_hours_for_full_credit") or 0
        ),
        cap_source=rules.source(cap),
        excluded=tuple(rules.value(out, "excluded") or ()),
        excluded_source=rules.source(out),
        intent=str(intent) if intent else None,
        intent_source=rules.source("ccp.intent"),
        **_probation(rules),
    )


def _probation(rules: _InForce) -> dict[str, Any]:
    rule = "ccp.probation"
    below = rules.value(rule, "gpa_below")
    return {
        "probation_gpa": None if below is None else float(below),
        "probation_lost": rules.value(rule, "withdrawn_or_no_credit_in_term"),
        "probation_courses": int(rules.value(rule, "courses_on_probation") or 1),
        "probation_source": rules.source(rule),
    }


def _work(rules: _InForce) -> WorkLimits | None:
    age, hours, closed = "wbl.work_age", "wbl.work_hours_law", "wbl.closed_work"
    youngest, until = rules.value(age, "youngest"), rules.value(hours, "young_until")
    if youngest is None or until is None:
        return None
    return WorkLimits(
        youngest=int(youngest),
        age_source=rules.source(age),
        young_until=int(until),
        school_week=float(rules.value(hours, "hours_school_week")),
        other_week=float(rules.value(hours, "hours_other_week")),
        hours_source=rules.source(hours),
        closed_work=tuple(rules.value(closed, "soc_groups") or ()),
        closed_source=rules.source(closed),
    )


def _flex(policy: Policy) -> FlexLimits | None:
    caps = policy.district.caps
    if caps.credits_per_year is None and caps.credits_total is None:
        return None
    source = f"district rules, version {policy.overlay_number}"
    return FlexLimits(caps.credits_per_year, caps.credits_total, source)
