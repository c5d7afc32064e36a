"""Publishes versions of a catalog; nothing that was published ever changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pathways.app import Milepost
from pathways.domain.catalog import Catalog, Entry, catalog_of
from pathways.services.gazetteer import write_gazetteer
from pathways.store.catalog_models import (
    CatalogEntry,
    CatalogRevision,
    CatalogVersion,
)
from pathways.store.unit_of_work import UnitOfWork

OWN_COLUMNS = frozenset({"code", "title", "status", "source", "as_of", "review_by"})


@dataclass(frozen=True)
class Change:
    """What publishing would do with an entry."""

    entry: Entry
    before: Entry | None
    by_hand_before: bool = False

    @property
    def kind(self) -> str:
        """`created`, `changed` or `unchanged`."""
        if self.before is None:
            return "created"
        return "unchanged" if self.before == self.entry else "changed"


def merge(catalog: Catalog, changed: Iterable[Entry]) -> Catalog:
    """Return the catalog as it would be with some entries replaced or added."""
    entries = {
        (kind, code): entry
        for kind, group in catalog.entries.items()
        for code, entry in group.items()
    }
    entries.update({(entry.kind, entry.code): entry for entry in changed})
    return catalog_of(catalog.version, entries.values())


def plan_changes(
    milepost: Milepost, work: UnitOfWork, school_id: str, entries: Iterable[Entry]
) -> list[Change]:
    """Compare entries with the newest catalog, one change for each."""
    catalog = milepost.catalogs.current(work, school_id)
    by_hand = {
        (entry.kind, entry.code)
        for entry, revision in work.catalog.content(school_id, catalog.version)
        if revision.by_hand
    }
    return [
        Change(
            entry,
            catalog.entries.get(entry.kind, {}).get(entry.code),
            (entry.kind, entry.code) in by_hand,
        )
        for entry in entries
    ]


def publish(
    milepost: Milepost,
    work: UnitOfWork,
    school_id: str,
    entries: Sequence[Entry],
    note: str,
    actor_id: str | None,
    by_hand: Collection[tuple[str, str]] = (),
) -> int:
    """Publish entries as one new version; return its number.

    Args:
        milepost: the product.
        work: the unit of work, committed here.
        school_id: whose catalog.
        entries: what the version changes or adds.
        note: what happened, for the list of versions.
        actor_id: who did it; None for an import from the command line.
        by_hand: kind and code of the entries that a person wrote, which imports
            keep.
    """
    newest = work.catalog.newest(school_id)
    number = newest.number + 1 if newest else 1
    now = milepost.clock()
    work.catalog.add(
        CatalogVersion(
            school_id=school_id,
            number=number,
            note=note[:200],
            actor_id=actor_id,
            published_at=now,
        )
    )
    rows = _rows(work, school_id, entries)
    for entry in entries:
        key = entry.kind, entry.code
        work.catalog.add(
            _revision(rows[key], number, entry, actor_id, now, key in by_hand)
        )
    work.commit()
    write_gazetteer(milepost, work)
    return number


def _rows(
    work: UnitOfWork, school_id: str, entries: Iterable[Entry]
) -> dict[tuple[str, str], CatalogEntry]:
    """Return the row of each entry by kind and code, new ones added."""
    rows = work.catalog.entries(school_id)
    for kind, code in ((entry.kind, entry.code) for entry in entries):
        if (kind, code) not in rows:
            rows[kind, code] = work.catalog.add(
                CatalogEntry(school_id=school_id, kind=kind, code=code)
            )
    work.catalog.flush()
    return rows


def _revision(
    row: CatalogEntry,
    number: int,
    entry: Entry,
    actor_id: str | None,
    now: datetime,
    by_hand: bool,
) -> CatalogRevision:
    data: dict[str, Any] = entry.model_dump(
        mode="json", by_alias=True, exclude=set(OWN_COLUMNS)
    )
    return CatalogRevision(
        school_id=row.school_id,
        entry_id=row.id,
        version=number,
        title=entry.title,
        status=entry.status.value,
        source=entry.source,
        as_of=entry.as_of,
        review_by=entry.review_by,
        data=data,
        by_hand=by_hand,
        actor_id=actor_id,
        revised_at=now,
    )
