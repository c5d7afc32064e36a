"""The tables of people, conversations and records.

Every row of people or catalog belongs to a school, every text for people has a
language, and moments are stored in UTC (design: architecture, "Store").
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from pathways.store.base import (
    Base,
    Code,
    Document,
    Documents,
    Id,
    Language,
    MaybePersonId,
    PersonId,
    SchoolId,
    Sealed,
    SealedDocument,
    SealedDocuments,
    Short,
)
from pathways.store.sealing import SealedJSON


class School(Base):
    """A school, its clock, and the adult whom crisis replies name."""

    __tablename__ = "school"
    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Short]
    state: Mapped[str] = mapped_column(String(2))
    timezone: Mapped[Code]
    language: Mapped[Language]
    safety_adult: Mapped[Short]
    staff_second_factor: Mapped[bool] = mapped_column(
        default=False, server_default=false()
    )
    consent_from_all: Mapped[bool] = mapped_column(
        default=False, server_default=false()
    )


class Person(Base):
    """Someone who signs in: a student, a relative or a member of staff."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("school_id", "source_id"),)
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    role: Mapped[str] = mapped_column(String(20))
    username: Mapped[Code] = mapped_column(unique=True)
    source_id: Mapped[Code]
    given_name: Mapped[Short]
    family_name: Mapped[Short]
    language: Mapped[Language]
    grade: Mapped[int | None]
    born: Mapped[date | None]
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_until: Mapped[datetime | None]
    active: Mapped[bool] = mapped_column(default=True)
    consent: Mapped[str] = mapped_column(String(10), default="", server_default="")
    consent_on: Mapped[date | None]
    coaching_off_on: Mapped[date | None]


class Relation(Base):
    """Who looks after which student: an advisor's caseload, a family."""

    __tablename__ = "relation"
    __table_args__ = (UniqueConstraint("adult_id", "student_id"),)
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    adult_id: Mapped[PersonId]
    student_id: Mapped[PersonId]


class SignIn(Base):
    """A running session; the cookie or token holds only its secret's hash here."""

    __tablename__ = "sign_in"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[PersonId]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    device: Mapped[str] = mapped_column(String(80), default="", server_default="")
    how: Mapped[str] = mapped_column(String(20), default="", server_default="")
    needs: Mapped[str] = mapped_column(String(10), default="", server_default="")


class Conversation(Base):
    """A student's one conversation; its id is all that Rasa knows of them."""

    __tablename__ = "conversation"
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    student_id: Mapped[PersonId] = mapped_column(unique=True)
    held_by: Mapped[str | None] = mapped_column(String(36))
    held_until: Mapped[datetime | None]
    last_place: Mapped[int] = mapped_column(default=0)
    halted: Mapped[bool] = mapped_column(default=False)


class Turn(Base):
    """One message of the student and all that was answered, in order."""

    __tablename__ = "turn"
    __table_args__ = (
        UniqueConstraint("conversation_id", "client_message_id"),
        UniqueConstraint("conversation_id", "place"),
    )
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    client_message_id: Mapped[str] = mapped_column(String(36))
    place: Mapped[int]
    language: Mapped[Language]
    text: Mapped[Sealed]
    intent: Mapped[str | None] = mapped_column(String(500))
    status: Mapped[str] = mapped_column(String(10), default="received")
    replies: Mapped[SealedDocuments]
    safety: Mapped[str] = mapped_column(String(5), default="none")
    received_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class Alert(Base):
    """A danger that a person at school must look at."""

    __tablename__ = "alert"
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    student_id: Mapped[PersonId]
    turn_id: Mapped[str | None] = mapped_column(String(36))
    category: Mapped[Code]
    rule: Mapped[Code]
    raised_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[MaybePersonId]


class Draft(Base):
    """The answers given so far in a flow that is not finished."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("student_id", "flow"),)
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    student_id: Mapped[PersonId]
    flow: Mapped[Code]
    language: Mapped[Language]
    answers: Mapped[SealedDocument]
    changed_at: Mapped[datetime]


class Goal(Base):
    """A SMART goal in the student's own words (feature C1)."""

    __tablename__ = "goal"
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    student_id: Mapped[PersonId]
    language: Mapped[Language]
    what: Mapped[Sealed]
    measure: Mapped[Sealed]
    why: Mapped[Sealed]
    confidence: Mapped[int]
    due: Mapped[date]
    review: Mapped[date]
    first_step: Mapped[Sealed]
    first_step_due: Mapped[date]
    status: Mapped[str] = mapped_column(String(10), default="active")
    set_at: Mapped[datetime]
    obstacle: Mapped[Sealed] = mapped_column(default="", server_default="")
    plan: Mapped[Sealed] = mapped_column(default="", server_default="")


class GoalProgress(Base):
    """What a student reported about a goal, as they said it."""

    __tablename__ = "goal_progress"
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    student_id: Mapped[PersonId]
    goal_id: Mapped[str] = mapped_column(ForeignKey("goal.id"), index=True)
    language: Mapped[Language]
    text: Mapped[Sealed]
    reported_at: Mapped[datetime]


class GoalChange(Base):
    """One change of a goal: which part, what it said before and says now (C1)."""

    __tablename__ = "goal_change"
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    student_id: Mapped[PersonId]
    goal_id: Mapped[str] = mapped_column(ForeignKey("goal.id"), index=True)
    part: Mapped[str] = mapped_column(String(20))
    before: Mapped[Sealed]
    after: Mapped[Sealed]
    changed_at: Mapped[datetime]


class Checkin(Base):
    """A weekly check-in (feature C3); `area` is one of the four categories (P4)."""

    __tablename__ = "checkin"
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    student_id: Mapped[PersonId]
    language: Mapped[Language]
    mood: Mapped[int | None]
    promise: Mapped[Sealed]
    promise_result: Mapped[str | None] = mapped_column(String(10))
    win: Mapped[Sealed]
    obstacle: Mapped[Sealed]
    next_step: Mapped[Sealed]
    wants_person: Mapped[bool]
    done_at: Mapped[datetime]
    evidence: Mapped[Sealed] = mapped_column(default="", server_default="")
    area: Mapped[str] = mapped_column(String(30), default="", server_default="")
    plan: Mapped[Sealed] = mapped_column(default="", server_default="")
    confidence: Mapped[int | None]
    fidelity: Mapped[float | None]


class CoachingTalk(Base):
    """A finished talk by a coaching method: reflection, GROW, project (C4, C5, C7)."""

    __tablename__ = "coaching_talk"
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    student_id: Mapped[PersonId]
    language: Mapped[Language]
    method: Mapped[str] = mapped_column(String(20))
    answers: Mapped[SealedDocument]
    action: Mapped[Sealed]
    day: Mapped[date | None]
    fidelity: Mapped[float]
    private: Mapped[bool] = mapped_column(default=True)
    done_at: Mapped[datetime]


class Reminder(Base):
    """What a student wants to be asked about on a day (feature C9)."""

    __tablename__ = "reminder"
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    student_id: Mapped[PersonId]
    language: Mapped[Language]
    text: Mapped[Sealed]
    day: Mapped[date]
    asked_at: Mapped[datetime]
    shown_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]


class Interest(Base):
    """Something the student said they like, or a career they aim for."""

    __tablename__ = "interest"
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    student_id: Mapped[PersonId]
    language: Mapped[Language]
    kind: Mapped[str] = mapped_column(String(10))
    words: Mapped[Sealed]
    code: Mapped[str | None] = mapped_column(String(80))
    said_at: Mapped[datetime]


class MasteryResult(Base):
    """One attempt at one competency, as the school's system reported it."""

    __tablename__ = "mastery_result"
    __table_args__ = (
        UniqueConstraint("student_id", "source_key"),
        Index("ix_mastery_result_student_competency", "student_id", "competency"),
    )
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    student_id: Mapped[PersonId]
    competency: Mapped[Code]
    level: Mapped[int]
    points: Mapped[float | None]
    mastery_points: Mapped[float | None]
    possible: Mapped[float | None]
    proof: Mapped[str | None] = mapped_column(String(10))
    assessment: Mapped[Short]
    attempt: Mapped[int]
    earned_on: Mapped[date]
    source: Mapped[Short]
    source_key: Mapped[str] = mapped_column(String(64))
    import_id: Mapped[str] = mapped_column(ForeignKey("import_run.id"))


class CourseTaken(Base):
    """A course that the school's record holds for a student."""

    __tablename__ = "course_taken"
    __table_args__ = (UniqueConstraint("student_id", "course"),)
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    student_id: Mapped[PersonId]
    course: Mapped[Code]
    state: Mapped[str] = mapped_column(String(12))
    mark: Mapped[str | None] = mapped_column(String(10))
    credits: Mapped[float | None]
    source: Mapped[Short]
    import_id: Mapped[str] = mapped_column(ForeignKey("import_run.id"))


class ImportRun(Base):
    """One import: which file, by whom, and what it did."""

    __tablename__ = "import_run"
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    kind: Mapped[Code]
    file: Mapped[Short]
    sha256: Mapped[str] = mapped_column(String(64))
    counts: Mapped[Document]
    actor_id: Mapped[MaybePersonId]
    ran_at: Mapped[datetime]
    catalog_version: Mapped[int | None]
    undoable: Mapped[bool] = mapped_column(default=False)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[MaybePersonId]
    refused: Mapped[Documents] = mapped_column(default=list)


class Choice(Base):
    """An option that a student saved or turned down."""

    __tablename__ = "choice"
    __table_args__ = (UniqueConstraint("student_id", "option"),)
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    student_id: Mapped[PersonId]
    option: Mapped[Code]
    decision: Mapped[str] = mapped_column(String(10))
    decided_at: Mapped[datetime]


class Suggestion(Base):
    """What was suggested, from which inputs, so that it can be replayed (O9)."""

    __tablename__ = "suggestion"
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    student_id: Mapped[PersonId]
    kind: Mapped[Code]
    catalog_version: Mapped[int]
    policy_version: Mapped[Code]
    inputs_hash: Mapped[str] = mapped_column(String(64))
    ranking: Mapped[SealedDocuments]
    inputs: Mapped[dict[str, Any] | None] = mapped_column(SealedJSON(none_as_null=True))
    output_hash: Mapped[str | None] = mapped_column(String(64))
    suggested_at: Mapped[datetime]


class Summary(Base):
    """A conversation summary: the student's until they release it (A1)."""

    __tablename__ = "summary"
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    student_id: Mapped[PersonId]
    language: Mapped[Language]
    status: Mapped[str] = mapped_column(String(10), default="draft")
    first_place: Mapped[int]
    last_place: Mapped[int]
    made_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]


class SummaryLine(Base):
    """One line of a summary and the turn that it rests on."""

    __tablename__ = "summary_line"
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    summary_id: Mapped[str] = mapped_column(ForeignKey("summary.id"), index=True)
    turn_id: Mapped[str] = mapped_column(ForeignKey("turn.id"))
    place: Mapped[int]
    topic: Mapped[Code]
    language: Mapped[Language]
    text: Mapped[Sealed]
    edited: Mapped[bool] = mapped_column(default=False)
    dropped: Mapped[bool] = mapped_column(default=False)


class AccessLog(Base):
    """Who looked at a student's data, what, and when (A3).

    Rows are only ever added. `chain` binds a row to the one before it, `digest` to its
    own content. A row whose student is deleted keeps both and loses the rest.
    """

    __tablename__ = "access_log"
    __table_args__ = (UniqueConstraint("school_id", "place"),)
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    actor_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    student_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    what: Mapped[Short]
    reason: Mapped[Sealed] = mapped_column(default="", server_default="")
    looked_at: Mapped[datetime]
    place: Mapped[int | None]
    digest: Mapped[str] = mapped_column(String(64), default="", server_default="")
    chain: Mapped[str] = mapped_column(String(64), default="", server_default="")
    erased: Mapped[str] = mapped_column(String(64), default="", server_default="")


class AccessHead(Base):
    """How long a school's access log is, and how it ends."""

    __tablename__ = "access_head"
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"), primary_key=True)
    length: Mapped[int]
    chain: Mapped[str] = mapped_column(String(64))
    mac: Mapped[str] = mapped_column(String(64))
