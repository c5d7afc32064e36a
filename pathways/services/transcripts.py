"""A student's chat, closed to all but the people who may open it with a reason (X4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pathways.app import Milepost
from pathways.services.access import Actor, Role, note_look, require
from pathways.services.alerts import full_name
from pathways.services.errors import Invalid, NotFound
from pathways.store.models import Person
from pathways.store.unit_of_work import UnitOfWork
from pathways.texts import say

OPENERS = (Role.COUNSELOR, Role.SAFETY_LEAD)
TRANSCRIPT = "chat"
SHORTEST, LONGEST = 10, 500
MOST = 200


@dataclass(frozen=True)
class Said:
    """One turn: what the student wrote and what was answered."""

    text: str
    replies: tuple[str, ...]
    safety: str
    at: datetime


@dataclass(frozen=True)
class Transcript:
    """The latest turns of a student, oldest first, and why they were opened."""

    student: str
    reason: str
    turns: tuple[Said, ...]


def whose_chat(milepost: Milepost, actor: Actor, student_id: str) -> str:
    """Return the name of a student whose chat the actor may open with a reason."""
    require(actor, *OPENERS)
    with milepost.work() as work:
        return full_name(_student(work, actor, student_id))


def open_chat(
    milepost: Milepost, actor: Actor, student_id: str, reason: str
) -> Transcript:
    """Return a student's chat; the log and the student's own list name the reason.

    Raises:
        NotFound: the actor may not, or there is no such student at the school.
        Invalid: the reason is missing, too short or too long.
    """
    require(actor, *OPENERS)
    reason = " ".join(reason.split())
    with milepost.work() as work:
        student = _student(work, actor, student_id)
        if not SHORTEST <= len(reason) <= LONGEST:
            raise Invalid(say(actor.language, "page_privacy.reason_wrong"), "reason")
        note_look(work, actor, student_id, TRANSCRIPT, milepost.clock(), reason)
        talk = work.conversations.of_student(actor.school_id, student_id)
        turns = work.conversations.turns(talk.id, limit=MOST) if talk else []
        return Transcript(
            full_name(student),
            reason,
            tuple(
                Said(
                    turn.text,
                    tuple(str(one["text"]) for one in turn.replies if one.get("text")),
                    turn.safety,
                    turn.received_at,
                )
                for turn in turns
            ),
        )


def _student(work: UnitOfWork, actor: Actor, student_id: str) -> Person:
    found = work.people.person(actor.school_id, student_id)
    if found is None or found.role != Role.STUDENT:
        raise NotFound("The student")
    return found
