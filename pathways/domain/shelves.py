"""The prepared catalog: what each option is made of, worked out once a version.

A score and a limit depend on little of an option: what a course needs, in which
grades it is, its field. Options share those traits, so each different one is judged
once for a student, and an option costs a few look-ups. The functions that judge a
trait are those that explain it (`scores`, `limits`), so both always agree.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Generic, TypeVar

from pathways.domain.catalog import (
    Catalog,
    Course,
    CreditOption,
    Entry,
    Opportunity,
)
from pathways.domain.credit_facts import AREA
from pathways.domain.languages import spoken_in
from pathways.domain.options import OptionKind, kind_of
from pathways.domain.policy_checks import AT_WORK, COLLEGE, season_of
from pathways.domain.scores import HIGH_LEVELS
from pathways.domain.ties import Ties, ties_in

Trait = TypeVar("Trait", bound=Hashable)
LONG_HOURS = 100


@dataclass
class Column(Generic[Trait]):
    """One trait of every option of a shelf: the different ones, and which each has."""

    seen: dict[Trait, int] = field(default_factory=dict)
    at: list[int] = field(default_factory=list)
    samples: list[Entry] = field(default_factory=list)

    def add(self, trait: Trait, entry: Entry) -> None:
        """Note the trait of the next option."""
        place = self.seen.setdefault(trait, len(self.seen))
        if place == len(self.samples):
            self.samples.append(entry)
        self.at.append(place)


@dataclass
class Shelf:
    """The options of one kind and one sort of entry, by code.

    `from_end` is an option's place among all options by code, counted from the last.
    The columns hold what the score and the limits of that sort depend on.
    """

    kind: OptionKind
    entries: list[Entry] = field(default_factory=list)
    from_end: list[int] = field(default_factory=list)
    ties: list[Ties] = field(default_factory=list)
    columns: dict[str, Column[Hashable]] = field(default_factory=dict)
    last_day: list[int] = field(default_factory=list)

    def note(self, name: str, trait: Hashable, entry: Entry) -> None:
        """Note a trait of the next option."""
        self.columns.setdefault(name, Column()).add(trait, entry)

    @cached_property
    def _by_last_day(self) -> tuple[Sequence[int], Sequence[int]]:
        ordered = sorted(range(len(self.last_day)), key=self.last_day.__getitem__)
        return [self.last_day[place] for place in ordered], ordered

    def ended(self, today: date) -> Sequence[int]:
        """Return the places that are not open on a day by their own dates."""
        days, ordered = self._by_last_day
        return ordered[: bisect_left(days, today.toordinal())]

    @cached_property
    def by_course(self) -> Mapping[str, Sequence[int]]:
        """Which options are, or earn the credit of, a course."""
        return _inverted((one.course,) for one in self.ties)

    @cached_property
    def by_occupation(self) -> Mapping[str, Sequence[int]]:
        """Which options name an occupation."""
        return _inverted(one.occupations for one in self.ties)

    @cached_property
    def by_word(self) -> Mapping[str, Sequence[int]]:
        """Which options go by a student's word."""
        return _inverted(one.words for one in self.ties)


def _inverted(many: Iterable[Iterable[str]]) -> Mapping[str, Sequence[int]]:
    found: dict[str, list[int]] = {}
    for place, names in enumerate(many):
        for name in names:
            if name:
                found.setdefault(name, []).append(place)
    return found


@dataclass(frozen=True, eq=False)
class CatalogIndex:
    """Every option of a catalog version, on shelves; never changes."""

    catalog: Catalog
    shelves: tuple[Shelf, ...]
    entries: tuple[Entry, ...]
    codes: tuple[str, ...]
    groups: tuple[tuple[str, str, str], ...]

    def of_kind(self, kind: OptionKind | None) -> tuple[Shelf, ...]:
        """Return the shelves of a kind, all for None."""
        return tuple(one for one in self.shelves if kind in (None, one.kind))

    def places(self, codes: Iterable[str]) -> list[int]:
        """Return the places of the options that have one of the codes."""
        return [
            place
            for code in codes
            for place in range(
                bisect_left(self.codes, code), bisect_right(self.codes, code)
            )
        ]


@lru_cache(maxsize=16)
def index_of(catalog: Catalog) -> CatalogIndex:
    """Return the prepared catalog, made once for each version."""
    groups = (catalog.courses, catalog.opportunities, catalog.credit_options)
    ordered = sorted(
        (entry for group in groups for entry in group.values()),
        key=lambda one: (one.code, one.kind),
    )
    shelves: dict[tuple[OptionKind, str], Shelf] = {}
    for place, entry in enumerate(ordered):
        kind = kind_of(entry)
        if kind is not None:
            shelf = shelves.setdefault((kind, entry.kind), Shelf(kind))
            _put(shelf, entry, len(ordered) - place, catalog)
    return CatalogIndex(
        catalog,
        tuple(shelves[key] for key in sorted(shelves)),
        tuple(ordered),
        tuple(one.code for one in ordered),
        tuple((family(one), kind_of(one) or "", level_word(one)) for one in ordered),
    )


def _put(shelf: Shelf, entry: Entry, from_end: int, catalog: Catalog) -> None:
    ties = ties_in(catalog).of(entry)
    shelf.entries.append(entry)
    shelf.from_end.append(from_end)
    shelf.ties.append(ties)
    for name, trait in _traits(entry, catalog).items():
        shelf.note(name, trait, entry)
    shelf.note("field", ties.field, entry)
    if isinstance(entry, Opportunity):
        shelf.last_day.append(last_day(entry))


def _traits(entry: Entry, catalog: Catalog) -> Mapping[str, Hashable]:
    """Return all that the score and the limits of an entry depend on."""
    if isinstance(entry, Course):
        needed, taught = entry.competencies_needed, entry.competencies_taught
        return {
            "needs": (
                needed,
                entry.level in HIGH_LEVELS,
                spoken_in(entry, needed, catalog),
            ),
            "builds": (taught, spoken_in(entry, taught, catalog)),
            "asks": (entry.grades, entry.subject, entry.level, entry.seats == 0),
            "follows": entry.rule,
            **_ruled(entry),
        }
    if isinstance(entry, Opportunity):
        unsure, at_work = entry.age_min is not None, entry.sort in AT_WORK
        return {
            "builds": entry.competencies,
            "asks": (entry.grades, entry.age_min, entry.age_max),
            "where": (entry.place, entry.remote, entry.hours_per_week),
            "terms": (entry.cost, entry.hours_total, unsure),
            "law": (entry.hours_per_week, season_of(entry)) if at_work else None,
        }
    if isinstance(entry, CreditOption):
        course = catalog.courses.get(entry.course)
        return {
            "builds": (
                entry.competencies,
                entry.way == "test_out",
                spoken_in(course, entry.competencies, catalog),
            ),
            "asks": (course.grades if course else None, entry.cost),
            "follows": course.rule if course else None,
            "capped": entry.credits,
        }
    return {}


def _ruled(course: Course) -> Mapping[str, Hashable]:
    """Return what the state's rules of college credit look at."""
    if course.level != COLLEGE:
        return {}
    return {"ruled": (course.subject, course.sced_code[:AREA], course.credits)}


def last_day(entry: Opportunity) -> int:
    """Return the ordinal of the last day on which a place is open, 0 for never.

    The same as `limits.places` says, once for all days.
    """
    if not (entry.safety_checks is True or entry.remote is True):
        return 0
    ends = entry.ends or entry.starts
    known = [day for day in (entry.apply_by, ends) if day is not None]
    backwards = entry.starts and ends and ends < entry.starts
    late = entry.apply_by and ends and entry.apply_by > ends
    return 0 if backwards or late or not known else min(known).toordinal()


def family(entry: Entry) -> str:
    """The family an option counts to when suggestions are spread."""
    if isinstance(entry, Course):
        return entry.subject
    if isinstance(entry, CreditOption):
        return entry.course
    return (
        entry.clusters[0] if isinstance(entry, Opportunity) and entry.clusters else ""
    )


def level_word(entry: Entry) -> str:
    """The level, sort or way that suggestions are spread over."""
    for name in ("level", "sort", "way"):
        if hasattr(entry, name):
            return str(getattr(entry, name))
    return ""
