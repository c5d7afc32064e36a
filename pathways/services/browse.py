"""Looking through options with filters, without a trace in the log (O4-O6, O9, O12).

What the coach suggests is logged, so that "the second one" means something in the chat;
looking at a page changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from pathways.app import Milepost
from pathways.domain.catalog import Catalog, Course, Entry, Opportunity
from pathways.domain.lexicon import fold
from pathways.domain.matching import explained, rank
from pathways.domain.options import Option, OptionKind
from pathways.services.access import Actor, Role, require
from pathways.services.availability import places_of
from pathways.services.errors import NotFound
from pathways.services.option_views import OptionView, Seen, day_to_act, view
from pathways.services.options import DISMISSED, SAVED, entry_by_code, see

AT_SCHOOL, FROM_HOME = "school", "online"
SOON, SUMMER, SCHOOL_YEAR = "soon", "summer", "school_year"
WHENS = (SOON, SUMMER, SCHOOL_YEAR)
SOON_DAYS = timedelta(days=30)
SUMMER_MONTHS = (6, 7, 8)
RANKED, SHOWN = 120, 12


@dataclass(frozen=True)
class Wanted:
    """What to show: empty means anything.

    `place` is `school`, `online` or a place of the catalog; `when` one of `WHENS`;
    `mine` is `saved` or `dismissed` for what the student decided before.
    """

    kind: OptionKind | None = None
    place: str = ""
    when: str = ""
    words: str = ""
    mine: str = ""


@dataclass(frozen=True)
class Shelf:
    """Options that fit what is wanted, best first, and those that are not open yet.

    `more` says that others fit too, `early` that the student has named no interest and
    no career yet.
    """

    items: tuple[OptionView, ...]
    not_yet: tuple[OptionView, ...]
    more: bool
    places: tuple[str, ...]
    catalog_version: int
    early: bool


def browse(milepost: Milepost, actor: Actor, wanted: Wanted) -> Shelf:
    """Return the student's options as far as they fit what is wanted."""
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        seen = see(milepost, work, actor, actor.id)
    if wanted.mine in (SAVED, DISMISSED):
        found, later = _decided(seen, wanted.mine), []
    else:
        narrow = bool(wanted.place or wanted.when or wanted.words)
        at_most = RANKED if narrow else SHOWN + 1
        ranking = rank(
            seen.facts, seen.catalog, seen.today, wanted.kind, at_most, seen.limits
        )
        found, later = list(ranking.items), list(ranking.not_yet)
    items = [one for one in found if _fits(one, wanted, seen.today)]
    not_yet = [one for one in later if _fits(one, wanted, seen.today)]
    return Shelf(
        tuple(view(one, seen) for one in items[:SHOWN]),
        tuple(view(one, seen) for one in not_yet),
        len(items) > SHOWN,
        places_of(seen.catalog),
        seen.catalog.version,
        not seen.facts.interests and not seen.facts.careers,
    )


@dataclass(frozen=True)
class LastDay:
    """A day by which something the student saved must be asked for."""

    id: str
    title: str
    day: date


@dataclass(frozen=True)
class Glance:
    """What a student's first page shows of options.

    Attributes:
        idea: the one that fits best and is not kept or turned down yet.
        days: when to ask for what the student saved, the soonest first.
    """

    idea: OptionView | None
    days: tuple[LastDay, ...]


def glance(milepost: Milepost, actor: Actor) -> Glance:
    """Return one idea, and the days to ask for what the student saved."""
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        seen = see(milepost, work, actor, actor.id)
    return Glance(_one_idea(seen), tuple(_days_to_act(seen)))


def _one_idea(seen: Seen) -> OptionView | None:
    kept = [code for code, decision in seen.decisions.items() if decision]
    at_most = len(kept) + 1
    ranking = rank(seen.facts, seen.catalog, seen.today, None, at_most, seen.limits)
    found = (one for one in ranking.items if one.entry.code not in kept)
    best = next(found, None)
    return view(best, seen) if best else None


def _days_to_act(seen: Seen) -> list[LastDay]:
    found = [
        LastDay(one.entry.code, one.entry.title, day)
        for one in _decided(seen, SAVED)
        if one.open and (day := day_to_act(one)) is not None and day >= seen.today
    ]
    return sorted(found, key=lambda one: (one.day, one.id))


def _decided(seen: Seen, decision: str) -> list[Option]:
    codes = [code for code, made in seen.decisions.items() if made == decision]
    found = (explained(one, seen.standing) for one in _entries(seen.catalog, codes))
    return [one for one in found if one is not None]


def _entries(catalog: Catalog, codes: Iterable[str]) -> Iterable[Entry]:
    for code in codes:
        try:
            yield entry_by_code(catalog, code)
        except NotFound:
            continue


def _fits(option: Option, wanted: Wanted, today: date) -> bool:
    entry = option.entry
    return (
        (wanted.kind is None or option.kind is wanted.kind)
        and (not wanted.place or _is_in(entry, wanted.place))
        and (not wanted.when or _is_when(option, wanted.when, today))
        and _has_words(entry, wanted.words)
    )


def _is_in(entry: Entry, place: str) -> bool:
    if not isinstance(entry, Opportunity):
        return place == AT_SCHOOL
    return bool(entry.remote) if place == FROM_HOME else entry.place == place


def _is_when(option: Option, when: str, today: date) -> bool:
    if when == SOON:
        day = day_to_act(option)
        return day is not None and today <= day <= today + SOON_DAYS
    return _is_in_summer(option.entry) is (when == SUMMER)


def _is_in_summer(entry: Entry) -> bool:
    if isinstance(entry, Course):
        return tuple(entry.terms) == (SUMMER,)
    if not isinstance(entry, Opportunity):
        return False
    starts = entry.starts is not None and entry.starts.month in SUMMER_MONTHS
    return starts or SUMMER in fold(entry.schedule)


def _has_words(entry: Entry, words: str) -> bool:
    about = (
        entry.title,
        getattr(entry, "description", ""),
        getattr(entry, "organization", ""),
        *getattr(entry, "everyday_names", ()),
    )
    text = fold(" ".join(about))
    return all(word in text for word in fold(words).split())
