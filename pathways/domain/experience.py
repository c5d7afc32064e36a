"""Hours outside class: one experience, several buckets, and what may count twice (P10).

A bucket is something that hours count toward. Whether hours in one bucket may count
in another as well is the policy's to say; where it is silent, a counselor decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations

MOST_HOURS_A_DAY = 24.0
MOST_DAYS = 400


class Bucket(StrEnum):
    """What hours can count toward."""

    CREDIT = "credit"
    WORK_HOURS = "work_hours"
    SEAL = "seal"
    COMPETENCY = "competency"


class Sort(StrEnum):
    """The kinds of experience that students log."""

    JOB = "job"
    INTERNSHIP = "internship"
    SERVICE = "service"
    SHADOWING = "job_shadow"
    PROJECT = "project"
    COMPETITION = "competition"
    ARTS = "arts"
    TRAVEL = "travel"
    OTHER = "other"


class Standing(StrEnum):
    """How sure an experience is."""

    LOGGED = "logged"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    CORRECTED = "corrected"
    TAKEN_OUT = "taken_out"


COUNTED = frozenset({Standing.LOGGED, Standing.CONFIRMED})


class Allowed(StrEnum):
    """Whether the same hours may stand in two buckets."""

    YES = "yes"
    NO = "no"
    IF_PLAN_SAYS = "if_plan_says"
    COUNSELOR = "counselor"


@dataclass(frozen=True)
class Pair:
    """Two buckets, whether hours count in both, and the rule that says so.

    `by` is "pack", "district" or empty where nobody has said.
    """

    first: Bucket
    second: Bucket
    allowed: Allowed
    rule: str = ""
    by: str = ""


@dataclass(frozen=True)
class Share:
    """Hours of one experience that count toward one target of a bucket."""

    bucket: Bucket
    target: str
    hours: float


def pair_names(first: Bucket, second: Bucket) -> tuple[str, str]:
    """Return two buckets in the order in which rules name them."""
    order = list(Bucket)
    low, high = sorted((first, second), key=order.index)
    return low.value, high.value


def pair_for(first: Bucket, second: Bucket, pairs: Iterable[Pair]) -> Pair:
    """Return what is said of two buckets; nothing said: a counselor decides."""
    wanted = pair_names(first, second)
    for one in pairs:
        if pair_names(one.first, one.second) == wanted:
            return one
    return Pair(Bucket(wanted[0]), Bucket(wanted[1]), Allowed.COUNSELOR)


def overlaps(
    shares: Sequence[Share], hours: float, pairs: Sequence[Pair]
) -> tuple[Pair, ...]:
    """Return the pairs of buckets in which some of the same hours stand twice.

    Shares that together fit into the hours were split, not counted twice. Mastery
    that is shown uses no hours up, so a competency never stands in another's way.
    """
    counted = [one for one in shares if one.bucket is not Bucket.COMPETENCY]
    return tuple(
        pair_for(one.bucket, other.bucket, pairs)
        for one, other in combinations(counted, 2)
        if one.hours + other.hours > hours
    )


def log_problem(
    hours: float | None, first: date | None, last: date | None, today: date
) -> str:
    """Return the name of what is wrong with an entry, empty where nothing is."""
    if hours is None or not 0 < hours < float("inf"):
        return "hours"
    if first is None:
        return "day"
    end = last or first
    if first > today or end > today:
        return "future"
    if end < first:
        return "order"
    days = (end - first).days + 1
    if days > MOST_DAYS:
        return "too_many_days"
    return "too_many_hours" if hours > days * MOST_HOURS_A_DAY else ""


def total(shares: Iterable[Share], bucket: Bucket, target: str | None = None) -> float:
    """Return the hours in a bucket, or in one target of it."""
    return sum(
        one.hours
        for one in shares
        if one.bucket is bucket and target in (None, one.target)
    )
