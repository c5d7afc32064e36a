"""What the coach asked last, and whether it stands open still."""

from __future__ import annotations

from datetime import datetime

from pathways.app import Milepost
from pathways.services.access import Actor
from pathways.services.buttons import Reply
from pathways.services.messages import FORM_QUESTION, HISTORY, Message, asking_in
from pathways.store.models import Turn


def _turns(
    milepost: Milepost, actor: Actor, before: int | None = None, limit: int = HISTORY
) -> list[Turn]:
    with milepost.work() as work:
        found = work.conversations.of_student(actor.school_id, actor.id)
        return work.conversations.turns(found.id, before, limit) if found else []


def left_open(milepost: Milepost, actor: Actor, message: Message) -> bool:
    """Tell whether a form's question stood open when a red flag stopped coaching."""
    before = _turns(milepost, actor, message.place)
    asked = [asking_in([turn]) for turn in before if turn.safety != "red"]
    newest = next((one for one in reversed(asked) if one), "")
    return bool(FORM_QUESTION.match(newest or ""))


def open_question(milepost: Milepost, actor: Actor, message: Message) -> list[Reply]:
    """Return what the coach said last before a message, to be said again."""
    turns = _turns(milepost, actor, message.place, 1)
    return [_again(reply) for turn in turns for reply in turn.replies[-1:]]


def was_asked(milepost: Milepost, actor: Actor, response: str, since: datetime) -> bool:
    """Tell whether the coach asked the student by a response since a moment."""
    return any(
        reply.get("asking") == response
        for turn in _turns(milepost, actor, limit=5 * HISTORY)
        if turn.received_at >= since
        for reply in turn.replies
    )


def _again(reply: Reply) -> Reply:
    """Return a reply to be said again: its buttons lead where they led."""
    kept: Reply = {one: reply[one] for one in ("text", "asking") if one in reply}
    buttons = [
        {"title": one["title"], "payload": one.get("intent") or one["payload"]}
        for one in reply.get("buttons", [])
    ]
    return {**kept, "buttons": buttons}
