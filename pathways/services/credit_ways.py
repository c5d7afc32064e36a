"""Ways to earn a credit outside class, in words (O6)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pathways.app import Milepost
from pathways.domain.catalog import Catalog, Course
from pathways.domain.credit_ways import Way, courses_for_gap
from pathways.domain.facts import canonical
from pathways.domain.features import Feature
from pathways.domain.lexicon import fold, lexicon_of
from pathways.domain.policy import Policy
from pathways.domain.policy_limits import limits_of
from pathways.domain.standing import Standing
from pathways.domain.ways_transcript import ways_inputs, ways_to, ways_transcript
from pathways.services.access import Actor, Role, require, school_of, student_for
from pathways.services.errors import NotFound
from pathways.services.features import check_on
from pathways.services.option_views import check_words
from pathways.services.policy import policy_for
from pathways.services.school_day import in_words
from pathways.services.student_facts import facts_of
from pathways.store.models import Suggestion
from pathways.store.records import CREDIT_WAYS
from pathways.texts import say


@dataclass(frozen=True)
class DeadlineView:
    """A day by which something must be in; None: the counselor decides it."""

    what: str
    day: date | None
    words: str


@dataclass(frozen=True)
class WayView:
    """One way to a credit as people read it; `id` begins a plan."""

    id: str
    title: str
    kind: str
    kind_words: str
    credits: float
    whole: bool
    hours: float | None
    hours_source: str
    evidence: str
    overseer: str
    cost: str
    deadlines: tuple[DeadlineView, ...]
    score: float
    open: bool
    limits: tuple[str, ...]
    parts: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class WaysView:
    """All ways to one course's credit, and what is true of each of them.

    `effects` say what it does to grade, GPA and transcript; `warnings` what to ask
    first; each is (words, source). `suggestion_id` names the log, for a replay.
    """

    course: str
    title: str
    credits: float
    items: tuple[WayView, ...]
    effects: tuple[tuple[str, str], ...]
    warnings: tuple[tuple[str, str], ...]
    policy_version: str
    suggestion_id: str


def ways(milepost: Milepost, actor: Actor, course: str) -> WaysView:
    """Return the ways to earn a course's credit, the best first, and log them.

    Args:
        milepost: the product.
        actor: the student who wishes for the credit.
        course: its code.

    Raises:
        NotFound: the catalog has no such course.
    """
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        check_on(work, actor, Feature.CREDIT_PLANS)
        student = student_for(work, actor, actor.id)
        school = school_of(work, actor)
        policy, today = policy_for(work, school), milepost.today(school)
        catalog = milepost.catalogs.current(work, actor.school_id)
        wished = catalog.courses.get(course)
        if wished is None:
            raise NotFound("The course")
        limits = limits_of(policy, student.grade, today)
        facts = facts_of(work, student, catalog, today, limits)
        standing = Standing(facts, catalog, today, limits)
        found = ways_to(wished, standing, policy)
        logged = work.records.add(_log(actor, course, standing, policy, found))
        logged.suggested_at = milepost.clock()
        work.commit()
        suggestion_id = logged.id
    language = actor.language
    wording = catalog.wordings.get(language, {})
    return WaysView(
        course,
        wished.title,
        wished.credits,
        tuple(_view(one, policy, language, wording) for one in found),
        tuple(
            (say(language, f"graduation.flex_{name}"), _source(policy, name))
            for name in ("grade", "gpa")
            if policy.pack and policy.pack.rule(f"credit_flex.{name}")
        ),
        tuple(
            (say(language, f"credit_plan.warn_{name}"), _source(policy, name))
            for name in ("athletics", "before_start")
        ),
        policy.version,
        suggestion_id,
    )


def _log(
    actor: Actor,
    course: str,
    standing: Standing,
    policy: Policy,
    found: Sequence[Way],
) -> Suggestion:
    inputs = ways_inputs(course, standing, policy)
    return Suggestion(
        school_id=actor.school_id,
        student_id=actor.id,
        kind=CREDIT_WAYS,
        catalog_version=standing.catalog.version,
        policy_version=policy.version,
        inputs_hash=hashlib.sha256(canonical(inputs).encode()).hexdigest(),
        ranking=[{"id": one.id, "score": one.score, "stretch": False} for one in found],
        inputs=inputs,
        output_hash=hashlib.sha256(ways_transcript(found)).hexdigest(),
    )


def wished_courses(
    milepost: Milepost, actor: Actor, words: Sequence[str]
) -> list[tuple[str, str]]:
    """Return (code, title) of courses that words name, or that show a named skill.

    Words can be a course's code or name, or a competency's; with no words, the
    courses that have ways of their own.
    """
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        catalog = milepost.catalogs.current(work, actor.school_id)
    found: dict[str, Course] = {}
    for one in words:
        for course in _named(catalog, one):
            found.setdefault(course.code, course)
    if not words:
        codes = sorted({one.course for one in catalog.credit_options.values()})
        found = {
            code: catalog.courses[code] for code in codes if code in catalog.courses
        }
    return [(code, course.title) for code, course in found.items()]


def _named(catalog: Catalog, words: str) -> tuple[Course, ...]:
    if words in catalog.courses:
        return (catalog.courses[words],)
    named = lexicon_of(catalog).courses.get(fold(words))
    if isinstance(named, Course):
        return (named,)
    for code, competency in sorted(catalog.competencies.items()):
        names = (code, competency.title, *competency.everyday_names)
        if fold(words) in {fold(name) for name in names}:
            return courses_for_gap(code, catalog)
    return ()


def _source(policy: Policy, rule: str) -> str:
    name = rule if "." in rule else f"credit_flex.{rule}"
    found = policy.pack.source(name) if policy.pack else None
    return found.words if found else ""


def _view(
    way: Way, policy: Policy, language: str, wording: Mapping[str, str]
) -> WayView:
    course = wording.get(way.title, way.title)
    return WayView(
        way.id,
        say(language, "credit_way.own_title", {"course": course})
        if way.kind == "own_plan"
        else way.title,
        way.kind,
        say(language, f"credit_way.kind_{way.kind}"),
        way.credits,
        way.whole,
        way.hours,
        _source(policy, way.hours_rule) if "." in way.hours_rule else way.hours_rule,
        way.evidence or say(language, "credit_way.agree_evidence"),
        way.overseer or say(language, "credit_way.agree_overseer"),
        way.cost or say(language, "credit_way.agree_cost"),
        tuple(
            DeadlineView(
                one.what,
                one.day,
                in_words(one.day, language, with_year=True)
                if one.day
                else say(language, "credit_plan.counselor_decides"),
            )
            for one in way.deadlines
        ),
        way.score,
        way.open,
        tuple(check_words(one, language, wording) for one in way.failed),
        way.parts,
        _source(policy, way.rule),
    )
