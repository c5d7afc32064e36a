"""How a student is doing, from the mastery record (features P1, P2, P5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pathways.app import Milepost
from pathways.domain.catalog import Catalog, Competency, Course
from pathways.domain.lexicon import fold, lexicon_of
from pathways.domain.mastery import Level, Mastery
from pathways.services.access import Actor, note_look, student_for
from pathways.services.student_facts import mastery_of


@dataclass(frozen=True)
class Standing:
    """Where a student stands in one competency; `trend` is -1, 0 or 1."""

    code: str
    title: str
    subject: str
    category: str
    level: int
    word: str
    trend: int
    as_of: date
    source: str
    attempts: tuple[tuple[date, int, str], ...]


@dataclass(frozen=True)
class Gap:
    """A competency on the way to a goal that is not proficient yet."""

    title: str
    word: str
    course: str


def _standing(competency: Competency, mastery: Mastery) -> Standing:
    latest = mastery.latest
    return Standing(
        code=competency.code,
        title=competency.title,
        subject=competency.subject,
        category=competency.category,
        level=int(mastery.level),
        word=mastery.level.word,
        trend=mastery.trend,
        as_of=latest.earned_on,
        source=f"{latest.source}: {latest.assessment}",
        attempts=tuple(
            (one.earned_on, int(one.level), one.assessment) for one in mastery.attempts
        ),
    )


def profile(milepost: Milepost, actor: Actor, student_id: str = "") -> list[Standing]:
    """Return a student's standing in each competency with results, strongest first."""
    with milepost.work() as work:
        student = student_for(work, actor, student_id or actor.id)
        note_look(work, actor, student.id, "mastery", milepost.clock())
        catalog = milepost.catalogs.current(work, actor.school_id)
        known = mastery_of(work, student)
    found = [
        _standing(catalog.competencies[code], mastery)
        for code, mastery in known.items()
        if code in catalog.competencies
    ]
    return sorted(found, key=lambda one: (-one.level, one.subject, one.title))


@dataclass(frozen=True)
class Answer:
    """What the record says about a topic, and what it does not know.

    `topic` is None where the words name nothing in the catalog.
    """

    topic: str | None
    standings: tuple[Standing, ...]
    unknown: tuple[str, ...]


def ask(milepost: Milepost, actor: Actor, words: Sequence[str]) -> Answer:
    """Answer "how am I doing in ..." for the first words that name something."""
    with milepost.work() as work:
        catalog = milepost.catalogs.current(work, actor.school_id)
    topic, codes = _topic(catalog, words)
    if topic is None:
        return Answer(None, (), ())
    by_code = {one.code: one for one in profile(milepost, actor)}
    standings = [by_code[code] for code in codes if code in by_code]
    unknown = [
        catalog.competencies[code].title for code in codes if code not in by_code
    ]
    standings.sort(key=lambda one: (-one.level, one.title))
    return Answer(topic, tuple(standings), tuple(unknown))


def _topic(catalog: Catalog, words: Sequence[str]) -> tuple[str | None, list[str]]:
    lexicon = lexicon_of(catalog)
    for one in words:
        folded = fold(one)
        course = lexicon.courses.get(folded)
        if course is not None and course.competencies_taught:
            return course.title, list(course.competencies_taught)
        competency = lexicon.competencies.get(folded)
        if competency is not None:
            return competency.title, [competency.code]
        subject = _of_subject(catalog.competencies.values(), folded)
        if subject:
            return one, subject
    return None, []


SUBJECT_WORDS = {
    "math": "mathematics",
    "maths": "mathematics",
    "ela": "english",
    "language arts": "english",
    "reading": "english",
    "history": "social_studies",
    "gym": "physical_education",
    "pe": "physical_education",
    "art": "fine_arts",
    "music": "fine_arts",
}


def _of_subject(competencies: Iterable[Competency], folded: str) -> list[str]:
    wanted = SUBJECT_WORDS.get(folded, folded.replace(" ", "_"))
    return [one.code for one in competencies if one.subject == wanted]


def gaps(
    milepost: Milepost, actor: Actor, words: Sequence[str] = ()
) -> tuple[str, list[Gap]]:
    """Return what is not proficient yet for a course named, or for the goals.

    Returns:
        The title of what the gaps lead to ("" where nothing is known to aim for),
        and the gaps, the nearest to proficient first.
    """
    with milepost.work() as work:
        student = student_for(work, actor, actor.id)
        catalog = milepost.catalogs.current(work, actor.school_id)
        known = mastery_of(work, student)
        taken = {
            row.course: row.state
            for row in work.records.courses(student.school_id, student.id)
        }
        careers = [
            row.code
            for row in work.records.interests(student.school_id, student.id)
            if row.kind == "career" and row.code
        ]
    aim, courses = _aim(catalog, words, careers, taken)
    found = [gap for course in courses for gap in _gaps_before(course, catalog, known)]
    unique = {gap.title: gap for _, gap in sorted(found, key=lambda one: -one[0])}
    return aim, list(unique.values())


def _aim(
    catalog: Catalog,
    words: Sequence[str],
    careers: Sequence[str],
    taken: dict[str, str],
) -> tuple[str, list[Course]]:
    lexicon = lexicon_of(catalog)
    for one in words:
        course = lexicon.courses.get(fold(one))
        if course is not None:
            return course.title, [course]
    named = [
        found.code for one in words if (found := lexicon.occupation(one)) is not None
    ]
    for code in [*named, *careers]:
        for program in catalog.programs.values():
            if code in program.occupations:
                courses = [
                    catalog.courses[one]
                    for one in program.courses
                    if one in catalog.courses and taken.get(one) != "completed"
                ]
                return catalog.occupations[code].title, courses
    return "", []


def _gaps_before(
    course: Course, catalog: Catalog, known: dict[str, Mastery]
) -> list[tuple[int, Gap]]:
    found = []
    for code in course.competencies_needed:
        mastery, competency = known.get(code), catalog.competencies.get(code)
        level = mastery.level if mastery else None
        if competency is None or (level is not None and level >= Level.PROFICIENT):
            continue
        word = level.word if level is not None else ""
        found.append((int(level or 0), Gap(competency.title, word, course.title)))
    return found
