"""Rules of a state as checked data, and what a district sets for itself (O11).

A rule that cites nothing, or cites a source without title and section, does not
load. What a district left blank stays None: a counselor decides it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import StringConstraints, model_validator

from pathways.domain.district import District, Strict, Words
from pathways.domain.experience import Allowed, Bucket, Pair

RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z]+(\.[a-z0-9_]+)+$")]
Topic = Literal[
    "credit_flexibility",
    "graduation",
    "college_credit_plus",
    "work_based_learning",
    "student_records",
]
COUNSELOR = re.compile(r"\bcounselor\b", re.IGNORECASE)


class Source(Strict):
    """A text that rules rest on: title and section, and where it was read."""

    title: Words
    section: Words
    url: Words | None = None
    read_in: Words | None = None

    @property
    def words(self) -> str:
        """The source as people read it."""
        return f"{self.title}, {self.section}"


class Cohort(Strict):
    """Which graduating classes a rule is for; None: no bound on that side."""

    first_class: int | None = None
    last_class: int | None = None

    def includes(self, graduating: int | None) -> bool:
        """Tell whether a class is meant; a class not known counts as meant."""
        if graduating is None:
            return True
        first, last = self.first_class, self.last_class
        return (first is None or graduating >= first) and (
            last is None or graduating <= last
        )


class Rule(Strict):
    """One rule in plain words, with its values, its reach and its source.

    Attributes:
        effective_from: the first day in force, None where it is not known.
        unverified: what was not checked against the state's own text.
    """

    id: RuleId
    topic: Topic
    title: Words
    text: Words
    values: Mapping[str, Any] = {}
    applies_to: Words
    cohort: Cohort = Cohort()
    effective_from: date | None = None
    effective_to: date | None = None
    citation: Words
    verified: bool
    unverified: Words | None = None
    note: Words | None = None

    @model_validator(mode="after")
    def _says_what_is_not_sure(self) -> Self:
        if not self.verified and not self.unverified:
            raise ValueError(f"{self.id}: say what is unverified.")
        if not self.verified and not COUNSELOR.search(self.text):
            raise ValueError(f"{self.id}: an unverified rule sends to a counselor.")
        return self

    def applies(self, graduating: int | None, day: date) -> bool:
        """Tell whether the rule holds for a class on a day."""
        begun = self.effective_from is None or day >= self.effective_from
        over = self.effective_to is not None and day > self.effective_to
        return begun and not over and self.cohort.includes(graduating)


class CountingRule(Strict):
    """Whether the same hours may stand in two buckets, by a rule of the pack."""

    buckets: tuple[Bucket, Bucket]
    allowed: Allowed
    rule: RuleId


class Case(Strict):
    """A test case inside the pack: a question, what is given, what must come out."""

    name: Words
    asks: Words
    rule: RuleId
    given: Mapping[str, Any] = {}
    expect: Any


class Pack(Strict):
    """One version of a state's rules."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z]+$")]
    version: Words
    title: Words
    jurisdiction: Annotated[str, StringConstraints(pattern=r"^US-[A-Z]{2}$")]
    sources: Mapping[str, Source]
    rules: tuple[Rule, ...]
    counting: tuple[CountingRule, ...] = ()
    cases: tuple[Case, ...] = ()

    @model_validator(mode="after")
    def _resolves(self) -> Self:
        names = Counter(rule.id for rule in self.rules)
        twice = sorted(name for name, count in names.items() if count > 1)
        if twice:
            raise ValueError(f"defined twice: {', '.join(twice)}")
        for rule in self.rules:
            if rule.citation not in self.sources:
                raise ValueError(f"{rule.id}: no source is called {rule.citation}.")
            if not rule.id.startswith(f"{self.id}."):
                raise ValueError(f"{rule.id}: rules of this pack begin with {self.id}.")
        named = [one.rule for one in self.counting]
        named += [one.rule for one in self.cases]
        unknown = sorted(set(named) - names.keys())
        if unknown:
            raise ValueError(f"no such rule: {', '.join(unknown)}")
        return self

    @cached_property
    def by_id(self) -> Mapping[str, Rule]:
        """Rules by their id."""
        return {rule.id: rule for rule in self.rules}

    def rule(self, name: str) -> Rule | None:
        """Return a rule by its id, or by its id without the pack's name."""
        return self.by_id.get(name) or self.by_id.get(f"{self.id}.{name}")

    def value(self, rule: str, name: str) -> Any:
        """Return one value of a rule, None where pack or rule has none."""
        found = self.rule(rule)
        return found.values.get(name) if found else None

    def source(self, rule: str) -> Source | None:
        """Return the source of a rule."""
        found = self.rule(rule)
        return self.sources[found.citation] if found else None


COUNTING_NAMES = {
    "credit_and_work_hours": (Bucket.CREDIT, Bucket.WORK_HOURS),
    "credit_and_seal": (Bucket.CREDIT, Bucket.SEAL),
    "work_hours_and_seal": (Bucket.WORK_HOURS, Bucket.SEAL),
    "two_credits": (Bucket.CREDIT, Bucket.CREDIT),
    "two_seals": (Bucket.SEAL, Bucket.SEAL),
}


class Policy(Strict):
    """A state's pack with a district's overlay: what holds at one school."""

    pack: Pack | None
    district: District = District()
    overlay_number: int = 0

    @property
    def version(self) -> str:
        """Name and version of the pack, and the number of the overlay."""
        name = f"{self.pack.id} {self.pack.version}" if self.pack else "none 0"
        return f"{name} +{self.overlay_number}" if self.overlay_number else name

    def value(self, rule: str, name: str) -> Any:
        """Return one value of a rule of the state, None where there is none."""
        return self.pack.value(rule, name) if self.pack else None

    @cached_property
    def counting(self) -> tuple[Pair, ...]:
        """What is said about counting twice; the district's word goes first."""
        said = self.district.counting_twice.model_dump()
        pairs = [
            Pair(*buckets, Allowed.YES if said[name] else Allowed.NO, by="district")
            for name, buckets in COUNTING_NAMES.items()
            if said[name] is not None
        ]
        for one in self.pack.counting if self.pack else ():
            pairs.append(Pair(*one.buckets, one.allowed, one.rule, "pack"))
        return tuple(pairs)
