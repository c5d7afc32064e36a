"""Answers the test cases that stand inside a policy pack (O11).

A case asks one named question of the pack; the answer must equal what it expects.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pathways.domain.catalog import Opportunity, catalog_of
from pathways.domain.college_credit import eligible, on_probation, units_for
from pathways.domain.days import next_day
from pathways.domain.district import District
from pathways.domain.experience import Bucket, pair_for
from pathways.domain.facts import StudentFacts
from pathways.domain.graduation import check
from pathways.domain.graduation_facts import Earned, GraduationFacts
from pathways.domain.plan_fields import missing_fields
from pathways.domain.policy import Case, Pack, Policy
from pathways.domain.policy_checks import work_law
from pathways.domain.policy_limits import limits_of
from pathways.domain.standing import Standing

Given = Mapping[str, Any]
DAY = date(2026, 11, 21)
PLACE_OF_WORK = Opportunity(
    code="CASE", title="A place of work", kind="internship", organization="A firm"
)


@dataclass(frozen=True)
class Tried:
    """A case, and what the pack answers under a district's rules."""

    case: Case
    answer: Any

    @property
    def holds(self) -> bool:
        """Whether the answer is the one that the pack expects."""
        return bool(self.answer == self.case.expect)


def tried(pack: Pack, district: District) -> list[Tried]:
    """Ask all cases of a pack under a district's rules.

    A case that brings rules of a district along keeps those.
    """
    policy = Policy(pack=pack, district=district)
    return [Tried(case, _answer(policy, case)) for case in pack.cases]


def answer(pack: Pack, case: Case) -> Any:
    """Return the pack's answer to a case, under the rules that the case brings.

    Raises:
        KeyError: no such question.
    """
    return _answer(Policy(pack=pack), case)


def _answer(policy: Policy, case: Case) -> Any:
    own = case.given.get("district")
    if own:
        policy = Policy(pack=policy.pack, district=District.model_validate(own))
    return QUESTIONS[case.asks](policy, case)


def _value(policy: Policy, case: Case) -> Any:
    return policy.value(case.rule, case.given["name"])


def _value_has(policy: Policy, case: Case) -> bool:
    return case.given["member"] in policy.value(case.rule, case.given["name"])


def _enough(policy: Policy, case: Case) -> bool:
    return bool(case.given["have"] >= policy.value(case.rule, case.given["name"]))


def _applies(policy: Policy, case: Case) -> bool:
    assert policy.pack is not None
    rule = policy.pack.by_id[case.rule]
    return rule.applies(case.given.get("class"), case.given.get("day", DAY))


def _planning_hours(policy: Policy, case: Case) -> float:
    name = case.given.get("value", "hours_per_credit")
    return float(policy.value(case.rule, name) * case.given["credits"])


def _counts_twice(policy: Policy, case: Case) -> str:
    first, second = Bucket(case.given["first"]), Bucket(case.given["second"])
    return pair_for(first, second, policy.counting).allowed.value


def _missing_field(policy: Policy, case: Case) -> bool:
    values = dict.fromkeys(case.given["filled"], "x")
    asked = policy.value(case.rule, "fields") or ()
    return case.given["field"] in missing_fields(values, asked)


def _facts(given: Given) -> GraduationFacts:
    earned = tuple(
        Earned(area, float(amount), True, college=area in given.get("college", ()))
        for area, amount in (given.get("credits") or {}).items()
    )
    return GraduationFacts(
        grade=given.get("grade"),
        graduating=given.get("class"),
        earned=earned if "credits" in given else None,
        items=given.get("items") or {},
        work_hours=given.get("work_hours", 0.0),
        work_hours_logged=given.get("work_hours", 0.0),
        service_hours=given.get("service_hours", 0.0),
    )


def _units_left(policy: Policy, case: Case) -> float:
    found = check(_facts(case.given), policy, DAY)
    return next(one.left for one in found.units if one.name == case.given["area"])


def _competency(policy: Policy, case: Case) -> str:
    found = check(_facts(case.given), policy, DAY)
    subject = case.given["subject"]
    return next(one.met.value for one in found.subjects if one.name == subject)


def _seal(policy: Policy, case: Case) -> str:
    found = check(_facts(case.given), policy, DAY).seals
    assert found is not None
    return next(one.met.value for one in found.each if one.name == case.given["seal"])


def _seals_met(policy: Policy, case: Case) -> bool:
    found = check(_facts(case.given), policy, DAY).seals
    return found is not None and found.met


def _nearest(policy: Policy, case: Case) -> str:
    found = check(_facts(case.given), policy, DAY).seals
    return found.nearest[0] if found and found.nearest else ""


def _work_hours(policy: Policy, case: Case) -> str:
    found = check(_facts(case.given), policy, DAY).work_hours
    return found.met.value if found else ""


def _outlook(policy: Policy, case: Case) -> str:
    return check(_facts(case.given), policy, DAY).outlook.value


def _college_units(policy: Policy, case: Case) -> float | None:
    return units_for(float(case.given["hours"]), policy)


def _college_open(policy: Policy, case: Case) -> str:
    given = case.given
    return eligible(
        policy,
        DAY,
        given.get("grade"),
        given.get("gpa"),
        given.get("related_grade"),
        given.get("test_score", False),
    ).value


def _probation(policy: Policy, case: Case) -> bool:
    given = case.given
    return on_probation(policy, given.get("gpa"), given.get("lost", 0))


def _work_open(policy: Policy, case: Case) -> str:
    """Return "yes", or the check by which the law closes a place of work."""
    limits = limits_of(policy, case.given.get("grade"), DAY)
    asked = {"hours_per_week": case.given["hours"]}
    asked |= {name: case.given.get(name) for name in ("starts", "ends")}
    place = PLACE_OF_WORK.model_copy(update=asked)
    facts = StudentFacts(age=case.given.get("age"))
    found = work_law(place, Standing(facts, catalog_of(0, ()), DAY, limits))
    return next((one.key for one in found if not one.holds), "yes")


def _next_deadline(policy: Policy, case: Case) -> str:
    found = next_day(policy.value(case.rule, "deadline"), case.given["today"])
    return found.isoformat() if found else ""


def _district(policy: Policy, case: Case) -> Any:
    found: Any = policy.district
    for part in case.given["field"].split("."):
        found = getattr(found, part)
    return "your counselor decides this" if found is None else found


QUESTIONS: Mapping[str, Callable[[Policy, Case], Any]] = {
    "value": _value,
    "value_has": _value_has,
    "enough": _enough,
    "applies": _applies,
    "planning_hours": _planning_hours,
    "counts_twice": _counts_twice,
    "missing_field": _missing_field,
    "units_left": _units_left,
    "competency": _competency,
    "seal": _seal,
    "seals_met": _seals_met,
    "nearest_seal": _nearest,
    "work_hours": _work_hours,
    "outlook": _outlook,
    "college_units": _college_units,
    "college_open": _college_open,
    "probation": _probation,
    "work_open": _work_open,
    "next_deadline": _next_deadline,
    "district": _district,
}
