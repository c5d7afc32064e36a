"""What changed choices do to diploma seals, where rules or catalog say so (O9, O10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from pathways.domain.catalog import Catalog
from pathways.domain.graduation_facts import GraduationFacts
from pathways.domain.policy import Policy
from pathways.domain.seals import each_seal
from pathways.domain.what_if import Choices

MEASURED, STEP, STEP_DONE, STEP_GONE = "measured", "step", "step_done", "step_gone"
AT_WORK = frozenset({"internship", "apprenticeship"})
WHOLE = 1.0


@dataclass(frozen=True)
class SealChange:
    """What happens to one seal; nothing of it is sure before the school confirms it.

    Attributes:
        name: as in the rules, such as `community_service`.
        how: `measured` with shares before and after (0 to 1); or a course that counts
            toward it is added, finished or dropped.
        course: the code of that course.
        rule: the id of the seal's rule, empty where the pack has none.
    """

    name: str
    how: str
    before: float | None = None
    after: float | None = None
    course: str = ""
    rule: str = ""


def seal_changes(
    before: GraduationFacts,
    choices: Choices,
    catalog: Catalog,
    policy: Policy,
    today: date,
) -> tuple[SealChange, ...]:
    """Return the seals that other choices move, those with a measure first."""
    then = {
        one.name: one
        for one in each_seal(before, policy)
        if _in_force(one.rule, before, policy, today)
    }
    now = {
        one.name: one for one in each_seal(with_hours(before, choices, catalog), policy)
    }
    measured = [
        SealChange(name, MEASURED, one.share, now[name].share, rule=one.rule)
        for name, one in then.items()
        if one.share is not None and one.share != now[name].share
    ]
    steps = (
        one
        for one in _steps(choices, catalog, policy)
        if one.name not in then or then[one.name].share != WHOLE
    )
    return (*measured, *steps)


def _in_force(rule: str, facts: GraduationFacts, policy: Policy, today: date) -> bool:
    found = policy.pack.rule(rule) if policy.pack else None
    return found is not None and found.applies(facts.graduating, today)


def with_hours(
    facts: GraduationFacts, choices: Choices, catalog: Catalog
) -> GraduationFacts:
    """Return the facts once the hours of added places are confirmed."""
    service = work = 0.0
    for code in choices.add:
        place = catalog.opportunities.get(code)
        if place is not None and place.sort == "service":
            service += place.hours_total or 0.0
        elif place is not None and place.sort in AT_WORK:
            work += place.hours_total or 0.0
    return replace(
        facts,
        service_hours=facts.service_hours + service,
        work_hours=facts.work_hours + work,
        work_hours_logged=facts.work_hours_logged + work,
    )


def _steps(choices: Choices, catalog: Catalog, policy: Policy) -> Iterable[SealChange]:
    """Yield each seal toward which the catalog lists a changed course."""
    for _, seal in sorted(catalog.seals.items()):
        rule = policy.pack.rule(seal.policy_rule) if policy.pack else None
        name = str(rule.values.get("seal", seal.code)) if rule else seal.code
        for how, codes in (
            (STEP, choices.add),
            (STEP_DONE, choices.finish),
            (STEP_GONE, choices.drop),
        ):
            for code in codes:
                if code in seal.courses:
                    yield SealChange(
                        name, how, course=code, rule=rule.id if rule else ""
                    )
