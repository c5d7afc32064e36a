"""Experiences as people see them, with their hours by bucket (P10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from pathways.domain.catalog import Catalog
from pathways.domain.experience import (
    COUNTED,
    Allowed,
    Bucket,
    Pair,
    Share,
    Standing,
    overlaps,
    total,
)
from pathways.domain.policy import Policy
from pathways.services.access import Actor, school_of
from pathways.services.policy import policy_for
from pathways.store.credit_models import Experience, ExperienceShare
from pathways.store.unit_of_work import UnitOfWork
from pathways.texts import say

Titles = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Doubled:
    """Two buckets that hold the same hours, and what the rules say of that.

    `allowed` is one of `Allowed`; `source` is empty where nobody has said.
    """

    first: str
    second: str
    allowed: str
    text: str
    source: str


@dataclass(frozen=True)
class ShareView:
    """Hours that count toward the `target` of a `bucket`, by its title."""

    bucket: str
    target: str
    title: str
    hours: float


@dataclass(frozen=True)
class ExperienceView:
    """One entry as people see it; `past` are the entries that it corrected."""

    id: str
    sort: str
    what: str
    place: str
    mentor: str
    first_day: date
    last_day: date
    hours: float
    evidence: str
    standing: str
    reason: str
    logged_at: datetime
    answered_at: datetime | None
    answered_by: str
    answer: str
    shares: tuple[ShareView, ...]
    doubled: tuple[Doubled, ...]
    past: tuple[ExperienceView, ...] = ()


@dataclass(frozen=True)
class Total:
    """Hours in one bucket: all that is logged, and those that a mentor confirmed."""

    bucket: str
    target: str
    title: str
    hours: float
    confirmed: float


@dataclass(frozen=True)
class Ledger:
    """A student's entries, newest first, and the hours in all and by bucket."""

    items: tuple[ExperienceView, ...]
    hours: float
    confirmed: float
    totals: tuple[Total, ...]


def titles_of(
    work: UnitOfWork, actor: Actor, catalog: Catalog, student: str
) -> dict[tuple[str, str], str]:
    """Return all that a student's hours can count toward: (bucket, target) to title."""
    policy = policy_for(work, school_of(work, actor))
    found = {
        (Bucket.WORK_HOURS.value, ""): say(actor.language, "experience.work_hours")
    }
    for plan in work.credits.plans(actor.school_id, student):
        course = catalog.courses.get(str(plan.fields.get("course", "")))
        title = course.title if course else say(actor.language, "experience.a_plan")
        found[Bucket.CREDIT.value, plan.id] = title
    seals = policy.pack.rules if policy.pack else ()
    for rule in seals:
        if seal := rule.values.get("seal"):
            found[Bucket.SEAL.value, str(seal)] = rule.title
    for code, competency in catalog.competencies.items():
        found[Bucket.COMPETENCY.value, code] = competency.title
    return found


def read_ledger(
    work: UnitOfWork, actor: Actor, catalog: Catalog, student: str
) -> Ledger:
    """Return the ledger of a student whom the caller has already let through."""
    rows = work.credits.experiences(actor.school_id, student)
    titles = titles_of(work, actor, catalog, student)
    policy = policy_for(work, school_of(work, actor))
    shares = work.credits.shares(actor.school_id, student)
    views = {
        row.id: view_of(row, shares, titles, policy, actor.language) for row in rows
    }
    replaced = {row.replaces_id: row.id for row in rows if row.replaces_id}
    items = tuple(
        _with_past(views, row, {one.id: one for one in rows})
        for row in rows
        if row.id not in replaced
    )
    counted = [one for one in items if Standing(one.standing) in COUNTED]
    sure = [one for one in counted if one.standing == Standing.CONFIRMED]
    places = {(s.bucket, s.target): s.title for one in counted for s in one.shares}
    return Ledger(
        items,
        sum(one.hours for one in counted),
        sum(one.hours for one in sure),
        tuple(
            Total(bucket, target, title, *_sums(counted, sure, bucket, target))
            for (bucket, target), title in sorted(places.items())
        ),
    )


def _sums(
    counted: list[ExperienceView], sure: list[ExperienceView], bucket: str, target: str
) -> tuple[float, float]:
    def hours(views: list[ExperienceView]) -> float:
        shares = (
            Share(Bucket(s.bucket), s.target, s.hours) for v in views for s in v.shares
        )
        return total(shares, Bucket(bucket), target)

    return hours(counted), hours(sure)


def _with_past(
    views: Mapping[str, ExperienceView], row: Experience, rows: Mapping[str, Experience]
) -> ExperienceView:
    past = []
    step = row
    while step.replaces_id:
        past.append(views[step.replaces_id])
        step = rows[step.replaces_id]
    return replace(views[row.id], past=tuple(past))


def view_of(
    row: Experience,
    shares: Sequence[ExperienceShare],
    titles: Titles,
    policy: Policy,
    language: str,
) -> ExperienceView:
    """Put one entry into words."""
    own = [one for one in shares if one.experience_id == row.id]
    counted = [Share(Bucket(one.bucket), one.target, one.hours) for one in own]
    return ExperienceView(
        id=row.id,
        sort=row.sort,
        what=row.what,
        place=row.place,
        mentor=row.mentor,
        first_day=row.first_day,
        last_day=row.last_day,
        hours=row.hours,
        evidence=row.evidence,
        standing=row.standing,
        reason=row.reason,
        logged_at=row.logged_at,
        answered_at=row.answered_at,
        answered_by=row.answered_by or "",
        answer=row.answer,
        shares=tuple(
            ShareView(
                one.bucket,
                one.target,
                titles.get((one.bucket, one.target), one.target),
                one.hours,
            )
            for one in own
        ),
        doubled=tuple(
            _doubled(pair, policy, language)
            for pair in overlaps(counted, row.hours, policy.counting)
        ),
    )


def _doubled(pair: Pair, policy: Policy, language: str) -> Doubled:
    source = policy.pack.source(pair.rule) if policy.pack and pair.rule else None
    said = say(language, "experience.by_district") if pair.by == "district" else ""
    names = {
        "first": say(language, f"experience.bucket_{pair.first}"),
        "second": say(language, f"experience.bucket_{pair.second}"),
    }
    return Doubled(
        pair.first,
        pair.second,
        pair.allowed,
        say(language, f"experience.twice_{Allowed(pair.allowed)}", names),
        source.words if source else said,
    )
