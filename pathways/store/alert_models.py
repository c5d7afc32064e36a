"""The tables of duty lists, notices to staff, and incident records."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pathways.store.base import (
    Base,
    Code,
    Id,
    MaybePersonId,
    PersonId,
    SchoolId,
    Sealed,
    Short,
)


class DutyPlan(Base):
    """When a school's people on duty look, and how they are told."""

    __tablename__ = "duty_plan"
    __table_args__ = (UniqueConstraint("school_id"),)
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    days: Mapped[list[str]] = mapped_column(JSON)
    opens: Mapped[str] = mapped_column(String(5))
    closes: Mapped[str] = mapped_column(String(5))
    closed: Mapped[list[str]] = mapped_column(JSON)
    naming: Mapped[str] = mapped_column(String(10))
    webhook: Mapped[str] = mapped_column(String(500), default="")
    changed_at: Mapped[datetime]
    changed_by: Mapped[MaybePersonId]


class DutyMember(Base):
    """Someone on a school's duty list, and where notices reach them."""

    __tablename__ = "duty_member"
    __table_args__ = (UniqueConstraint("school_id", "person_id"),)
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    person_id: Mapped[PersonId]
    place: Mapped[int]
    email: Mapped[Short] = mapped_column(default="")


class AlertNotice(Base):
    """One notice of one step to one recipient: written first, then sent.

    Its id follows from alert, step, recipient and channel, so that it exists once.
    """

    __tablename__ = "alert_notice"
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    alert_id: Mapped[str] = mapped_column(ForeignKey("alert.id"), index=True)
    step: Mapped[Code]
    recipient: Mapped[str] = mapped_column(String(36))
    channel: Mapped[str] = mapped_column(String(10))
    due_at: Mapped[datetime]
    made_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    held_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]
    problem: Mapped[Code] = mapped_column(default="")


class IncidentNote(Base):
    """One entry of an incident record: never changed, never taken out."""

    __tablename__ = "incident_note"
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    alert_id: Mapped[str] = mapped_column(ForeignKey("alert.id"), index=True)
    actor_id: Mapped[PersonId]
    kind: Mapped[Code]
    text: Mapped[Sealed]
    noted_at: Mapped[datetime]
