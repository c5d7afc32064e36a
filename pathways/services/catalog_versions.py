"""A catalog's versions, and the way back to an earlier one (A5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pathways.app import Milepost
from pathways.domain.catalog import Catalog, Entry, Status
from pathways.services.access import Actor, Role, require
from pathways.services.catalog_publish import publish
from pathways.services.errors import Invalid, NotFound
from pathways.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Version:
    """One published version: what it was for, and when."""

    number: int
    note: str
    when: datetime


@dataclass(frozen=True)
class Restored:
    """What going back did.

    Attributes:
        version: the new version, whose content is that of the earlier one.
        changed: entries that say again what they said then.
        retired: entries that did not exist then.
        by_hand: titles of entries that someone had edited by hand since then.
    """

    version: int
    changed: int
    retired: int
    by_hand: tuple[str, ...]


def list_versions(milepost: Milepost, actor: Actor) -> list[Version]:
    """Return the versions of the actor's school, newest first."""
    require(actor, Role.COUNSELOR)
    with milepost.work() as work:
        return versions_of(work, actor.school_id)


def versions_of(work: UnitOfWork, school_id: str) -> list[Version]:
    """Return a school's versions, newest first."""
    return [
        Version(row.number, row.note, row.published_at)
        for row in work.catalog.versions(school_id)
    ]


def restore(milepost: Milepost, actor: Actor, number: int) -> Restored:
    """Publish an earlier version again, as a new one.

    Raises:
        NotFound: there is no such version.
        Invalid: it is the newest, or says the same as the newest.
    """
    require(actor, Role.COUNSELOR)
    with milepost.work() as work:
        return restore_in(milepost, work, actor.school_id, number, actor.id)


def restore_in(
    milepost: Milepost,
    work: UnitOfWork,
    school_id: str,
    number: int,
    actor_id: str | None,
) -> Restored:
    """Do the same for a school, for whoever runs the machine.

    Versions never change, so going back is a version of its own: it can be taken
    back too. What was edited by hand before stays marked so.
    """
    newest = work.catalog.newest(school_id)
    if newest is None or not 1 <= number <= newest.number:
        raise NotFound("The version")
    now = milepost.catalogs.version(work, school_id, newest.number)
    then = milepost.catalogs.version(work, school_id, number)
    entries, retired = _way_back(now, then)
    if not entries and not retired:
        raise Invalid(f"Version {number} says what the newest version says.")
    note = f"Back to version {number}"
    by_hand = _by_hand(work, school_id, number)
    since = _by_hand(work, school_id, newest.number) - by_hand
    lost = [one for one in (*entries, *retired) if (one.kind, one.code) in since]
    new = publish(
        milepost, work, school_id, [*entries, *retired], note, actor_id, by_hand
    )
    titles = tuple(sorted(now.entries[one.kind][one.code].title for one in lost))
    return Restored(new, len(entries), len(retired), titles)


def _way_back(now: Catalog, then: Catalog) -> tuple[list[Entry], Sequence[Entry]]:
    """Return the entries to say again, and those to retire as they did not exist."""
    again = [
        entry
        for kind, group in then.entries.items()
        for code, entry in group.items()
        if now.entries[kind].get(code) != entry
    ]
    retired = [
        entry.model_copy(update={"status": Status.RETIRED})
        for kind, group in now.entries.items()
        for code, entry in group.items()
        if code not in then.entries[kind] and entry.status is not Status.RETIRED
    ]
    return again, retired


def _by_hand(work: UnitOfWork, school_id: str, number: int) -> set[tuple[str, str]]:
    return {
        (entry.kind, entry.code)
        for entry, revision in work.catalog.content(school_id, number)
        if revision.by_hand
    }
