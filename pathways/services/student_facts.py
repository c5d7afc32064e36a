"""Collects what the matcher may know of a student, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from pathways.domain.career_ideas import scored_interest
from pathways.domain.catalog import Catalog
from pathways.domain.days import age_on
from pathways.domain.facts import (
    CareerGoal,
    CourseState,
    InterestFact,
    StudentFacts,
)
from pathways.domain.interest_scores import scores_in
from pathways.domain.lexicon import Lexicon, lexicon_of
from pathways.domain.mastery import (
    Attempt,
    Level,
    Mastery,
    Method,
    Rule,
    summarize,
)
from pathways.domain.policy_limits import NO_LIMITS, PolicyLimits
from pathways.services.credit_facts import credit_facts_of
from pathways.store.models import Choice, Interest, MasteryResult, Person
from pathways.store.unit_of_work import UnitOfWork

UNPROVEN = {"intact", "unverified"}


def mastery_of(work: UnitOfWork, student: Person) -> dict[str, Mastery]:
    """Return a student's mastery of each competency that has results."""
    rules = {
        rule.competency: Rule(Method(rule.method), rule.setting)
        for rule in work.records.mastery_rules(student.school_id)
    }
    results = work.records.results(student.school_id, student.id)
    return summarize((_attempt(row) for row in results), rules=rules)


def _attempt(row: MasteryResult) -> Attempt:
    mark = " (unverified)" if row.proof in UNPROVEN else ""
    return Attempt(
        row.competency,
        Level(row.level),
        row.earned_on,
        row.assessment,
        row.source + mark,
        row.attempt,
        row.points,
        row.mastery_points,
        row.possible,
    )


def facts_of(
    work: UnitOfWork,
    student: Person,
    catalog: Catalog,
    today: date,
    limits: PolicyLimits = NO_LIMITS,
    choices: Sequence[Choice] | None = None,
) -> StudentFacts:
    """Return the facts of a student as of today, and what the limits ask for.

    `choices` are the student's, where they were read before.
    """
    rows = work.records.interests(student.school_id, student.id)
    if choices is None:
        choices = work.records.choices(student.school_id, student.id)
    lexicon = lexicon_of(catalog)
    taken = work.records.courses(student.school_id, student.id)
    said = work.records.availability(student.school_id, student.id)
    places = said[0].places if said else None
    return StudentFacts(
        grade=student.grade,
        age=age_on(student.born, today),
        mastery=mastery_of(work, student),
        courses={row.course: CourseState(row.state) for row in taken},
        interests=(
            *(_interest(row, lexicon) for row in rows if row.kind == "interest"),
            *_scores(rows, catalog),
        ),
        careers=tuple(_careers(rows, catalog)),
        dismissed=frozenset(
            choice.option for choice in choices if choice.decision == "dismissed"
        ),
        hours_a_week=said[0].hours_a_week if said else None,
        places=None if places is None else frozenset(places),
        credit=credit_facts_of(work, student, taken, catalog, limits, today),
    )


def _interest(row: Interest, lexicon: Lexicon) -> InterestFact:
    leads = lexicon.leads(row.words)
    return InterestFact(
        row.words,
        row.said_at.date(),
        leads.clusters,
        leads.occupations,
        leads.riasec,
        leads.subjects,
    )


def _scores(rows: Sequence[Interest], catalog: Catalog) -> Iterator[InterestFact]:
    """Yield the six scores that a student brought as one more interest."""
    for row in rows:
        if row.kind == "scores":
            brought = scores_in(row.words)
            found = scored_interest(brought, row.said_at.date(), catalog)
            if found is not None:
                yield found


def _careers(rows: Sequence[Interest], catalog: Catalog) -> list[CareerGoal]:
    found = []
    for row in rows:
        occupation = catalog.occupations.get(row.code or "")
        if row.kind == "career" and occupation is not None:
            found.append(
                CareerGoal(
                    occupation.code,
                    occupation.title,
                    occupation.cluster,
                    row.said_at.date(),
                )
            )
    return found
