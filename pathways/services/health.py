"""How the installation is, line by line, for an administrator who is no technician."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select

from pathways.app import Milepost
from pathways.services.access import Actor, Role, require
from pathways.services.alert_figures import spooled
from pathways.services.backup import last_backup
from pathways.services.duty import Duty, duty_of
from pathways.services.notices import EMAIL, WEBHOOK
from pathways.services.retention_view import last_run
from pathways.store.alert_models import AlertNotice
from pathways.store.migrate import is_newest
from pathways.store.unit_of_work import UnitOfWork

LATE_BACKUP = timedelta(days=7)
LATE_RETENTION = timedelta(days=2)
FULL, LOW = 50 * 1024**2, 1024**3  # bytes; below FULL messages may not be stored


class State(StrEnum):
    """How one thing is."""

    WELL = "well"
    LOOK = "look"
    BAD = "bad"
    OFF = "off"


@dataclass(frozen=True)
class Outside:
    """What only the running app knows.

    Attributes:
        assistant: whether every worker of the assistant answers.
        model: the version of the assistant's model, None where none is trained.
        free: bytes left on the disk of the records.
    """

    assistant: bool
    model: str | None
    free: int


@dataclass(frozen=True)
class Line:
    """One thing that was looked at.

    Attributes:
        name: what it is, as the page's texts name it.
        says: the name of the sentence, after `name`.
        when: a moment that the sentence names.
        n: a number that the sentence names.
        what: a word that the sentence names.
    """

    name: str
    state: State
    says: str
    when: datetime | None = None
    n: int = 0
    what: str = ""


def health(milepost: Milepost, actor: Actor, outside: Outside) -> list[Line]:
    """Return how everything is, what a school needs first coming first.

    Raises:
        NotFound: the actor is not an administrator.
    """
    require(actor, Role.ADMIN)
    with milepost.work() as work:
        duty = duty_of(work, actor.school_id)
        return [
            _assistant(outside),
            _model(outside),
            _database(milepost),
            _disk(outside),
            _backup(milepost),
            _retention(milepost, work, actor),
            _people_on_duty(duty),
            *_sending(milepost, work, actor, duty),
            _waiting(milepost),
        ]


def _assistant(outside: Outside) -> Line:
    up = outside.assistant
    return Line("assistant", State.WELL if up else State.BAD, "up" if up else "away")


def _model(outside: Outside) -> Line:
    if outside.model is None:
        return Line("model", State.BAD, "none")
    return Line("model", State.WELL, "runs", what=outside.model[:12])


def _database(milepost: Milepost) -> Line:
    newest = is_newest(milepost.settings.database_url)
    what = milepost.engine.dialect.name
    if newest:
        return Line("database", State.WELL, "answers", what=what)
    return Line("database", State.BAD, "old", what=what)


def _disk(outside: Outside) -> Line:
    megabytes = outside.free // 1024**2
    if outside.free < FULL:
        return Line("disk", State.BAD, "full", n=megabytes)
    if outside.free < LOW:
        return Line("disk", State.LOOK, "low", n=megabytes)
    return Line("disk", State.WELL, "room", n=outside.free // 1024**3)


def _backup(milepost: Milepost) -> Line:
    made = last_backup(milepost)
    if made is None:
        return Line("backup", State.LOOK, "never")
    late = milepost.clock() - made > LATE_BACKUP
    return Line(
        "backup", State.LOOK if late else State.WELL, "late" if late else "made", made
    )


def _retention(milepost: Milepost, work: UnitOfWork, actor: Actor) -> Line:
    last = last_run(work, actor.school_id)
    if last is None:
        return Line("retention", State.LOOK, "never")
    late = milepost.clock() - last.ran_at > LATE_RETENTION
    return Line(
        "retention",
        State.LOOK if late else State.WELL,
        "late" if late else "ran",
        last.ran_at,
    )


def _people_on_duty(duty: Duty) -> Line:
    number = len(duty.members)
    if not number:
        return Line("duty", State.BAD, "none")
    return Line("duty", State.WELL, "set", n=number)


def _sending(
    milepost: Milepost, work: UnitOfWork, actor: Actor, duty: Duty
) -> Iterator[Line]:
    mail = milepost.settings.smtp_url and milepost.settings.mail_from
    wanted = any(duty.members.values())
    if mail:
        yield _channel(work, actor, "mail", EMAIL)
    else:
        yield Line("mail", State.BAD if wanted else State.OFF, "off")
    if duty.webhook:
        yield _channel(work, actor, "webhook", WEBHOOK)
    else:
        yield Line("webhook", State.OFF, "off")


def _channel(work: UnitOfWork, actor: Actor, name: str, channel: str) -> Line:
    """Tell of notices that wait although they were tried, and of the last that went."""
    ours = (AlertNotice.school_id == actor.school_id, AlertNotice.channel == channel)
    stuck = work.session.scalars(
        select(func.count())
        .select_from(AlertNotice)
        .where(
            *ours,
            AlertNotice.sent_at.is_(None),
            AlertNotice.dropped_at.is_(None),
            AlertNotice.problem != "",
        )
    ).one()
    if stuck:
        return Line(name, State.BAD, "stuck", n=stuck)
    last = work.session.scalars(
        select(func.max(AlertNotice.sent_at)).where(*ours)
    ).one()
    return Line(name, State.WELL, "went" if last else "unused", last)


def _waiting(milepost: Milepost) -> Line:
    number = spooled(milepost)
    state = State.BAD if number else State.WELL
    return Line("waiting", state, "some" if number else "none", n=number)
