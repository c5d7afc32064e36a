"""Conversation summaries: drafted for the student, released by the student (A1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pathways.app import Milepost
from pathways.services.access import (
    Actor,
    Role,
    note_look,
    require,
    student_for,
)
from pathways.services.errors import Invalid, NotFound
from pathways.store.models import Summary, SummaryLine, Turn
from pathways.store.unit_of_work import UnitOfWork
from pathways.texts import say

DRAFT, RELEASED, WITHDRAWN = "draft", "released", "withdrawn"
LONGEST_LINE = 500


@dataclass(frozen=True)
class LineView:
    """A line, and the words of the student that it rests on."""

    id: str
    topic: str
    text: str
    said: str
    said_at: datetime
    place: int
    edited: bool
    dropped: bool


@dataclass(frozen=True)
class SummaryView:
    """A summary with its lines in the order of the conversation."""

    id: str
    status: str
    made_at: datetime
    released_at: datetime | None
    lines: tuple[LineView, ...]


def notes_of(turn: Turn) -> Iterator[dict[str, Any]]:
    """Yield what the coach noted in a turn: `{"topic", "values"}`."""
    for reply in turn.replies:
        yield from reply.get("notes", [])


def draft_summary(milepost: Milepost, actor: Actor) -> SummaryView | None:
    """Bring the student's draft up to date with what was said since the last one.

    Returns:
        The open draft; None while nothing worth a line was said.
    """
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        conversation = work.conversations.of_student(actor.school_id, actor.id)
        if conversation is None:
            return None
        every = work.conversations.summaries(actor.school_id, actor.id)
        summary = next((one for one in every if one.status == DRAFT), None)
        seen = max((one.last_place for one in every), default=0)
        turns = work.conversations.turns_after(conversation.id, seen)
        noted = [(turn, note) for turn in turns for note in notes_of(turn)]
        if noted:
            summary = summary or _new_summary(milepost, work, actor, noted[0][0].place)
            _add_lines(work, actor, summary, noted)
            summary.last_place = turns[-1].place
            work.commit()
        return _view(work, summary, own=True) if summary else None


def _new_summary(
    milepost: Milepost, work: UnitOfWork, actor: Actor, place: int
) -> Summary:
    summary = work.conversations.add(
        Summary(
            school_id=actor.school_id,
            student_id=actor.id,
            language=actor.language,
            status=DRAFT,
            first_place=place,
            last_place=place,
            made_at=milepost.clock(),
        )
    )
    work.conversations.flush()
    return summary


def _add_lines(
    work: UnitOfWork,
    actor: Actor,
    summary: Summary,
    noted: Sequence[tuple[Turn, dict[str, Any]]],
) -> None:
    lines = work.conversations.lines(summary.id)
    known = {line.text for line in lines}
    place = len(lines)
    for turn, note in noted:
        text = say(actor.language, f"notes.{note['topic']}", note.get("values"))
        if text in known:
            continue
        known.add(text)
        work.conversations.add(
            SummaryLine(
                school_id=actor.school_id,
                summary_id=summary.id,
                turn_id=turn.id,
                place=place,
                topic=note["topic"],
                language=actor.language,
                text=text,
            )
        )
        place += 1
    work.conversations.flush()


def list_summaries(milepost: Milepost, actor: Actor) -> list[SummaryView]:
    """Return the student's own summaries, the draft brought up to date.

    Without consent no draft is made; what was shared can still be taken back.
    """
    require(actor, Role.STUDENT, kept=False)
    if not actor.gate:
        draft_summary(milepost, actor)
    with milepost.work() as work:
        every = work.conversations.summaries(actor.school_id, actor.id)
        return [_view(work, one, own=True) for one in every]


def edit_line(
    milepost: Milepost, actor: Actor, summary_id: str, line_id: str, text: str
) -> SummaryView:
    """Put a line of the draft into the student's own words.

    Raises:
        Invalid: the line is empty or too long.
    """
    text = " ".join(text.split())
    if not text or len(text) > LONGEST_LINE:
        raise Invalid(f"Write between 1 and {LONGEST_LINE} characters.", "text")
    with milepost.work() as work:
        summary, line = _own_line(work, actor, summary_id, line_id)
        line.edited = line.edited or line.text != text
        line.text = text
        work.commit()
        return _view(work, summary, own=True)


def drop_line(
    milepost: Milepost, actor: Actor, summary_id: str, line_id: str, dropped: bool
) -> SummaryView:
    """Leave a line out, or put it back."""
    with milepost.work() as work:
        summary, line = _own_line(work, actor, summary_id, line_id)
        line.dropped = dropped
        work.commit()
        return _view(work, summary, own=True)


def release(milepost: Milepost, actor: Actor, summary_id: str) -> SummaryView:
    """Let the advisor see a summary; releasing twice changes nothing.

    Raises:
        Invalid: every line was dropped.
    """
    with milepost.work() as work:
        summary = _own(work, actor, summary_id)
        if summary.status != RELEASED:
            if all(line.dropped for line in work.conversations.lines(summary.id)):
                raise Invalid("There is no line left to share.", "lines")
            summary.status, summary.released_at = RELEASED, milepost.clock()
            summary.read_at = None
            work.commit()
        return _view(work, summary, own=True)


def take_back(milepost: Milepost, actor: Actor, summary_id: str) -> SummaryView:
    """Take a released summary back: unread it is a draft again, read it is marked.

    The read log stays (features, decision 9).
    """
    with milepost.work() as work:
        summary = _own(work, actor, summary_id, kept=False)
        if summary.status == RELEASED:
            open_draft = any(
                one.status == DRAFT
                for one in work.conversations.summaries(actor.school_id, actor.id)
            )
            unread = summary.read_at is None and not open_draft
            summary.status = DRAFT if unread else WITHDRAWN
            summary.released_at = None
            work.commit()
        return _view(work, summary, own=True)


def released_summaries(
    milepost: Milepost, actor: Actor, student_id: str
) -> list[SummaryView]:
    """Return what a student released, to an adult who looks after them."""
    require(actor, Role.ADVISOR, Role.FAMILY)
    with milepost.work() as work:
        student = student_for(work, actor, student_id)
        note_look(work, actor, student.id, "released summaries", milepost.clock())
        every = work.conversations.summaries(student.school_id, student.id)
        released = [one for one in every if one.status == RELEASED]
        for summary in released:
            summary.read_at = summary.read_at or milepost.clock()
        work.commit()
        return [_view(work, one, own=False) for one in released]


def _own(work: UnitOfWork, actor: Actor, summary_id: str, kept: bool = True) -> Summary:
    summary = work.conversations.summary(actor.school_id, summary_id)
    if summary is None or summary.student_id != actor.id:
        raise NotFound("The summary")
    require(actor, Role.STUDENT, kept=kept)
    return summary


def _own_line(
    work: UnitOfWork, actor: Actor, summary_id: str, line_id: str
) -> tuple[Summary, SummaryLine]:
    summary = _own(work, actor, summary_id)
    lines = work.conversations.lines(summary.id)
    line = next((one for one in lines if one.id == line_id), None)
    if line is None:
        raise NotFound("The line")
    if summary.status != DRAFT:
        raise Invalid("Take the summary back before you change it.", "status")
    return summary, line


def _view(work: UnitOfWork, summary: Summary, own: bool) -> SummaryView:
    """An adult gets the lines that were kept, without the student's raw words."""
    lines = []
    for line in work.conversations.lines(summary.id):
        turn = work.conversations.turn(summary.school_id, line.turn_id)
        if turn is None or (line.dropped and not own):
            continue
        lines.append(
            LineView(
                line.id,
                line.topic,
                line.text,
                turn.text if own else "",
                turn.received_at,
                turn.place,
                line.edited,
                line.dropped,
            )
        )
    return SummaryView(
        summary.id, summary.status, summary.made_at, summary.released_at, tuple(lines)
    )
