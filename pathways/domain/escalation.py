"""Who is told of an alert and when: a pure function of alert, duty list and moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

NEXT_AFTER = timedelta(minutes=5)
ALL_AFTER = timedelta(minutes=10)
FURTHEST_DAYS = 120
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Pace(StrEnum):
    """How urgent an alert is."""

    DANGER = "danger"
    WISH = "wish"


class Step(StrEnum):
    """A moment at which people are told."""

    FIRST = "first"
    NEXT = "next"
    ALL = "all"
    AFTER_HOURS = "after_hours"
    OPENING = "opening"


@dataclass(frozen=True)
class Hours:
    """When the people on duty look, in the school's own time.

    Attributes:
        days: weekdays, 0 is Monday.
        closed: days on which nobody looks although it is such a weekday.
    """

    zone: ZoneInfo
    days: frozenset[int]
    opens: time
    closes: time
    closed: frozenset[date] = frozenset()

    def are_on(self, moment: datetime) -> bool:
        """Tell whether the people on duty are looking at a moment."""
        local = moment.astimezone(self.zone)
        return self._is_open(local.date()) and self.opens <= local.time() < self.closes

    def next_opening(self, moment: datetime) -> datetime | None:
        """Return when they look next, after a moment; None when nobody will."""
        return next(self.openings(moment), None)

    def openings(self, after: datetime) -> Iterator[datetime]:
        """Yield the moments at which they begin to look, after a moment."""
        day = after.astimezone(self.zone).date()
        for _ in range(FURTHEST_DAYS):
            opens = datetime.combine(day, self.opens, self.zone).astimezone(UTC)
            if self._is_open(day) and opens > after:
                yield opens
            day += timedelta(days=1)

    def _is_open(self, day: date) -> bool:
        return day.weekday() in self.days and day not in self.closed


@dataclass(frozen=True)
class Due:
    """People to tell, in one step. `key` tells the step from every other."""

    key: str
    step: Step
    at: datetime
    people: tuple[str, ...]


def due_steps(
    raised_at: datetime,
    taken_at: datetime | None,
    people: Sequence[str],
    hours: Hours,
    now: datetime,
    pace: Pace = Pace.DANGER,
) -> list[Due]:
    """Return every step that has come due by now, the earliest first.

    In hours the first on the list is told at once, the next after 5 minutes, all after
    10 (trust S15). Outside hours all are told at once, and the same three steps begin
    at the next opening. A danger that nobody took on is told to all at every later
    opening. A wish is told once, to the first, in hours.

    Args:
        raised_at: when the alert was raised.
        taken_at: when somebody took it on; nothing is due from then on.
        people: ids in the order of the list.
        hours: when people on duty look.
        now: the moment.
        pace: how urgent it is.
    """
    end = now if taken_at is None else min(now, taken_at)
    steps = _wish(raised_at, people, hours) if pace is Pace.WISH else None
    planned = steps if steps is not None else _danger(raised_at, people, hours, end)
    stopped = taken_at is not None
    return [one for one in planned if one.at < end or (not stopped and one.at <= end)]


def _wish(raised_at: datetime, people: Sequence[str], hours: Hours) -> list[Due]:
    opens = raised_at if hours.are_on(raised_at) else hours.next_opening(raised_at)
    return [Due("first", Step.FIRST, opens, tuple(people[:1]))] if opens else []


def _danger(
    raised_at: datetime, people: Sequence[str], hours: Hours, until: datetime
) -> list[Due]:
    everyone = tuple(people)
    found, start = [], raised_at
    openings = hours.openings(raised_at)
    if not hours.are_on(raised_at):
        found.append(Due("after_hours", Step.AFTER_HOURS, raised_at, everyone))
        opens = next(openings, None)
        if opens is None:
            return found
        start = opens
    found += [
        Due("first", Step.FIRST, start, everyone[:1]),
        Due("next", Step.NEXT, start + NEXT_AFTER, everyone[1:2]),
        Due("all", Step.ALL, start + ALL_AFTER, everyone),
    ]
    for opens in openings:
        if opens > until:
            break
        day = opens.astimezone(hours.zone).date().isoformat()
        found.append(Due(f"opening:{day}", Step.OPENING, opens, everyone))
    return found
