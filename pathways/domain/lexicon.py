"""Takes students' own words to careers, fields, courses and competencies (O3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeVar

from pathways.domain.catalog import (
    Catalog,
    Competency,
    Course,
    Entry,
    Occupation,
    Opportunity,
    Phrase,
)

Named = TypeVar("Named", bound=Entry)
WORD = re.compile(r"[a-z0-9']+")
BEFORE = re.compile(r"^(?:(?:be|being|become|becoming|a|an|the) )+(?=.)")


@dataclass(frozen=True)
class Leads:
    """Where words lead: clusters, occupations, RIASEC letters and subjects."""

    clusters: tuple[str, ...] = ()
    occupations: tuple[str, ...] = ()
    riasec: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Tell whether the catalog knows the words at all."""
        return bool(self.clusters or self.occupations)


def fold(words: str) -> str:
    """Return words in lower case with single spaces and no punctuation."""
    return " ".join(WORD.findall(words.lower()))


def bare(words: str) -> str:
    """Return folded words without what stands before a noun: "to be a nurse"."""
    return BEFORE.sub("", fold(words).removeprefix("to "))


@dataclass(frozen=True)
class Lexicon:
    """Every name that the catalog's entries go by."""

    catalog: Catalog

    @cached_property
    def occupations(self) -> Mapping[str, Occupation]:
        """Occupations by each name they go by, code included."""
        return _by_name(
            (one, (one.code, one.title, *one.everyday_names))
            for one in self.catalog.occupations.values()
        )

    @cached_property
    def courses(self) -> Mapping[str, Course]:
        """Courses by each name they go by, code included."""
        return _by_name(
            (one, (one.code, one.title, *one.everyday_names))
            for one in self.catalog.courses.values()
        )

    @cached_property
    def competencies(self) -> Mapping[str, Competency]:
        """Competencies by each name they go by, code included."""
        return _by_name(
            (one, (one.code, one.title, *one.everyday_names))
            for one in self.catalog.competencies.values()
        )

    @cached_property
    def organizations(self) -> Mapping[str, Opportunity]:
        """Opportunities by title and organization."""
        return _by_name(
            (one, (one.code, one.title, one.organization))
            for one in self.catalog.opportunities.values()
        )

    @cached_property
    def phrases(self) -> Mapping[str, Phrase]:
        """Students' phrases by each form they take: "doing hair", "do hair"."""
        every = self.catalog.phrases.values()
        return {
            **_by_name((one, _plain_forms(one.code)) for one in every),
            **_by_name((one, (one.code,)) for one in every),
        }

    def occupation(self, words: str) -> Occupation | None:
        """Return the occupation that words name: "vet", "a nurse", "29-1141"."""
        direct = _first(self.occupations, words)
        if direct is not None:
            return direct
        leads = self.leads(words)
        return next(
            (
                self.catalog.occupations[code]
                for code in leads.occupations
                if code in self.catalog.occupations
            ),
            None,
        )

    def leads(self, words: str) -> Leads:
        """Return where words lead; nothing where the catalog does not know them."""
        phrase = _first(self.phrases, words)
        if phrase is not None:
            return Leads(
                phrase.clusters, phrase.occupations, phrase.riasec, phrase.subjects
            )
        occupation = _first(self.occupations, words)
        if occupation is not None:
            return Leads(
                (occupation.cluster,),
                (occupation.code,),
                occupation.interests,
                occupation.subjects,
            )
        return Leads()


@lru_cache(maxsize=16)
def lexicon_of(catalog: Catalog) -> Lexicon:
    """Return the lexicon of a catalog, made once for each."""
    return Lexicon(catalog)


def _first(names: Mapping[str, Named], words: str) -> Named | None:
    return names.get(fold(words)) or names.get(bare(words))


def _plain_forms(phrase: str) -> Iterable[str]:
    """Yield "do hair" for "doing hair", "make music" for "making music"."""
    verb, space, rest = fold(phrase).partition(" ")
    if space and verb.endswith("ing") and len(verb) > 4:
        stem = verb[:-3]
        doubled = stem[:-1] if stem[-1] == stem[-2:-1] else stem
        yield from (f"{form} {rest}" for form in (stem, f"{stem}e", doubled))


def _by_name(named: Iterable[tuple[Named, Iterable[str]]]) -> Mapping[str, Named]:
    found: dict[str, Named] = {}
    for entry, names in named:
        for name in names:
            found.setdefault(fold(name), entry)
    return found
