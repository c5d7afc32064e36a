"""The equity audit, at the machine or on a counselor's page; nothing is stored (A9).

Milepost keeps no protected characteristic. Groups come from a file that is read for
the audit alone, or from what the school's roster holds anyway: grade and language.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pathways.app import Milepost
from pathways.domain.catalog import Catalog
from pathways.domain.equity import (
    FIRST,
    LEAST,
    Alert,
    Exposure,
    GroupRow,
    alerts,
    looked_at,
    tabulate,
)
from pathways.domain.matching import rank
from pathways.domain.policy import Policy
from pathways.domain.policy_limits import limits_of
from pathways.domain.shelves import index_of
from pathways.domain.standing import Standing
from pathways.domain.transcript import transcript
from pathways.services.access import Actor, Role, require, school_of
from pathways.services.errors import Invalid
from pathways.services.policy import policy_for
from pathways.services.student_facts import facts_of
from pathways.store.models import Person, School
from pathways.store.unit_of_work import UnitOfWork

BY = ("grade", "language")
NO_GROUP = "not in the file"


@dataclass(frozen=True)
class Audit:
    """Rows by group, alerts, and pairs of students swapped with what came of it."""

    as_of: date
    catalog_version: int
    students: int
    rows: tuple[GroupRow, ...]
    alerts: tuple[Alert, ...]
    swapped: int
    differing: int


def audit(
    milepost: Milepost,
    school: School,
    by: str = "grade",
    groups: Mapping[str, str] | None = None,
    least: int = LEAST,
    grades: frozenset[int] | None = None,
) -> Audit:
    """Compare what the students of a school are offered, by group.

    Args:
        milepost: the product.
        school: the school, chosen by the person at the machine.
        by: `grade` or `language`, where no groups are given.
        groups: the group of each student, by username or by the school's own id.
        least: groups with fewer students are hidden.
        grades: look at these grades alone; younger ones always see lower levels.

    Raises:
        Invalid: `by` is neither of the two, or `least` would hide nobody.
    """
    if by not in BY:
        raise Invalid(f"Groups can be by {' or '.join(BY)}, or from a file.", "by")
    if least < 2:
        raise Invalid("The least size of a group is 2 or more.", "least")
    every = look_at_all(milepost, school)
    return _grouped(every, by, groups, least, grades)


@dataclass(frozen=True)
class Looked:
    """A student and what they are offered; `differs`: another's name changed it."""

    person: Person
    exposure: Exposure
    differs: bool


@dataclass(frozen=True)
class Everyone:
    """All students of a school, looked at on one day with one catalog."""

    as_of: date
    catalog_version: int
    students: tuple[Looked, ...]


def look_at_all(milepost: Milepost, school: School) -> Everyone:
    """Look at what each student of a school is offered; the costly part."""
    today = milepost.today(school)
    with milepost.work() as work:
        catalog = milepost.catalogs.current(work, school.id)
        lens = Lens(work, catalog, policy_for(work, school), today)
        people = work.people.in_role(school.id, Role.STUDENT)
        looked = []
        for person, other in zip(people, [*people[1:], *people[:1]], strict=True):
            found, ranking = looked_at(lens.standing(person), index_of(catalog))
            differs = False
            if other is not person:
                swapped = lens.standing(dressed_as(person, other))
                differs = everything_said(swapped) != transcript(ranking)
            looked.append(Looked(dressed_as(person, person), found, differs))
    return Everyone(today, catalog.version, tuple(looked))


def _grouped(
    every: Everyone,
    by: str,
    groups: Mapping[str, str] | None,
    least: int,
    grades: frozenset[int] | None,
) -> Audit:
    chosen = [
        one for one in every.students if grades is None or one.person.grade in grades
    ]
    seen: dict[str, list[Exposure]] = {}
    for one in chosen:
        group = group_of(one.person, by, groups)
        seen.setdefault(group, []).append(one.exposure)
    rows = tabulate(seen, least)
    return Audit(
        every.as_of,
        every.catalog_version,
        len(chosen),
        rows,
        alerts(rows),
        len(chosen) if len(chosen) > 1 else 0,
        sum(one.differs for one in chosen),
    )


def audit_for(
    milepost: Milepost,
    actor: Actor,
    by: str = "grade",
    groups: Mapping[str, str] | None = None,
    grades: frozenset[int] | None = None,
) -> Audit:
    """Run the audit for a counselor of the school; nobody else may.

    No student is named, groups under the least size are hidden, nothing is stored.
    What each student is offered is worked out once for a day, a version of the catalog
    and the imports so far, and kept in memory; the groups are counted each time.
    """
    require(actor, Role.COUNSELOR)
    if by not in BY:
        raise Invalid(f"Groups can be by {' or '.join(BY)}, or from a file.", "by")
    with milepost.work() as work:
        school = school_of(work, actor)
        key = (
            "equity",
            school.id,
            milepost.today(school),
            milepost.catalogs.current(work, school.id).version,
            policy_for(work, school).version,
            *work.people.marks(school.id),
        )
    every = milepost.figures.get(key, lambda: look_at_all(milepost, school))
    return _grouped(every, by, groups, LEAST, grades)


def groups_from(text: str) -> dict[str, str]:
    """Read the group of each student from a CSV with `student` and `group`.

    Raises:
        Invalid: a column is absent, or there are no rows.
    """
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    if not rows or not {"student", "group"} <= rows[0].keys():
        raise Invalid("The file needs the columns student and group.", "groups")
    return {row["student"]: row["group"] for row in rows if row["group"]}


@dataclass(frozen=True)
class Lens:
    """How students are looked at: one catalog, one set of rules, one day."""

    work: UnitOfWork
    catalog: Catalog
    policy: Policy
    today: date

    def standing(self, person: Person) -> Standing:
        """Return a student before the catalog, under the rules of the school."""
        limits = limits_of(self.policy, person.grade, self.today)
        facts = facts_of(self.work, person, self.catalog, self.today, limits)
        return Standing(facts, self.catalog, self.today, limits)


def everything_said(standing: Standing) -> bytes:
    """Return a whole ranking with scores and reasons, to compare to the byte."""
    found = rank(
        standing.facts,
        standing.catalog,
        standing.today,
        limit=FIRST,
        limits=standing.limits,
    )
    return transcript(found)


def group_of(person: Person, by: str, groups: Mapping[str, str] | None) -> str:
    """Return the group that a student counts to."""
    if groups is not None:
        named = groups.get(person.username) or groups.get(person.source_id)
        return named or NO_GROUP
    value = person.grade if by == "grade" else person.language
    return f"{by} {'not known' if value is None else value}"


def dressed_as(person: Person, other: Person) -> Person:
    """Return the same record under another's name, account and language."""
    return Person(
        id=person.id,
        school_id=person.school_id,
        role=person.role,
        grade=person.grade,
        born=person.born,
        username=other.username,
        source_id=other.source_id,
        given_name=other.given_name,
        family_name=other.family_name,
        language=other.language,
    )
