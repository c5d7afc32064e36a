"""How a student shows skill in algebra and English: every route of the rules (O10)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pathways.domain.graduation_facts import GraduationFacts, Line, Met, Subject
from pathways.domain.policy import Policy


def subject_lines(
    facts: GraduationFacts, policy: Policy, today: date
) -> tuple[Subject, ...]:
    """Return how skill is shown in each subject, by every route that the rules name."""
    base = "graduation.competency"
    if not holds(policy, base, facts, today):
        return ()
    score = float(policy.value(base, "score") or 0)
    routes = (
        *_if(policy, f"{base}.military", _yes(facts, "military", f"{base}.military")),
        *_if(policy, f"{base}.career", career_line(facts, policy)),
    )
    found = []
    for test, area in (("algebra_1", "mathematics"), ("english_2", "english")):
        if test not in (policy.value(base, "tests") or ()):
            continue
        noted = facts.items.get(f"test_{test}")
        first = Line(
            "test",
            _reached(noted, score),
            noted or 0.0,
            0.0,
            score,
            base,
        )
        lines = (first, *_college(facts, policy, area, base), *routes)
        found.append(Subject(test, _best(lines), lines))
    return tuple(found)


def _if(policy: Policy, rule: str, line: Line) -> tuple[Line, ...]:
    return (line,) if policy.pack and policy.pack.rule(rule) else ()


def _reached(have: float | None, need: float) -> Met:
    if have is None:
        return Met.UNKNOWN
    return Met.MET if have >= need else Met.OPEN


def _yes(facts: GraduationFacts, name: str, rule: str) -> Line:
    have = facts.items.get(name, 0.0)
    return Line(name, Met.MET if have >= 1 else Met.OPEN, have, 0.0, 1.0, rule)


def _college(
    facts: GraduationFacts, policy: Policy, area: str, base: str
) -> tuple[Line, ...]:
    rule = f"{base}.college"
    courses = [one for one in facts.earned or () if one.college and one.area == area]
    have = sum(one.credits for one in courses if one.done)
    going = sum(one.credits for one in courses if not one.done)
    met = Met.MET if have else Met.UNDER_WAY if going else Met.OPEN
    return _if(policy, rule, Line("college", met, have, going, None, rule))


def career_line(facts: GraduationFacts, policy: Policy) -> Line:
    """Return the route of two career items, at least one of them foundational."""
    rule = "graduation.competency.career"
    foundational, supporting = career_items(facts, policy)
    need = int(policy.value(rule, "items_needed") or 2)
    least = int(policy.value(rule, "foundational_min") or 1)
    have = foundational + supporting
    met = Met.MET if have >= need and foundational >= least else Met.OPEN
    return Line("career", met, float(have), 0.0, float(need), rule)


def career_items(facts: GraduationFacts, policy: Policy) -> tuple[int, int]:
    """Return how many foundational and supporting career items are noted."""
    rule = "graduation.competency.career"
    items = facts.items
    points = float(policy.value(rule, "credential_points") or 12)
    exams = float(policy.value(rule, "webxams_proficient") or 3)
    hours = float(policy.value(rule, "work_hours") or 250)
    foundational = (
        items.get("webxams", 0) >= exams,
        items.get("credential_points", 0) >= points,
        items.get("apprenticeship", 0) >= 1,
        items.get("state_license", 0) >= 1,
    )
    good = items.get("work_evaluation_positive", 0) >= 1
    supporting = (
        facts.work_hours >= hours and good,
        items.get("workkeys", 0) >= 1,
        items.get("seal_ohiomeansjobs_readiness", 0) >= 1,
    )
    return sum(foundational), sum(supporting)


def _best(lines: Iterable[Line]) -> Met:
    states = [one.met for one in lines]
    for wanted in (Met.MET, Met.UNDER_WAY, Met.UNKNOWN):
        if wanted in states:
            return wanted
    return Met.OPEN


def holds(policy: Policy, rule: str, facts: GraduationFacts, today: date) -> bool:
    """Tell whether the pack has a rule and it is in force for the student."""
    found = policy.pack.rule(rule) if policy.pack else None
    return found is not None and found.applies(facts.graduating, today)
