"""How near each diploma seal is, where the rules give a measure (O10)."""

from __future__ import annotations

from collections.abc import Iterable

from pathways.domain.graduation_facts import GraduationFacts, Met, Seal
from pathways.domain.policy import Policy, Rule

ACT = ("act_english", "act_reading", "act_math")
SAT = ("sat_reading_writing", "sat_math")
ALMOST = 0.9


def each_seal(facts: GraduationFacts, policy: Policy) -> tuple[Seal, ...]:
    """Return every seal of the pack, in its order.

    A seal that a counselor noted is held. Without a measure its share is None.
    """
    rules = policy.pack.rules if policy.pack else ()
    return tuple(
        _seal(str(rule.values["seal"]), rule, facts, policy)
        for rule in rules
        if rule.values.get("seal")
    )


def _seal(name: str, rule: Rule, facts: GraduationFacts, policy: Policy) -> Seal:
    by = str(rule.values.get("defined_by", "state"))
    if facts.items.get(f"seal_{name}", 0) >= 1:
        return Seal(name, by, Met.MET, 1.0, rule.id)
    share = _share(name, rule, facts, policy)
    if share is None:
        return Seal(name, by, Met.COUNSELOR, None, rule.id)
    whole = share >= 1
    return Seal(name, by, Met.MET if whole else Met.OPEN, min(share, 1.0), rule.id)


def _share(
    name: str, rule: Rule, facts: GraduationFacts, policy: Policy
) -> float | None:
    items, values = facts.items, rule.values
    if name == "industry_credential":
        return items.get("credential_points", 0) / float(values["points"])
    if name == "college_ready":
        return max(_scores(facts, rule, ACT), _scores(facts, rule, SAT))
    if name == "military_enlistment":
        if items.get("military", 0) >= 1:
            return 1.0
        return items.get("jrotc_years", 0) / float(values["jrotc_years"])
    if name == "ohiomeansjobs_readiness":
        return _readiness(items.get("readiness_mentors", 0), values["mentors_min"])
    hours = policy.district.graduation.community_service_hours
    if name == "community_service" and hours:
        return facts.service_hours / hours
    return None


def _readiness(mentors: float, least: float) -> float:
    """Mentors are one part of this seal; only a counselor can say that all is there."""
    return min(ALMOST, mentors / float(least))


def _scores(facts: GraduationFacts, rule: Rule, names: Iterable[str]) -> float:
    """Return how near a set of scores is: the mean share; 1 only where all reach."""
    shares = [
        min(1.0, facts.items.get(name, 0) / float(rule.values[name])) for name in names
    ]
    mean = sum(shares) / len(shares)
    return mean if mean >= 1 else min(mean, 0.999)
