"""The ten-minute brief before a meeting, and what came of it (feature A2).

A brief holds what the student released, what was agreed with this advisor, and days;
nothing that the student did not release.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pathways.app import Milepost
from pathways.services import summaries
from pathways.services.access import Actor, Role, require, student_for
from pathways.services.alerts import full_name
from pathways.services.caseload import Reason, reasons_of
from pathways.services.errors import Invalid
from pathways.store.meeting_models import Meeting

LONGEST_STEP, LONGEST_NOTE = 200, 2000
LINES = 6
QUOTED = "“"
STEPS = frozenset({"checkin", "goal_set", "progress", "decided", "project"})


@dataclass(frozen=True)
class MeetingView:
    """What came of one meeting; `note` is the advisor's own."""

    met_at: datetime
    agreed: str
    note: str


@dataclass(frozen=True)
class Said:
    """A line that the student released."""

    text: str
    said_at: datetime
    own_words: bool


@dataclass(frozen=True)
class Brief:
    """What an advisor looks at before a meeting.

    Attributes:
        reasons: why this student, the most pressing first; what is read by now
            is no reason any more.
        agreed: the step of the last meeting; None before the first.
        since: the newest released line about a step, after that meeting.
        step: the newest released line about a step.
        lines: the newest released lines.
        quote: a line in the student's own words, else one that quotes them, else the
            newest.
        questions: names of the two questions to ask, see page_brief.yml.
    """

    student: str
    grade: int | None
    reasons: tuple[Reason, ...]
    agreed: MeetingView | None
    since: Said | None
    step: Said | None
    quote: Said | None
    lines: tuple[Said, ...]
    questions: tuple[str, str]
    meetings: tuple[MeetingView, ...]
    shared: tuple[summaries.SummaryView, ...]


def brief(milepost: Milepost, actor: Actor, student_id: str) -> Brief:
    """Return the brief about a student of the advisor's, and note the look."""
    require(actor, Role.ADVISOR)
    shared = tuple(summaries.released_summaries(milepost, actor, student_id))
    with milepost.work() as work:
        student = student_for(work, actor, student_id)
        found = tuple(reasons_of(milepost, work, actor, student))
        rows = work.records.meetings(student.school_id, student.id)
        own = tuple(_view(row) for row in rows if row.advisor_id == actor.id)
        name, grade = full_name(student), student.grade
    lines = _lines(shared)
    steps = [said for topic, said in lines if topic in STEPS]
    agreed = next((one for one in own if one.agreed), None)
    return Brief(
        student=name,
        grade=grade,
        reasons=found,
        agreed=agreed,
        since=next((s for s in steps if agreed and s.said_at > agreed.met_at), None),
        step=steps[0] if steps else None,
        quote=quote_of([said for _, said in lines]),
        lines=tuple(said for _, said in lines[:LINES]),
        questions=_questions({one.name for one in found}, agreed is not None),
        meetings=own,
        shared=shared,
    )


def quote_of(lines: Sequence[Said]) -> Said | None:
    """Return the line that is most the student's own: written, quoting, or newest."""
    written = (one for one in lines if one.own_words)
    quoting = (one for one in lines if QUOTED in one.text)
    return next(written, None) or next(quoting, None) or next(iter(lines), None)


def note_meeting(
    milepost: Milepost, actor: Actor, student_id: str, agreed: str, note: str
) -> MeetingView:
    """Keep what came of a meeting; the coach asks about the agreed step next time.

    The same words again within a minute are the same meeting.

    Raises:
        Invalid: nothing was written, or too much.
    """
    require(actor, Role.ADVISOR)
    agreed, note = " ".join(agreed.split()), note.strip()
    if not agreed and not note:
        raise Invalid("Write the agreed step, or a note.", "agreed")
    if len(agreed) > LONGEST_STEP:
        raise Invalid(f"Write {LONGEST_STEP} characters at most.", "agreed")
    if len(note) > LONGEST_NOTE:
        raise Invalid(f"Write {LONGEST_NOTE:,} characters at most.", "note")
    with milepost.work() as work:
        student = student_for(work, actor, student_id)
        now = milepost.clock()
        for row in work.records.meetings(student.school_id, student.id)[:1]:
            again = (row.advisor_id, row.agreed, row.note) == (actor.id, agreed, note)
            if again and (now - row.met_at).total_seconds() < 60:
                return _view(row)
        row = work.records.add(
            Meeting(
                school_id=student.school_id,
                student_id=student.id,
                advisor_id=actor.id,
                language=actor.language,
                agreed=agreed,
                note=note,
                met_at=now,
            )
        )
        work.commit()
        return _view(row)


def _view(row: Meeting) -> MeetingView:
    return MeetingView(row.met_at, row.agreed, row.note)


def _lines(shared: tuple[summaries.SummaryView, ...]) -> list[tuple[str, Said]]:
    """Return (topic, line) of what was released, newest first."""
    found = [
        (line.topic, Said(line.text, line.said_at, line.edited))
        for one in shared
        for line in one.lines
    ]
    return sorted(found, key=lambda pair: pair[1].said_at, reverse=True)


def _questions(reasons: set[str], agreed: bool) -> tuple[str, str]:
    """Return two questions that fit, the first about the last step."""
    order = [
        name
        for name, fits in (
            ("agreed", agreed),
            ("goal", "goal" in reasons),
            ("checkin", "checkin" in reasons),
            ("summary", "summary" in reasons),
        )
        if fits
    ]
    first, second, *_ = [*order, "week", "proud"]
    return first, second
