"""Hours a week and places of a student: said by them, used by the matcher (O5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pathways.app import Milepost
from pathways.domain.catalog import Catalog
from pathways.services.access import Actor, Role, require
from pathways.services.errors import Invalid
from pathways.store.reach_models import Availability
from pathways.store.unit_of_work import UnitOfWork
from pathways.texts import say

MOST_HOURS, COMMON = 60.0, 3


@dataclass(frozen=True)
class AvailabilityView:
    """What a student said; None where they did not.

    `choices` are the known places, `common` those with the most options.
    """

    hours_a_week: float | None
    places: tuple[str, ...] | None
    choices: tuple[str, ...]
    said_at: datetime | None
    common: tuple[str, ...] = ()


def availability(milepost: Milepost, actor: Actor) -> AvailabilityView:
    """Return the student's own hours and places."""
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        return _view(work, actor, milepost.catalogs.current(work, actor.school_id))


def set_availability(
    milepost: Milepost,
    actor: Actor,
    hours_a_week: float | None,
    places: Sequence[str] | None,
) -> AvailabilityView:
    """Keep what the student says; None takes it back, and then it limits nothing.

    Args:
        milepost: the product.
        actor: a student.
        hours_a_week: free for something outside class, 0 to 60.
        places: to which they can come, of those that the catalog names.

    Raises:
        Invalid: the hours are out of range, or no option is in such a place.
    """
    require(actor, Role.STUDENT)
    if hours_a_week is not None and not 0 <= hours_a_week <= MOST_HOURS:
        raise Invalid(say(actor.language, "page_ideas.wrong_hours"), "hours_a_week")
    with milepost.work() as work:
        catalog = milepost.catalogs.current(work, actor.school_id)
        if places is not None and not {*places} <= {*places_of(catalog)}:
            raise Invalid(say(actor.language, "page_ideas.wrong_place"), "places")
        rows = work.records.availability(actor.school_id, actor.id)
        row = rows[0] if rows else None
        if row is None:
            row = work.records.add(
                Availability(school_id=actor.school_id, student_id=actor.id)
            )
        row.hours_a_week = hours_a_week
        row.places = None if places is None else sorted({*places})
        row.said_at = milepost.clock()
        work.commit()
        return _view(work, actor, catalog)


def places_of(catalog: Catalog) -> tuple[str, ...]:
    """Return the places to which somebody must come for an option."""
    return tuple(sorted(_counted(catalog)))


def _counted(catalog: Catalog) -> Counter[str]:
    return Counter(
        one.place
        for one in catalog.opportunities.values()
        if one.place and not one.remote
    )


def _view(work: UnitOfWork, actor: Actor, catalog: Catalog) -> AvailabilityView:
    rows = work.records.availability(actor.school_id, actor.id)
    counted = _counted(catalog)
    choices = tuple(sorted(counted))
    ranked = sorted(choices, key=lambda one: -counted[one])
    nothing = AvailabilityView(None, None, choices, None, tuple(ranked[:COMMON]))
    if not rows:
        return nothing
    row = rows[0]
    places = None if row.places is None else tuple(row.places)
    return replace(
        nothing, hours_a_week=row.hours_a_week, places=places, said_at=row.said_at
    )
