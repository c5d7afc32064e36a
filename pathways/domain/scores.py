"""How well an option fits a student: parts with weights, strengths, reasons.

The weights are ours, to be judged by counselors. They are hundredths that add up
to 100 for each kind; strengths are thousandths. Sums of whole numbers are the same
on every machine and in every order, so a ranking can be replayed to the byte.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pathways.domain.catalog import Course, CreditOption, Entry, Opportunity
from pathways.domain.facts import CareerGoal
from pathways.domain.mastery import Level
from pathways.domain.options import Part
from pathways.domain.standing import WHOLE, Liking, Sign, Standing, Table
from pathways.domain.ties import Field, Ties

CORE_SUBJECTS = frozenset({"english", "mathematics", "science", "social_studies"})
HALF_CREDIT_SUBJECTS = frozenset({"health", "physical_education", "financial_literacy"})
HIGH_LEVELS = frozenset({"advanced", "college"})
CORE_LEVELS = frozenset({"core", "advanced"})
COURSE_WEIGHTS = {
    "goal": 28,
    "interest": 28,
    "readiness": 17,
    "growth": 9,
    "core": 13,
    "feasibility": 5,
}
EXPERIENCE_WEIGHTS = {"goal": 37, "interest": 34, "growth": 21, "feasibility": 8}
CREDIT_WEIGHTS = {"goal": 28, "interest": 22, "growth": 45, "feasibility": 5}
B, D, P, A = Level
COVERED, UNDER_WAY = Sign.COVERED, Sign.UNDER_WAY
# Ready for what needs it; never less with more mastery.
READY: Table = {
    None: 500,
    B: 100,
    D: 650,
    P: 1000,
    A: 1000,
    COVERED: 850,
    UNDER_WAY: 600,
}
# New to learn in a course that teaches it.
NEW: Table = {None: 700, B: 900, D: 1000, P: 200, A: 0, COVERED: 200, UNDER_WAY: 500}
# Room to grow in a place where it is used.
GROW: Table = {None: 400, B: 800, D: 1000, P: 500, A: 100, COVERED: 450, UNDER_WAY: 600}
# Ready to show it in a test.
SHOW: Table = {None: 250, B: 0, D: 600, P: 1000, A: 1000, COVERED: 500, UNDER_WAY: 400}
NO_NEED, NO_GOAL, UNCARRIED = 500, 300, 200
ON_LIKED_PATHWAY, MAIN, FURTHER = 900, 750, 300
SUBJECTS, SECOND_FIELD = (300, 150), 300
HALF_CREDIT, HARDER_CORE = 500, 700
SAME_FIELD, SIDE_FIELD = 600, 300
ON_PATHWAY, BESIDE_IT = 970, 850
WAITING, COSTS, AGE_UNKNOWN = 200, 300, 300
LONG = ((200, 400), (100, 200))


def weights_of(entry: Entry) -> Mapping[str, int]:
    """Return the weights of an entry's kind, in hundredths."""
    if isinstance(entry, Course):
        return COURSE_WEIGHTS
    return CREDIT_WEIGHTS if isinstance(entry, CreditOption) else EXPERIENCE_WEIGHTS


def strengths_of(entry: Entry, standing: Standing) -> dict[str, int]:
    """Return the strength of each part of an entry's score, in thousandths."""
    ties = standing.ties.of(entry)
    found = {"goal": goal(ties, standing), "interest": interest(ties, standing)}
    if isinstance(entry, Course):
        found["readiness"] = readiness(entry, standing)
        found["growth"] = newness(entry, standing)
        found["core"] = core(entry, standing)
    else:
        found["growth"] = growth(entry, standing)
    found["feasibility"] = feasibility(entry, standing)
    return found


def units_of(entry: Entry, standing: Standing) -> int:
    """Return an entry's score in hundred-thousandths."""
    weights = weights_of(entry)
    found = strengths_of(entry, standing)
    return sum(weights[name] * strength for name, strength in found.items())


def parts_of(entry: Entry, standing: Standing) -> tuple[Part, ...]:
    """Return the parts of a score without their reasons."""
    return tuple(
        Part(name, weights_of(entry)[name] / 100, strength / WHOLE)
        for name, strength in strengths_of(entry, standing).items()
    )


def goal(ties: Ties, standing: Standing) -> int:
    """Return how much an entry serves the careers that a student aims for."""
    return max((toward(one, ties, standing) for one in standing.careers), default=0)


def toward(career: CareerGoal, ties: Ties, standing: Standing) -> int:
    """Most for a place of that work, then for its pathway, then for its field."""
    if career.occupation in ties.occupations:
        return WHOLE
    if (ties.course, career.occupation) in standing.ties.programs:
        return on_pathway(career, ties.field)
    return field_toward(career, ties.field)


def on_pathway(career: CareerGoal, field: Field) -> int:
    """A pathway's own courses come before the general ones that it also asks for."""
    return ON_PATHWAY if career.cluster in field.clusters[:1] else BESIDE_IT


def field_toward(career: CareerGoal, field: Field) -> int:
    """Return what the same field counts: most where it is the main one."""
    if career.cluster in field.clusters[:1]:
        return SAME_FIELD
    return SIDE_FIELD if career.cluster in field.clusters else 0


def interest(ties: Ties, standing: Standing) -> int:
    """Return how much an entry is what a student likes."""
    return combined([closeness(one, ties, standing) for one in standing.likings])


def combined(found: Sequence[int]) -> int:
    """The closest interest, and a quarter of the next one in what is left."""
    if not found:
        return 0
    if len(found) == 1:
        return found[0]
    second, best = sorted(found)[-2:]
    return best + (WHOLE - best) * second // (4 * WHOLE)


def closeness(liking: Liking, ties: Ties, standing: Standing) -> int:
    """A word or career that the entry names counts in full, its field partly."""
    named = liking.words in ties.words
    if named or not ties.occupations.isdisjoint(liking.fact.occupations):
        return liking.fresh
    near = field_closeness(liking, ties.field)
    programs = standing.ties.programs
    if any((ties.course, one) in programs for one in liking.fact.occupations):
        return max(near, pathway_closeness(liking, ties.field))
    return near


def pathway_closeness(liking: Liking, field: Field) -> int:
    """Return what a course counts that lies on the pathway to a liked career.

    Only a course of that field itself, not a general one that the pathway asks for.
    """
    own = field.clusters[:1] and field.clusters[0] in liking.fact.clusters
    return ON_LIKED_PATHWAY * liking.fresh // WHOLE if own else 0


def field_closeness(liking: Liking, field: Field) -> int:
    """Return how close a field is to an interest, by cluster or by subject."""
    return max(cluster_closeness(liking, field), subject_closeness(liking, field))


def cluster_closeness(liking: Liking, field: Field) -> int:
    """Return how close clusters are: most where both name the same one first.

    Scores name no field first, so each of their fields counts alike.
    """
    fact, main = liking.fact, field.clusters[:1]
    near = 0
    if fact.scored:
        near = MAIN if main and main[0] in fact.clusters else 0
    elif fact.clusters[:1] and fact.clusters[0] in field.clusters:
        near = MAIN if fact.clusters[:1] == main else FURTHER
    elif main and main[0] in fact.clusters:
        near = SECOND_FIELD
    return near * liking.fresh // WHOLE


def subject_closeness(liking: Liking, field: Field) -> int:
    """Return what it counts that an interest leads to a course's subject."""
    subjects = liking.fact.subjects
    if not field.subject or field.subject not in subjects:
        return 0
    return SUBJECTS[field.subject != subjects[0]] * liking.fresh // WHOLE


class FieldWorth(NamedTuple):
    """What a field alone counts for a student: goal, each liking, all together."""

    goal: int
    likings: tuple[int, ...]
    interest: int


def field_worth(field: Field, standing: Standing) -> FieldWorth:
    """Return what a field alone counts; clusters and subjects once for a student."""
    known = standing.known
    of_clusters: FieldWorth | None = known.get(field.clusters)
    if of_clusters is None:
        of_clusters = known[field.clusters] = _clusters_worth(field, standing)
    of_subject: tuple[int, ...] | None = known.get(field.subject)
    if of_subject is None:
        found = tuple(subject_closeness(one, field) for one in standing.likings)
        of_subject = known[field.subject] = found if any(found) else ()
    if not of_subject:
        return of_clusters
    likings = tuple(map(max, of_clusters.likings, of_subject))
    return FieldWorth(of_clusters.goal, likings, combined(likings))


def _clusters_worth(field: Field, standing: Standing) -> FieldWorth:
    likings = tuple(cluster_closeness(one, field) for one in standing.likings)
    toward_it = max((field_toward(one, field) for one in standing.careers), default=0)
    return FieldWorth(toward_it, likings, combined(likings))


def readiness(course: Course, standing: Standing) -> int:
    """Ready for what it needs; more mastery never makes it less.

    A high level that asks for nothing is carried by anything that was shown before.
    """
    uncarried = course.level in HIGH_LEVELS and not standing.has_shown
    nothing = UNCARRIED if uncarried else NO_NEED
    return standing.gauge(READY, course.competencies_needed, nothing, course)


def newness(course: Course, standing: Standing) -> int:
    """What a course teaches that is still to learn."""
    return standing.gauge(NEW, course.competencies_taught, NO_GOAL, course)


def growth(entry: Entry, standing: Standing) -> int:
    """What it would build; for a test, what the student can already show."""
    if not isinstance(entry, CreditOption):
        codes: tuple[str, ...] = getattr(entry, "competencies", ())
        return standing.gauge(GROW, codes, NO_GOAL)
    codes, testing = entry.competencies, entry.way == "test_out"
    course = standing.catalog.courses.get(entry.course)
    return standing.gauge(SHOW if testing else GROW, codes, NO_GOAL, course)


def core(course: Course, standing: Standing) -> int:
    """The next course in a subject that every diploma needs.

    Ohio asks for units in these subjects (ORC 3313.603); the split into units is the
    district's, so only the level of the course speaks here. Health, physical
    education and personal finance are a half credit: done once, they speak no more.
    An advanced course meets the same need as a core one, which is there for all.
    """
    if course.level not in CORE_LEVELS or not course.grades:
        return 0
    if course.subject in HALF_CREDIT_SUBJECTS:
        return 0 if course.subject in standing.subjects_begun else HALF_CREDIT
    if course.subject not in CORE_SUBJECTS:
        return 0
    grade, first = standing.facts.grade, min(course.grades)
    near = grade is None or first - 1 <= grade <= first
    strength = WHOLE if near else WHOLE // 2
    return strength * HARDER_CORE // WHOLE if course.level == "advanced" else strength


def feasibility(entry: Entry, standing: Standing) -> int:
    """Less where it waits for a course, costs money, or its age limit is unsure."""
    if isinstance(entry, Course):
        return WHOLE - wait_for(entry, standing)
    if isinstance(entry, CreditOption):
        course = standing.catalog.courses.get(entry.course)
        return WHOLE - wait_for(course, standing) - cost_of(entry)
    unsure = (
        isinstance(entry, Opportunity)
        and entry.age_min is not None
        and standing.facts.age is None
    )
    less = AGE_UNKNOWN if unsure else 0
    return WHOLE - cost_of(entry) - commitment(entry) - less


def wait_for(course: Course | None, standing: Standing) -> int:
    """Return what it counts against a course that it waits for one under way."""
    return WAITING if course and standing.stage(course.rule) == 1 else 0


def cost_of(entry: Entry) -> int:
    """Return what it counts against an option that it costs money."""
    return COSTS if getattr(entry, "cost", "").lower() not in ("", "free") else 0


def commitment(entry: Entry) -> int:
    """Return what a long time counts against a place: it is a bigger decision."""
    hours = getattr(entry, "hours_total", None) or 0
    return next((less for least, less in LONG if hours >= least), 0)
