"""Ranked options for a student: limits first, then score, then spread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from pathways.domain.catalog import Catalog, Course, CreditOption, Entry, Opportunity
from pathways.domain.facts import StudentFacts
from pathways.domain.limits import checks_for
from pathways.domain.mastery import Level
from pathways.domain.options import Option, OptionKind, Ranking, kind_of
from pathways.domain.scores import parts_for

SAME_FAMILY_COSTS = 0.08
CLOSED_FOR_GOOD = frozenset({"taken", "taking", "over", "too_old", "grade_past"})
NOT_YET_SHOWN = 3


def option_for(
    entry: Entry, facts: StudentFacts, catalog: Catalog, today: date
) -> Option | None:
    """See one catalog entry as an option for a student; None if it is none."""
    kind = kind_of(entry)
    if kind is None:
        return None
    option = Option(
        entry,
        kind,
        checks_for(entry, facts, catalog, today),
        parts_for(entry, facts, catalog, today),
    )
    return replace(option, stretch=is_stretch(option, facts))


def is_stretch(option: Option, facts: StudentFacts) -> bool:
    """A stretch: a higher level, or a needed competency still on its way (O12)."""
    entry = option.entry
    if isinstance(entry, Course):
        growing = any(
            (facts.level(code) or Level.PROFICIENT) < Level.PROFICIENT
            for code in entry.competencies_needed
        )
        return entry.level in ("advanced", "college") or growing
    if isinstance(entry, Opportunity):
        return entry.sort in ("apprenticeship", "competition")
    return isinstance(entry, CreditOption) and entry.way in (
        "test_out",
        "independent_study",
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
) -> Ranking:
    """Rank the options of a kind for a student.

    Args:
        facts: what is known of the student.
        catalog: the version to suggest from.
        today: the school's day.
        kind: one kind, or None for a mix.
        limit: how many options to return at most.

    Returns:
        The best open options, spread over families, one stretch among them where
        the catalog has one; and the best that are out for now.
    """
    seen = (
        option_for(entry, facts, catalog, today) for entry in candidates(catalog, kind)
    )
    options = sorted(
        (one for one in seen if one and one.entry.code not in facts.dismissed),
        key=lambda option: (-option.score, option.entry.code),
    )
    chosen = with_one_stretch(spread([o for o in options if o.open], limit), options)
    later = [one for one in options if not one.open and not closed_for_good(one)]
    return Ranking(tuple(chosen), tuple(later[:NOT_YET_SHOWN]))


def closed_for_good(option: Option) -> bool:
    """Tell whether no step of the student's would open an option."""
    return any(check.key in CLOSED_FOR_GOOD for check in option.failed)


def family(option: Option) -> str:
    """The family an option counts to when suggestions are spread."""
    entry = option.entry
    if isinstance(entry, Course):
        return entry.subject
    if isinstance(entry, CreditOption):
        return entry.course
    return (
        entry.clusters[0] if isinstance(entry, Opportunity) and entry.clusters else ""
    )


def spread(options: list[Option], limit: int) -> list[Option]:
    """Pick the best options, each of a family costing the next one a little."""
    left, chosen = list(options), list[Option]()
    used: dict[str, int] = {}
    while left and len(chosen) < limit:
        best = max(
            left,
            key=lambda one: one.score - SAME_FAMILY_COSTS * used.get(family(one), 0),
        )
        left.remove(best)
        chosen.append(best)
        used[family(best)] = used.get(family(best), 0) + 1
    return chosen


def with_one_stretch(chosen: list[Option], options: list[Option]) -> list[Option]:
    """Mark one stretch option; put the best one last if none of several is one."""
    stretches = [one for one in chosen if one.stretch]
    if not stretches:
        best = next((one for one in options if one.open and one.stretch), None)
        if best is None or len(chosen) < 2:
            return chosen
        return [*chosen[:-1], best]
    marked = stretches[-1]
    return [replace(one, stretch=one is marked) for one in chosen]
