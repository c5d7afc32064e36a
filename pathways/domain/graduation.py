"""Where a student stands toward graduation, by the rules of the state's pack (O10).

Pure: facts of the record, the policy and the day go in; lines with what is there,
what is needed and the rule go out. What nobody told us is `unknown`, never missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from pathways.domain.days import next_day
from pathways.domain.graduation_facts import (
    LAST_GRADE,
    Check,
    Earned,
    GraduationFacts,
    Line,
    Met,
    NextDate,
    Outlook,
    Risk,
    Seals,
    Subject,
)
from pathways.domain.graduation_skill import holds, subject_lines
from pathways.domain.policy import Policy
from pathways.domain.seals import each_seal

SENIOR, JUNIOR, FIRST_YEAR = 12, 11, 9
SLACK = 1.0
ELECTIVES, TOTAL, FINANCE = "electives", "total", "financial_literacy"


def check(facts: GraduationFacts, policy: Policy, today: date) -> Check:
    """Return where a student stands in each requirement that the rules name."""
    units = unit_lines(facts, policy, today)
    subjects = subject_lines(facts, policy, today)
    seals = seal_lines(facts, policy, today)
    unknown = [one.name for one in subjects if one.met is Met.UNKNOWN]
    if facts.earned is None:
        unknown.insert(0, TOTAL)
    risks = tuple(_risks(facts, policy, units, subjects, seals))
    return Check(
        outlook_of(facts, units, risks, unknown),
        risks,
        units,
        subjects,
        seals,
        work_line(facts, policy),
        next_dates(policy, today),
        tuple(unknown),
    )


def outlook_of(
    facts: GraduationFacts,
    units: Sequence[Line],
    risks: Sequence[Risk],
    unknown: Sequence[str],
) -> Outlook:
    """Return the answer: without a course record or rules nobody can say.

    From grade 11 on, what is not known could decide it, so then nobody can say either.
    """
    if risks:
        return Outlook.AT_RISK
    if facts.earned is None or facts.grade is None or not units:
        return Outlook.NOT_KNOWN
    return Outlook.NOT_KNOWN if unknown and facts.grade >= JUNIOR else Outlook.ON_TRACK


def unit_lines(facts: GraduationFacts, policy: Policy, today: date) -> tuple[Line, ...]:
    """Return credits in all and by area; what an area has too much is elective.

    The district's numbers go before the state's.
    """
    if not holds(policy, "graduation.units", facts, today):
        return ()
    district = policy.district.graduation
    need = district.units_total or policy.value("graduation.units", "units_min")
    areas = district.units_by_area or policy.value(
        "graduation.units_by_area", "units_by_area"
    )
    done, going = _sums(facts.earned or (), True), _sums(facts.earned or (), False)
    known = facts.earned is not None
    lines = [
        _line(TOTAL, sum(done.values()), sum(going.values()), need, known, "units")
    ]
    spread_done, spread_going = _spread(done, going, areas or {})
    for area, amount in (areas or {}).items():
        lines.append(
            _line(
                area,
                spread_done.get(area, 0.0),
                spread_going.get(area, 0.0),
                amount,
                known,
                "units_by_area",
            )
        )
    if holds(policy, "graduation.personal_finance", facts, today):
        amount = policy.value("graduation.personal_finance", "credits")
        have, under_way = done.get(FINANCE, 0.0), going.get(FINANCE, 0.0)
        lines.append(_line(FINANCE, have, under_way, amount, known, "personal_finance"))
    return tuple(lines)


def _sums(earned: Iterable[Earned], done: bool) -> dict[str, float]:
    found: dict[str, float] = {}
    for one in earned:
        if one.done is done:
            found[one.area] = found.get(one.area, 0.0) + one.credits
    return found


def _spread(
    done: Mapping[str, float], going: Mapping[str, float], areas: Mapping[str, float]
) -> tuple[dict[str, float], dict[str, float]]:
    """Fill each area up to its need; the rest is elective, completed credit first."""
    filled: tuple[dict[str, float], dict[str, float]] = ({}, {})
    for area in {*done, *going}:
        room = areas.get(area, 0.0) if area != ELECTIVES else 0.0
        for source, target in ((done, filled[0]), (going, filled[1])):
            amount = source.get(area, 0.0)
            used = min(amount, room)
            room -= used
            if area in areas and area != ELECTIVES:
                target[area] = used
            target[ELECTIVES] = target.get(ELECTIVES, 0.0) + amount - used
    return filled


def _line(
    name: str, have: float, under_way: float, need: float | None, known: bool, rule: str
) -> Line:
    if not known:
        met = Met.UNKNOWN
    elif need is None:
        met = Met.COUNSELOR
    elif have >= need:
        met = Met.MET
    else:
        met = Met.UNDER_WAY if have + under_way >= need else Met.OPEN
    return Line(name, met, have, under_way, need, f"graduation.{rule}")


def work_line(facts: GraduationFacts, policy: Policy) -> Line | None:
    """Return work-based learning hours: confirmed ones, and those not yet confirmed."""
    need = policy.value("wbl.hours", "hours")
    if need is None:
        return None
    rest = facts.work_hours_logged - facts.work_hours
    known = _line("work_hours", facts.work_hours, rest, float(need), True, "")
    good = facts.items.get("work_evaluation_positive", 0) >= 1
    met = Met.UNDER_WAY if known.met is Met.MET and not good else known.met
    return Line("work_hours", met, known.have, rest, known.need, "wbl.hours")


def seal_lines(facts: GraduationFacts, policy: Policy, today: date) -> Seals | None:
    """Return each seal with what is nearest; local ones follow the district."""
    if not holds(policy, "graduation.seals", facts, today):
        return None
    each = each_seal(facts, policy)
    held = [one for one in each if one.met is Met.MET]
    near = [one for one in each if one.met is not Met.MET and one.share]
    near.sort(key=lambda one: (-(one.share or 0.0), one.name))
    return Seals(
        int(policy.value("graduation.seals", "seals_needed") or 0),
        int(policy.value("graduation.seals", "state_seals_min") or 0),
        len(held),
        sum(one.defined_by == "state" for one in held),
        each,
        tuple(one.name for one in near[:3]),
    )


def _risks(
    facts: GraduationFacts,
    policy: Policy,
    units: Sequence[Line],
    subjects: Sequence[Subject],
    seals: Seals | None,
) -> Iterable[Risk]:
    """Yield why a student is at risk; the pace is a measure of ours, not a rule."""
    grade = facts.grade
    if grade is None:
        return
    if facts.earned is not None:
        yield from _unit_risks(grade, units)
    for one in subjects:
        tried = any(r.name == "test" and r.met is Met.OPEN for r in one.routes)
        if one.met in (Met.OPEN, Met.UNKNOWN) and tried and grade >= JUNIOR:
            score = next(r.have for r in one.routes if r.name == "test")
            yield Risk(
                "competency",
                {"subject": one.name, "score": score},
                "graduation.competency",
            )
    if seals is not None and grade >= SENIOR and not seals.met:
        yield Risk(
            "seals",
            {"held": seals.held, "needed": seals.needed},
            "graduation.seals",
        )


def _unit_risks(grade: int, units: Sequence[Line]) -> Iterable[Risk]:
    for line in units:
        if line.need is None:
            continue
        if line.name == TOTAL:
            years = grade - FIRST_YEAR + 1
            pace = line.need * max(0, years) / (LAST_GRADE - FIRST_YEAR + 1)
            behind = line.have + line.under_way < pace - SLACK
            if behind or (grade >= SENIOR and line.left > 0):
                there = line.have + line.under_way
                values = {"have": there, "pace": round(pace, 2), "need": line.need}
                yield Risk("credits", values, line.rule)
        elif grade >= SENIOR and line.left > 0:
            yield Risk("area", {"area": line.name, "left": line.left}, line.rule)


def next_dates(policy: Policy, today: date) -> tuple[NextDate, ...]:
    """Return the days ahead that the rules or the district name, soonest first."""
    days = policy.district.deadlines
    found = []
    if intent := policy.value("ccp.intent", "deadline"):
        found.append(NextDate("ccp_intent", next_day(str(intent), today), "ccp.intent"))
    if policy.pack and policy.pack.rule("graduation.plan"):
        day = next_day(days.graduation_plan_update, today)
        found.append(NextDate("plan_update", day, "graduation.plan"))
    for term in ("fall", "spring", "summer"):
        stated = getattr(days, f"credit_flex_{term}")
        if stated:
            rule = "credit_flex.timelines"
            found.append(NextDate(f"flex_{term}", next_day(stated, today), rule))
    if not any(one.name.startswith("flex_") for one in found) and policy.pack:
        found.append(NextDate("flex", None, "credit_flex.timelines"))
    return tuple(sorted(found, key=lambda one: (one.day is None, one.day or today)))
