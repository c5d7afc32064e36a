"""Which catalog entries name which others, and which of those names lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pathways.domain.catalog import (
    Catalog,
    Cluster,
    Competency,
    Course,
    Credential,
    CreditOption,
    Entry,
    Occupation,
    Opportunity,
    Phrase,
    Program,
    Seal,
)

REFERENCES: tuple[tuple[type[Entry], str, type[Entry]], ...] = (
    (Course, "competencies_taught", Competency),
    (Course, "competencies_needed", Competency),
    (Course, "clusters", Cluster),
    (Program, "cluster", Cluster),
    (Program, "courses", Course),
    (Program, "occupations", Occupation),
    (Occupation, "cluster", Cluster),
    (Occupation, "related", Occupation),
    (Opportunity, "clusters", Cluster),
    (Opportunity, "occupations", Occupation),
    (Opportunity, "competencies", Competency),
    (CreditOption, "course", Course),
    (CreditOption, "competencies", Competency),
    (CreditOption, "opportunities", Opportunity),
    (Phrase, "clusters", Cluster),
    (Phrase, "occupations", Occupation),
    (Credential, "clusters", Cluster),
    (Credential, "courses", Course),
    (Seal, "courses", Course),
)


@dataclass(frozen=True)
class BrokenReference:
    """A column that names an entry which does not exist."""

    entry: Entry
    column: str
    value: str
    wanted: str

    @property
    def reason(self) -> str:
        """What to tell the counselor."""
        return f"there is no {self.wanted} with the code {self.value}"


def broken_references(catalog: Catalog) -> Iterator[BrokenReference]:
    """Yield each reference to an entry that the catalog does not hold."""
    for kind, column, wanted in REFERENCES:
        known = catalog.entries.get(wanted.kind, {})
        for entry in catalog.entries.get(kind.kind, {}).values():
            value = getattr(entry, column)
            for code in (value,) if isinstance(value, str) else value:
                if code not in known:
                    yield BrokenReference(entry, column, code, wanted.kind)
    yield from _broken_prerequisites(catalog)


def _broken_prerequisites(catalog: Catalog) -> Iterator[BrokenReference]:
    courses = courses_of(catalog)
    for course in courses.values():
        for code in course.rule.codes:
            if code not in courses:
                yield BrokenReference(course, "prerequisites", code, Course.kind)


def courses_of(catalog: Catalog) -> dict[str, Course]:
    """Return the courses of any status by code."""
    return {
        code: entry
        for code, entry in catalog.entries.get(Course.kind, {}).items()
        if isinstance(entry, Course)
    }


def prerequisite_circles(courses: Mapping[str, Course]) -> list[tuple[str, ...]]:
    """Return each circle of courses that need each other, first and last the same."""
    done: set[str] = set()
    circles: list[tuple[str, ...]] = []

    def follow(code: str, path: tuple[str, ...]) -> None:
        if code in path:
            circles.append((*path[path.index(code) :], code))
        elif code not in done and code in courses:
            for needed in courses[code].rule.codes:
                follow(needed, (*path, code))
            done.add(code)

    for code in sorted(courses):
        follow(code, ())
    return circles
