"""A student's wishes about their own data, and what the school answers (P3, P4).

A copy needs no request. A correction and a deletion do: a counselor or administrator
answers within 45 days (34 CFR 99.10 for access; the same limit is kept here for all).
A confirmed deletion waits for the district's days of grace, and can be taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select

from pathways.app import Milepost
from pathways.services.access import Actor, Role, note_look, require, school_of
from pathways.services.alerts import (
    WANTS_CORRECTION,
    WANTS_DELETION,
    WISHES,
    ask_for,
    full_name,
)
from pathways.services.errors import Invalid, NotFound
from pathways.services.policy import policy_for
from pathways.store.models import Alert, Person
from pathways.store.privacy_models import DataRequest
from pathways.store.register import personal
from pathways.store.unit_of_work import UnitOfWork
from pathways.texts import say

KEEPERS = (Role.COUNSELOR, Role.ADMIN)
TO_ANSWER = timedelta(days=45)
LONGEST = 2000


class Kind(StrEnum):
    """What a student can ask for."""

    CORRECTION = "correction"
    DELETION = "deletion"


class State(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    HELD = "held"
    CONFIRMED = "confirmed"
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


ACTS: dict[str, tuple[State, frozenset[Kind]]] = {
    "answer": (State.ANSWERED, frozenset({Kind.CORRECTION})),
    "confirm": (State.CONFIRMED, frozenset({Kind.DELETION})),
    "hold": (State.HELD, frozenset({Kind.DELETION})),
    "refuse": (State.REFUSED, frozenset(Kind)),
}
PENDING = (State.OPEN, State.HELD)


@dataclass(frozen=True)
class RequestView:
    """A request as people see it.

    Attributes:
        late: the 45 days are over and nobody has answered.
        not_before: when a confirmed deletion begins.
    """

    id: str
    student_id: str
    student: str
    kind: Kind
    about: str
    words: str
    state: State
    made_at: datetime
    due_on: datetime
    late: bool
    answer: str
    answered_by: str
    answered_at: datetime | None
    not_before: datetime | None
    acts: tuple[str, ...]


def subjects() -> list[str]:
    """Return what a correction can be about: the parts of the copy, by their titles."""
    return [entry.export for _, entry in personal() if entry.exported]


def ask(
    milepost: Milepost, actor: Actor, kind: Kind | str, about: str = "", words: str = ""
) -> list[str]:
    """Keep a student's request, and tell their adults; return the adults' names.

    A deletion that is under way is not asked for again.

    Raises:
        NotFound: the actor is no student.
        Invalid: a correction without words, or the words are too long.
    """
    require(actor, Role.STUDENT, kept=False)
    kind, words = _kind(kind), words.strip()
    if kind is Kind.CORRECTION and not words:
        raise Invalid(say(actor.language, "page_privacy.words_missing"), "words")
    if len(words) > LONGEST:
        raise Invalid(say(actor.language, "page_privacy.words_long"), "words")
    with milepost.work() as work:
        running = [
            one
            for one in _of(work, actor.id)
            if one.kind == kind and one.state in (*PENDING, State.CONFIRMED)
        ]
        if kind is Kind.CORRECTION or not running:
            now = milepost.clock()
            row = DataRequest(
                school_id=actor.school_id,
                student_id=actor.id,
                kind=kind,
                about=about if about in subjects() else "",
                words=words,
                state=State.OPEN,
                made_at=now,
                due_on=now + TO_ANSWER,
                answer="",
            )
            work.people.add(row)
            work.commit()
    wish = WANTS_DELETION if kind is Kind.DELETION else WANTS_CORRECTION
    return ask_for(milepost, actor, wish)


def _kind(kind: Kind | str) -> Kind:
    try:
        return Kind(kind)
    except ValueError:
        raise NotFound("The request") from None


def own_requests(milepost: Milepost, actor: Actor) -> list[RequestView]:
    """Return the student's own requests, newest first."""
    require(actor, Role.STUDENT, kept=False)
    with milepost.work() as work:
        return [_view(milepost, work, one) for one in _of(work, actor.id)]


def withdraw(milepost: Milepost, actor: Actor, request_id: str) -> RequestView:
    """Take a request back, while its deletion has not begun."""
    require(actor, Role.STUDENT, kept=False)
    with milepost.work() as work:
        row = work.session.get(DataRequest, request_id)
        if row is None or row.student_id != actor.id:
            raise NotFound("The request")
        if row.state in (*PENDING, State.CONFIRMED):
            row.state, row.not_before = State.WITHDRAWN, None
            work.commit()
        return _view(milepost, work, row)


def list_requests(milepost: Milepost, actor: Actor) -> list[RequestView]:
    """Return a school's requests for its keepers of records, what waits first."""
    require(actor, *KEEPERS)
    with milepost.work() as work:
        rows = work.session.scalars(
            select(DataRequest)
            .where(DataRequest.school_id == actor.school_id)
            .order_by(DataRequest.answered_at.is_not(None), DataRequest.due_on)
        ).all()
        for student_id in dict.fromkeys(row.student_id for row in rows):
            note_look(work, actor, student_id, "data requests", milepost.clock())
        return [_view(milepost, work, one) for one in rows]


def settle(
    milepost: Milepost, actor: Actor, request_id: str, act: str, words: str = ""
) -> RequestView:
    """Answer a request: the student reads the words.

    Args:
        milepost: the product.
        actor: a counselor or administrator of the school.
        request_id: which request.
        act: one of ACTS that fits its kind.
        words: why; needed unless a deletion is confirmed.

    Raises:
        NotFound: no such request at this school, or the actor may not.
        Invalid: it was answered already, words are missing, or an alert about the
            student is still open.
    """
    require(actor, *KEEPERS)
    words = words.strip()[:LONGEST]
    with milepost.work() as work:
        row = work.session.get(DataRequest, request_id)
        if row is None or row.school_id != actor.school_id:
            raise NotFound("The request")
        if not act:
            raise Invalid(say(actor.language, "page_privacy.done_act_missing"), "act")
        if act not in ACTS:
            raise NotFound("The request")
        if act not in _acts(row):
            raise Invalid(say(actor.language, "page_privacy.settled"), "act")
        if act != "confirm" and not words:
            raise Invalid(say(actor.language, "page_privacy.words_missing"), "words")
        if act == "confirm":
            _refuse_open_alert(work, actor, row.student_id)
            district = policy_for(work, school_of(work, actor)).district
            grace = timedelta(days=district.retention.deletion_grace)
            row.not_before = milepost.clock() + grace
        row.state, _ = ACTS[act]
        row.answer, row.answered_by = words, actor.id
        row.answered_at = milepost.clock()
        work.commit()
        return _view(milepost, work, row)


def _refuse_open_alert(work: UnitOfWork, actor: Actor, student_id: str) -> None:
    open_danger = work.session.scalars(
        select(Alert.id).where(
            Alert.student_id == student_id,
            Alert.acknowledged_at.is_(None),
            Alert.category.not_in(WISHES),
        )
    ).first()
    if open_danger:
        raise Invalid(say(actor.language, "page_privacy.alert_open"), "act")


def _of(work: UnitOfWork, student_id: str) -> Sequence[DataRequest]:
    return work.session.scalars(
        select(DataRequest)
        .where(DataRequest.student_id == student_id)
        .order_by(DataRequest.made_at.desc())
    ).all()


def _acts(row: DataRequest) -> tuple[str, ...]:
    if row.state not in PENDING:
        return ()
    held = row.state == State.HELD
    return tuple(
        name
        for name, (_, kinds) in ACTS.items()
        if Kind(row.kind) in kinds and not (held and name == "hold")
    )


def _view(milepost: Milepost, work: UnitOfWork, row: DataRequest) -> RequestView:
    student = work.session.get(Person, row.student_id)
    keeper = work.session.get(Person, row.answered_by) if row.answered_by else None
    waiting = row.state in PENDING
    return RequestView(
        id=row.id,
        student_id=row.student_id,
        student=full_name(student) if student else "",
        kind=Kind(row.kind),
        about=row.about,
        words=row.words,
        state=State(row.state),
        made_at=row.made_at,
        due_on=row.due_on,
        late=waiting and milepost.clock() > row.due_on,
        answer=row.answer,
        answered_by=full_name(keeper) if keeper else "",
        answered_at=row.answered_at,
        not_before=row.not_before,
        acts=_acts(row),
    )
