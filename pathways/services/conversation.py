"""The record of a conversation: stored before it is answered, answered once."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError

from pathways.app import Milepost
from pathways.safety import Screening
from pathways.services.access import Actor, Role, actor_of, require, school_of
from pathways.services.alerts import add_alert, alert_id_of
from pathways.services.errors import Invalid, NotFound
from pathways.store.models import Conversation, Turn
from pathways.store.unit_of_work import UnitOfWork

LONGEST_MESSAGE = 2000
RECEIVED, ANSWERED, FAILED = "received", "answered", "failed"
HISTORY = 10
BUTTON = "button:"
FORM_QUESTION = re.compile(r"^utter_ask_\w+_form_\w+$")
JOINED = re.compile(r"(?<=[^\w\s])\u200d(?=[^\w\s])")  # inside one emoji
Reply = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """A turn as the gateway works with it.

    Attributes:
        intent: what a pressed button means to Rasa; None for typed words.
        asking: the question that the coach asked last, by its response's name.
        history: what the student wrote before, oldest first.
        asked_at: the place of the turn that asked it, and in `asked_when` the moment.
        asked_before: the question before that one.
        left_open: the question of a form that a red flag cut off.
        seen: the place that the student had before their eyes, where it is known.
        halted: coaching stopped after a red flag until the student goes on.
        holder: who holds the conversation's place for this turn; None while
            somebody else does.
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
    asking: str | None = None
    asked_at: int = 0
    asked_when: datetime | None = None
    asked_before: str | None = None
    left_open: bool = False
    seen: int | None = None
    history: tuple[str, ...] = ()
    halted: bool = False
    holder: str | None = None


@dataclass(frozen=True)
class Lease:
    """Who asks for a conversation's place, and for how long at most."""

    holder: str
    length: timedelta


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


def conversation_of(work: UnitOfWork, actor: Actor) -> Conversation:
    """Return the student's conversation, begun at the first message."""
    found = work.conversations.of_student(actor.school_id, actor.id)
    if found is None:
        found = work.conversations.add(
            Conversation(school_id=actor.school_id, student_id=actor.id)
        )
        work.conversations.flush()
    return found


def actor_behind(milepost: Milepost, conversation_id: str) -> Actor | None:
    """Return the student behind the pseudonym that Rasa knows."""
    with milepost.work() as work:
        found = work.conversations.by_id(conversation_id)
        person = work.people.by_id(found.student_id) if found else None
        return actor_of(person) if person else None


def receive(
    milepost: Milepost,
    actor: Actor,
    client_message_id: str,
    text: str,
    lease: Lease | None = None,
    seen: int | None = None,
) -> Message:
    """Store a message before anything else happens with it.

    The same client id gives the turn that it gave before. With a lease, the
    conversation's place is taken in the same step where it is free. `seen` is the
    last place that the student had before their eyes.
    """
    require(actor, Role.STUDENT)
    try:
        found = _receive(milepost, actor, client_message_id, text, lease)
    except IntegrityError:
        found = _receive(milepost, actor, client_message_id, text, lease)
    return replace(found, seen=seen)


def _receive(
    milepost: Milepost,
    actor: Actor,
    client_message_id: str,
    text: str,
    lease: Lease | None,
) -> Message:
    with milepost.work() as work:
        conversation = conversation_of(work, actor)
        known = work.conversations.turn_of_client(conversation.id, client_message_id)
        if known is not None:
            holder = _hold(milepost, work, known, lease)
            work.commit()
            return _message(work, conversation, known, holder)
        words, intent = _pressed(work, conversation, text)
        turn = work.conversations.add(
            Turn(
                school_id=actor.school_id,
                conversation_id=conversation.id,
                client_message_id=client_message_id,
                place=work.conversations.next_place(conversation.id),
                language=actor.language,
                text=words,
                intent=intent,
                status=RECEIVED,
                replies=[],
                safety="none",
                received_at=milepost.clock(),
            )
        )
        work.conversations.flush()
        holder = _hold(milepost, work, turn, lease)
        work.commit()
        return _message(work, conversation, turn, holder)


def _hold(
    milepost: Milepost, work: UnitOfWork, turn: Turn, lease: Lease | None
) -> str | None:
    """Take the place for a turn, unless it was answered while we waited for it."""
    if lease is None or turn.status == ANSWERED:
        return None
    now = milepost.clock()
    if not work.conversations.hold(turn, lease.holder, now, lease.length):
        return None
    work.session.expire_all()
    if turn.status == ANSWERED:
        work.conversations.release(turn.conversation_id, lease.holder)
        return None
    return lease.holder


def _message(
    work: UnitOfWork,
    conversation: Conversation,
    turn: Turn,
    holder: str | None = None,
) -> Message:
    before = work.conversations.turns(conversation.id, turn.place, HISTORY)
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
        asking=_asking(before),
        asked_at=before[-1].place if before else 0,
        asked_when=before[-1].answered_at if before else None,
        asked_before=_asking(before[:-1]),
        left_open=_left_open(before),
        history=tuple(one.text for one in before),
        halted=conversation.halted,
        holder=holder,
    )


def _asking(before: Sequence[Turn]) -> str | None:
    for turn in reversed(before):
        for reply in reversed(turn.replies):
            if "asking" in reply:
                return str(reply["asking"]) or None
        if turn.status == ANSWERED:
            return None
    return None


def _left_open(before: Sequence[Turn]) -> bool:
    """Tell whether a form's question stood open when coaching was stopped."""
    spoken = [turn for turn in before if turn.safety != "red" and _asking([turn])]
    return bool(spoken and FORM_QUESTION.match(_asking(spoken[-1:]) or ""))


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
    return bool(
        at_once or (message.seen is not None and message.seen < message.asked_at)
    )


def open_question(milepost: Milepost, actor: Actor, message: Message) -> list[Reply]:
    """Return what the coach said last before a message, to be said again."""
    with milepost.work() as work:
        found = work.conversations.of_student(actor.school_id, actor.id)
        turns = work.conversations.turns(found.id, message.place, 1) if found else []
    return [_again(reply) for turn in turns for reply in turn.replies[-1:]]


def _again(reply: Reply) -> Reply:
    """Return a reply to be said again: its buttons lead where they led."""
    kept: Reply = {one: reply[one] for one in ("text", "asking") if one in reply}
    buttons = [
        {"title": one["title"], "payload": one.get("intent") or one["payload"]}
        for one in reply.get("buttons", [])
    ]
    return {**kept, "buttons": buttons}


def was_asked(milepost: Milepost, actor: Actor, response: str, since: datetime) -> bool:
    """Tell whether the coach asked the student by a response since a moment."""
    with milepost.work() as work:
        found = work.conversations.of_student(actor.school_id, actor.id)
        turns = work.conversations.turns(found.id) if found else []
    return any(
        reply.get("asking") == response
        for turn in turns
        if turn.received_at >= since
        for reply in turn.replies
    )


def buttons_of(replies: Sequence[Reply]) -> Iterator[dict[str, str]]:
    """Yield every button of some replies, those of cards included."""
    for reply in replies:
        yield from reply.get("buttons", [])
        for card in reply.get("cards", []):
            yield from card.get("buttons", [])


def _fold(title: str) -> str:
    return title.casefold().strip(string.punctuation + string.whitespace)


def _pressed(
    work: UnitOfWork, conversation: Conversation, text: str
) -> tuple[str, str | None]:
    """Find the button that a message presses: by its payload or its very title.

    A payload counts only where this conversation's own replies carry it, so that
    no typed text can become a command to Rasa.
    """
    if text.startswith(BUTTON):
        turn = work.conversations.turn(
            conversation.school_id, text[len(BUTTON) :].partition(".")[0]
        )
        if turn is not None and turn.conversation_id == conversation.id:
            for button in buttons_of(turn.replies):
                if button["payload"] == text:
                    return button["title"], button["intent"]
        return text[len(BUTTON) :], None
    last = work.conversations.turns(conversation.id, limit=1)
    for button in buttons_of(last[0].replies if last else []):
        if _fold(button["title"]) == _fold(text) and _fold(text):
            return text, button.get("intent")
    return text, None


def hold(milepost: Milepost, actor: Actor, turn_id: str, lease: Lease) -> Message:
    """Try to take the conversation's place for a turn; return the turn as it is now.

    Its `holder` is None while somebody else holds the place.

    Raises:
        NotFound: it is not a turn of the student's own conversation.
    """
    with milepost.work() as work:
        turn = work.conversations.turn(actor.school_id, turn_id)
        conversation = work.conversations.of_student(actor.school_id, actor.id)
        if turn is None or conversation is None:
            raise NotFound("The message")
        if turn.conversation_id != conversation.id:
            raise NotFound("The message")
        holder = _hold(milepost, work, turn, lease)
        work.commit()
        return _message(work, conversation, turn, holder)


def let_go(milepost: Milepost, message: Message) -> None:
    """Give the place to the next turn, after an error."""
    if message.holder is not None:
        with milepost.work() as work:
            work.conversations.release(message.conversation_id, message.holder)
            work.commit()


def answer(
    milepost: Milepost,
    actor: Actor,
    message: Message,
    replies: Sequence[Reply],
    status: str = ANSWERED,
    screening: Screening | None = None,
    halted: bool | None = None,
) -> Message:
    """Store what is answered, and the alert of a red flag with it, as one.

    The conversation's place is given back in the same step. An answer that stands
    already stays.
    """
    with milepost.work() as work:
        turn = work.conversations.turn(actor.school_id, message.id)
        conversation = work.conversations.by_id(message.conversation_id)
        if turn is None or conversation is None:
            raise NotFound("The message")
        if turn.status != ANSWERED:
            turn.replies = [
                _named(reply, turn.id, n) for n, reply in enumerate(replies)
            ]
            turn.status = status
            turn.answered_at = milepost.clock()
            if screening is not None:
                turn.safety = screening.level
                if screening.level == "red":
                    _raise_alert(milepost, work, actor, turn, screening)
            if halted is not None:
                conversation.halted = halted
        if message.holder is not None:
            work.conversations.release(conversation.id, message.holder)
        work.commit()
        return _message(work, conversation, turn)


def _raise_alert(
    milepost: Milepost,
    work: UnitOfWork,
    actor: Actor,
    turn: Turn,
    screening: Screening,
) -> None:
    """Raise the alert of a red turn, unless it came from disk already."""
    alert_id = alert_id_of(actor, turn.client_message_id)
    known = work.conversations.alert(actor.school_id, alert_id)
    if known is not None:
        known.turn_id = turn.id
        return
    add_alert(
        work,
        actor,
        screening.category,
        screening.rule,
        turn.id,
        milepost.clock(),
        alert_id,
    )


def _named(reply: Reply, turn_id: str, place: int) -> Reply:
    """Give each button that means something to Rasa a payload that only we know."""
    named = {"text": "", "buttons": [], "cards": [], **reply}
    named["buttons"] = [
        _button(button, f"{turn_id}.{place}.{n}")
        for n, button in enumerate(named["buttons"])
    ]
    named["cards"] = [
        {
            **card,
            "buttons": [
                _button(button, f"{turn_id}.{place}.{c}.{n}")
                for n, button in enumerate(card.get("buttons", []))
            ],
        }
        for c, card in enumerate(named["cards"])
    ]
    return named


def _button(button: dict[str, str], name: str) -> dict[str, str]:
    if not button["payload"].startswith("/"):
        return {"title": button["title"], "payload": button["payload"]}
    return {
        "title": button["title"],
        "payload": BUTTON + name,
        "intent": button["payload"],
    }


def public_replies(replies: Sequence[Reply]) -> list[Reply]:
    """Return replies as people's browsers get them: no intents, no notes."""
    return [
        {
            "text": reply.get("text", ""),
            "buttons": [_shown(button) for button in reply.get("buttons", [])],
            "cards": [
                {**card, "buttons": [_shown(one) for one in card.get("buttons", [])]}
                for card in reply.get("cards", [])
            ],
        }
        for reply in replies
        if reply.get("text") or reply.get("cards") or reply.get("buttons")
    ]


def _shown(button: dict[str, str]) -> dict[str, str]:
    return {"title": button["title"], "payload": button["payload"]}


def messages(
    milepost: Milepost, actor: Actor, before: int | None = None, limit: int = 50
) -> list[Message]:
    """Return the student's own conversation, newest last."""
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        conversation = work.conversations.of_student(actor.school_id, actor.id)
        if conversation is None:
            return []
        turns = work.conversations.turns(conversation.id, before, limit)
        return [_message(work, conversation, turn) for turn in turns]


def safety_adult(milepost: Milepost, actor: Actor) -> str:
    """Return the adult at school whom a crisis reply names."""
    with milepost.work() as work:
        return school_of(work, actor).safety_adult
