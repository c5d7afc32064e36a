"""Conversations, their turns, drafts, summaries and alerts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Table,
    bindparam,
    case,
    func,
    or_,
    select,
    update,
)

from pathways.store.apps import KEY_SIGNS, ended
from pathways.store.models import (
    Alert,
    Conversation,
    Draft,
    Summary,
    SummaryLine,
    Turn,
)
from pathways.store.repository import Repository, of_student

conversation = cast(Table, Conversation.__table__)
may_take = or_(
    conversation.c.held_by.is_(None),
    conversation.c.held_until < bindparam("lost_before"),
) & ~(
    select(Turn.id)
    .where(
        Turn.conversation_id == conversation.c.id,
        Turn.status == "received",
        Turn.received_at >= bindparam("waits_since"),
    )
    .exists()
)
# Built once, asked at each turn.
OF_STUDENT = (
    select(Conversation)
    .where(
        Conversation.school_id == bindparam("school_id"),
        Conversation.student_id == bindparam("student_id"),
    )
    .limit(1)
)
TURN = (
    select(Turn)
    .where(Turn.id == bindparam("turn_id"), Turn.school_id == bindparam("school_id"))
    .limit(1)
)
LATEST = (
    select(Turn)
    .where(Turn.conversation_id == bindparam("conversation_id"))
    .order_by(Turn.place.desc())
    .limit(bindparam("at_most"))
)
TEXTS = (
    select(Turn.text)
    .where(
        Turn.conversation_id == bindparam("conversation_id"),
        Turn.place < bindparam("before"),
    )
    .order_by(Turn.place.desc())
    .limit(bindparam("at_most"))
)
NEXT_PLACE = (
    update(conversation)
    .where(conversation.c.id == bindparam("conversation_id"))
    .values(last_place=conversation.c.last_place + 1)
    .returning(conversation.c.last_place, conversation.c.held_by)
)
NEXT_PLACE_HELD = NEXT_PLACE.values(
    held_by=case((may_take, bindparam("holder")), else_=conversation.c.held_by),
    held_until=case((may_take, bindparam("until")), else_=conversation.c.held_until),
)
RELEASE = (
    update(conversation)
    .where(
        conversation.c.id == bindparam("conversation_id"),
        conversation.c.held_by == bindparam("holder"),
    )
    .values(held_by=None, held_until=None)
)
# Built once: what a turn asks of one student.
DRAFTS = of_student(Draft, Draft.changed_at.desc())
SUMMARIES = of_student(Summary, Summary.made_at.desc())


@dataclass(frozen=True)
class Times:
    """What decides whether a conversation's place is free.

    Attributes:
        until: when it is lost to who takes it now.
        lost_before: a place that was held until before this moment is free.
        waits_since: a turn that waits since before this moment was left by a crash.
        ended: keys of apps that run no more; what they began was left by a crash.
    """

    until: datetime
    lost_before: datetime
    waits_since: datetime
    ended: frozenset[str] = frozenset()


def _key(name: Any) -> ColumnElement[str]:
    return func.substr(name, 1, KEY_SIGNS)


class ConversationRepository(Repository):
    """Reads and writes what was said."""

    def of_student(self, school_id: str, student_id: str) -> Conversation | None:
        """Return a student's conversation."""
        found = self.prepared(OF_STUDENT, school_id=school_id, student_id=student_id)
        return next(iter(found), None)

    def by_id(self, conversation_id: str) -> Conversation | None:
        """Return a conversation by the pseudonym that Rasa knows."""
        return self.session.get(Conversation, conversation_id)

    def hold(self, turn: Turn, holder: str, times: Times) -> bool:
        """Take the one place in which a turn of a conversation may run.

        Returns:
            False while somebody else holds it, or an earlier turn waits for it.
        """
        earlier = (
            select(Turn.id)
            .where(
                Turn.conversation_id == turn.conversation_id,
                Turn.place < turn.place,
                Turn.status == "received",
                Turn.received_at >= times.waits_since,
                _key(Turn.id).not_in(times.ended),
            )
            .exists()
        )
        taken = cast(
            CursorResult[Any],
            self.session.execute(
                update(Conversation)
                .where(
                    Conversation.id == turn.conversation_id,
                    ~earlier,
                    or_(
                        Conversation.held_by.is_(None),
                        Conversation.held_by == holder,
                        Conversation.held_until < times.lost_before,
                        _key(Conversation.held_by).in_(times.ended),
                    ),
                )
                .values(held_by=holder, held_until=times.until)
            ),
        )
        return taken.rowcount == 1

    def ended_before(
        self, school_id: str, turn: Turn, patience: timedelta
    ) -> frozenset[str]:
        """Return the keys of apps that ended with a turn that this one waits for."""
        waiting = select(Turn.id).where(
            Turn.school_id == school_id,
            Turn.conversation_id == turn.conversation_id,
            Turn.place < turn.place,
            Turn.status == "received",
        )
        holder = select(Conversation.held_by).where(
            Conversation.school_id == school_id,
            Conversation.id == turn.conversation_id,
        )
        names = [*self.session.scalars(waiting), self.session.scalar(holder) or ""]
        return ended(self.session, names, patience)

    def release(self, conversation_id: str, holder: str) -> None:
        """Give the place back."""
        self.session.execute(
            RELEASE, {"conversation_id": conversation_id, "holder": holder}
        )

    def next_place(self, conversation_id: str) -> int:
        """Count one turn up and return its number; concurrent callers wait."""
        given = {"conversation_id": conversation_id}
        return int(self.session.execute(NEXT_PLACE, given).one().last_place)

    def next_place_held(
        self, conversation_id: str, holder: str, times: Times
    ) -> tuple[int, bool]:
        """Count one turn up, and take the conversation's place where `hold` would.

        Returns:
            The turn's number, and whether the place is the holder's now.
        """
        given = {
            "conversation_id": conversation_id,
            "holder": holder,
            "until": times.until,
            "lost_before": times.lost_before,
            "waits_since": times.waits_since,
        }
        row = self.session.execute(NEXT_PLACE_HELD, given).one()
        return int(row.last_place), row.held_by == holder

    def halt(self, conversation_id: str, halted: bool) -> None:
        """Stop coaching in a conversation, or go on with it."""
        self.session.execute(
            update(Conversation)
            .where(Conversation.id == conversation_id)
            .values(halted=halted)
        )

    def turn(self, school_id: str, turn_id: str) -> Turn | None:
        """Return a turn of a school."""
        found = self.prepared(TURN, turn_id=turn_id, school_id=school_id)
        return next(iter(found), None)

    def turn_of_client(self, conversation_id: str, client_id: str) -> Turn | None:
        """Return the turn that the student's browser sent under an id."""
        return self.one(
            select(Turn).where(
                Turn.conversation_id == conversation_id,
                Turn.client_message_id == client_id,
            )
        )

    def turns(
        self, conversation_id: str, before: int | None = None, limit: int = 50
    ) -> list[Turn]:
        """Return up to `limit` turns before a place, oldest first."""
        query = select(Turn).where(Turn.conversation_id == conversation_id)
        if before is not None:
            query = query.where(Turn.place < before)
        newest_first = self.all(query.order_by(Turn.place.desc()).limit(limit))
        return list(reversed(newest_first))

    def latest(self, conversation_id: str, limit: int) -> list[Turn]:
        """Return the last turns, oldest first."""
        found = self.prepared(LATEST, conversation_id=conversation_id, at_most=limit)
        return list(reversed(found))

    def texts(self, conversation_id: str, before: int, limit: int) -> list[str]:
        """Return what the student wrote in the turns before a place, oldest first."""
        given = {
            "conversation_id": conversation_id,
            "before": before,
            "at_most": limit,
        }
        return list(reversed(self.session.scalars(TEXTS, given).all()))

    def turns_after(self, conversation_id: str, place: int) -> Sequence[Turn]:
        """Return every turn after a place, oldest first."""
        return self.all(
            select(Turn)
            .where(Turn.conversation_id == conversation_id, Turn.place > place)
            .order_by(Turn.place)
        )

    def draft(self, school_id: str, student_id: str, flow: str) -> Draft | None:
        """Return what a student answered so far in a flow."""
        return self.one(
            select(Draft).where(
                Draft.school_id == school_id,
                Draft.student_id == student_id,
                Draft.flow == flow,
            )
        )

    def drafts(self, school_id: str, student_id: str) -> Sequence[Draft]:
        """Return a student's open drafts, the newest first."""
        return self.prepared(DRAFTS, school_id=school_id, student_id=student_id)

    def summaries(self, school_id: str, student_id: str) -> Sequence[Summary]:
        """Return a student's summaries, newest first."""
        return self.prepared(SUMMARIES, school_id=school_id, student_id=student_id)

    def released(
        self, school_id: str, student_ids: Sequence[str]
    ) -> list[tuple[str, datetime]]:
        """Return (student, when released) of each summary that is released now."""
        found = self.session.execute(
            select(Summary.student_id, Summary.released_at).where(
                Summary.school_id == school_id,
                Summary.student_id.in_(student_ids),
                Summary.status == "released",
                Summary.released_at.is_not(None),
            )
        )
        return [(student, at) for student, at in found if at]

    def summary(self, school_id: str, summary_id: str) -> Summary | None:
        """Return a summary of a school."""
        return self.one(
            select(Summary).where(
                Summary.id == summary_id, Summary.school_id == school_id
            )
        )

    def lines(self, summary_id: str) -> Sequence[SummaryLine]:
        """Return the lines of a summary in order."""
        return self.all(
            select(SummaryLine)
            .where(SummaryLine.summary_id == summary_id)
            .order_by(SummaryLine.place)
        )

    def alerts(self, school_id: str, student_ids: Sequence[str]) -> Sequence[Alert]:
        """Return alerts about students: the unacknowledged first, then the newest."""
        return self.all(
            select(Alert)
            .where(Alert.school_id == school_id, Alert.student_id.in_(student_ids))
            .order_by(Alert.acknowledged_at.is_not(None), Alert.raised_at.desc())
        )

    def open_alerts(self) -> tuple[int, datetime | None]:
        """Return how many alerts of all schools are open, and the oldest's moment."""
        query = select(func.count(), func.min(Alert.raised_at)).where(
            Alert.acknowledged_at.is_(None)
        )
        count, oldest = self.session.execute(query).one()
        return int(count), oldest

    def alert(self, school_id: str, alert_id: str) -> Alert | None:
        """Return an alert of a school."""
        return self.one(
            select(Alert).where(Alert.id == alert_id, Alert.school_id == school_id)
        )

    def take_alert(self, alert_id: str, person_id: str, now: datetime) -> None:
        """Let a person take an alert on, unless somebody did already."""
        self.session.execute(
            update(Alert)
            .where(Alert.id == alert_id, Alert.acknowledged_at.is_(None))
            .values(acknowledged_at=now, acknowledged_by=person_id)
        )
