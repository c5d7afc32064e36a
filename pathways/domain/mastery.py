"""What a student's results say about a competency: level, trend, evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

DISPUTE_DAYS = 30


class Level(IntEnum):
    """The four mastery levels of a competency."""

    BEGINNING = 1
    DEVELOPING = 2
    PROFICIENT = 3
    ADVANCED = 4

    @property
    def word(self) -> str:
        """The level as people say it."""
        return self.name.lower()


class Method(StrEnum):
    """How several attempts become one level (Canvas outcome calculation methods)."""

    LATEST = "latest"
    HIGHEST = "highest"
    DECAYING_AVERAGE = "decaying_average"


@dataclass(frozen=True)
class Attempt:
    """One result: a level, when and where it was earned."""

    competency: str
    level: Level
    earned_on: date
    assessment: str
    source: str
    attempt: int = 1


@dataclass(frozen=True)
class Mastery:
    """Where a student stands in one competency."""

    competency: str
    level: Level
    trend: int
    attempts: tuple[Attempt, ...]

    @property
    def latest(self) -> Attempt:
        """The newest result, which dates the level."""
        return self.attempts[-1]

    @property
    def told_otherwise(self) -> Attempt | None:
        """A result of another source and level from the same weeks as the latest."""
        latest = self.latest
        for one in reversed(self.attempts[:-1]):
            if (latest.earned_on - one.earned_on).days > DISPUTE_DAYS:
                return None
            if one.source != latest.source and one.level != latest.level:
                return one
        return None


def level_of(points: float, mastery_points: float, possible: float | None) -> Level:
    """Turn points into a level against the points that count as mastery.

    Proficient from the mastery points on; advanced at the top of the scale where
    that lies above mastery; developing from two thirds of mastery on. The two
    thirds are ours: exports name no other boundary.
    """
    if points >= mastery_points:
        top = possible is not None and possible > mastery_points and points >= possible
        return Level.ADVANCED if top else Level.PROFICIENT
    return Level.DEVELOPING if points >= mastery_points * 2 / 3 else Level.BEGINNING


def summarize(
    attempts: Iterable[Attempt], method: Method = Method.LATEST
) -> dict[str, Mastery]:
    """Return the mastery of each competency that has results, by its code."""
    by_competency: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        by_competency.setdefault(attempt.competency, []).append(attempt)
    return {
        competency: _mastery(competency, sorted(results, key=_age), method)
        for competency, results in sorted(by_competency.items())
    }


def _age(attempt: Attempt) -> tuple[date, int, str, str, int]:
    """Order attempts by time, the same way in whatever order they come."""
    return (
        attempt.earned_on,
        attempt.attempt,
        attempt.assessment,
        attempt.source,
        attempt.level,
    )


def _mastery(competency: str, results: Sequence[Attempt], method: Method) -> Mastery:
    levels = [result.level for result in results]
    trend = (levels[-1] > levels[-2]) - (levels[-1] < levels[-2]) if levels[1:] else 0
    return Mastery(competency, combined(levels, method), trend, tuple(results))


def combined(levels: Sequence[Level], method: Method) -> Level:
    """Combine levels, oldest first.

    The decaying average gives the newest result 65 % (Canvas default).
    """
    if method is Method.HIGHEST:
        return max(levels)
    if method is Method.LATEST:
        return levels[-1]
    average = float(levels[0])
    for level in levels[1:]:
        average = average * 0.35 + level * 0.65
    return Level(int(average + 0.5))
