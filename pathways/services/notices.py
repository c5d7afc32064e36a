"""Notices of alerts: written before they are sent, each once, until someone is on it.

`write_due` writes what is due; `take` and `settle` stand around each sending. Every
step survives a restart: what is due follows from the alert, the list and the clock.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pathways.app import Milepost
from pathways.domain.escalation import Due, Hours, Pace, due_steps
from pathways.senders.message import Notice
from pathways.services import duty as duties
from pathways.services.alerts import WANTS_PERSON, WISHES
from pathways.services.duty import Duty
from pathways.store.alert_models import AlertNotice
from pathways.store.models import Alert, Person, School
from pathways.store.unit_of_work import UnitOfWork
from pathways.texts import say

PAGE, EMAIL, WEBHOOK = "page", "email", "webhook"
LEASE = timedelta(seconds=60)
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=5)
BATCH = 20


@dataclass(frozen=True)
class _Target:
    recipient: str
    channel: str


@dataclass(frozen=True)
class _Watch:
    """Who is on duty at a school and when, read once for all its alerts."""

    duty: Duty
    hours: Hours
    people: tuple[str, ...]


def with_something_due(milepost: Milepost) -> list[str]:
    """Return ids of alerts of which people must be told now, the oldest first.

    Unsent notices of alerts that somebody took on are given up.
    """
    with milepost.work() as work:
        if work.alerts.drop_notices(milepost.clock()):
            work.commit()
        alerts = [
            one
            for one in work.alerts.open_alerts()
            if one.category not in WISHES or one.category == WANTS_PERSON
        ]
        known = work.alerts.steps_of([one.id for one in alerts])
        watches: dict[str, _Watch | None] = {}
        found = []
        for alert in alerts:
            if alert.school_id not in watches:
                watches[alert.school_id] = _watch_of(work, alert.school_id)
            watch = watches[alert.school_id]
            if watch and _new_steps(milepost, alert, watch, known.get(alert.id, ())):
                found.append(alert.id)
        return found


def write_due(milepost: Milepost, alert_id: str) -> int:
    """Write down an alert's notices that are due and not there yet; return how many.

    Raises:
        IntegrityError: another process wrote them at this very moment.
    """
    now = milepost.clock()
    with milepost.work() as work:
        alert = work.alerts.alert(alert_id)
        watch = _watch_of(work, alert.school_id) if alert else None
        if alert is None or watch is None:
            return 0
        known = {one.step for one in work.alerts.notices(alert_id)}
        new = _new_steps(milepost, alert, watch, known)
        last = {target: one for one in new for target in _targets(one, watch.duty)}
        rows = [
            _row(alert, one, target, now, last[target] is not one)
            for one in new
            for target in _targets(one, watch.duty)
        ]
        for row in rows:
            work.alerts.add(row)
        work.commit()
        return len(rows)


def _watch_of(work: UnitOfWork, school_id: str) -> _Watch | None:
    """Return who is on duty at a school; None where there is no such school."""
    school = work.people.school(school_id)
    if school is None:
        return None
    duty = duties.duty_of(work, school_id)
    people = duties.people_on_duty(work, school_id, duty)
    hours = duties.hours_of(duty, school)
    return _Watch(duty, hours, tuple(one.id for one in people))


def _new_steps(
    milepost: Milepost, alert: Alert, watch: _Watch, known: Collection[str]
) -> list[Due]:
    steps = due_steps(
        alert.raised_at,
        alert.acknowledged_at,
        watch.people,
        watch.hours,
        milepost.clock(),
        Pace.WISH if alert.category in WISHES else Pace.DANGER,
    )
    return [one for one in steps if one.key not in known and one.people]


def _targets(due: Due, duty: Duty) -> Sequence[_Target]:
    """Return who is told in a step, by which way."""
    people = [
        _Target(one, EMAIL if duty.members.get(one) else PAGE) for one in due.people
    ]
    to_all = [_Target(WEBHOOK, WEBHOOK)] if duty.webhook and due.people else []
    return [*people, *to_all]


def _row(
    alert: Alert, due: Due, target: _Target, now: datetime, overtaken: bool
) -> AlertNotice:
    """Make a notice; one overtaken by a later step of the same moment isn't sent."""
    told = f"{alert.id} {due.key} {target.recipient} {target.channel}"
    return AlertNotice(
        id=str(uuid.uuid5(uuid.NAMESPACE_OID, told)),
        school_id=alert.school_id,
        alert_id=alert.id,
        step=due.key,
        recipient=target.recipient,
        channel=target.channel,
        due_at=due.at,
        made_at=now,
        next_try_at=now,
        sent_at=now if target.channel == PAGE else None,
        dropped_at=now if overtaken and target.channel != PAGE else None,
    )


def waiting(milepost: Milepost) -> list[str]:
    """Return ids of notices that may be sent now."""
    with milepost.work() as work:
        return list(work.alerts.waiting(milepost.clock(), BATCH))


def take(milepost: Milepost, notice_id: str) -> Notice | None:
    """Hold a notice and return it as it leaves; None where there is nothing to send.

    Who holds it for longer than a lease has crashed: then it is sent again.
    """
    now = milepost.clock()
    with milepost.work() as work:
        row = work.alerts.take_notice(notice_id, now, now + LEASE)
        if row is None:
            return None
        alert = work.alerts.alert(row.alert_id)
        school = work.people.school(row.school_id)
        if alert is None or school is None or alert.acknowledged_at is not None:
            row.dropped_at, row.held_until = now, None
            work.commit()
            return None
        work.commit()
        return _leaving(milepost, work, row, alert, school)


def _leaving(
    milepost: Milepost, work: UnitOfWork, row: AlertNotice, alert: Alert, school: School
) -> Notice:
    duty = duties.duty_of(work, school.id)
    student = _naming(work.people.by_id(alert.student_id), duty.naming)
    base = milepost.settings.public_url or milepost.settings.base_url
    page = f"{base.rstrip('/')}/alerts/{alert.id}"
    kind = "wish" if alert.category in WISHES else "danger"
    raised = alert.raised_at.astimezone(duties.hours_of(duty, school).zone)
    reader = work.people.by_id(row.recipient)
    language = reader.language if reader else school.language
    values = {
        "who": student or say(language, "notice.a_student"),
        "school": school.name,
        "when": f"{raised:%Y-%m-%d %H:%M}",
        "page": page,
    }
    address = duty.members.get(row.recipient, "")
    return Notice(
        row.id,
        row.recipient,
        row.channel,
        duty.webhook if row.channel == WEBHOOK else address,
        row.step,
        school.name,
        student,
        say(language, f"notice.subject_{kind}", values),
        say(language, f"notice.text_{kind}", values),
        page,
        alert.raised_at,
    )


def _naming(student: Person | None, naming: str) -> str:
    if student is None or naming == duties.NO_NAME:
        return ""
    names = (student.given_name, student.family_name)
    if naming == duties.INITIALS:
        return " ".join(f"{one[:1]}." for one in names if one)
    return " ".join(names)


def settle(milepost: Milepost, notice_id: str, problem: str = "") -> None:
    """Write down that a notice got through, or why it did not and when to try again.

    The wait doubles from 5 seconds to 5 minutes.
    """
    now = milepost.clock()
    with milepost.work() as work:
        row = work.session.get(AlertNotice, notice_id)
        if row is None or row.sent_at is not None:
            return
        row.held_until, row.problem = None, problem[:80]
        if problem:
            wait = FIRST_WAIT * 2 ** min(row.tries - 1, 10)
            row.next_try_at = now + min(wait, LONGEST_WAIT)
        else:
            row.sent_at = now
        work.commit()
