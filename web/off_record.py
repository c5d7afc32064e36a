"""What a student gets while the database is away: crisis help comes all the same."""

from __future__ import annotations

from dataclasses import replace

import structlog

from pathways.app import Milepost
from pathways.safety import Screening, Seen, screen
from pathways.services import alerts
from pathways.services.access import Actor
from pathways.services.buttons import Reply
from pathways.services.messages import FAILED, Message
from pathways.texts import FALLBACK, say
from web import metrics
from web.crisis import Watch, crisis_reply, watch_of
from web.lanes import run_in_threadpool

log = structlog.get_logger()


class NotSaved(Exception):
    """The database could not take the message; the reply to show instead."""

    def __init__(self, replies: list[Reply], level: str) -> None:
        """Carry what the student gets to see all the same."""
        super().__init__("The message was not saved.")
        self.replies = replies
        self.level = level


class NotKept(NotSaved):
    """Nothing of this student may be kept, so nothing was; they get help all the same.

    `gate` says why (trust P7).
    """

    def __init__(self, replies: list[Reply], level: str, gate: str) -> None:
        """Carry what the student gets to see."""
        super().__init__(replies, level)
        self.gate = gate


async def not_kept(
    milepost: Milepost,
    actor: Actor,
    client_message_id: str,
    words: str,
    adult: str,
    gate: str,
) -> NotKept:
    """Return what to show for a message that may not be kept.

    The words are screened and let go. A red flag raises its alert, which holds a kind
    and a moment and no words: the school's duty to look after the student stays.

    Args:
        milepost: the product.
        actor: who wrote.
        client_message_id: the message's id; sent again it raises no new alert.
        words: what was written.
        adult: the adult whom replies name.
        gate: why nothing may be kept.
    """
    screening = screen(words)
    log.info("message.not_kept", level=screening.level)
    if screening.level != "red":
        text = say(actor.language, f"gateway.consent_{gate}", {"adult": adult})
        replies: list[Reply] = [{"text": text, "buttons": [], "cards": []}]
        if screening.level == "soft":
            soft = crisis_reply(screening, words, actor.language, adult)
            replies.append({**soft, "buttons": []})
        return NotKept(replies, screening.level, gate)
    watch = await _told(milepost, actor, client_message_id, screening)
    reply = crisis_reply(screening, words, actor.language, adult, watch)
    return NotKept([{**reply, "buttons": []}], "red", gate)


async def _told(
    milepost: Milepost, actor: Actor, client_message_id: str, screening: Screening
) -> Watch:
    """Raise the alert of a message that is not kept; return who may look when."""
    alert_id = alerts.alert_id_of(actor, client_message_id)
    found = screening.category, screening.rule
    try:
        told = await run_in_threadpool(
            alerts.tell_at_once, milepost, actor, *found, alert_id
        )
    except OSError as error:
        log.critical("alert.not_on_disk", kind=type(error).__name__)
        return Watch(Seen.NOBODY)
    if not told:
        return Watch(Seen.WAITING)
    return await run_in_threadpool(watch_of, milepost, actor)


async def not_saved(
    milepost: Milepost,
    actor: Actor | None,
    client_message_id: str,
    words: str,
    adult: str,
) -> NotSaved:
    """Return what to show where a message could not be stored.

    Args:
        milepost: the product.
        actor: who wrote, for the alert; None where nobody knows any more.
        client_message_id: the message's id; sent again it raises no new alert.
        words: what was written.
        adult: the adult whom crisis replies name, empty where it is not known.
    """
    screening = screen(words)
    log.error("message.not_saved", level=screening.level)
    if screening.level != "red":
        text = say(actor.language if actor else FALLBACK, "gateway.not_saved")
        return NotSaved([{"text": text, "buttons": [], "cards": []}], "none")
    reply = await _on_disk(milepost, actor, client_message_id, words, screening, adult)
    return NotSaved([reply], "red")


async def broken_off(
    milepost: Milepost, actor: Actor, message: Message, adult: str
) -> Message:
    """Answer a stored turn that the database left half way; it can be retried."""
    screening = screen(message.text, history=message.history)
    log.error("turn.broken_off", level=screening.level, turn=message.id)
    if screening.level != "red" or message.intent is not None:
        reply: Reply = {"text": say(actor.language, "gateway.away")}
        return replace(message, status=FAILED, replies=(reply,))
    reply = await _on_disk(
        milepost, actor, message.client_message_id, message.text, screening, adult
    )
    return replace(message, status=FAILED, safety="red", replies=(reply,))


async def _on_disk(
    milepost: Milepost,
    actor: Actor | None,
    client_message_id: str,
    words: str,
    screening: Screening,
    adult: str,
) -> Reply:
    """Let the alert wait on disk and return the crisis reply, come what may."""
    seen = Seen.NOBODY
    try:
        if actor is not None:
            await run_in_threadpool(
                alerts.spool_alert,
                milepost,
                actor,
                screening.category,
                screening.rule,
                milepost.clock(),
                alerts.alert_id_of(actor, client_message_id),
            )
            seen = Seen.WAITING
    except OSError as error:
        metrics.alerts_not_written.inc()
        log.critical("alert.not_on_disk", kind=type(error).__name__)
    language = actor.language if actor else FALLBACK
    reply = crisis_reply(screening, words, language, adult, Watch(seen))
    return {**reply, "buttons": []}
