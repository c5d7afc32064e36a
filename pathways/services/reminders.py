"""Reminders that a student asked for: kept with their day, shown in the chat (C9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pathways.app import Milepost
from pathways.services.access import Actor, Role, require, school_of
from pathways.services.errors import Invalid, NotFound
from pathways.services.messages import ANSWERED
from pathways.store.models import Reminder
from pathways.store.unit_of_work import UnitOfWork

WEEKLY_CAP = 3
WEEK = timedelta(days=7)
FURTHEST = timedelta(days=366)
TURNS_LOOKED_AT = 10


@dataclass(frozen=True)
class ReminderView:
    """A reminder as the student sees it."""

    id: str
    text: str
    day: date


def set_reminder(
    milepost: Milepost, actor: Actor, text: str, day: date
) -> ReminderView:
    """Keep a reminder for a day; the same one for the same day is kept once.

    Raises:
        Invalid: the day has passed or is over a year away (`day`), or the week around
            it is full (`cap`).
    """
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        today = milepost.today(school_of(work, actor))
        if not today <= day <= today + FURTHEST:
            raise Invalid("A reminder needs a day from today on.", "day")
        kept = work.records.reminders(actor.school_id, actor.id)
        for one in kept:
            if (one.text, one.day, one.shown_at) == (text[:500], day, None):
                return ReminderView(one.id, one.text, one.day)
        near = [one for one in kept if abs(one.day - day) < WEEK and not one.shown_at]
        if len(near) >= WEEKLY_CAP:
            raise Invalid("That week has its reminders already.", "cap")
        row = work.records.add(
            Reminder(
                school_id=actor.school_id,
                student_id=actor.id,
                language=actor.language,
                text=text[:500],
                day=day,
                asked_at=milepost.clock(),
            )
        )
        work.commit()
        return ReminderView(row.id, row.text, row.day)


def list_reminders(milepost: Milepost, actor: Actor) -> list[ReminderView]:
    """Return the student's reminders that are still to come, the soonest first."""
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        return [
            ReminderView(row.id, row.text, row.day)
            for row in work.records.reminders(actor.school_id, actor.id)
            if row.shown_at is None
        ]


def take_due(milepost: Milepost, actor: Actor) -> ReminderView | None:
    """Return the oldest reminder that is due and mark it as shown: once each.

    One that was taken in a turn which the student never saw answered, because a part
    was down or killed, is due again (trust R14).
    """
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        today = milepost.today(school_of(work, actor))
        rows = work.records.reminders(actor.school_id, actor.id)
        due = _never_seen(work, actor, rows) or next(
            (one for one in rows if one.day <= today and not one.shown_at), None
        )
        if due is None:
            return None
        due.shown_at = milepost.clock()
        work.commit()
        return ReminderView(due.id, due.text, due.day)


def _never_seen(
    work: UnitOfWork, actor: Actor, rows: Sequence[Reminder]
) -> Reminder | None:
    """Return the reminder taken last, where no turn of that moment was answered."""
    shown = [(one.shown_at, one) for one in rows if one.shown_at is not None]
    talk = work.conversations.of_student(actor.school_id, actor.id)
    if not shown or talk is None:
        return None
    moment, last = max(shown, key=lambda pair: pair[0])
    status = {
        turn.status
        for turn in work.conversations.latest(talk.id, TURNS_LOOKED_AT)
        if turn.received_at <= moment <= (turn.answered_at or moment)
    }
    return last if status and ANSWERED not in status else None


def stop_reminder(milepost: Milepost, actor: Actor, reminder_id: str) -> None:
    """Stop a reminder; stopping it twice changes nothing.

    Raises:
        NotFound: it is not the student's own.
    """
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        rows = work.records.reminders(actor.school_id, actor.id)
        row = next((one for one in rows if one.id == reminder_id), None)
        if row is None:
            raise NotFound("The reminder")
        row.stopped_at = milepost.clock()
        work.commit()
