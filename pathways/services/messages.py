"""A turn as the gateway works with it, and what text may become one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pathways.safety import Screening
from pathways.services.buttons import Reply
from pathways.services.errors import Invalid
from pathways.store.conversations import Times
from pathways.store.models import Conversation, Turn

LONGEST_MESSAGE = 2000
RECEIVED, ANSWERED, FAILED = "received", "answered", "failed"
HISTORY = 10
LATEST = 3
FORM_QUESTION = re.compile(r"^utter_ask_\w+_form_\w+$")
JOINED = re.compile(r"(?<=[^\w\s])\u200d(?=[^\w\s])")  # inside one emoji


@dataclass(frozen=True)
class Message:
    """A turn as the gateway works with it.

    Attributes:
        language: the student's own, which Rasa answers in.
        intent: what a pressed button means to Rasa; None for typed words.
        asking: the question that the coach asked last, by its response's name.
        asked_at: the place of the turn that asked; `asked_when`: the moment of it.
        asked_before: the question before that one.
        seen: the place that the student had before their eyes, where it is known.
        history: what the student wrote before, oldest first.
        halted: coaching stopped after a red flag until the student goes on.
        holder: who holds the conversation's place for this turn; None while
            somebody else does.
        screening: what the screen made of it, of which the assistant is told.
    """

    id: str
    client_message_id: str
    conversation_id: str
    place: int
    text: str
    intent: str | None
    status: str
    safety: str
    replies: tuple[Reply, ...]
    received_at: datetime
    language: str = "en"
    asking: str | None = None
    asked_at: int = 0
    asked_when: datetime | None = None
    asked_before: str | None = None
    seen: int | None = None
    history: tuple[str, ...] = ()
    halted: bool = False
    holder: str | None = None
    screening: Screening | None = None


@dataclass(frozen=True)
class Lease:
    """Who asks for a conversation's place, and for how long at most.

    Attributes:
        alone_since: from this moment on nobody but the asking process has taken turns;
            what was begun before it was left by a crash. None where others may run.
        app: the key of the asking process, which other processes know it by.
    """

    holder: str
    length: timedelta
    alone_since: datetime | None = None
    app: str = ""

    def times(self, now: datetime) -> Times:
        """Return what decides whether the place is free at a moment."""
        since = max(now - self.length, self.alone_since or now - self.length)
        return Times(now + self.length, since + self.length, since)


def clean_text(text: object) -> str:
    """Return a message as it may be stored.

    Raises:
        Invalid: it is empty, too long or not text.
    """
    if not isinstance(text, str):
        raise Invalid("A message must be text.", "text")
    kept = "".join(
        sign
        for place, sign in enumerate(text)
        if sign.isprintable() or sign in "\n\t" or JOINED.match(text, place)
    ).strip()
    if not kept:
        raise Invalid("Please write something first.", "text")
    if len(text) > LONGEST_MESSAGE:
        raise Invalid(
            f"That is too long. Please keep it under {LONGEST_MESSAGE} characters.",
            "text",
        )
    return kept


def message_of(
    conversation: Conversation,
    turn: Turn,
    before: Sequence[Turn] = (),
    said: Sequence[str] = (),
    holder: str | None = None,
) -> Message:
    """Return a stored turn as the gateway works with it.

    Args:
        conversation: the turn's own.
        turn: the stored turn.
        before: the latest turns before it, oldest first: what the coach asked.
        said: what the student wrote before, oldest first.
        holder: who holds the conversation's place for the turn.
    """
    return Message(
        id=turn.id,
        client_message_id=turn.client_message_id,
        conversation_id=conversation.id,
        place=turn.place,
        text=turn.text,
        intent=turn.intent,
        status=turn.status,
        safety=turn.safety,
        replies=tuple(turn.replies),
        received_at=turn.received_at,
        language=turn.language,
        asking=asking_in(before),
        asked_at=before[-1].place if before else 0,
        asked_when=before[-1].answered_at if before else None,
        asked_before=asking_in(before[:-1]),
        history=tuple(said),
        halted=conversation.halted,
        holder=holder,
    )


def answers_an_earlier_question(message: Message) -> bool:
    """Tell whether a message answers a form's question that has its answer already.

    It was written before the question that is open now could be read: in another
    tab, or at the same moment.
    """
    asking, before = message.asking or "", message.asked_before or ""
    if asking == before or message.intent not in (None, "/affirm", "/deny"):
        return False
    if not FORM_QUESTION.match(asking) or not FORM_QUESTION.match(before):
        return False
    at_once = message.asked_when and message.received_at < message.asked_when
    unseen = message.seen is not None and message.seen < message.asked_at
    return bool(at_once or unseen)


def asking_in(before: Sequence[Turn]) -> str | None:
    """Return the question that stands open after some turns, by its response."""
    for turn in reversed(before):
        for reply in reversed(turn.replies):
            if "asking" in reply:
                return str(reply["asking"]) or None
        if turn.status == ANSWERED:
            return None
    return None
