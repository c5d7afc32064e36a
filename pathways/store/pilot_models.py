"""For whom a school has switched a feature on (A11)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pathways.store.base import Base, Id, MaybePersonId, SchoolId


class FeatureSwitch(Base):
    """A feature's switch; a feature without a row is on for everyone.

    `grades` are numbers, `groups` ids of advisors whose students have it.
    """

    __tablename__ = "feature_switch"
    __table_args__ = (UniqueConstraint("school_id", "feature"),)
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    feature: Mapped[str] = mapped_column(String(40))
    everyone: Mapped[bool]
    grades: Mapped[list[int]] = mapped_column(JSON)
    groups: Mapped[list[str]] = mapped_column(JSON)
    changed_at: Mapped[datetime]
    changed_by: Mapped[MaybePersonId]
