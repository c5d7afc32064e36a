"""What imports leave besides the records: what they changed, and rules of counting."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pathways.store.base import Base, Code, Document, Id, SchoolId, Short


class ImportChange(Base):
    """One row that an import touched, so that the import can be undone.

    `before` is empty for a row that it added, `after` for one that it took out;
    otherwise both hold the columns that changed.
    """

    __tablename__ = "import_change"
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    import_id: Mapped[str] = mapped_column(ForeignKey("import_run.id"), index=True)
    table_name: Mapped[Code]
    row_id: Mapped[str] = mapped_column(String(36))
    before: Mapped[Document]
    after: Mapped[Document]


class MasteryRule(Base):
    """How several attempts at one competency become one level."""

    __tablename__ = "mastery_rule"
    __table_args__ = (UniqueConstraint("school_id", "competency"),)
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    competency: Mapped[Code]
    method: Mapped[str] = mapped_column(String(30))
    setting: Mapped[int | None]
    source: Mapped[Short]
    import_id: Mapped[str] = mapped_column(ForeignKey("import_run.id"))
