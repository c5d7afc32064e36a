"""The tables of the catalog: entries, their history, published versions.

A version is a number. Its content is, for each entry, the newest revision with
that number or a smaller one: revisions are only ever added, so a version never
changes (docs/adr/0006).
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pathways.store.base import (
    Base,
    Code,
    Document,
    Id,
    Language,
    MaybePersonId,
    SchoolId,
    Short,
)


class CatalogVersion(Base):
    """A published state of a school's catalog."""

    __tablename__ = "catalog_version"
    __table_args__ = (UniqueConstraint("school_id", "number"),)
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    number: Mapped[int]
    note: Mapped[Short]
    actor_id: Mapped[MaybePersonId]
    published_at: Mapped[datetime]


class CatalogEntry(Base):
    """A thing in the catalog: its kind and its code never change."""

    __tablename__ = "catalog_entry"
    __table_args__ = (UniqueConstraint("school_id", "kind", "code"),)
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    kind: Mapped[str] = mapped_column(String(20))
    code: Mapped[Code]


class CatalogRevision(Base):
    """What an entry said from one version on."""

    __tablename__ = "catalog_revision"
    __table_args__ = (UniqueConstraint("entry_id", "version"),)
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    entry_id: Mapped[str] = mapped_column(ForeignKey("catalog_entry.id"), index=True)
    version: Mapped[int]
    language: Mapped[Language]
    title: Mapped[Short]
    status: Mapped[str] = mapped_column(String(10))
    source: Mapped[Short]
    as_of: Mapped[date | None]
    review_by: Mapped[date | None]
    data: Mapped[Document]
    by_hand: Mapped[bool] = mapped_column(default=False)
    actor_id: Mapped[MaybePersonId]
    revised_at: Mapped[datetime]


class CatalogMapping(Base):
    """How a school's own table becomes entries of a kind, remembered from last time."""

    __tablename__ = "catalog_mapping"
    __table_args__ = (UniqueConstraint("school_id", "kind"),)
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    kind: Mapped[str] = mapped_column(String(20))
    mapping: Mapped[Document]
    actor_id: Mapped[MaybePersonId]
    changed_at: Mapped[datetime]


class CatalogFact(Base):
    """What a published source said about a code, from one catalog version on.

    Like a revision it is only ever added: a version's facts are, for each key, the
    newest with that version or a smaller one.
    """

    __tablename__ = "catalog_fact"
    __table_args__ = (
        UniqueConstraint(
            "school_id",
            "sort",
            "code",
            "area",
            "period",
            "version",
            name="uq_catalog_fact_key",
        ),
    )
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    sort: Mapped[str] = mapped_column(String(20))
    code: Mapped[Code]
    area: Mapped[Code]
    period: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    language: Mapped[Language]
    title: Mapped[Short]
    status: Mapped[str] = mapped_column(String(10))
    source: Mapped[Short]
    as_of: Mapped[date]
    review_by: Mapped[date]
    data: Mapped[Document]
    import_id: Mapped[str] = mapped_column(ForeignKey("import_run.id"), index=True)
