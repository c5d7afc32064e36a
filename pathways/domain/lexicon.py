"""Takes students' own words to careers, fields, courses and competencies (O3)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
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
DOING = re.compile(
    r"^(?:(?:i|to|want|like|love|enjoy|work|working|go|going|do|doing|play|playing|"
    r"study|studying|learn|learning|get|getting|be|being|become|becoming|"
    r"something|anything|stuff|a|an|the|with|in|into|about|career|careers|job|jobs|"
    r"major|field) )+(?=...)"
)
LONGEST_LOOSE = 4
ENDINGS = {"ings": 4, "ing": 4, "ies": 3, "es": 3, "ed": 4, "s": 3, "e": 3}
SMALL_WORDS = frozenset(
    """
    a about after all an and any anything are as at be become being best better by
    career day do doing for from future get getting go going good have having high
    hour i in into is it job jobs just kind kinda kinds learn learning like lot lots
    love major make making maybe me more much my of on one or other others out own
    really school some someday something sort stuff that the their them these thing
    things this to want was way with work working you your
    """.split()  # noqa: SIM905
)


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


def without_accents(words: str) -> str:
    """Return words with accents taken off: "matemáticas" is "matematicas"."""
    if words.isascii():
        return words
    parts = unicodedata.normalize("NFD", words)
    return "".join(one for one in parts if unicodedata.category(one) != "Mn")


def fold(words: str) -> str:
    """Return words in lower case, with single spaces, no punctuation, no accents."""
    return " ".join(WORD.findall(without_accents(words.lower())))


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
            (one, (one.code, one.title, one.title_es, *one.everyday_names))
            for one in self.catalog.occupations.values()
        )

    @cached_property
    def courses(self) -> Mapping[str, Course]:
        """Courses by each name they go by, code included."""
        return _by_name(
            (one, (one.code, one.title, one.title_es, *one.everyday_names))
            for one in self.catalog.courses.values()
        )

    @cached_property
    def competencies(self) -> Mapping[str, Competency]:
        """Competencies by each name they go by, code included."""
        return _by_name(
            (one, (one.code, one.title, one.title_es, *one.everyday_names))
            for one in self.catalog.competencies.values()
        )

    @cached_property
    def organizations(self) -> Mapping[str, Opportunity]:
        """Opportunities by title and organization."""
        return _by_name(
            (one, (one.code, one.title, one.title_es, one.organization))
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
        for found in self._found(words):
            if isinstance(found, Occupation):
                return found
            known = self.catalog.occupations
            first = next(
                (known[one] for one in found.occupations if one in known), None
            )
            if first is not None:
                return first
        return None

    def leads(self, words: str) -> Leads:
        """Return where words lead; nothing where the catalog does not know them."""
        every = list(self._found(words))
        phrase = next((one for one in every if isinstance(one, Phrase)), None)
        if phrase is not None:
            return Leads(
                phrase.clusters, phrase.occupations, phrase.riasec, phrase.subjects
            )
        for one in every:
            if isinstance(one, Occupation):
                return Leads((one.cluster,), (one.code,), one.interests, one.subjects)
        return Leads()

    def _found(self, words: str) -> Iterator[Occupation | Phrase]:
        """Yield what the closest form that is known at all stands for."""
        for form in forms(words):
            both = (self.occupations.get(form), self.phrases.get(form))
            if any(both):
                yield from (one for one in both if one is not None)
                return
        for part in parts(words):
            named = self._stems.get(part, ())
            if named:
                yield from named
                return

    @cached_property
    def _stems(self) -> Mapping[str, tuple[Occupation | Phrase, ...]]:
        """Occupations and phrases by their stems: "driving trucks" as "driv truck"."""
        found: dict[str, tuple[Occupation | Phrase, ...]] = {}
        for names in (dict[str, Occupation | Phrase](self.phrases), self.occupations):
            seen: set[str] = set()
            for name, entry in sorted(names.items(), key=lambda pair: len(pair[0])):
                key = " ".join(stems(name))
                if key and key not in seen:
                    seen.add(key)
                    kept = found.get(key, ())
                    found[key] = (*kept, entry)
        return found


@lru_cache(maxsize=16)
def lexicon_of(catalog: Catalog) -> Lexicon:
    """Return the lexicon of a catalog, made once for each."""
    return Lexicon(catalog)


def forms(words: str) -> Iterator[str]:
    """Yield the forms under which words may be known, the closest first.

    As said, without what stands before a noun, without "work with" and its kin, and
    one or many: "nurses".
    """
    said = fold(words)
    every = (said, bare(words), DOING.sub("", said))
    yield from every
    yield from (_other_number(one) for one in every if len(one) > 3)


def parts(words: str) -> Iterator[str]:
    """Yield the parts of a short phrase as stems, longest first, later ones first.

    The last word of an English phrase says what it is: a "travel nurse" is a nurse.
    Longer sentences have no parts: what they name is not what they are about.
    """
    every = stems(words)
    if len(every) > LONGEST_LOOSE:
        return
    for length in range(len(every), 0, -1):
        for start in range(len(every) - length, -1, -1):
            yield " ".join(every[start : start + length])


def stems(words: str) -> tuple[str, ...]:
    """Return the words that carry meaning, without the endings of verb and number."""
    return tuple(_stem(word) for word in fold(words).split() if word not in SMALL_WORDS)


def _stem(word: str) -> str:
    for ending, shortest in ENDINGS.items():
        if word.endswith(ending) and len(word) - len(ending) >= shortest:
            cut = word.removesuffix(ending)
            return cut[:-1] if cut[-1] == cut[-2] and ending.startswith("i") else cut
    return word


def _other_number(words: str) -> str:
    """Return "nurse" for "nurses" and the other way round."""
    return words[:-1] if words.endswith("s") else f"{words}s"


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
        for name in filter(None, names):
            found.setdefault(fold(name), entry)
    return found
