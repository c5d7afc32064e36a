"""The tables of what students wish for: how they learn here, and what was not found."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pathways.store.base import Base, Id, PersonId, SchoolId, Sealed


class Preference(Base):
    """What helps a student here, as they chose it (P8); `wish` names a language."""

    __tablename__ = "preference"
    __table_args__ = (UniqueConstraint("student_id"),)
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    student_id: Mapped[PersonId]
    supports: Mapped[list[str]] = mapped_column(JSON)
    wish: Mapped[str] = mapped_column(String(40), default="")
    set_at: Mapped[datetime]


class UnmetWord(Base):
    """Words of a student that the catalog does not know, once each (A4)."""

    __tablename__ = "unmet_word"
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    student_id: Mapped[PersonId]
    kind: Mapped[str] = mapped_column(String(20))
    words: Mapped[Sealed]
    said_at: Mapped[datetime]
