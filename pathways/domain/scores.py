"""How well an option fits a student: parts with weights, strengths, reasons.

The weights are ours, to be judged by counselors; they add up to 1 for each kind.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pathways.domain.catalog import Catalog, Course, CreditOption, Entry, Opportunity
from pathways.domain.facts import CareerGoal, InterestFact, StudentFacts
from pathways.domain.mastery import Level, Mastery
from pathways.domain.options import Part, Reason

CORE_SUBJECTS = frozenset({"english", "mathematics", "science", "social_studies"})
CORE_LEVELS = frozenset({"core", "advanced"})
FRESH_DAYS, STALE_DAYS = 180, 365
COURSE_WEIGHTS = {"goal": 0.3, "interest": 0.3, "readiness": 0.25, "core": 0.15}
EXPERIENCE_WEIGHTS = {"goal": 0.4, "interest": 0.35, "growth": 0.25}
CREDIT_WEIGHTS = {"goal": 0.3, "interest": 0.25, "growth": 0.45}
READY = {
    None: 0.5,
    Level.BEGINNING: 0.2,
    Level.DEVELOPING: 0.65,
    Level.PROFICIENT: 1.0,
    Level.ADVANCED: 1.0,
}
ROOM_TO_GROW = {
    None: 0.4,
    Level.BEGINNING: 0.8,
    Level.DEVELOPING: 1.0,
    Level.PROFICIENT: 0.5,
    Level.ADVANCED: 0.1,
}


@dataclass(frozen=True)
class Ties:
    """What an entry is tied to, whatever its kind."""

    clusters: frozenset[str]
    occupations: frozenset[str]
    words: frozenset[str]
    course: str = ""


def ties_of(entry: Entry, catalog: Catalog) -> Ties:
    """Return what links an entry to goals and interests."""
    if isinstance(entry, Course):
        return Ties(frozenset(entry.clusters), frozenset(), frozenset(), entry.code)
    if isinstance(entry, Opportunity):
        return Ties(
            frozenset(entry.clusters),
            frozenset(entry.occupations),
            frozenset(entry.interest_words),
        )
    if isinstance(entry, CreditOption):
        parts = [
            ties_of(catalog.opportunities[code], catalog)
            for code in entry.opportunities
            if code in catalog.opportunities
        ]
        if entry.course in catalog.courses:
            parts.append(ties_of(catalog.courses[entry.course], catalog))
        return Ties(
            _union(part.clusters for part in parts),
            _union(part.occupations for part in parts),
            _union(part.words for part in parts),
            entry.course,
        )
    return Ties(frozenset(), frozenset(), frozenset())


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset(one for many in sets for one in many)


def parts_for(
    entry: Entry, facts: StudentFacts, catalog: Catalog, today: date
) -> tuple[Part, ...]:
    """Return the parts of an entry's score for a student."""
    ties = ties_of(entry, catalog)
    if isinstance(entry, Course):
        weights, last = COURSE_WEIGHTS, _readiness(entry, facts, catalog)
    elif isinstance(entry, CreditOption):
        weights, last = CREDIT_WEIGHTS, _growth(entry.competencies, facts, catalog)
    elif isinstance(entry, Opportunity):
        weights, last = EXPERIENCE_WEIGHTS, _growth(entry.competencies, facts, catalog)
    else:
        return ()
    found = {
        "goal": _goal(ties, facts, catalog),
        "interest": _interest(ties, facts, today),
        ("readiness" if isinstance(entry, Course) else "growth"): last,
    }
    if isinstance(entry, Course):
        found["core"] = _core(entry, facts)
    return tuple(
        Part(name, weights[name], strength, reasons)
        for name, (strength, reasons) in found.items()
    )


Scored = tuple[float, tuple[Reason, ...]]


def _goal(ties: Ties, facts: StudentFacts, catalog: Catalog) -> Scored:
    best: Scored = (0.0, ())
    for career in sorted(facts.careers, key=_newest_first):
        values = {"career": career.title}
        source = f"chat, {career.said_on.isoformat()}"
        program = next(
            (
                program
                for _, program in sorted(catalog.programs.items())
                if ties.course in program.courses
                and career.occupation in program.occupations
            ),
            None,
        )
        if career.occupation in ties.occupations:
            found = (1.0, (Reason("career_here", values, career.title, source),))
        elif program is not None:
            named = {**values, "program": program.title}
            reason = Reason(
                "career_program", named, program.title, f"{source}; {program.source}"
            )
            found = (0.95, (reason,))
        elif career.cluster in ties.clusters:
            found = (0.6, (Reason("career_field", values, career.title, source),))
        else:
            continue
        best = max(best, found, key=lambda one: one[0])
    return best


def _newest_first(career: CareerGoal) -> tuple[int, str]:
    return -career.said_on.toordinal(), career.occupation


def _interest(ties: Ties, facts: StudentFacts, today: date) -> Scored:
    found = [
        (_closeness(interest, ties) * freshness(interest.said_on, today), interest)
        for interest in facts.interests
    ]
    matching = sorted(
        ((strength, one) for strength, one in found if strength > 0),
        key=lambda pair: (-pair[0], pair[1].words),
    )
    reasons = tuple(
        Reason(
            "interest",
            {"interest": one.words},
            one.words,
            f"chat, {one.said_on.isoformat()}",
        )
        for _, one in matching[:2]
    )
    return (matching[0][0] if matching else 0.0), reasons


def _closeness(interest: InterestFact, ties: Ties) -> float:
    """A named word or career counts in full, the interest's main cluster partly."""
    if interest.words in ties.words or ties.occupations & set(interest.occupations):
        return 1.0
    return 0.8 if ties.clusters & set(interest.clusters[:1]) else 0.0


def freshness(said_on: date, today: date) -> float:
    """Return 1 for a fresh answer, a half after a term, 0 after a year (O2)."""
    age = (today - said_on).days
    if age >= STALE_DAYS:
        return 0.0
    return 1.0 if age < FRESH_DAYS else 0.5


def _readiness(course: Course, facts: StudentFacts, catalog: Catalog) -> Scored:
    """The next thing within reach: ready for it, and not mastered already."""
    needed = [facts.level(code) for code in course.competencies_needed]
    taught = [facts.level(code) for code in course.competencies_taught]
    ready = sum(READY[level] for level in needed) / len(needed) if needed else 0.6
    if taught and all(
        level is not None and level >= Level.PROFICIENT for level in taught
    ):
        ready *= 0.3
    known = [
        facts.mastery[code]
        for code in course.competencies_needed
        if code in facts.mastery
    ]
    return ready, tuple(_mastery_reasons(known, catalog, "ready"))


def _core(course: Course, facts: StudentFacts) -> Scored:
    """The next core course in a subject that every diploma needs.

    Ohio asks for units in these four subjects (ORC 3313.603); the split into units
    is the district's, so only the level of the course speaks here.
    """
    needed = course.subject in CORE_SUBJECTS and course.level in CORE_LEVELS
    if not needed or not course.grades:
        return 0.0, ()
    first = min(course.grades)
    near = facts.grade is None or first - 1 <= facts.grade <= first
    reason = Reason(
        "core",
        {"subject": course.subject.replace("_", " "), "grade": first},
        course.subject,
        course.source,
    )
    return (1.0, (reason,)) if near else (0.5, (reason,))


def _growth(codes: tuple[str, ...], facts: StudentFacts, catalog: Catalog) -> Scored:
    """What it would build: most where the student is on the way."""
    if not codes:
        return 0.3, ()
    strength = sum(ROOM_TO_GROW[facts.level(code)] for code in codes) / len(codes)
    known = [facts.mastery[code] for code in codes if code in facts.mastery]
    known.sort(key=lambda one: -ROOM_TO_GROW[one.level])
    return strength, tuple(_mastery_reasons(known, catalog, "builds"))


def _mastery_reasons(
    known: list[Mastery], catalog: Catalog, stem: str
) -> Iterable[Reason]:
    for one in sorted(known, key=lambda one: -one.level if stem == "ready" else 0)[:2]:
        competency = catalog.competencies.get(one.competency)
        if competency is None:
            continue
        firm = one.level >= Level.PROFICIENT
        key = stem if firm == (stem == "ready") else f"{stem}_other"
        yield Reason(
            key,
            {"competency": competency.title, "level": one.level.word},
            f"{one.level.word} ({int(one.level)} of 4)",
            f"{one.latest.source}: {one.latest.assessment}, "
            f"{one.latest.earned_on.isoformat()}",
        )
