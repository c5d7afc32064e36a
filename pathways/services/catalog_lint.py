"""Looks through the catalog for a counselor, demand of the school included (A5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from pathways.app import Milepost
from pathways.domain.catalog import Catalog
from pathways.domain.catalog_lint import Finding, Wish, lint, unserved
from pathways.domain.lexicon import fold, lexicon_of
from pathways.services.access import Actor, Role, require
from pathways.services.errors import NotFound
from pathways.services.policy import PACKS, pack
from pathways.store.models import Interest, School
from pathways.store.unit_of_work import UnitOfWork

FEWEST_STUDENTS = 3
# The kind of opportunity (empty for any), the words, and how many students said them.
Demand = tuple[str, str, int]


@dataclass(frozen=True)
class Look:
    """What was found in one version; `hidden` counts wishes of too few students."""

    version: int
    findings: tuple[Finding, ...]
    hidden: int


def look_through(
    milepost: Milepost, actor: Actor, asked: Iterable[Demand] = ()
) -> Look:
    """Return what in the newest catalog a counselor had better look at.

    Args:
        milepost: the product.
        actor: a counselor.
        asked: what students of the school asked for besides, see `Demand`.
    """
    require(actor, Role.COUNSELOR)
    with milepost.work() as work:
        school = work.people.school(actor.school_id)
        if school is None:
            raise NotFound("The school")
        return look_at(milepost, work, school, asked)


def look_at(
    milepost: Milepost, work: UnitOfWork, school: School, asked: Iterable[Demand] = ()
) -> Look:
    """Return the same for a school, to whoever runs the machine."""
    catalog = milepost.catalogs.current(work, school.id)
    rules = {
        str(rule["id"])
        for rule in (pack(school.state)["rules"] if school.state in PACKS else ())
    }
    found = lint(catalog, milepost.today(school), rules)
    wishes = [
        *_wishes(work, school.id, catalog),
        *(Wish(fold(words), count, kind) for kind, words, count in asked if words),
    ]
    enough = [one for one in wishes if one.students >= FEWEST_STUDENTS]
    found += unserved(
        catalog, enough, lambda words: lexicon_of(catalog).leads(words).occupations
    )
    return Look(catalog.version, tuple(found), len(wishes) - len(enough))


def _wishes(work: UnitOfWork, school_id: str, catalog: Catalog) -> list[Wish]:
    """Return what students said they like or aim for.

    The store keeps that, and no questions about careers that were only asked.
    """
    rows = work.records.all(select(Interest).where(Interest.school_id == school_id))
    students: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        known = catalog.occupations.get(row.code or "")
        students[known.title if known else fold(row.words)].add(row.student_id)
    return [Wish(words, len(who)) for words, who in students.items() if words]
