"""One turn: stored, screened, answered by the coach, stored, shown.

The gateway's store is the record. It does not trust Rasa to keep a message, and
takes an empty answer, a timeout and an error for what they are: no answer.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from pathways.app import Milepost
from pathways.safety import Screening, Seen, screen
from pathways.services import alerts, conversation, questions
from pathways.services.access import Actor
from pathways.services.buttons import Reply
from pathways.services.messages import (
    ANSWERED,
    FAILED,
    Lease,
    Message,
    answers_an_earlier_question,
    clean_text,
)
from pathways.texts import FALLBACK, say
from web import metrics
from web.crisis import (
    GO_ON,
    TALK,
    Watch,
    choices,
    crisis_reply,
    going_on,
    told,
    watch_of,
)
from web.guard import Assistant, whole
from web.keeping import kept, lease_seconds
from web.pace import Pace
from web.rasa_client import AssistantAway

log = structlog.get_logger()
POLL_SECONDS = 0.02
CLASSIFIER = "classifier"


class NotSaved(Exception):
    """The database could not take the message; the reply to show instead."""

    def __init__(self, replies: list[Reply], level: str) -> None:
        """Carry what the student gets to see all the same."""
        super().__init__("The message was not saved.")
        self.replies = replies
        self.level = level


class Gateway:
    """Takes students' messages, one at a time for each conversation."""

    def __init__(self, milepost: Milepost, rasa: Assistant) -> None:
        """Work with the product's services and the given assistant."""
        self._milepost = milepost
        self._rasa = rasa
        self._pace = Pace(milepost.settings.messages_per_minute)
        self._adults: dict[str, str] = {}
        self._speaking: dict[str, Actor] = {}

    def speaker(self, conversation_id: str) -> Actor | None:
        """Return the student whose turn of a conversation runs here just now."""
        return self._speaking.get(conversation_id)

    async def ready(self) -> bool:
        """Tell whether the assistant answers."""
        return await self._rasa.ready()

    async def turn(
        self,
        actor: Actor,
        client_message_id: str,
        text: str,
        seen: int | None = None,
    ) -> Message:
        """Take a turn and return it with its answer.

        Args:
            actor: the student.
            client_message_id: its id; sent again, it gives the same answer.
            text: what was written.
            seen: the last place that the student had before their eyes.

        Raises:
            Invalid: the text is empty, too long or not text; `TooFast`.
            NotSaved: the database is away.
        """
        steps = [
            step async for step in self.stream(actor, client_message_id, text, seen)
        ]
        return steps[-1][1]

    async def stream(
        self,
        actor: Actor,
        client_message_id: str,
        text: str,
        seen: int | None = None,
    ) -> AsyncIterator[tuple[str, Message]]:
        """Yield ("stored", message) once it is safe, then ("answered", message)."""
        words = clean_text(text)
        self._pace.check(actor, words)
        seconds = lease_seconds(self._milepost)
        lease = Lease(str(uuid.uuid4()), timedelta(seconds=seconds))
        try:
            with metrics.stage("receive"):
                message = await run_in_threadpool(
                    conversation.receive,
                    self._milepost,
                    actor,
                    client_message_id,
                    words,
                    lease,
                )
            message = replace(message, seen=seen)
        except SQLAlchemyError as error:
            metrics.turns.labels("not_saved").inc()
            raise await self.not_saved(actor, client_message_id, words) from error
        yield "stored", message
        outcome = "again"
        if message.status != ANSWERED:
            with metrics.counted(metrics.running), metrics.stage("answer"):
                try:
                    message = await self._answer_in_order(actor, message, lease)
                except SQLAlchemyError:
                    message = await self._broken_off(actor, message)
            outcome = message.status
        metrics.turns.labels(outcome).inc()
        yield "answered", message

    async def not_saved(
        self, actor: Actor | None, client_message_id: str, words: str
    ) -> NotSaved:
        """Return what to show with the database away: crisis help still comes.

        Args:
            actor: who wrote, for the alert; None where nobody knows any more.
            client_message_id: the message's id; sent again it raises no new alert.
            words: what was written.
        """
        screening = screen(words)
        log.error("message.not_saved", level=screening.level)
        language = actor.language if actor else FALLBACK
        if screening.level != "red":
            text = say(language, "gateway.not_saved")
            return NotSaved([{"text": text, "buttons": [], "cards": []}], "none")
        return NotSaved(
            [await self._on_disk(actor, client_message_id, words, screening)], "red"
        )

    async def _on_disk(
        self,
        actor: Actor | None,
        client_message_id: str,
        words: str,
        screening: Screening,
    ) -> Reply:
        """Let the alert wait on disk and return the crisis reply, come what may."""
        seen = Seen.NOBODY
        try:
            if actor is not None:
                await run_in_threadpool(
                    alerts.spool_alert,
                    self._milepost,
                    actor,
                    screening.category,
                    screening.rule,
                    self._milepost.clock(),
                    alerts.alert_id_of(actor, client_message_id),
                )
                seen = Seen.WAITING
        except OSError as error:
            log.critical("alert.not_on_disk", kind=type(error).__name__)
        adult = self._adults.get(actor.school_id, "") if actor else ""
        language = actor.language if actor else FALLBACK
        reply = crisis_reply(screening, words, language, adult, Watch(seen))
        return {**reply, "buttons": []}

    async def _broken_off(self, actor: Actor, message: Message) -> Message:
        """Answer a stored turn that the database left half way; it can be retried."""
        screening = screen(message.text, history=message.history)
        log.error("turn.broken_off", level=screening.level, turn=message.id)
        if screening.level != "red" or message.intent is not None:
            reply: Reply = {"text": say(actor.language, "gateway.away")}
            return replace(message, status=FAILED, replies=(reply,))
        reply = await self._on_disk(
            actor, message.client_message_id, message.text, screening
        )
        return replace(message, status=FAILED, safety="red", replies=(reply,))

    async def _answer_in_order(
        self, actor: Actor, message: Message, lease: Lease
    ) -> Message:
        """Wait for the conversation's place, then answer unless it is answered."""
        deadline = time.monotonic() + lease.length.total_seconds()
        while message.holder is None:
            if time.monotonic() > deadline:
                return await self._fail(actor, message, "gateway.busy")
            with metrics.counted(metrics.waiting):
                await asyncio.sleep(POLL_SECONDS)
            held = await run_in_threadpool(
                conversation.hold, self._milepost, actor, message.id, lease
            )
            message = replace(held, seen=message.seen)
            if message.status == ANSWERED:
                return message
        try:
            return await self._answer(actor, message)
        except BaseException:
            with suppress(SQLAlchemyError):
                await run_in_threadpool(conversation.let_go, self._milepost, message)
            raise

    async def _answer(self, actor: Actor, message: Message) -> Message:
        with metrics.stage("screen"):
            screening = screen(message.text, history=message.history)
        adult = await self._safety_adult(actor)
        if screening.level == "red" and message.intent is None:
            return await self._help(actor, message, screening, adult)
        if message.halted:
            return await self._while_halted(actor, message, screening, adult)
        if answers_an_earlier_question(message):
            again = await self._already_answered(actor, message)
            return await self._store(actor, message, again, screening)
        support: list[Reply] = []
        if screening.level == "soft":
            support = [crisis_reply(screening, message.text, actor.language, adult)]
        try:
            replies = await self._ask(actor, message)
        except AssistantAway as error:
            log.warning("assistant.away", reason=str(error), turn=message.id)
            seconds = whole(error.seconds)
            return await self._fail(actor, message, error.says, support, seconds)
        if any(reply.get("crisis") for reply in replies):
            found = Screening("red", "self_harm", CLASSIFIER)
            return await self._help(actor, message, found, adult)
        return await self._store(actor, message, [*replies, *support], screening)

    async def _ask(self, actor: Actor, message: Message) -> list[Reply]:
        """Have Rasa answer; its actions need not look up who speaks meanwhile."""
        self._speaking[message.conversation_id] = actor
        try:
            async with kept(self._milepost, actor, message):
                with metrics.stage("assistant"):
                    return await self._rasa.turn(message, self._now())
        finally:
            self._speaking.pop(message.conversation_id, None)

    async def _help(
        self, actor: Actor, message: Message, found: Screening, adult: str
    ) -> Message:
        """Store the crisis reply with its alert, and put coaching on hold."""
        watch = await run_in_threadpool(watch_of, self._milepost, actor)
        reply = crisis_reply(found, message.text, actor.language, adult, watch)
        return await self._store(actor, message, [reply], found, halted=True)

    async def _already_answered(self, actor: Actor, message: Message) -> list[Reply]:
        """Say that an answer stands already, and show the open question again."""
        open_question = await run_in_threadpool(
            questions.open_question, self._milepost, actor, message
        )
        return [{"text": say(actor.language, "gateway.two_answers")}, *open_question]

    async def _while_halted(
        self, actor: Actor, message: Message, screening: Screening, adult: str
    ) -> Message:
        """After a red flag nothing is coached until the student chooses to go on."""
        language = actor.language
        if message.intent == GO_ON:
            left_open = await run_in_threadpool(
                questions.left_open, self._milepost, actor, message
            )
            reply = going_on(language, left_open)
            return await self._store(actor, message, [reply], screening, halted=False)
        if message.intent == TALK:
            await run_in_threadpool(alerts.ask_for_person, self._milepost, actor)
            watch = await run_in_threadpool(watch_of, self._milepost, actor)
            text = told(language, adult, watch)
        else:
            text = say(language, "gateway.halted", {"adult": adult})
        reply = {"text": text, "buttons": choices(language)}
        return await self._store(actor, message, [reply], screening)

    async def _store(
        self,
        actor: Actor,
        message: Message,
        replies: list[Reply],
        screening: Screening,
        halted: bool | None = None,
    ) -> Message:
        if screening.level == "red":
            metrics.red_flags.inc()
        with metrics.stage("store"):
            return await run_in_threadpool(
                conversation.answer,
                self._milepost,
                actor,
                message,
                replies,
                ANSWERED,
                screening,
                halted,
            )

    async def _fail(
        self,
        actor: Actor,
        message: Message,
        text: str,
        more: Sequence[Reply] = (),
        seconds: int = 0,
    ) -> Message:
        words = say(actor.language, text, {"seconds": seconds})
        replies = [{"text": words}, *more]
        return await run_in_threadpool(
            conversation.answer, self._milepost, actor, message, replies, FAILED
        )

    async def _safety_adult(self, actor: Actor) -> str:
        if actor.school_id not in self._adults:
            self._adults[actor.school_id] = await run_in_threadpool(
                conversation.safety_adult, self._milepost, actor
            )
        return self._adults[actor.school_id]

    def _now(self) -> datetime:
        return self._milepost.clock().astimezone(self._milepost.settings.zone)
