"""Why an option fits: each part of its score with the facts that made it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pathways.domain.catalog import Course, CreditOption, Entry
from pathways.domain.mastery import Level, Mastery
from pathways.domain.options import Part, Reason, Values
from pathways.domain.scores import (
    MAIN,
    READY,
    closeness,
    combined,
    core,
    parts_of,
    toward,
)
from pathways.domain.standing import Sign, Standing
from pathways.domain.ties import Ties

TOLD = 2
TAKING_WORDS = {Sign.COVERED: "course_done", Sign.UNDER_WAY: "course_taking"}


def parts_for(entry: Entry, standing: Standing) -> tuple[Part, ...]:
    """Return the parts of an entry's score, each with its reasons."""
    ties = standing.ties.of(entry)
    named: dict[str, Iterable[Reason]] = {
        "goal": goal_reasons(ties, standing),
        "interest": interest_reasons(ties, standing),
        "readiness": ready_reasons(entry, standing),
        "growth": growth_reasons(entry, standing),
        "core": core_reasons(entry, standing),
    }
    return tuple(
        replace(part, reasons=tuple(named.get(part.name, ())))
        for part in parts_of(entry, standing)
    )


def goal_reasons(ties: Ties, standing: Standing) -> Iterable[Reason]:
    """Name the career that the entry serves best."""
    found = [(toward(one, ties, standing), one) for one in standing.careers]
    best = max((strength for strength, _ in found), default=0)
    if not best:
        return
    career = next(one for strength, one in found if strength == best)
    values = {"career": career.title}
    source = f"chat, {career.said_on.isoformat()}"
    program = standing.ties.programs.get((ties.course, career.occupation))
    if career.occupation in ties.occupations:
        yield Reason("career_here", values, career.title, source)
    elif program is not None:
        named = {**values, "program": program.title}
        yield Reason(
            "career_program", named, program.title, f"{source}; {program.source}"
        )
    else:
        yield Reason("career_field", values, career.title, source)


def interest_reasons(ties: Ties, standing: Standing) -> Iterable[Reason]:
    """Name the interest that counts, and a second one where it adds something."""
    found = sorted(
        ((closeness(one, ties, standing), one.fact) for one in standing.likings),
        key=lambda pair: (-pair[0], pair[1].words),
    )
    strengths = [strength for strength, _ in found[:TOLD]]
    adds = len(strengths) == TOLD and combined(strengths) > strengths[0]
    for strength, one in found[: TOLD if adds else 1]:
        if strength:
            source = f"{one.source}, {one.said_on.isoformat()}"
            key = "interest" if strength >= MAIN // 2 else "interest_near"
            key = "interest_scores" if one.scored else key
            yield Reason(key, {"interest": one.words}, one.words, source)


def ready_reasons(entry: Entry, standing: Standing) -> Iterable[Reason]:
    """Name what the student can do that a course builds on."""
    if not isinstance(entry, Course):
        return
    known = _known(entry.competencies_needed, standing, entry)
    known.sort(key=lambda one: -READY[one.level])
    yield from _mastery_reasons(known[:TOLD], standing, "ready", Level.PROFICIENT)
    if not known and not standing.silent(entry):
        yield from _course_reasons(entry.competencies_needed, standing)


def growth_reasons(entry: Entry, standing: Standing) -> Iterable[Reason]:
    """Name what the student would build, or can show in a test."""
    if isinstance(entry, Course):
        known = _known(entry.competencies_taught, standing, entry)
        known = [one for one in known if one.level < Level.PROFICIENT]
        known = [
            one for one in known if one.competency not in entry.competencies_needed
        ]
        yield from _mastery_reasons(known[:1], standing, "builds")
        return
    course = standing.catalog.courses.get(getattr(entry, "course", ""))
    known = _known(getattr(entry, "competencies", ()), standing, course)
    if isinstance(entry, CreditOption) and entry.way == "test_out":
        known.sort(key=lambda one: -one.level)
        yield from _mastery_reasons(known[:TOLD], standing, "shows", Level.PROFICIENT)
        return
    known.sort(key=lambda one: (one.level >= Level.PROFICIENT, -one.level))
    yield from _mastery_reasons(known[:TOLD], standing, "builds")


def core_reasons(entry: Entry, standing: Standing) -> Iterable[Reason]:
    """Name the subject that every diploma needs."""
    if isinstance(entry, Course) and core(entry, standing):
        subject = entry.subject.replace("_", " ")
        values: Values = {"subject": subject, "grade": min(entry.grades)}
        yield Reason("core", values, entry.subject, entry.source)


def _known(
    codes: Sequence[str], standing: Standing, course: Course | None
) -> list[Mastery]:
    mastery, silent = standing.facts.mastery, standing.silent(course)
    return [mastery[code] for code in codes if code in mastery and code not in silent]


def _mastery_reasons(
    known: Iterable[Mastery],
    standing: Standing,
    stem: str,
    firm: Level | None = None,
) -> Iterable[Reason]:
    """Yield a reason for each; "_other" where the level is not the hoped-for one."""
    for one in known:
        competency = standing.catalog.competencies.get(one.competency)
        if competency is None:
            continue
        strong = one.level >= (firm or Level.PROFICIENT)
        key = stem if strong == (firm is not None) else f"{stem}_other"
        values = {"competency": competency.title, "level": one.level.word}
        yield Reason(
            key,
            values,
            f"{one.level.word} ({int(one.level)} of 4)",
            f"{one.latest.source}: {one.latest.assessment}, "
            f"{one.latest.earned_on.isoformat()}",
        )
        yield from _dispute(one, values)


def _dispute(one: Mastery, values: dict[str, str]) -> Iterable[Reason]:
    """Say where two sources contradict each other."""
    other = one.told_otherwise
    if other is None:
        return
    told = {**values, "other": other.level.word, "other_source": other.source}
    yield Reason(
        "disputed",
        told,
        f"{other.level.word} ({int(other.level)} of 4)",
        f"{other.source}: {other.assessment}, {other.earned_on.isoformat()}",
    )


def _course_reasons(codes: Sequence[str], standing: Standing) -> Iterable[Reason]:
    """Name a course of the record that covers what is needed, without a result."""
    listed = standing.catalog.entries.get(Course.kind, {})
    for code, state in sorted(standing.facts.courses.items()):
        course = listed.get(code)
        if isinstance(course, Course) and {*course.competencies_taught} & {*codes}:
            done = standing.facts.completed(code)
            key = TAKING_WORDS[Sign.COVERED if done else Sign.UNDER_WAY]
            yield Reason(key, {"course": course.title}, state.value, "course record")
            return
