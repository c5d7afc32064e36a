"""What a suggestion is made of: reasons, checks, a score whose parts add up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from pathways.domain.catalog import Course, CreditOption, Entry, Opportunity

UNITS = 100_000
Values = Mapping[str, str | int | float]


class OptionKind(StrEnum):
    """The kinds of options that can be asked for (contract: `GET /options`)."""

    COURSE = "course"
    INTERNSHIP = "internship"
    SERVICE = "service"
    CREDIT_FLEX = "credit_flex"
    COLLEGE_CREDIT = "college_credit"
    COMPETITION = "competition"
    MENTOR = "mentor"


SORTS = {
    "internship": OptionKind.INTERNSHIP,
    "apprenticeship": OptionKind.INTERNSHIP,
    "job_shadow": OptionKind.INTERNSHIP,
    "summer_program": OptionKind.INTERNSHIP,
    "service": OptionKind.SERVICE,
    "competition": OptionKind.COMPETITION,
    "mentor": OptionKind.MENTOR,
    "online_course": OptionKind.CREDIT_FLEX,
    "travel": OptionKind.CREDIT_FLEX,
}


def kind_of(entry: Entry) -> OptionKind | None:
    """Return the kind of option that a catalog entry is, if it is one."""
    if isinstance(entry, Course):
        college = entry.level == "college"
        return OptionKind.COLLEGE_CREDIT if college else OptionKind.COURSE
    if isinstance(entry, CreditOption):
        return OptionKind.CREDIT_FLEX
    return SORTS[entry.sort] if isinstance(entry, Opportunity) else None


@dataclass(frozen=True)
class Reason:
    """A fact that speaks for an option: a named text, its values, its source."""

    key: str
    values: Values
    value: str
    source: str


@dataclass(frozen=True)
class Check:
    """A hard limit: whether it holds, and the nearest step where it doesn't.

    `condition` marks a limit that holds only if something under way is finished, or
    that nobody could check. `source` names the rule where it is one of the state's or
    the district's.
    """

    key: str
    holds: bool
    values: Values = field(default_factory=dict)
    condition: bool = False
    source: str = ""


@dataclass(frozen=True)
class Part:
    """One part of a score: its name, weight (0-1), strength (0-1), reasons."""

    name: str
    weight: float
    strength: float
    reasons: tuple[Reason, ...] = ()

    @property
    def units(self) -> int:
        """What this part adds to the score, in hundred-thousandths."""
        return round(self.weight * 100) * round(self.strength * 1000)

    @property
    def points(self) -> float:
        """What this part adds to the score."""
        return self.units / UNITS


@dataclass(frozen=True)
class Option:
    """A catalog entry as seen for one student.

    `support` says what makes a stretch possible.
    """

    entry: Entry
    kind: OptionKind
    checks: tuple[Check, ...]
    parts: tuple[Part, ...]
    stretch: bool = False
    support: Reason | None = None

    @cached_property
    def units(self) -> int:
        """The score in hundred-thousandths: the sum of its parts, exactly."""
        return sum(part.units for part in self.parts)

    @property
    def score(self) -> float:
        """The sum of the parts, 0 to 1."""
        return self.units / UNITS

    @cached_property
    def open(self) -> bool:
        """Tell whether every hard limit holds."""
        return all(check.holds for check in self.checks)

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """The reasons, those of the strongest part first."""
        strongest = sorted(self.parts, key=lambda part: -part.units)
        return tuple(reason for part in strongest for reason in part.reasons)

    @property
    def failed(self) -> tuple[Check, ...]:
        """The hard limits that don't hold."""
        return tuple(check for check in self.checks if not check.holds)

    @property
    def conditions(self) -> tuple[Check, ...]:
        """The limits that hold once something under way is finished."""
        return tuple(check for check in self.checks if check.holds and check.condition)


@dataclass(frozen=True)
class Ranking:
    """Ranked options, and those that are out for now with what opens them."""

    items: tuple[Option, ...]
    not_yet: tuple[Option, ...]
