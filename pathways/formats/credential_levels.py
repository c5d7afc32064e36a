"""What the results of an achievement say about mastery (CLR 2.0, Open Badges 3.0)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pathways.domain.mastery import Level
from pathways.formats import values
from pathways.formats.mastery import level_from

Part = Mapping[str, Any]
DONE = frozenset({"Completed", "Provisional", ""})


@dataclass(frozen=True)
class Standing:
    """A level, or points with the points that count as mastery."""

    level: Level | None = None
    points: float | None = None
    mastery_points: float | None = None
    possible: float | None = None


MET = Standing(Level.PROFICIENT)


def standing_of(subject: Part) -> Standing | None:
    """Return what a credential says; None where it says nothing about a level.

    Without results, the criteria were met: that is what being awarded means in
    the specification. A result that is not completed, or whose value can't be
    compared with anything, says nothing.
    """
    results = listed(subject.get("result"))
    if not results:
        return MET
    described = {
        one.get("id"): one
        for one in listed(subject.get("achievement", {}).get("resultDescription"))
    }
    for result in results:
        if str(result.get("status", "")) not in DONE:
            return None
        found = _of_result(result, described.get(result.get("resultDescription"), {}))
        if found is not None:
            return found
    only_status = all("value" not in r and "achievedLevel" not in r for r in results)
    return MET if only_status else None


def listed(part: Any) -> list[Any]:
    """Return a member that may be missing, one thing or a list as a list."""
    if part is None:
        return []
    return part if isinstance(part, list) else [part]


def _of_result(result: Part, description: Part) -> Standing | None:
    if "achievedLevel" in result:
        return _of_rubric(str(result["achievedLevel"]), description)
    value = str(result.get("value", ""))
    word = _level(value)
    if word is not None and not description.get("requiredValue"):
        return Standing(word)
    return _of_points(value, description) or _of_order(value, description)


def _of_rubric(achieved: str, description: Part) -> Standing | None:
    levels = {
        one.get("id"): one for one in listed(description.get("rubricCriterionLevel"))
    }
    reached = levels.get(achieved)
    if reached is None:
        return None
    for text in (reached.get("name", ""), reached.get("level", "")):
        level = _level(str(text))
        if level is not None:
            return Standing(level)
    required = levels.get(description.get("requiredLevel"))
    points = _number(reached.get("points"))
    if required is None or points is None or not _number(required.get("points")):
        return MET if achieved == description.get("requiredLevel") else None
    highest = max(_number(one.get("points")) or 0.0 for one in levels.values())
    return Standing(None, points, _number(required.get("points")), highest)


def _of_points(value: str, description: Part) -> Standing | None:
    points = _number(value)
    required = _number(description.get("requiredValue"))
    if points is None or not required:
        return None
    return Standing(None, points, required, _number(description.get("valueMax")))


def _of_order(value: str, description: Part) -> Standing | None:
    """Compare with the allowed values, which stand from low to high."""
    allowed: Sequence[Any] = listed(description.get("allowedValue"))
    required = description.get("requiredValue")
    if value not in allowed or required not in allowed:
        return None
    place, needed = allowed.index(value), allowed.index(required)
    if place < needed:
        return Standing(Level.DEVELOPING)
    is_top = place == len(allowed) - 1 and place > needed
    return Standing(Level.ADVANCED if is_top else Level.PROFICIENT)


def _level(text: str) -> Level | None:
    try:
        return level_from(text)
    except ValueError:
        return None


def _number(text: Any) -> float | None:
    try:
        return values.number(str(text)) if text is not None else None
    except ValueError:
        return None
