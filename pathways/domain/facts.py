"""What the matcher may know of a student: nothing that is protected.

There is no field for a name, gender, race, language, disability, family or
income, so none of them can become an input (features E3, O12).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from pathways.domain.credit_facts import NOTHING_NOTED, CreditFacts
from pathways.domain.mastery import Attempt, Level, Mastery

CHAT, SCORES = "chat", "interest scores"


class CourseState(StrEnum):
    """Where a student stands in a course."""

    COMPLETED = "completed"
    IN_PROGRESS = "in_progress"


@dataclass(frozen=True)
class InterestFact:
    """A liking the student named, and where the catalog says it leads.

    `source` is `CHAT`, or `SCORES` where the student brought six interest scores: they
    lead to several fields alike, never to a single occupation.
    """

    words: str
    said_on: date
    clusters: tuple[str, ...] = ()
    occupations: tuple[str, ...] = ()
    riasec: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    source: str = CHAT

    @property
    def scored(self) -> bool:
        """Whether it stands for six scores and not for words."""
        return self.source == SCORES


@dataclass(frozen=True)
class CareerGoal:
    """An occupation the student aims for, by SOC code."""

    occupation: str
    title: str
    cluster: str
    said_on: date


@dataclass(frozen=True)
class StudentFacts:
    """The facts of one student; `age` in whole years, None where not known.

    `hours_a_week` and `places` are what the student can give and reach; None where
    nobody asked. `credit` is what the school's record says for rules to judge by.
    """

    grade: int | None = None
    age: int | None = None
    mastery: Mapping[str, Mastery] = field(default_factory=dict)
    courses: Mapping[str, CourseState] = field(default_factory=dict)
    interests: tuple[InterestFact, ...] = ()
    careers: tuple[CareerGoal, ...] = ()
    dismissed: frozenset[str] = frozenset()
    hours_a_week: float | None = None
    places: frozenset[str] | None = None
    credit: CreditFacts = NOTHING_NOTED

    def level(self, competency: str) -> Level | None:
        """Return the mastery level in a competency, None without a result."""
        known = self.mastery.get(competency)
        return known.level if known else None

    def completed(self, course: str) -> bool:
        """Tell whether the record holds the course as completed."""
        return self.courses.get(course) is CourseState.COMPLETED

    def completed_or_under_way(self, course: str) -> bool:
        """Tell whether the course is completed or being taken now."""
        return course in self.courses

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of all that a ranking uses, the same in whatever order it came."""
        return hashlib.sha256(canonical(self.plain).encode()).hexdigest()

    @cached_property
    def plain(self) -> dict[str, Any]:
        """All that a ranking uses as plain data, worked out once."""
        return snapshot(self)


def canonical(plain: Any) -> str:
    """Return plain data as JSON that is the same for the same data."""
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def snapshot(facts: StudentFacts) -> dict[str, Any]:
    """Return the facts as plain data, each competency with the results that count.

    Of a long row of results only the newest, and one that contradicts it, can reach
    a ranking.
    """
    return {
        "grade": facts.grade,
        "age": facts.age,
        "hours_a_week": facts.hours_a_week,
        "places": None if facts.places is None else sorted(facts.places),
        "mastery": [_mastery(one) for _, one in sorted(facts.mastery.items())],
        "courses": {code: state.value for code, state in sorted(facts.courses.items())},
        "interests": sorted((_plain(one) for one in facts.interests), key=canonical),
        "careers": sorted((_plain(one) for one in facts.careers), key=canonical),
        "dismissed": sorted(facts.dismissed),
        "credit": asdict(facts.credit),
    }


def _plain(one: InterestFact | CareerGoal | Attempt) -> dict[str, Any]:
    return {
        field.name: value.isoformat() if isinstance(value, date) else value
        for field in fields(one)
        for value in (getattr(one, field.name),)
    }


def _mastery(one: Mastery) -> dict[str, Any]:
    other = one.told_otherwise
    counting = (one.latest,) if other is None else (other, one.latest)
    return {
        "competency": one.competency,
        "level": int(one.level),
        "trend": one.trend,
        "attempts": [_plain(attempt) for attempt in counting],
    }


def from_snapshot(plain: Mapping[str, Any]) -> StudentFacts:
    """Return the facts that a snapshot was made of."""
    places = plain["places"]
    return StudentFacts(
        grade=plain["grade"],
        age=plain["age"],
        mastery={one["competency"]: _read_mastery(one) for one in plain["mastery"]},
        courses={code: CourseState(one) for code, one in plain["courses"].items()},
        interests=tuple(InterestFact(**_dated(one)) for one in plain["interests"]),
        careers=tuple(CareerGoal(**_dated(one)) for one in plain["careers"]),
        dismissed=frozenset(plain["dismissed"]),
        hours_a_week=plain["hours_a_week"],
        places=None if places is None else frozenset(places),
        credit=_read_credit(plain["credit"]),
    )


def _read_credit(plain: Mapping[str, Any]) -> CreditFacts:
    marks = tuple((area, mark) for area, mark in plain["marks"])
    return CreditFacts(**{**plain, "marks": marks})


def _dated(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value)
        if name == "said_on"
        else tuple(value)
        if isinstance(value, list | tuple)
        else value
        for name, value in one.items()
    }


def _read_mastery(one: Mapping[str, Any]) -> Mastery:
    attempts = tuple(
        Attempt(
            **{
                **attempt,
                "level": Level(attempt["level"]),
                "earned_on": date.fromisoformat(attempt["earned_on"]),
            }
        )
        for attempt in one["attempts"]
    )
    return Mastery(one["competency"], Level(one["level"]), one["trend"], attempts)
