"""Where a student stands toward graduation, by the rules of the state's pack (O10).

Pure: facts of the record, the policy and the day go in; lines with what is there,
what is needed and the rule go out. What nobody told us is `unknown`, never missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

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


def _holds(policy: Policy, rule: str, facts: GraduationFacts, today: date) -> bool:
    found = policy.pack.rule(rule) if policy.pack else None
    return found is not None and found.applies(facts.graduating, today)


def unit_lines(facts: GraduationFacts, policy: Policy, today: date) -> tuple[Line, ...]:
    """Return credits in all and by area; what an area has too much is elective.

    The district's numbers go before the state's.
    """
    if not _holds(policy, "graduation.units", facts, today):
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
    if _holds(policy, "graduation.personal_finance", facts, today):
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


def subject_lines(
    facts: GraduationFacts, policy: Policy, today: date
) -> tuple[Subject, ...]:
    """Return how skill is shown in each subject, by every route that the rules name."""
    base = "graduation.competency"
    if not _holds(policy, base, facts, today):
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
    if not _holds(policy, "graduation.seals", facts, today):
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


def next_day(month_day: str | None, today: date) -> date | None:
    """Return the next time that a month and day come, "02-29" on the 28th."""
    if not month_day:
        return None
    month, day = (int(part) for part in month_day.split("-"))
    for year in (today.year, today.year + 1):
        for wanted in (day, day - 1, day - 2, day - 3):
            try:
                found = date(year, month, wanted)
            except ValueError:
                continue
            if found >= today:
                return found
            break
    return None
