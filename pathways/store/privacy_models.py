"""What the care for people's data leaves: requests, deletions, runs of the clock."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from pathways.store.base import (
    Base,
    Code,
    Document,
    Id,
    MaybePersonId,
    PersonId,
    SchoolId,
    Sealed,
)


class DataRequest(Base):
    """A student's wish about their own data: a correction, or its deletion.

    `not_before` is the end of the days in which a deletion can still be taken back.
    """

    __tablename__ = "data_request"
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    student_id: Mapped[PersonId]
    kind: Mapped[str] = mapped_column(String(12))
    about: Mapped[Code]
    words: Mapped[Sealed]
    state: Mapped[str] = mapped_column(String(12), default="open")
    made_at: Mapped[datetime]
    due_on: Mapped[datetime]
    answer: Mapped[Sealed] = mapped_column(default="")
    answered_by: Mapped[MaybePersonId]
    answered_at: Mapped[datetime | None]
    not_before: Mapped[datetime | None]


class Deletion(Base):
    """That somebody's data was deleted: when, by whose word, how many rows.

    While it runs it holds the two ids that it needs to go on after a crash; its last
    step takes them out.
    """

    __tablename__ = "deletion"
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    student_id: Mapped[str | None] = mapped_column(String(36))
    conversation_id: Mapped[str | None] = mapped_column(String(36))
    confirmed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    began_at: Mapped[datetime]
    done: Mapped[Document]
    ended_at: Mapped[datetime | None]


class RetentionRun(Base):
    """One run of the retention job at a school: how many rows of which table went."""

    __tablename__ = "retention_run"
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    ran_at: Mapped[datetime]
    counts: Mapped[Document]
