"""What a student can give and reach outside school, as they said it (O5)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pathways.store.base import Base, Id, PersonId, SchoolId


class Availability(Base):
    """Hours a week and places of one student; None where they did not say."""

    __tablename__ = "availability"
    __table_args__ = (UniqueConstraint("student_id"),)
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    student_id: Mapped[PersonId]
    hours_a_week: Mapped[float | None]
    places: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    said_at: Mapped[datetime]
