"""What came of a meeting of advisor and student (feature A2)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from pathways.store.base import Base, Id, Language, PersonId, SchoolId, Sealed


class Meeting(Base):
    """One meeting; the coach asks about `agreed` at the next check-in."""

    __tablename__ = "meeting"
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    student_id: Mapped[PersonId]
    advisor_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    language: Mapped[Language]
    agreed: Mapped[Sealed]
    note: Mapped[Sealed]
    met_at: Mapped[datetime]
