"""The tables of credit: plans and their history, experiences, graduation, districts."""

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
    PersonId,
    SchoolId,
    Sealed,
    SealedDocument,
    Short,
)
from pathways.store.sealing import SealedText


class CreditPlan(Base):
    """A credit-flexibility plan; `fields` are the student's words (feature O7).

    `version` grows with every change, so that nobody signs what has changed.
    """

    __tablename__ = "credit_plan"
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    student_id: Mapped[PersonId]
    language: Mapped[Language]
    state: Mapped[str] = mapped_column(String(20), default="draft")
    fields: Mapped[SealedDocument]
    teacher_id: Mapped[MaybePersonId]
    version: Mapped[int] = mapped_column(default=1)
    policy_version: Mapped[Code]
    made_at: Mapped[datetime]
    since: Mapped[datetime]


class CreditPlanStep(Base):
    """One step of a plan's history; steps are only ever added.

    `fields` is the plan as it stood at a signature, else empty.
    """

    __tablename__ = "credit_plan_step"
    __table_args__ = (UniqueConstraint("plan_id", "place"),)
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    student_id: Mapped[PersonId]
    plan_id: Mapped[str] = mapped_column(ForeignKey("credit_plan.id"), index=True)
    place: Mapped[int]
    act: Mapped[str] = mapped_column(String(20))
    before: Mapped[str] = mapped_column(String(20))
    after: Mapped[str] = mapped_column(String(20))
    party: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[MaybePersonId]
    language: Mapped[Language]
    words: Mapped[Sealed]
    fields: Mapped[SealedDocument]
    at: Mapped[datetime]


class Experience(Base):
    """Hours outside class as the student logged them (feature P10).

    A correction is a new row that names the one it replaces.
    """

    __tablename__ = "experience"
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    student_id: Mapped[PersonId]
    language: Mapped[Language]
    sort: Mapped[str] = mapped_column(String(20))
    what: Mapped[Sealed]
    place: Mapped[Sealed]
    mentor: Mapped[Sealed]
    first_day: Mapped[date]
    last_day: Mapped[date]
    hours: Mapped[float]
    evidence: Mapped[Sealed]
    standing: Mapped[str] = mapped_column(String(20), default="logged")
    replaces_id: Mapped[str | None] = mapped_column(ForeignKey("experience.id"))
    reason: Mapped[Sealed]
    logged_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = mapped_column(SealedText)
    answer: Mapped[Sealed]


class ExperienceShare(Base):
    """Hours of one experience that count toward one target of a bucket."""

    __tablename__ = "experience_share"
    __table_args__ = (UniqueConstraint("experience_id", "bucket", "target"),)
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    student_id: Mapped[PersonId]
    experience_id: Mapped[str] = mapped_column(ForeignKey("experience.id"), index=True)
    bucket: Mapped[str] = mapped_column(String(20))
    target: Mapped[Code]
    hours: Mapped[float]


class GraduationItem(Base):
    """A score, credential or seal that a counselor noted for graduation (O10)."""

    __tablename__ = "graduation_item"
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    student_id: Mapped[PersonId]
    name: Mapped[Code]
    value: Mapped[float]
    source: Mapped[Short]
    noted_by: Mapped[MaybePersonId]
    noted_at: Mapped[datetime]


class DistrictPolicy(Base):
    """What a district has set for itself; a change is a new row (feature O11)."""

    __tablename__ = "district_policy"
    __table_args__ = (UniqueConstraint("school_id", "number"),)
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    number: Mapped[int]
    overlay: Mapped[Document]
    set_at: Mapped[datetime]
    actor_id: Mapped[MaybePersonId]
