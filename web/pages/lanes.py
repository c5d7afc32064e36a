"""Mastery as lanes: where a student stands now, and where that came from (P1, P2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pathways.services.mastery import Standing

ORDERS = ("subject", "strongest", "newest")
TAIL = 4


@dataclass(frozen=True)
class Lane:
    """One competency as a lane of four steps.

    Attributes:
        start: the step of the attempt before the newest; `standing.level` without.
        earlier: the steps of earlier attempts, each once, without the present one.
    """

    standing: Standing
    start: int
    earlier: tuple[int, ...]


@dataclass(frozen=True)
class Group:
    """Lanes under one heading; the subject's code, or nothing for a single list."""

    subject: str
    lanes: tuple[Lane, ...]


def lane_of(standing: Standing) -> Lane:
    """Return the lane of a competency."""
    steps = [level for _, level, _ in standing.attempts]
    before = steps[:-1][-TAIL:]
    earlier = tuple(sorted({step for step in before if step != standing.level}))
    return Lane(standing, before[-1] if before else standing.level, earlier)


def grouped(standings: Sequence[Standing], order: str) -> list[Group]:
    """Return lanes in the order that the student chose.

    By subject: one group each, in the order of the alphabet. Strongest and newest:
    one list across subjects.
    """
    if not standings:
        return []
    if order == "newest":
        newest = sorted(standings, key=lambda one: one.as_of, reverse=True)
        return [Group("", tuple(lane_of(one) for one in newest))]
    if order == "strongest":
        return [Group("", tuple(lane_of(one) for one in standings))]
    subjects = sorted({one.subject for one in standings})
    return [
        Group(
            subject, tuple(lane_of(one) for one in standings if one.subject == subject)
        )
        for subject in subjects
    ]
