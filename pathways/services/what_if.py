"""What other choices would change: credits, options, dates (features O9, O10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pathways.app import Milepost
from pathways.domain.catalog import Catalog, Course, Opportunity, Status
from pathways.domain.facts import CourseState
from pathways.domain.options import Option
from pathways.domain.what_if import Choices, differences
from pathways.services import graduation
from pathways.services.access import Actor
from pathways.services.errors import Invalid
from pathways.services.graduation import Credits
from pathways.services.option_views import OptionView, Seen, view
from pathways.services.options import entry_by_code, see

SHOWN = 5
MOST_CHOICES = 20


@dataclass(frozen=True)
class Deadline:
    """A day by which something that would open must be asked for."""

    id: str
    title: str
    apply_by: date


@dataclass(frozen=True)
class WhatIf:
    """What would be different.

    Credits are None where the school sent no course record; `needed` is the state's
    least number, None without a policy pack. `opened_count` and `closed_count` count
    all, the lists hold the best few. `earns` are the titles and credits that an
    approved plan could give. `decided_by_counselor` is what nobody here can say.
    """

    credits_before: Credits | None
    credits_after: Credits | None
    needed: float | None
    opened: tuple[OptionView, ...]
    opened_count: int
    closed: tuple[OptionView, ...]
    closed_count: int
    deadlines: tuple[Deadline, ...]
    hours: float
    earns: tuple[tuple[str, float], ...]
    decided_by_counselor: tuple[str, ...]


def what_if(
    milepost: Milepost,
    actor: Actor,
    drop: Sequence[str] = (),
    add: Sequence[str] = (),
    finish: Sequence[str] = (),
) -> WhatIf:
    """Say what would change for the student who asks, without saving anything.

    Args:
        milepost: the product.
        actor: a student.
        drop: codes of courses under way that would be given up.
        add: codes of courses or places that would be taken up.
        finish: codes of courses that would be completed.

    Raises:
        Invalid: a course can't be dropped, or a code is not in the catalog.
    """
    status = graduation.status(milepost, actor)
    with milepost.work() as work:
        seen = see(milepost, work, actor, actor.id)
    choices = Choices(tuple(drop), tuple(add), tuple(finish))
    _check(choices, seen)
    found = differences(seen.standing, choices)
    after = _credits_after(status.credits, choices, seen)
    added = [seen.catalog.opportunities.get(code) for code in choices.add]
    places = [one for one in added if one is not None]
    return WhatIf(
        credits_before=status.credits,
        credits_after=after,
        needed=status.needed,
        opened=tuple(view(one, seen) for one in found.opened[:SHOWN]),
        opened_count=len(found.opened),
        closed=tuple(view(one, seen) for one in found.closed[:SHOWN]),
        closed_count=len(found.closed),
        deadlines=_deadlines(places, found.opened),
        hours=sum(one.hours_total or 0 for one in places),
        earns=tuple((one.title, one.credits) for one in found.earns),
        decided_by_counselor=status.not_checked,
    )


def _check(choices: Choices, seen: Seen) -> None:
    if not choices.codes or len(choices.codes) > MOST_CHOICES:
        raise Invalid("Name one to twenty courses or places.", "choices")
    for code in choices.drop:
        if seen.facts.courses.get(code) is not CourseState.IN_PROGRESS:
            raise Invalid("Only a course that you take now can be dropped.", "drop")
    for code in choices.add:
        if entry_by_code(seen.catalog, code).status is not Status.ACTIVE:
            raise Invalid("The school does not offer that any more.", "add")
    for code in choices.finish:
        if code not in seen.catalog.courses:
            raise Invalid("Only a course of the catalog can be finished.", "finish")


def _credits_after(
    before: Credits | None, choices: Choices, seen: Seen
) -> Credits | None:
    """Count catalog credits over from one side to the other."""
    if before is None:
        return None
    completed, under_way = before.completed, before.under_way
    states = seen.facts.courses
    for code in choices.drop:
        under_way -= _credits(seen.catalog, code)
    for code in choices.finish:
        if states.get(code) is CourseState.COMPLETED:
            continue
        completed += _credits(seen.catalog, code)
        if states.get(code) is CourseState.IN_PROGRESS:
            under_way -= _credits(seen.catalog, code)
    for code in choices.add:
        if code not in states and code not in choices.finish:
            under_way += _credits(seen.catalog, code)
    return Credits(completed, max(0.0, under_way))


def _credits(catalog: Catalog, code: str) -> float:
    entry = catalog.entries.get(Course.kind, {}).get(code)
    return entry.credits if isinstance(entry, Course) else 0.0


def _deadlines(
    places: Sequence[Opportunity], opened: Sequence[Option]
) -> tuple[Deadline, ...]:
    """Return the days that matter for what is added or would open, the next first."""
    entries = [*places, *(one.entry for one in opened)]
    dated = {
        one.code: Deadline(one.code, one.title, one.apply_by)
        for one in entries
        if isinstance(one, Opportunity) and one.apply_by is not None
    }
    return tuple(sorted(dated.values(), key=lambda one: (one.apply_by, one.id)))
