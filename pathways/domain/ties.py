"""What links a catalog entry to goals and interests, worked out once a catalog."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from pathways.domain.catalog import (
    Catalog,
    Course,
    CreditOption,
    Entry,
    Opportunity,
    Program,
)
from pathways.domain.lexicon import fold

NUMERAL = re.compile(r" (?:i|ii|iii|iv|\d+)$")


@dataclass(frozen=True)
class Field:
    """The clusters an entry names, its main one first, and a course's subject."""

    clusters: tuple[str, ...] = ()
    subject: str = ""


@dataclass(frozen=True)
class Ties:
    """What an entry is tied to: its field, and single occupations, words, a course."""

    field: Field = Field()
    occupations: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    course: str = ""


@dataclass(frozen=True, eq=False)
class TieMap:
    """The ties of every entry of a catalog."""

    catalog: Catalog
    _found: dict[str, Ties] = field(default_factory=dict)

    def of(self, entry: Entry) -> Ties:
        """Return what links an entry to goals and interests."""
        known = self._found.get(entry.code)
        if known is None:
            known = self._found[entry.code] = self._ties(entry)
        return known

    def _ties(self, entry: Entry) -> Ties:
        if isinstance(entry, Course):
            return Ties(
                Field(entry.clusters, entry.subject),
                words=_names(entry),
                course=entry.code,
            )
        if isinstance(entry, Opportunity):
            return Ties(
                Field(entry.clusters),
                frozenset(entry.occupations),
                frozenset(fold(words) for words in entry.interest_words),
            )
        return self._of_parts(entry) if isinstance(entry, CreditOption) else Ties()

    def _of_parts(self, entry: CreditOption) -> Ties:
        """A credit option is tied to its course first, then to its places."""
        course = self.catalog.courses.get(entry.course)
        places = [
            self.catalog.opportunities[code]
            for code in entry.opportunities
            if code in self.catalog.opportunities
        ]
        parts = [self.of(one) for one in ([course] if course else []) + places]
        clusters = dict.fromkeys(one for part in parts for one in part.field.clusters)
        return Ties(
            Field(tuple(clusters), course.subject if course else ""),
            _union(part.occupations for part in parts),
            _union(part.words for part in parts),
            entry.course,
        )

    @cached_property
    def programs(self) -> Mapping[tuple[str, str], Program]:
        """The first pathway that holds a course and leads to an occupation."""
        found: dict[tuple[str, str], Program] = {}
        for _, program in sorted(self.catalog.programs.items()):
            for course in program.courses:
                for occupation in program.occupations:
                    found.setdefault((course, occupation), program)
        return found

    @cached_property
    def courses_toward(self) -> Mapping[str, tuple[str, ...]]:
        """The courses of the pathways toward an occupation."""
        found: dict[str, dict[str, None]] = {}
        for course, occupation in self.programs:
            found.setdefault(occupation, {})[course] = None
        return {occupation: tuple(courses) for occupation, courses in found.items()}


@lru_cache(maxsize=16)
def ties_in(catalog: Catalog) -> TieMap:
    """Return the ties of a catalog, made once for each."""
    return TieMap(catalog)


def _names(course: Course) -> frozenset[str]:
    title = fold(course.title)
    names = {title, NUMERAL.sub("", title)}
    return frozenset(names | {fold(name) for name in course.everyday_names})


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset(one for many in sets for one in many)
