"""What a graduation check works on and answers with (O10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

LAST_GRADE = 12
SCHOOL_YEAR_TURNS = 7


class Met(StrEnum):
    """How far a requirement is."""

    MET = "met"
    UNDER_WAY = "under_way"
    OPEN = "open"
    UNKNOWN = "unknown"
    COUNSELOR = "counselor"


class Outlook(StrEnum):
    """The answer to "am I on track"."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True)
class Earned:
    """Credits of one course, completed or under way; `college` for college credit."""

    area: str
    credits: float
    done: bool
    college: bool = False


@dataclass(frozen=True)
class GraduationFacts:
    """What is known of one student.

    Attributes:
        grade: of the student, None where not known.
        graduating: the class, as a year.
        earned: courses of the record; None where the school sent none.
        items: what a counselor noted, by name: scores, points, 1 for a yes.
        work_hours: of work-based learning that a mentor confirmed.
        work_hours_logged: all that is logged, the confirmed ones included.
        service_hours: that count toward the community service seal.
    """

    grade: int | None = None
    graduating: int | None = None
    earned: tuple[Earned, ...] | None = None
    items: Mapping[str, float] = field(default_factory=dict)
    work_hours: float = 0.0
    work_hours_logged: float = 0.0
    service_hours: float = 0.0


@dataclass(frozen=True)
class Line:
    """One requirement: what is there, under way and needed, and the rule."""

    name: str
    met: Met
    have: float = 0.0
    under_way: float = 0.0
    need: float | None = None
    rule: str = ""

    @property
    def left(self) -> float:
        """What is still missing once everything under way is done."""
        return max(0.0, (self.need or 0.0) - self.have - self.under_way)

    @property
    def share(self) -> float:
        """How much of it is there, 0 to 1."""
        return min(1.0, self.have / self.need) if self.need else 0.0


@dataclass(frozen=True)
class Subject:
    """One subject in which skill is shown, and the routes to it."""

    name: str
    met: Met
    routes: tuple[Line, ...]


@dataclass(frozen=True)
class Seal:
    """One diploma seal; `share` is None where its progress can't be measured."""

    name: str
    defined_by: str
    met: Met
    share: float | None
    rule: str


@dataclass(frozen=True)
class Seals:
    """Seals needed and noted, the state's among them, and those that are nearest."""

    needed: int
    state_needed: int
    held: int
    state_held: int
    each: tuple[Seal, ...]
    nearest: tuple[str, ...]

    @property
    def met(self) -> bool:
        """Tell whether there are enough, and enough of the state's."""
        return self.held >= self.needed and self.state_held >= self.state_needed


@dataclass(frozen=True)
class Risk:
    """Why a student is at risk: a named reason, its values, the rule."""

    name: str
    values: Mapping[str, str | float]
    rule: str


@dataclass(frozen=True)
class NextDate:
    """A day ahead, by a rule or by the district; None: the counselor decides it."""

    name: str
    day: date | None
    rule: str


@dataclass(frozen=True)
class Check:
    """The whole of it."""

    outlook: Outlook
    risks: tuple[Risk, ...]
    units: tuple[Line, ...]
    subjects: tuple[Subject, ...]
    seals: Seals | None
    work_hours: Line | None
    dates: tuple[NextDate, ...]
    unknown: tuple[str, ...]


def graduating_class(grade: int | None, today: date) -> int | None:
    """Return the year in which a grade graduates; school years turn in July."""
    if grade is None:
        return None
    ends = today.year + (today.month >= SCHOOL_YEAR_TURNS)
    return ends + LAST_GRADE - grade
