"""Ways to earn a credit outside class, in words (O6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pathways.app import Milepost
from pathways.domain.catalog import Catalog, Course
from pathways.domain.credit_ways import Way, courses_for_gap, ways_for
from pathways.domain.lexicon import fold, lexicon_of
from pathways.domain.matching import option_for
from pathways.domain.policy import Policy
from pathways.services.access import Actor, Role, require, school_of, student_for
from pathways.services.errors import NotFound
from pathways.services.option_views import ISO_DAY
from pathways.services.policy import policy_for
from pathways.services.school_day import in_words
from pathways.services.student_facts import facts_of
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
    first; each is (words, source).
    """

    course: str
    title: str
    credits: float
    items: tuple[WayView, ...]
    effects: tuple[tuple[str, str], ...]
    warnings: tuple[tuple[str, str], ...]
    policy_version: str


def ways(milepost: Milepost, actor: Actor, course: str) -> WaysView:
    """Return the ways to earn a course's credit, the open and best fitting first.

    Args:
        milepost: the product.
        actor: the student who wishes for the credit.
        course: its code.

    Raises:
        NotFound: the catalog has no such course.
    """
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        student = student_for(work, actor, actor.id)
        school = school_of(work, actor)
        policy, today = policy_for(work, school), milepost.today(school)
        catalog = milepost.catalogs.current(work, actor.school_id)
        wished = catalog.courses.get(course)
        if wished is None:
            raise NotFound("The course")
        facts = facts_of(work, student, catalog, today)
    mine = [one for one in catalog.credit_options.values() if one.course == course]
    options = [
        option
        for one in mine
        if (option := option_for(one, facts, catalog, today)) is not None
    ]
    found = ways_for(wished, options, catalog, policy, today)
    language = actor.language
    return WaysView(
        course,
        wished.title,
        wished.credits,
        tuple(_view(one, policy, language) for one in found),
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


def _view(way: Way, policy: Policy, language: str) -> WayView:
    return WayView(
        way.id,
        say(language, "credit_way.own_title", {"course": way.title})
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
        tuple(
            say(language, f"checks.{one.key}", _spoken(one.values, language))
            for one in way.failed
        ),
        way.parts,
        _source(policy, way.rule),
    )


def _spoken(values: object, language: str) -> dict[str, object]:
    assert isinstance(values, dict)
    return {
        name: in_words(date.fromisoformat(value), language)
        if isinstance(value, str) and ISO_DAY.fullmatch(value)
        else value
        for name, value in values.items()
    }
