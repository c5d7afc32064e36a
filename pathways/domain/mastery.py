"""What a student's results say about a competency: level, trend, evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    """How several attempts become one level: the names that Canvas uses.

    Canvas calls `decaying_average` "weighted average" since it has
    `standard_decaying_average` too; both names mean the same here.
    """

    LATEST = "latest"
    HIGHEST = "highest"
    AVERAGE = "average"
    N_MASTERY = "n_mastery"
    DECAYING_AVERAGE = "decaying_average"
    STANDARD_DECAYING_AVERAGE = "standard_decaying_average"


USUAL_PERCENT = 65
USUAL_TIMES = 5


@dataclass(frozen=True)
class Rule:
    """How the attempts at one competency count.

    Attributes:
        setting: the percent of the newest result in a decaying average, or how
            often mastery must be shown; None for Canvas' usual 65 and 5.
    """

    method: Method = Method.LATEST
    setting: int | None = None


@dataclass(frozen=True)
class Attempt:
    """One result: a level, when and where it was earned, points if known."""

    competency: str
    level: Level
    earned_on: date
    assessment: str
    source: str
    attempt: int = 1
    points: float | None = None
    mastery_points: float | None = None
    possible: float | None = None


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
    attempts: Iterable[Attempt],
    method: Method = Method.LATEST,
    rules: Mapping[str, Rule] | None = None,
) -> dict[str, Mastery]:
    """Return the mastery of each competency that has results, by its code.

    Args:
        attempts: results in any order.
        method: how attempts count where `rules` says nothing.
        rules: the school's own rules by competency.
    """
    by_competency: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        by_competency.setdefault(attempt.competency, []).append(attempt)
    given = rules or {}
    return {
        competency: _mastery(
            competency, sorted(results, key=_age), given.get(competency, Rule(method))
        )
        for competency, results in sorted(by_competency.items())
    }


def _age(attempt: Attempt) -> tuple[date, int, str, str, int, float]:
    """Order attempts by time, the same way in whatever order they come."""
    return (
        attempt.earned_on,
        attempt.attempt,
        attempt.assessment,
        attempt.source,
        attempt.level,
        attempt.points or 0.0,
    )


def _mastery(competency: str, results: Sequence[Attempt], rule: Rule) -> Mastery:
    levels = [result.level for result in results]
    trend = (levels[-1] > levels[-2]) - (levels[-1] < levels[-2]) if levels[1:] else 0
    return Mastery(competency, _level(results, rule), trend, tuple(results))


def _level(results: Sequence[Attempt], rule: Rule) -> Level:
    """Combine on the points where all results share a scale, else on the levels."""
    levels = [result.level for result in results]
    points = [result.points for result in results if result.points is not None]
    scale = {result.mastery_points for result in results}
    mastery = next(iter(scale)) if len(scale) == 1 else None
    if not mastery or len(points) < len(results):
        return combined(levels, rule.method, rule.setting)
    if rule.method in (Method.LATEST, Method.HIGHEST):
        return combined(levels, rule.method)
    found = average_of(points, mastery, rule)
    if found is None:
        return min(max(levels), Level.DEVELOPING)
    return level_of(found, mastery, results[-1].possible)


def combined(
    levels: Sequence[Level], method: Method, setting: int | None = None
) -> Level:
    """Combine levels, oldest first, where no points are known.

    Mastery that was not shown often enough counts as developing at most: ours,
    Canvas gives no score then.
    """
    if method is Method.HIGHEST:
        return max(levels)
    if method is Method.LATEST:
        return levels[-1]
    found = average_of([*map(float, levels)], Level.PROFICIENT, Rule(method, setting))
    if found is None:
        return min(max(levels), Level.DEVELOPING)
    return Level(int(found + 0.5))


def average_of(scores: Sequence[float], mastery: float, rule: Rule) -> float | None:
    """Return the score that Canvas would show, to two places; oldest first.

    `decaying_average`: the newest counts `setting` percent, the mean of all
    earlier ones the rest. `standard_decaying_average`: each new score counts
    `setting` percent against what stood before. `n_mastery`: the mean of the
    scores from `mastery` on, None while there are fewer than `setting`. Source:
    the tests of canvas-lms for its rollup calculator, read 2026-11.
    """
    if rule.method is Method.N_MASTERY:
        reached = [score for score in scores if score >= mastery]
        if len(reached) < (rule.setting or USUAL_TIMES):
            return None
        return _mean(reached)
    weight = (rule.setting or USUAL_PERCENT) / 100
    if rule.method is Method.DECAYING_AVERAGE and len(scores) > 1:
        earlier = sum(scores[:-1]) / len(scores[:-1])
        return _two_places(scores[-1] * weight + earlier * (1 - weight))
    if rule.method is Method.STANDARD_DECAYING_AVERAGE:
        average = scores[0]
        for score in scores[1:]:
            average = average * (1 - weight) + score * weight
        return _two_places(average)
    return _mean(scores)


def _mean(scores: Sequence[float]) -> float:
    return _two_places(sum(scores) / len(scores))


def _two_places(score: float) -> float:
    return int(score * 100 + 0.5) / 100
