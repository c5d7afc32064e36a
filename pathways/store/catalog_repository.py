"""The catalog's entries, revisions and versions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from pathways.store.catalog_models import (
    CatalogEntry,
    CatalogMapping,
    CatalogRevision,
    CatalogVersion,
)
from pathways.store.repository import Repository

# Built once, asked at each turn.
NEWEST = (
    select(CatalogVersion)
    .where(CatalogVersion.school_id == bindparam("school_id"))
    .order_by(CatalogVersion.number.desc())
    .limit(1)
)


class CatalogRepository(Repository):
    """Reads and adds; nothing of a published catalog is ever changed."""

    def newest(self, school_id: str) -> CatalogVersion | None:
        """Return the newest published version."""
        return self.first(NEWEST, school_id=school_id)

    def versions(self, school_id: str) -> Sequence[CatalogVersion]:
        """Return the published versions, newest first."""
        return self.all(
            select(CatalogVersion)
            .where(CatalogVersion.school_id == school_id)
            .order_by(CatalogVersion.number.desc())
        )

    def content(
        self, school_id: str, version: int
    ) -> list[tuple[CatalogEntry, CatalogRevision]]:
        """Return every entry with the revision that counts in a version."""
        newest = (
            select(
                CatalogRevision.entry_id,
                func.max(CatalogRevision.version).label("version"),
            )
            .where(
                CatalogRevision.school_id == school_id,
                CatalogRevision.version <= version,
            )
            .group_by(CatalogRevision.entry_id)
            .subquery()
        )
        revision = aliased(CatalogRevision)
        query = (
            select(CatalogEntry, revision)
            .join(revision, revision.entry_id == CatalogEntry.id)
            .join(
                newest,
                (newest.c.entry_id == revision.entry_id)
                & (newest.c.version == revision.version),
            )
            .where(CatalogEntry.school_id == school_id)
            .order_by(CatalogEntry.kind, CatalogEntry.code)
        )
        return [(entry, found) for entry, found in self.session.execute(query)]

    def entry(self, school_id: str, kind: str, code: str) -> CatalogEntry | None:
        """Return an entry by its kind and code."""
        return self.one(
            select(CatalogEntry).where(
                CatalogEntry.school_id == school_id,
                CatalogEntry.kind == kind,
                CatalogEntry.code == code,
            )
        )

    def entries(self, school_id: str) -> dict[tuple[str, str], CatalogEntry]:
        """Return every entry of a school by kind and code."""
        rows = self.all(select(CatalogEntry).where(CatalogEntry.school_id == school_id))
        return {(row.kind, row.code): row for row in rows}

    def history(self, entry_id: str) -> Sequence[CatalogRevision]:
        """Return an entry's revisions, newest first."""
        return self.all(
            select(CatalogRevision)
            .where(CatalogRevision.entry_id == entry_id)
            .order_by(CatalogRevision.version.desc())
        )

    def mapping(self, school_id: str, kind: str) -> CatalogMapping | None:
        """Return how a school's own table of a kind was read last time."""
        return self.one(
            select(CatalogMapping).where(
                CatalogMapping.school_id == school_id, CatalogMapping.kind == kind
            )
        )
