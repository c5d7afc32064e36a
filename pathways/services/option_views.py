"""Options in words: what a card, a page and the API show of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any

from pathways.domain.catalog import (
    Catalog,
    Course,
    CreditOption,
    Entry,
    Opportunity,
    Status,
)
from pathways.domain.changes import Change, would_change
from pathways.domain.facts import StudentFacts
from pathways.domain.options import Check, Option, Reason
from pathways.domain.policy_limits import NO_LIMITS, PolicyLimits
from pathways.domain.standing import Standing
from pathways.services.school_day import in_words
from pathways.texts import say, word

NO_WORDING: Mapping[str, str] = MappingProxyType({})
# Values that are code words: a subject, levels of mastery.
CODES = frozenset({"subject", "level", "other"})
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class ReasonView:
    """A reason in words, with the value it rests on and where that is from."""

    fact: str
    value: str
    source: str


@dataclass(frozen=True)
class OptionView:
    """An option as people see it; `parts` are (name, weight, strength).

    `support` says what makes a stretch possible; `would_change` what would lift or
    lower an open option, filled in where somebody asks why.
    """

    id: str
    kind: str
    title: str
    description: str
    details: tuple[str, ...]
    reasons: tuple[ReasonView, ...]
    score: float
    stretch: bool
    next_step: str
    open: bool
    limits: tuple[str, ...]
    conditions: tuple[str, ...]
    parts: tuple[tuple[str, float, float], ...]
    decision: str = ""
    support: str = ""
    would_change: tuple[str, ...] = ()
    withdrawn: bool = False


@dataclass(frozen=True)
class Seen:
    """Everything that a view of a student's options rests on."""

    catalog: Catalog
    facts: StudentFacts
    today: date
    policy_version: str
    decisions: dict[str, str]
    language: str
    limits: PolicyLimits = NO_LIMITS

    @property
    def wording(self) -> Mapping[str, str]:
        """The catalog's words in the student's language, by the English ones."""
        return self.catalog.wordings.get(self.language, NO_WORDING)

    @cached_property
    def standing(self) -> Standing:
        """The student before the catalog."""
        return Standing(self.facts, self.catalog, self.today, self.limits)


def view(option: Option, seen: Seen) -> OptionView:
    """Put an option into words."""
    language, wording = seen.language, seen.wording
    entry, about = option.entry, getattr(option.entry, "description", "")
    reasons = tuple(
        ReasonView(
            say(language, f"reasons.{one.key}", spoken(one.values, language, wording)),
            one.value,
            one.source,
        )
        for one in option.reasons
    )
    if not reasons:
        early = say(language, "reasons.early")
        reasons = (ReasonView(early, option.entry.title, option.entry.source),)
    return OptionView(
        id=entry.code,
        kind=option.kind.value,
        title=wording.get(entry.title, entry.title),
        description=wording.get(about, about),
        details=details_of(entry, language),
        reasons=reasons,
        score=option.score,
        stretch=option.stretch,
        next_step=next_step(option, language, wording),
        open=option.open,
        limits=tuple(check_words(one, language, wording) for one in option.failed),
        conditions=tuple(
            check_words(one, language, wording) for one in option.conditions
        ),
        parts=tuple((part.name, part.weight, part.strength) for part in option.parts),
        decision=seen.decisions.get(entry.code, ""),
        support=_support(option.support, seen),
        withdrawn=entry.status is not Status.ACTIVE,
    )


def view_with_changes(option: Option, seen: Seen) -> OptionView:
    """Put an option into words, with what would lift or lower it."""
    found = would_change(option, seen.standing) if option.open else ()
    lines = tuple(_change(one, seen) for one in found)
    return replace(view(option, seen), would_change=lines)


def _change(change: Change, seen: Seen) -> str:
    language = seen.language
    points = f"{abs(change.units) / 1000:.0f}"
    few = say(language, "words.less_than_one")
    known = translated(change.values, seen.wording)
    values = {**known, "points": few if points == "0" else points}
    return say(language, f"steps.{change.key}", values)


def _support(reason: Reason | None, seen: Seen) -> str:
    if reason is None:
        return ""
    values = spoken(reason.values, seen.language, seen.wording)
    return say(seen.language, f"steps.{reason.key}", values)


def check_words(
    check: Check, language: str, wording: Mapping[str, str] = NO_WORDING
) -> str:
    """Put a limit into words, with the rule that it rests on."""
    said = say(language, f"checks.{check.key}", spoken(check.values, language, wording))
    if not check.source:
        return said
    return say(language, "checks.by_rule", {"said": said, "source": check.source})


def translated(values: Mapping[str, Any], wording: Mapping[str, str]) -> dict[str, Any]:
    """Put titles of the catalog, one or several, into the reader's language."""
    if not wording:
        return dict(values)
    return {
        name: ", ".join(_titles(value.split(", "), wording))
        if isinstance(value, str)
        else value
        for name, value in values.items()
    }


def _titles(parts: Sequence[str], wording: Mapping[str, str]) -> Iterator[str]:
    """Yield what parts of a row say; a title may hold commas, so the longest counts."""
    while parts:
        ends = range(len(parts), 0, -1)
        end = next((one for one in ends if ", ".join(parts[:one]) in wording), 1)
        title = ", ".join(parts[:end])
        yield wording.get(title, title)
        parts = parts[end:]


def spoken(
    values: Mapping[str, Any], language: str, wording: Mapping[str, str] = NO_WORDING
) -> dict[str, Any]:
    """Put the days among some values into words, codes, and titles."""
    return {
        name: in_words(date.fromisoformat(value), language)
        if isinstance(value, str) and ISO_DAY.fullmatch(value)
        else word(language, str(value).replace(" ", "_"))
        if name in CODES
        else value
        for name, value in translated(values, wording).items()
    }


def next_step(
    option: Option, language: str, wording: Mapping[str, str] = NO_WORDING
) -> str:
    """Say the one next step: to take an open option, or to open a closed one."""
    if option.failed:
        first = option.failed[0]
        name = f"steps.{first.key}"
        try:
            return say(language, name, spoken(first.values, language, wording))
        except KeyError:
            return say(language, "steps.other")
    apply_by = day_to_act(option)
    name = f"steps.{option.kind.value}" + ("_by" if apply_by else "")
    return say(
        language, name, {"date": in_words(apply_by, language) if apply_by else ""}
    )


def day_to_act(option: Option) -> date | None:
    """Return the day by which to ask: of the place itself, or by the state's rule."""
    own: date | None = getattr(option.entry, "apply_by", None)
    asked = (one for one in option.conditions if one.key == "ccp_intent")
    by_rule = next(asked, None)
    return own or (date.fromisoformat(str(by_rule.values["date"])) if by_rule else None)


def details_of(entry: Entry, language: str) -> tuple[str, ...]:
    """Return the two or three facts that a card shows."""
    if isinstance(entry, Course):
        codes = (entry.level, *entry.terms[:1])
        facts = [_amount(language, "credit", entry.credits)]
        facts += [word(language, one) for one in codes]
    elif isinstance(entry, Opportunity):
        hours = _amount(language, "hours", entry.hours_total)
        facts = [entry.organization, entry.place, hours, entry.schedule]
    elif isinstance(entry, CreditOption):
        credit = _amount(language, "credit", entry.credits)
        hours = _amount(language, "about_hours", entry.hours)
        facts = [word(language, entry.way), credit, hours]
    else:
        facts = []
    return tuple(str(fact) for fact in facts if fact)


def _amount(language: str, name: str, number: float | None) -> str:
    if number is None:
        return ""
    return say(language, f"words.{name}", {"n": f"{number:g}"})
