"""The catalog: what a school offers and what the world of work asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from pathways.domain.entries import (
    SOC,
    Cluster,
    Competency,
    Course,
    Credential,
    CreditOption,
    Entry,
    EntryCode,
    Name,
    Occupation,
    Opportunity,
    Phrase,
    Program,
    Seal,
    Status,
    Text,
)

__all__ = [
    "KINDS",
    "SOC",
    "Catalog",
    "Cluster",
    "Competency",
    "Course",
    "Credential",
    "CreditOption",
    "Entry",
    "EntryCode",
    "Name",
    "Occupation",
    "Opportunity",
    "Phrase",
    "Program",
    "Seal",
    "Status",
    "Text",
    "catalog_of",
]

Kind = TypeVar("Kind", bound=Entry)

TRANSLATED = ("es",)

KINDS: dict[str, type[Entry]] = {
    one.kind: one
    for one in (
        Cluster,
        Competency,
        Course,
        Program,
        Occupation,
        Opportunity,
        CreditOption,
        Phrase,
        Credential,
        Seal,
    )
}


@dataclass(frozen=True, eq=False)
class Catalog:
    """One version of a school's catalog, by kind and code; never changes."""

    version: int
    entries: Mapping[str, Mapping[str, Entry]]

    @cached_property
    def wordings(self) -> Mapping[str, Mapping[str, str]]:
        """Titles and descriptions in other languages, by language and English text."""
        every = [one for group in self.entries.values() for one in group.values()]
        return {language: wording_of(every, language) for language in TRANSLATED}

    def _active(self, kind: type[Kind]) -> Mapping[str, Kind]:
        return {
            code: entry
            for code, entry in self.entries.get(kind.kind, {}).items()
            if isinstance(entry, kind) and entry.status is Status.ACTIVE
        }

    @cached_property
    def clusters(self) -> Mapping[str, Cluster]:
        """Active clusters by code."""
        return self._active(Cluster)

    @cached_property
    def competencies(self) -> Mapping[str, Competency]:
        """Active competencies by code."""
        return self._active(Competency)

    @cached_property
    def courses(self) -> Mapping[str, Course]:
        """Active courses by code."""
        return self._active(Course)

    @cached_property
    def programs(self) -> Mapping[str, Program]:
        """Active pathways by code."""
        return self._active(Program)

    @cached_property
    def occupations(self) -> Mapping[str, Occupation]:
        """Active occupations by SOC code."""
        return self._active(Occupation)

    @cached_property
    def opportunities(self) -> Mapping[str, Opportunity]:
        """Active opportunities by code."""
        return self._active(Opportunity)

    @cached_property
    def credit_options(self) -> Mapping[str, CreditOption]:
        """Active credit options by code."""
        return self._active(CreditOption)

    @cached_property
    def phrases(self) -> Mapping[str, Phrase]:
        """Active phrases by the phrase itself."""
        return self._active(Phrase)

    @cached_property
    def credentials(self) -> Mapping[str, Credential]:
        """Active credentials by code."""
        return self._active(Credential)

    @cached_property
    def seals(self) -> Mapping[str, Seal]:
        """Active diploma seals by code."""
        return self._active(Seal)


def wording_of(entries: Iterable[Entry], language: str) -> dict[str, str]:
    """Return what a school wrote in a language, by the English text.

    The same English words have the same translation wherever they stand; the first
    entry that gives one counts.
    """
    found: dict[str, str] = {}
    for entry in entries:
        for name in ("title", "description"):
            english = getattr(entry, name, "")
            theirs = getattr(entry, f"{name}_{language}", "")
            if english and theirs:
                found.setdefault(english, theirs)
    return found


def catalog_of(version: int, entries: Iterable[Entry]) -> Catalog:
    """Make a catalog from its entries."""
    by_kind: dict[str, dict[str, Entry]] = {kind: {} for kind in KINDS}
    for entry in entries:
        by_kind[entry.kind][entry.code] = entry
    return Catalog(version, by_kind)
