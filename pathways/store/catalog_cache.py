"""Catalog versions in memory: each is read once, since it never changes."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from pathways.domain.catalog import KINDS, Catalog, Entry, catalog_of
from pathways.store.catalog_models import CatalogRevision
from pathways.store.unit_of_work import UnitOfWork

KEPT = 16


def entry_of(kind: str, code: str, revision: CatalogRevision) -> Entry:
    """Return the typed entry that a revision holds."""
    return KINDS[kind].model_validate(
        {
            **revision.data,
            "code": code,
            "title": revision.title,
            "status": revision.status,
            "source": revision.source,
            "as_of": revision.as_of,
            "review_by": revision.review_by,
        }
    )


class CatalogCache:
    """The last few catalog versions that somebody asked for."""

    def __init__(self) -> None:
        """Start empty."""
        self._kept: OrderedDict[tuple[str, int], Catalog] = OrderedDict()
        self._lock = Lock()

    def current(self, work: UnitOfWork, school_id: str) -> Catalog:
        """Return a school's newest catalog; version 0 is an empty one."""
        newest = work.catalog.newest(school_id)
        return self.version(work, school_id, newest.number if newest else 0)

    def version(self, work: UnitOfWork, school_id: str, number: int) -> Catalog:
        """Return one version of a school's catalog."""
        key = (school_id, number)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        entries = [
            entry_of(entry.kind, entry.code, revision)
            for entry, revision in work.catalog.content(school_id, number)
        ]
        catalog = catalog_of(number, entries)
        with self._lock:
            self._kept[key] = catalog
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return catalog
