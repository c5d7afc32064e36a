"""What was recorded of consent, entry by entry; the newest stands at the person."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from pathways.store.base import Base, Id, MaybePersonId, PersonId, SchoolId


class ConsentEntry(Base):
    """That a family or the school said yes or no, or what a student chose.

    Nobody's name but who noted it.

    `dated` is the day on the paper, `recorded_at` the moment it was noted.
    `recorded_by` is empty where a file was imported.
    """

    __tablename__ = "consent_entry"
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    student_id: Mapped[PersonId]
    state: Mapped[str] = mapped_column(String(10))
    given_by: Mapped[str] = mapped_column(String(10))
    dated: Mapped[date]
    recorded_by: Mapped[MaybePersonId]
    recorded_at: Mapped[datetime]
