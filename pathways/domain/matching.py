"""Ranked options for a student: limits first, then score, then spread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from pathways.domain.catalog import Catalog, Entry
from pathways.domain.facts import StudentFacts
from pathways.domain.judging import CLOSED, CLOSED_FOR_GOOD, NOT_YET, judged
from pathways.domain.limits import checks_for
from pathways.domain.options import Option, OptionKind, Ranking, kind_of
from pathways.domain.policy_limits import NO_LIMITS, PolicyLimits
from pathways.domain.reasons import parts_for
from pathways.domain.shelves import CatalogIndex, index_of
from pathways.domain.standing import Standing
from pathways.domain.stretch import is_stretch, support_for

VERSION = "4"
"""Counts up with every change that can change a ranking."""
SAME_FAMILY, SAME_KIND, SAME_LEVEL = 8_000, 5_000, 2_000
NOT_YET_SHOWN = 3


def option_for(
    entry: Entry,
    facts: StudentFacts,
    catalog: Catalog,
    today: date,
    limits: PolicyLimits = NO_LIMITS,
) -> Option | None:
    """See one catalog entry as an option for a student; None if it is none."""
    return explained(entry, Standing(facts, catalog, today, limits))


def explained(entry: Entry, standing: Standing) -> Option | None:
    """See an entry as an option, with every check, part and reason."""
    kind = kind_of(entry)
    if kind is None:
        return None
    stretch = is_stretch(entry, standing)
    return Option(
        entry,
        kind,
        checks_for(entry, standing),
        parts_for(entry, standing),
        stretch,
        support_for(entry, standing) if stretch else None,
    )


def candidates(catalog: Catalog, kind: OptionKind | None) -> Iterable[Entry]:
    """Yield the active entries that are options of a kind (None: of any kind)."""
    for group in (catalog.courses, catalog.opportunities, catalog.credit_options):
        for entry in group.values():
            if kind is None or kind_of(entry) is kind:
                yield entry


def rank(
    facts: StudentFacts,
    catalog: Catalog,
    today: date,
    kind: OptionKind | None = None,
    limit: int = 5,
    limits: PolicyLimits = NO_LIMITS,
) -> Ranking:
    """Rank the options of a kind for a student.

    Args:
        facts: what is known of the student.
        catalog: the version to suggest from.
        today: the school's day.
        kind: one kind, or None for a mix.
        limit: how many options to return at most.
        limits: of state and district.

    Returns:
        The best open options, spread over families, kinds and levels, one stretch
        among them where the catalog has one; and the best that are out for now.
    """
    standing = Standing(facts, catalog, today, limits)
    return ranked(Pools(index_of(catalog), standing, kind), limit)


def ranked(pools: Pools, limit: int) -> Ranking:
    """Pick from judged options: spread, one stretch, and the next ones to open."""
    chosen = with_one_stretch(spread(pools, limit), pools)
    return Ranking(tuple(_options(chosen, pools)), tuple(_later(pools)))


class Pools:
    """The open options and those not open yet, as the numbers of `judging`."""

    def __init__(
        self, index: CatalogIndex, standing: Standing, kind: OptionKind | None
    ) -> None:
        """Judge all options of a kind."""
        self.index, self.standing, self.mixed = index, standing, kind is None
        self.size = len(index.codes) + 1
        self.open: list[int] = []
        self.later: list[int] = []
        for shelf in index.of_kind(kind):
            found = judged(shelf, standing, self.size)
            self.open += [one for one in found if one < NOT_YET]
            self.later += [one % NOT_YET for one in found if NOT_YET <= one < CLOSED]
        self._leave_out(standing.facts.dismissed)
        self.open.sort(reverse=True)
        self.later.sort(reverse=True)

    def _leave_out(self, codes: frozenset[str]) -> None:
        out = {self.size - 1 - place for place in self.index.places(codes)}
        if out:
            size = self.size
            self.open = [one for one in self.open if one % size not in out]
            self.later = [one for one in self.later if one % size not in out]

    def _place(self, one: int) -> int:
        return self.size - 1 - one % self.size

    def code(self, one: int) -> str:
        """Return the code of an option."""
        return self.index.codes[self._place(one)]

    def entry(self, one: int) -> Entry:
        """Return the catalog entry of an option."""
        return self.index.entries[self._place(one)]

    def group(self, one: int) -> tuple[str, str, str]:
        """Return the family, the kind and the level that spread looks at."""
        return self.index.groups[self._place(one)]


def spread(pools: Pools, limit: int) -> list[int]:
    """Pick the best options; what is like one picked before counts a little less."""
    chosen: list[int] = []
    used: dict[tuple[int, str], int] = {}
    costs = (SAME_FAMILY, SAME_KIND if pools.mixed else 0, SAME_LEVEL)
    while len(chosen) < min(limit, len(pools.open)):
        best = _best(pools, used, costs, {*chosen})
        chosen.append(best)
        for number, name in enumerate(pools.group(best)):
            used[number, name] = used.get((number, name), 0) + 1
    return chosen


def _best(
    pools: Pools,
    used: dict[tuple[int, str], int],
    costs: tuple[int, int, int],
    taken: set[int],
) -> int:
    """Return the best one left; the walk ends where the score alone is too low."""
    best, most = -1, -(10**9)
    judged_groups: set[tuple[str, str, str]] = set()
    for one in pools.open:
        units = one // pools.size
        if best >= 0 and units <= most:
            break
        group = pools.group(one)
        if one in taken or group in judged_groups:
            continue
        judged_groups.add(group)
        cost = sum(
            each * used.get((number, name), 0)
            for number, (each, name) in enumerate(zip(costs, group, strict=True))
        )
        if units - cost > most:
            best, most = one, units - cost
    return best


def with_one_stretch(chosen: list[int], pools: Pools) -> list[tuple[int, bool]]:
    """Mark one stretch option; put the best one last if none of several is one."""
    standing = pools.standing
    stretches = [one for one in chosen if is_stretch(pools.entry(one), standing)]
    if not stretches and len(chosen) > 1:
        every = (one for one in pools.open if is_stretch(pools.entry(one), standing))
        best = next(every, None)
        if best is not None:
            chosen, stretches = [*chosen[:-1], best], [best]
    return [(one, one in stretches[-1:]) for one in chosen]


def _options(chosen: list[tuple[int, bool]], pools: Pools) -> Iterator[Option]:
    for one, marked in chosen:
        option = explained(pools.entry(one), pools.standing)
        if option is not None:
            support = option.support if marked else None
            yield replace(option, stretch=marked, support=support)


def _later(pools: Pools) -> Iterator[Option]:
    """Yield the best options that a step of the student's would open."""
    shown = 0
    for one in pools.later:
        option = explained(pools.entry(one), pools.standing)
        if option is not None and not closed_for_good(option):
            yield option
            shown += 1
        if shown == NOT_YET_SHOWN:
            return


def closed_for_good(option: Option) -> bool:
    """Tell whether no step of the student's would open an option."""
    return any(check.key in CLOSED_FOR_GOOD for check in option.failed)
