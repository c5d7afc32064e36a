"""Published facts: a version's content, and many rows at a time for imports."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, insert, select
from sqlalchemy.orm import aliased

from pathways.domain.fact_sorts import FactSort
from pathways.store.catalog_models import CatalogFact
from pathways.store.imports import in_parts
from pathways.store.repository import Repository

AT_ONCE = 200
# A code has a wage for each of some 600 areas.
CODES_AT_ONCE = 20
Key = tuple[str, str, str, str]


def key_of(row: CatalogFact) -> Key:
    """Return what names a fact among a school's facts."""
    return row.sort, row.code, row.area, row.period


def _written(import_id: str, version: int) -> tuple[ColumnElement[bool], ...]:
    return CatalogFact.import_id == import_id, CatalogFact.version == version


def _later(version: int) -> ColumnElement[bool]:
    """Whether a later version than this says something of the same key."""
    other = aliased(CatalogFact)
    same = [
        getattr(other, name) == getattr(CatalogFact, name)
        for name in ("school_id", "sort", "code", "area", "period")
    ]
    return exists().where(*same, other.version > version)


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
        self,
        school_id: str,
        sorts: Collection[FactSort],
        codes: Sequence[str],
        version: int | None = None,
    ) -> dict[Key, CatalogFact]:
        """Return the newest fact of each key about some codes, retired ones too.

        Args:
            school_id: whose facts.
            sorts: kinds of facts.
            codes: what they are about.
            version: as this version knew them; None for the newest of all.
        """
        return {
            key_of(row): row
            for part in in_parts(codes)
            for row in self._newest(school_id, version, sorts, part)
        }

    def of_import(
        self, import_id: str, version: int
    ) -> Iterator[Sequence[CatalogFact]]:
        """Yield the facts that an import wrote for a version, some codes at a time.

        Those about which a later version says something are left out.
        """
        wrote = (*_written(import_id, version), ~_later(version))
        found = select(CatalogFact.code).where(*wrote).distinct()
        codes = sorted(self.session.scalars(found))
        for start in range(0, len(codes), CODES_AT_ONCE):
            part = codes[start : start + CODES_AT_ONCE]
            yield self.all(
                select(CatalogFact)
                .where(*wrote, CatalogFact.code.in_(part))
                .order_by(CatalogFact.sort, CatalogFact.code, CatalogFact.area)
            )

    def count_of_import(self, import_id: str, version: int) -> tuple[int, int]:
        """Return how many facts an import wrote, and how many of them are outdated."""
        written = select(func.count()).where(*_written(import_id, version))
        later = written.where(_later(version))
        return self.session.scalar(written) or 0, self.session.scalar(later) or 0

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
        """Return the newest of a kind's active facts, whatever it is about."""
        row = aliased(CatalogFact, self._query(school_id, None, [sort]).subquery())
        return self.one(
            select(row)
            .where(row.status == "active")
            .order_by(row.as_of.desc(), row.version.desc())
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
