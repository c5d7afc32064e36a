"""The record of an incident: who was told, who decided what and why, how it ended.

Entries are only ever added. Nothing here reaches anybody outside the school: calls and
notices are for people, and the draft of a notice is text that a person edits (S17).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pathways.app import Milepost
from pathways.services.access import WATCHES, Actor, Role, note_look, school_of
from pathways.services.alerts import AlertView, alert_view, full_name
from pathways.services.duty import is_on_duty
from pathways.services.errors import Invalid, NotFound
from pathways.store.alert_models import AlertNotice, IncidentNote
from pathways.store.models import Alert
from pathways.store.unit_of_work import UnitOfWork
from pathways.texts import say

RESPONSIVE = (
    "talked",
    "called_family",
    "reported",
    "called_emergency",
    "safety_plan",
    "referred",
)
DECISIONS = (*RESPONSIVE, "no_danger", "notice_withheld", "other")
OUTCOMES = ("closed_safe", "closed_support", "closed_handed_over", "closed_no_danger")
DRAFT = "notice_draft"
LONGEST = 4000
NOTICE_WITHIN = timedelta(hours=72)
OHIO = "OH"
PARTS = ("heading", "what", "action", "data", "safety", "contact", "check")


@dataclass(frozen=True)
class Told:
    """One notice: to whom, in which step, and whether it got through."""

    step: str
    who: str
    channel: str
    due_at: datetime
    sent_at: datetime | None
    dropped_at: datetime | None
    tries: int
    problem: str


@dataclass(frozen=True)
class Entry:
    """One entry of the record."""

    kind: str
    text: str
    who: str
    noted_at: datetime


@dataclass(frozen=True)
class Incident:
    """An alert with all that was done about it.

    Attributes:
        notice_due_at: 72 hours after the first action, where there was one.
        closed_at: when it was last closed, if nothing was noted after that.
    """

    alert: AlertView
    told: tuple[Told, ...]
    entries: tuple[Entry, ...]
    notice_due_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class NoticeDraft:
    """The text of a notice, for a person to edit; Milepost never sends it."""

    alert: AlertView
    text: str
    due_at: datetime | None
    saved_by: str
    saved_at: datetime | None


def incident(milepost: Milepost, actor: Actor, alert_id: str) -> Incident:
    """Return the record of an alert; the look is written down first.

    Raises:
        NotFound: the alert is not the actor's to decide on.
    """
    with milepost.work() as work:
        row = _alert(work, actor, alert_id)
        note_look(work, actor, row.student_id, "incident", milepost.clock())
        notes = work.alerts.incident_notes(actor.school_id, alert_id)
        entries = tuple(_entry(work, one) for one in notes)
        told = tuple(_told(work, one) for one in work.alerts.notices(alert_id))
        shown = [one for one in entries if one.kind != DRAFT]
        last = shown[-1] if shown else None
        closed = last.noted_at if last and last.kind in OUTCOMES else None
        return Incident(alert_view(work, row), told, entries, _due(entries), closed)


def recordable(milepost: Milepost, actor: Actor) -> frozenset[str] | None:
    """Return the alerts whose record the actor may open; None for all they see."""
    with milepost.work() as work:
        if actor.role in WATCHES or is_on_duty(work, actor):
            return None
        return work.alerts.taken_by(actor.school_id, actor.id)


def decide(
    milepost: Milepost, actor: Actor, alert_id: str, kind: str, reason: str
) -> None:
    """Add what somebody decided, or how it ended, with the reason.

    The same entry sent twice in a row is kept once.

    Raises:
        Invalid: no such kind, no reason, or the alert was not taken on yet.
        NotFound: the alert is not the actor's to decide on.
    """
    with milepost.work() as work:
        row = _alert(work, actor, alert_id)
        if kind not in (*DECISIONS, *OUTCOMES):
            raise Invalid("Choose what was decided.", "kind")
        text = _text(reason, "Write why, in a sentence.")
        if row.acknowledged_at is None:
            raise Invalid("Take the alert on first.", "kind")
        _add(milepost, work, actor, row, kind, text)


def notice_draft(milepost: Milepost, actor: Actor, alert_id: str) -> NoticeDraft:
    """Return the draft of the notice to a family, as last saved or from the template.

    Ohio: a written notice within 72 hours of the district's action, unless the notice
    itself is a danger (SB 29 as amended by HB 432, December 2024; a lawyer checks it).
    """
    with milepost.work() as work:
        row = _alert(work, actor, alert_id)
        note_look(work, actor, row.student_id, "incident", milepost.clock())
        notes = work.alerts.incident_notes(actor.school_id, alert_id)
        entries = tuple(_entry(work, one) for one in notes)
        saved = next((one for one in reversed(entries) if one.kind == DRAFT), None)
        return NoticeDraft(
            alert_view(work, row),
            saved.text if saved else _template(work, actor, row),
            _due(entries),
            saved.who if saved else "",
            saved.noted_at if saved else None,
        )


def save_notice(milepost: Milepost, actor: Actor, alert_id: str, text: str) -> None:
    """Keep an edited draft in the record; earlier drafts stay in it too.

    Raises:
        Invalid: the draft is empty or too long.
    """
    with milepost.work() as work:
        row = _alert(work, actor, alert_id)
        _add(milepost, work, actor, row, DRAFT, _text(text, "The draft is empty."))


def _alert(work: UnitOfWork, actor: Actor, alert_id: str) -> Alert:
    """Return an alert that is the actor's to decide on."""
    row = work.conversations.alert(actor.school_id, alert_id)
    if row is None or actor.role in (Role.STUDENT, Role.FAMILY):
        raise NotFound("The alert")
    theirs = actor.role in WATCHES or row.acknowledged_by == actor.id
    if not theirs and not is_on_duty(work, actor):
        raise NotFound("The alert")
    return row


def _add(
    milepost: Milepost, work: UnitOfWork, actor: Actor, row: Alert, kind: str, text: str
) -> None:
    notes = work.alerts.incident_notes(actor.school_id, row.id)
    last = notes[-1] if notes else None
    if last and (last.kind, last.text, last.actor_id) == (kind, text, actor.id):
        return
    work.alerts.add(
        IncidentNote(
            school_id=actor.school_id,
            alert_id=row.id,
            actor_id=actor.id,
            kind=kind,
            text=text,
            noted_at=milepost.clock(),
        )
    )
    work.commit()


def _text(given: str, missing: str) -> str:
    text = given.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        raise Invalid(missing, "text")
    if len(text) > LONGEST:
        raise Invalid(f"Write at most {LONGEST} characters.", "text")
    return text


def _entry(work: UnitOfWork, note: IncidentNote) -> Entry:
    person = work.people.by_id(note.actor_id)
    who = full_name(person) if person else ""
    return Entry(note.kind, note.text, who, note.noted_at)


def _told(work: UnitOfWork, row: AlertNotice) -> Told:
    person = work.people.by_id(row.recipient)
    return Told(
        row.step.partition(":")[0],
        full_name(person) if person else "",
        row.channel,
        row.due_at,
        row.sent_at,
        row.dropped_at,
        row.tries,
        row.problem if row.sent_at is None else "",
    )


def _due(entries: tuple[Entry, ...]) -> datetime | None:
    acted = [one.noted_at for one in entries if one.kind in RESPONSIVE]
    return min(acted) + NOTICE_WITHIN if acted else None


def _template(work: UnitOfWork, actor: Actor, row: Alert) -> str:
    school = school_of(work, actor)
    student = work.people.by_id(row.student_id)
    raised = row.raised_at.astimezone(ZoneInfo(school.timezone))
    values = {
        "student": full_name(student) if student else "",
        "school": school.name,
        "raised": f"{raised:%Y-%m-%d %H:%M}",
    }
    law = ("law",) if school.state == OHIO else ("law_elsewhere",)
    return "\n\n".join(
        say(actor.language, f"notice.draft_{part}", values) for part in (*PARTS, *law)
    )
