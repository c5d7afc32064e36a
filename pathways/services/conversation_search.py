"""Finding one's own words in the conversation, by the student alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pathways.app import Milepost
from pathways.services.access import Actor, Role, require
from pathways.store.models import Turn

FARTHEST, MOST = 1000, 30
AROUND = 60


@dataclass(frozen=True)
class Found:
    """A turn in which the words stand: a piece of it, and who said that piece.

    `before`, `hit` and `after` are the piece in three parts, to mark the words.
    """

    place: int
    by_student: bool
    before: str
    hit: str
    after: str
    said_at: datetime


def find(milepost: Milepost, actor: Actor, words: str) -> list[Found]:
    """Return the turns that hold some words, the newest first.

    The words are sealed in the database, so they are looked for here, in the newest
    thousand turns.

    Args:
        milepost: the product.
        actor: a student; only their own conversation is read.
        words: at least two letters; the case does not matter.
    """
    require(actor, Role.STUDENT)
    wanted = " ".join(words.split()).casefold()
    if len(wanted) < 2:
        return []
    with milepost.work() as work:
        talk = work.conversations.of_student(actor.school_id, actor.id)
        turns = work.conversations.latest(talk.id, FARTHEST) if talk else []
        found = [one for turn in turns if (one := _in_turn(turn, wanted)) is not None]
    return sorted(found, key=lambda one: -one.place)[:MOST]


def _in_turn(turn: Turn, wanted: str) -> Found | None:
    said = [(True, turn.text)]
    said += [(False, str(reply.get("text", ""))) for reply in turn.replies]
    for by_student, raw in said:
        text = " ".join(raw.split())
        start = text.casefold().find(wanted)
        if start >= 0:
            end = start + len(wanted)
            begin, stop = max(0, start - AROUND), end + AROUND
            return Found(
                turn.place,
                by_student,
                ("…" if begin else "") + text[begin:start],
                text[start:end],
                text[end:stop] + ("…" if stop < len(text) else ""),
                turn.received_at,
            )
    return None
