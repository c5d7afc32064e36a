"""Who is offered what, by group: shares with counts, small groups hidden (A9)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pathways.domain.catalog import Course, Entry
from pathways.domain.matching import Pools, ranked
from pathways.domain.options import OptionKind, Ranking, kind_of
from pathways.domain.shelves import CatalogIndex, family
from pathways.domain.standing import Standing

FIRST = 8
LEAST = 10
"""Groups below this are hidden; ours, in the range that schools use."""
FOUR_FIFTHS = 0.8
"""A share under four fifths of the best one asks for a look (29 CFR 1607.4(D))."""
HALF = 0.5
FEATURES = ("advanced", "college_credit", "internship")


@dataclass(frozen=True)
class Exposure:
    """What one student is offered among the first eight, and what is open at all."""

    offered: frozenset[str]
    open: frozenset[str]
    families: int

    @property
    def only_low(self) -> bool:
        """Tell whether nothing above the core level is offered."""
        return not self.offered & {"advanced", "college_credit"}


@dataclass(frozen=True)
class GroupRow:
    """A group's shares of students (0 to 1); `shares` is empty where it is hidden.

    The names are `offered_advanced`, `open_internship` and so on, `only_low` and
    `families` (the mean number of families that are open).
    """

    group: str
    students: int | None
    shares: Mapping[str, float]


@dataclass(frozen=True)
class Alert:
    """A group that is offered clearly less than another, or only low levels."""

    group: str
    what: str
    share: float
    best: float


def looked_at(standing: Standing, index: CatalogIndex) -> tuple[Exposure, Ranking]:
    """Return what a student is offered and could be offered, and the ranking itself."""
    pools = Pools(index, standing, None)
    ranking = ranked(pools, FIRST)
    open_ = [pools.entry(one) for one in pools.open]
    seen = Exposure(
        frozenset(name for one in ranking.items for name in features(one.entry)),
        frozenset(name for one in open_ for name in features(one)),
        len({family(one) for one in open_}),
    )
    return seen, ranking


def features(entry: Entry) -> frozenset[str]:
    """Return which of the watched features an option has."""
    found = set()
    if isinstance(entry, Course) and entry.level == "advanced":
        found.add("advanced")
    kind = kind_of(entry)
    if kind in (OptionKind.COLLEGE_CREDIT, OptionKind.INTERNSHIP):
        found.add(str(kind))
    return frozenset(found)


def tabulate(
    seen: Mapping[str, Sequence[Exposure]], least: int = LEAST
) -> tuple[GroupRow, ...]:
    """Return a row for each group, without shares where it is small.

    One hidden group alone could be worked out from the rest, so then the next
    smallest is hidden too.
    """
    by_size = sorted(seen, key=lambda group: (len(seen[group]), group))
    hidden = [group for group in by_size if len(seen[group]) < least]
    if len(hidden) == 1 and len(by_size) > 1:
        hidden = by_size[:2]
    return tuple(
        GroupRow(group, None, {})
        if group in hidden
        else GroupRow(group, len(seen[group]), _shares(seen[group]))
        for group in sorted(seen, key=_in_order)
    )


def _in_order(group: str) -> tuple[int, str]:
    """Order by the number in a name, then by the name: grade 7 before grade 10."""
    number = re.search(r"\d+", group)
    return (int(number[0]) if number else -1, group)


def _shares(students: Sequence[Exposure]) -> Mapping[str, float]:
    count = len(students)
    found = {
        f"{side}_{name}": sum(name in getattr(one, side) for one in students) / count
        for side in ("offered", "open")
        for name in FEATURES
    }
    found["only_low"] = sum(one.only_low for one in students) / count
    found["families"] = sum(one.families for one in students) / count
    return found


def alerts(rows: Sequence[GroupRow]) -> tuple[Alert, ...]:
    """Name each group that sees mostly low levels, or clearly less than the best."""
    shown = [row for row in rows if row.shares]
    found = [
        Alert(row.group, "only_low", row.shares["only_low"], 0.0)
        for row in shown
        if row.shares["only_low"] >= HALF
    ]
    for name in FEATURES:
        what = f"offered_{name}"
        best = max((row.shares[what] for row in shown), default=0.0)
        found += [
            Alert(row.group, what, row.shares[what], best)
            for row in shown
            if row.shares[what] < FOUR_FIFTHS * best
        ]
    return tuple(found)
