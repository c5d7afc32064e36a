"""What the matcher may know of a student: nothing that is protected.

There is no field for a name, gender, race, language, disability, family or
income, so none of them can become an input (features E3, O12).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from pathways.domain.mastery import Level, Mastery


class CourseState(StrEnum):
    """Where a student stands in a course."""

    COMPLETED = "completed"
    IN_PROGRESS = "in_progress"


@dataclass(frozen=True)
class InterestFact:
    """A liking the student named, and where the catalog says it leads."""

    words: str
    said_on: date
    clusters: tuple[str, ...] = ()
    occupations: tuple[str, ...] = ()
    riasec: tuple[str, ...] = ()


@dataclass(frozen=True)
class CareerGoal:
    """An occupation the student aims for, by SOC code."""

    occupation: str
    title: str
    cluster: str
    said_on: date


@dataclass(frozen=True)
class StudentFacts:
    """The facts of one student; `age` in whole years, None where not known."""

    grade: int | None = None
    age: int | None = None
    mastery: Mapping[str, Mastery] = field(default_factory=dict)
    courses: Mapping[str, CourseState] = field(default_factory=dict)
    interests: tuple[InterestFact, ...] = ()
    careers: tuple[CareerGoal, ...] = ()
    dismissed: frozenset[str] = frozenset()

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
        """SHA-256 of all facts, the same for the same facts in any order."""
        plain = asdict(self)
        plain["dismissed"] = sorted(self.dismissed)
        plain["interests"] = sorted(plain["interests"], key=str)
        plain["careers"] = sorted(plain["careers"], key=str)
        text = json.dumps(plain, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()
