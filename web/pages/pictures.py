"""Pictures of the record as plain numbers: lanes, growth over time, bars (P2, P4).

Lengths are units of a drawing that is `WIDE` units wide; templates write the SVG.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pathways.domain.checkin import AREAS
from pathways.services.mastery import Standing
from web.pages.lanes import Lane, lane_of

WIDE = 300
STEPS, PROFICIENT = 4, 3
ROW, HEAD, LANE_TOP = 46, 22, 20
TITLE_LETTERS = 29
ORDERS = ("dimension", "subject", "strongest", "newest")
GROWTH_TOP, GROWTH_BOTTOM, GROWTH_LEFT, GROWTH_RIGHT = 14, 96, 26, 288


@dataclass(frozen=True)
class Row:
    """A skill's row: `y` of its top, `now` and `start` across, in units."""

    lane: Lane
    y: int
    now: float
    start: float
    title: str


@dataclass(frozen=True)
class Profile:
    """The skills of one dimension or subject; `trail` joins the dots."""

    name: str
    height: int
    rows: tuple[Row, ...]
    trail: str


@dataclass(frozen=True)
class Point:
    """How many skills had reached proficient on a day, and where that is drawn."""

    day: date
    count: int
    x: float
    y: float


@dataclass(frozen=True)
class Bar:
    """Of one dimension: skills at proficient or above, of those with a result."""

    name: str
    reached: int
    of: int


def profiles(standings: Sequence[Standing], order: str) -> list[Profile]:
    """Return the student's skills as pictures, in the order that they chose."""
    if order == "dimension":
        known = sorted(standings, key=lambda one: (one.subject, one.title))
        groups = [(name, [s for s in known if s.category == name]) for name in AREAS]
    elif order == "subject":
        names = sorted({one.subject for one in standings})
        groups = [(name, [s for s in standings if s.subject == name]) for name in names]
    elif order == "newest":
        groups = [("", sorted(standings, key=lambda one: one.as_of, reverse=True))]
    else:
        groups = [("", list(standings))]
    return [_profile(name, found) for name, found in groups if found]


def _profile(name: str, standings: Sequence[Standing]) -> Profile:
    rows = tuple(
        _row(lane_of(one), HEAD + number * ROW) for number, one in enumerate(standings)
    )
    points = (f"{row.now:g},{row.y + LANE_TOP + 8}" for row in rows)
    return Profile(name, HEAD + len(rows) * ROW, rows, " ".join(points))


def _row(lane: Lane, y: int) -> Row:
    title = lane.standing.title[:1].upper() + lane.standing.title[1:]
    if len(title) > TITLE_LETTERS:
        title = title[: TITLE_LETTERS - 1].rstrip() + "…"
    return Row(lane, y, across(lane.standing.level), across(lane.start), title)


def across(level: int) -> float:
    """Return where the middle of a level is, from the left."""
    return WIDE * (level - 0.5) / STEPS


def growth(standings: Sequence[Standing]) -> list[Point]:
    """Return how many skills stood at proficient or above after each day of results.

    A skill counts by its newest result of the day; one that falls back is taken off.
    Fewer than two such days make no picture.
    """
    results = sorted(
        (day, one.code, level) for one in standings for day, level, _ in one.attempts
    )
    now: dict[str, int] = {}
    counts: dict[date, int] = {}
    for day, code, level in results:
        now[code] = level
        counts[day] = sum(one >= PROFICIENT for one in now.values())
    if len(counts) < 2:
        return []
    first, last = min(counts), max(counts)
    most = max(*counts.values(), 1)
    days = (last - first).days
    wide, high = GROWTH_RIGHT - GROWTH_LEFT, GROWTH_BOTTOM - GROWTH_TOP
    return [
        Point(
            day,
            count,
            round(GROWTH_LEFT + wide * (day - first).days / days, 1),
            round(GROWTH_BOTTOM - high * count / most, 1),
        )
        for day, count in sorted(counts.items())
    ]


def stairs(points: Sequence[Point]) -> str:
    """Return the path of a growth picture: it stays level until the next result."""
    if not points:
        return ""
    path = f"M{points[0].x:g} {points[0].y:g}"
    return path + "".join(f"H{one.x:g}V{one.y:g}" for one in points[1:])


def bars(standings: Sequence[Standing]) -> list[Bar]:
    """Return the four dimensions with what is reached; all four always show."""
    return [
        Bar(
            name,
            sum(one.level >= PROFICIENT for one in found),
            len(found),
        )
        for name in AREAS
        for found in [[one for one in standings if one.category == name]]
    ]
