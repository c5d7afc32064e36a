"""Looks through the catalog for a counselor, demand of the school included (A5)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select

from pathways.app import Milepost
from pathways.domain.catalog import Catalog
from pathways.domain.catalog_lint import Finding, Wish, lint, unserved
from pathways.domain.lexicon import fold, lexicon_of
from pathways.domain.unmet import Kind
from pathways.services.access import Actor, Role, require
from pathways.services.demand import demand_of
from pathways.services.errors import NotFound
from pathways.services.policy import PACKS, pack
from pathways.store.models import Interest, School
from pathways.store.unit_of_work import UnitOfWork

FEWEST_STUDENTS = 3


@dataclass(frozen=True)
class Look:
    """What was found in one version; `hidden` counts wishes of too few students."""

    version: int
    findings: tuple[Finding, ...]
    hidden: int


def look_through(milepost: Milepost, actor: Actor) -> Look:
    """Return what in the newest catalog a counselor had better look at."""
    require(actor, Role.COUNSELOR)
    with milepost.work() as work:
        school = work.people.school(actor.school_id)
        if school is None:
            raise NotFound("The school")
        return look_at(milepost, work, school)


def look_at(milepost: Milepost, work: UnitOfWork, school: School) -> Look:
    """Return the same for a school, to whoever runs the machine."""
    catalog = milepost.catalogs.current(work, school.id)
    rules = {
        str(rule["id"])
        for rule in (pack(school.state)["rules"] if school.state in PACKS else ())
    }
    found = lint(catalog, milepost.today(school), rules)
    unmet = demand_of(milepost, work, school.id)
    liked = _wishes(work, school.id, catalog)
    missed = (one for one in unmet.items if one.kind is not Kind.LANGUAGE)
    wishes = {
        one.words: one
        for one in (*liked, *(Wish(one.words, one.students) for one in missed))
    }
    enough = [one for one in wishes.values() if one.students >= FEWEST_STUDENTS]
    found += unserved(
        catalog, enough, lambda words: lexicon_of(catalog).leads(words).occupations
    )
    hidden = len(wishes) - len(enough) + unmet.hidden
    return Look(catalog.version, tuple(found), hidden)


def _wishes(work: UnitOfWork, school_id: str, catalog: Catalog) -> list[Wish]:
    """Return what students said they like or aim for, known to the catalog or not."""
    rows = work.records.all(select(Interest).where(Interest.school_id == school_id))
    students: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        known = catalog.occupations.get(row.code or "")
        students[known.title if known else fold(row.words)].add(row.student_id)
    return [Wish(words, len(who)) for words, who in students.items() if words]
