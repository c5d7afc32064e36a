"""The equity audit: run by staff at the machine, nothing of it is stored (A9).

Milepost keeps no protected characteristic. Groups come from a file that is read for
the audit alone, or from what the school's roster holds anyway: grade and language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pathways.app import Milepost
from pathways.domain.catalog import Catalog
from pathways.domain.equity import (
    LEAST,
    Alert,
    Exposure,
    GroupRow,
    alerts,
    exposure,
    tabulate,
)
from pathways.domain.shelves import index_of
from pathways.domain.standing import Standing
from pathways.services.errors import Invalid
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
    today = milepost.today(school)
    seen: dict[str, list[Exposure]] = {}
    with milepost.work() as work:
        catalog = milepost.catalogs.current(work, school.id)
        people = [
            one
            for one in work.people.in_role(school.id, "student")
            if grades is None or one.grade in grades
        ]
        for person in people:
            facts = facts_of(work, person, catalog, today)
            found = exposure(Standing(facts, catalog, today), index_of(catalog))
            seen.setdefault(group_of(person, by, groups), []).append(found)
        differing = _differing(work, people, catalog, today)
    rows = tabulate(seen, least)
    return Audit(
        today,
        catalog.version,
        len(people),
        rows,
        alerts(rows),
        len(people) if len(people) > 1 else 0,
        differing,
    )


def group_of(person: Person, by: str, groups: Mapping[str, str] | None) -> str:
    """Return the group that a student counts to."""
    if groups is not None:
        named = groups.get(person.username) or groups.get(person.source_id)
        return named or NO_GROUP
    value = person.grade if by == "grade" else person.language
    return f"{by} {'not known' if value is None else value}"


def _differing(
    work: UnitOfWork, people: Sequence[Person], catalog: Catalog, today: date
) -> int:
    """Give each student the next one's name, account and language; count changes."""
    differing = 0
    for person, other in zip(people, [*people[1:], *people[:1]], strict=True):
        swapped = Person(
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
        before = facts_of(work, person, catalog, today).fingerprint
        differing += facts_of(work, swapped, catalog, today).fingerprint != before
    return differing
