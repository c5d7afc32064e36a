"""The record of a conversation: stored before it is answered, answered once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.exc import IntegrityError

from pathways.app import Milepost
from pathways.safety import Screening
from pathways.services.access import (
    Actor,
    Role,
    actor_of,
    gate_now,
    require,
    school_of,
)
from pathways.services.alerts import add_alert, alert_id_of
from pathways.services.buttons import Reply, named, pressed
from pathways.services.errors import ConsentNeeded, NotFound
from pathways.services.messages import (
    ANSWERED,
    HISTORY,
    LATEST,
    RECEIVED,
    Lease,
    Message,
    message_of,
)
from pathways.store.apps import new_id_of
from pathways.store.models import Conversation, Turn
from pathways.store.unit_of_work import UnitOfWork


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
    """Return the student behind the pseudonym that Rasa knows.

    None where nothing of them may be kept: no action does anything for them.
    """
    with milepost.work() as work:
        person = work.people.of_conversation(conversation_id)
        if person is None or gate_now(work, person, milepost.day()):
            return None
        return actor_of(person)


def receive(
    milepost: Milepost,
    actor: Actor,
    client_message_id: str,
    text: str,
    lease: Lease | None = None,
) -> Message:
    """Store a message before anything else happens with it.

    The same client id gives the turn that it gave before. With a lease, the
    conversation's place is taken in the same step where it is free.

    Raises:
        ConsentNeeded: nothing of this student may be kept; nothing was stored.
    """
    require(actor, Role.STUDENT)
    try:
        return _receive_new(milepost, actor, client_message_id, text, lease)
    except IntegrityError:  # it came before: this id, or at this very moment
        return _receive_again(milepost, actor, client_message_id, text, lease)


def _receive_new(
    milepost: Milepost,
    actor: Actor,
    client_message_id: str,
    text: str,
    lease: Lease | None,
) -> Message:
    with milepost.work() as work:
        _check_gate(milepost, work, actor)
        conversation = conversation_of(work, actor)
        place, holder = _next_place(milepost, work, conversation.id, lease)
        before = work.conversations.latest(conversation.id, LATEST)
        said = work.conversations.texts(conversation.id, place, HISTORY)
        last = before[-1] if before else None
        words, intent = pressed(work, conversation, last, text)
        turn = work.conversations.add(
            Turn(
                id=new_id_of(lease.app if lease else ""),
                school_id=actor.school_id,
                conversation_id=conversation.id,
                client_message_id=client_message_id,
                place=place,
                language=actor.language,
                text=words,
                intent=intent,
                status=RECEIVED,
                replies=[],
                safety="none",
                received_at=milepost.clock(),
            )
        )
        work.commit()
        return message_of(conversation, turn, before, said, holder)


def _check_gate(milepost: Milepost, work: UnitOfWork, actor: Actor) -> None:
    """Look up what is on record now: it may have changed since the request came."""
    person = work.people.myself(actor.id)
    if person is None:
        raise NotFound("The student")
    gate = gate_now(work, person, milepost.day())
    if gate:
        raise ConsentNeeded(gate)


def _next_place(
    milepost: Milepost, work: UnitOfWork, conversation_id: str, lease: Lease | None
) -> tuple[int, str | None]:
    """Count a turn up and take the conversation's place for it where it is free."""
    if lease is None:
        return work.conversations.next_place(conversation_id), None
    place, taken = work.conversations.next_place_held(
        conversation_id, lease.holder, lease.times(milepost.clock())
    )
    return place, lease.holder if taken else None


def _receive_again(
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
            return _stored(work, conversation, known, holder)
    return _receive_new(milepost, actor, client_message_id, text, lease)


def _take_place(
    milepost: Milepost, work: UnitOfWork, turn: Turn, lease: Lease, look: bool
) -> str | None:
    """Take the conversation's place for a turn; None while somebody else has it."""
    times = lease.times(milepost.clock())
    taken = work.conversations.hold(turn, lease.holder, times)
    if not taken and look:
        found = work.conversations.ended_before(turn.school_id, turn, lease.length)
        times = replace(times, ended=found)
        taken = bool(found) and work.conversations.hold(turn, lease.holder, times)
    return lease.holder if taken else None


def _hold(
    milepost: Milepost,
    work: UnitOfWork,
    turn: Turn,
    lease: Lease | None,
    look: bool = False,
) -> str | None:
    """Take the place for a turn, unless it was answered while we waited for it."""
    if lease is None or turn.status == ANSWERED:
        return None
    holder = _take_place(milepost, work, turn, lease, look)
    if holder is None:
        return None
    work.session.expire_all()
    if turn.status == ANSWERED:
        work.conversations.release(turn.conversation_id, holder)
        return None
    return holder


def _stored(
    work: UnitOfWork, conversation: Conversation, turn: Turn, holder: str | None
) -> Message:
    before = work.conversations.turns(conversation.id, turn.place, LATEST)
    said = work.conversations.texts(conversation.id, turn.place, HISTORY)
    return message_of(conversation, turn, before, said, holder)


def hold(
    milepost: Milepost, actor: Actor, turn_id: str, lease: Lease, look: bool = False
) -> Message:
    """Try to take the conversation's place for a turn; return the turn as it is now.

    Its `holder` is None while somebody else holds the place. With `look` it is asked,
    too, whether the app that holds the place has ended.

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
        holder = _hold(milepost, work, turn, lease, look)
        work.commit()
        return _stored(work, conversation, turn, holder)


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
        if turn is None or turn.conversation_id != message.conversation_id:
            raise NotFound("The message")
        if turn.status != ANSWERED:
            turn.replies = [named(reply, turn.id, n) for n, reply in enumerate(replies)]
            turn.status = status
            turn.answered_at = milepost.clock()
            if screening is not None:
                turn.safety = screening.level
                if screening.level == "red":
                    _raise_alert(milepost, work, actor, turn, screening)
            if halted is not None:
                work.conversations.halt(turn.conversation_id, halted)
        if message.holder is not None:
            work.conversations.release(turn.conversation_id, message.holder)
        work.commit()
        return replace(
            message,
            status=turn.status,
            safety=turn.safety,
            replies=tuple(turn.replies),
            halted=message.halted if halted is None else halted,
            holder=None,
        )


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


def messages(
    milepost: Milepost, actor: Actor, before: int | None = None, limit: int = 50
) -> list[Message]:
    """Return the student's own conversation, newest last."""
    require(actor, Role.STUDENT, kept=False)
    with milepost.work() as work:
        conversation = work.conversations.of_student(actor.school_id, actor.id)
        if conversation is None:
            return []
        turns = work.conversations.turns(conversation.id, before, limit)
        return [message_of(conversation, turn) for turn in turns]


def safety_adult(milepost: Milepost, actor: Actor) -> str:
    """Return the adult at school whom a crisis reply names."""
    with milepost.work() as work:
        return school_of(work, actor).safety_adult
