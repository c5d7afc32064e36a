"""Published facts: a version's content, and many rows at a time for imports."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import and_, func, insert, select
from sqlalchemy.orm import aliased

from pathways.domain.fact_sorts import FactSort
from pathways.store.catalog_models import CatalogFact
from pathways.store.imports import in_parts
from pathways.store.repository import Repository

AT_ONCE = 200
Key = tuple[str, str, str, str]


def key_of(row: CatalogFact) -> Key:
    """Return what names a fact among a school's facts."""
    return row.sort, row.code, row.area, row.period


class FactRepository(Repository):
    """Reads a version's facts and adds new ones; nothing is ever changed."""

    def of(
        self,
        school_id: str,
        version: int,
        sorts: Collection[FactSort],
        codes: Sequence[str],
    ) -> list[CatalogFact]:
        """Return the active facts about some codes in a version of the catalog."""
        return [
            row
            for part in in_parts(codes)
            for row in self._newest(school_id, version, sorts, part)
            if row.status == "active"
        ]

    def all_of(
        self, school_id: str, version: int, sort: FactSort
    ) -> Iterator[CatalogFact]:
        """Yield every active fact of a kind, a part at a time, by code."""
        rows = self.session.scalars(
            self._query(school_id, version, [sort])
            .order_by(CatalogFact.code)
            .execution_options(yield_per=AT_ONCE)
        )
        for row in rows:
            if row.status == "active":
                yield row

    def before(
        self, school_id: str, sorts: Collection[FactSort], codes: Sequence[str]
    ) -> dict[Key, CatalogFact]:
        """Return the newest fact of each key about some codes, retired ones too."""
        return {
            key_of(row): row
            for part in in_parts(codes)
            for row in self._newest(school_id, None, sorts, part)
        }

    def keys(self, school_id: str, sort: FactSort, area: str | None) -> list[Key]:
        """Return the keys of a kind's active facts, of one area or of all."""
        newest = self._query(school_id, None, [sort]).subquery()
        row = aliased(CatalogFact, newest)
        query = select(row.sort, row.code, row.area, row.period).where(
            row.status == "active"
        )
        if area is not None:
            query = query.where(row.area == area)
        return [(one[0], one[1], one[2], one[3]) for one in self.session.execute(query)]

    def any_of(self, school_id: str, sort: FactSort) -> CatalogFact | None:
        """Return the newest fact of a kind, whatever it is about."""
        return self.one(
            select(CatalogFact)
            .where(CatalogFact.school_id == school_id, CatalogFact.sort == sort.value)
            .order_by(CatalogFact.as_of.desc(), CatalogFact.version.desc())
        )

    def insert(self, rows: Sequence[dict[str, Any]]) -> None:
        """Add facts given as column -> value."""
        if rows:
            self.session.execute(insert(CatalogFact), rows)

    def _newest(
        self,
        school_id: str,
        version: int | None,
        sorts: Collection[FactSort],
        codes: Sequence[str],
    ) -> Sequence[CatalogFact]:
        return self.all(self._query(school_id, version, sorts, codes))

    def _query(
        self,
        school_id: str,
        version: int | None,
        sorts: Collection[FactSort],
        codes: Sequence[str] | None = None,
    ) -> Any:
        wanted = [
            CatalogFact.school_id == school_id,
            CatalogFact.sort.in_([sort.value for sort in sorts]),
        ]
        if version is not None:
            wanted.append(CatalogFact.version <= version)
        if codes is not None:
            wanted.append(CatalogFact.code.in_(codes))
        keys = (
            CatalogFact.sort,
            CatalogFact.code,
            CatalogFact.area,
            CatalogFact.period,
        )
        newest = (
            select(*keys, func.max(CatalogFact.version).label("version"))
            .where(*wanted)
            .group_by(*keys)
            .subquery()
        )
        same = and_(
            newest.c.sort == CatalogFact.sort,
            newest.c.code == CatalogFact.code,
            newest.c.area == CatalogFact.area,
            newest.c.period == CatalogFact.period,
            newest.c.version == CatalogFact.version,
        )
        return (
            select(CatalogFact)
            .join(newest, same)
            .where(CatalogFact.school_id == school_id)
        )
