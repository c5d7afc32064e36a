"""One turn: stored, screened, answered by the coach, stored, shown.

The gateway's store is the record. It does not trust Rasa to keep a message, and
takes an empty answer, a timeout and an error for what they are: no answer.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from pathways.app import Milepost
from pathways.safety import Screening, screen
from pathways.services import alerts, conversation, questions
from pathways.services.access import Actor
from pathways.services.buttons import Reply
from pathways.services.errors import ConsentNeeded
from pathways.services.messages import (
    ANSWERED,
    FAILED,
    Lease,
    Message,
    answers_an_earlier_question,
    clean_text,
)
from pathways.texts import say
from web import metrics, off_record
from web.alone import Standing
from web.crisis import (
    GO_ON,
    TALK,
    choices,
    crisis_reply,
    going_on,
    supporting,
    told,
    watch_of,
)
from web.guard import Assistant, whole
from web.keeping import kept, lease_seconds
from web.lanes import run_in_threadpool
from web.off_record import NotSaved
from web.pace import Pace
from web.rasa_client import AssistantAway
from web.second_net import heard

log = structlog.get_logger()
POLL_SECONDS = 0.02
LOOK_EVERY = 25  # polls, whether who holds the place has ended


class Gateway:
    """Takes students' messages, one at a time for each conversation."""

    def __init__(
        self, milepost: Milepost, rasa: Assistant, standing: Standing | None = None
    ) -> None:
        """Work with the product's services and the given assistant.

        Args:
            milepost: the product.
            rasa: the assistant, or what stands before it.
            standing: what this process is among those that take turns.
        """
        self._milepost = milepost
        self._rasa = rasa
        self._standing = standing or Standing()
        self._pace = Pace(milepost.settings.messages_per_minute)
        self._adults: dict[str, str] = {}
        self._speaking: dict[str, Actor] = {}

    def speaker(self, conversation_id: str) -> Actor | None:
        """Return the student whose turn of a conversation runs here just now."""
        return self._speaking.get(conversation_id)

    async def ready(self) -> bool:
        """Tell whether the assistant answers."""
        return await self._rasa.ready()

    async def workers(self) -> list[bool]:
        """Tell of each worker of the assistant whether it answers."""
        return await self._rasa.workers()

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
            NotSaved: the database is away; `NotKept`: nothing of them may be kept.
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
        length = timedelta(seconds=lease_seconds(self._milepost))
        lease = self._standing.lease(length)
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
        except ConsentNeeded as error:
            metrics.turns.labels("not_kept").inc()
            adult = await self._safety_adult(actor)
            raise await off_record.not_kept(
                self._milepost, actor, client_message_id, words, adult, error.gate
            ) from error
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
                    adult = self._adults.get(actor.school_id, "")
                    message = await off_record.broken_off(
                        self._milepost, actor, message, adult
                    )
            outcome = message.status
        metrics.turns.labels(outcome).inc()
        yield "answered", message

    async def not_saved(
        self, actor: Actor | None, client_message_id: str, words: str
    ) -> NotSaved:
        """Return what to show with the database away; `actor` where it is known."""
        adult = self._adults.get(actor.school_id, "") if actor else ""
        return await off_record.not_saved(
            self._milepost, actor, client_message_id, words, adult
        )

    async def _answer_in_order(
        self, actor: Actor, message: Message, lease: Lease
    ) -> Message:
        """Wait for the conversation's place, then answer unless it is answered."""
        deadline = time.monotonic() + lease.length.total_seconds()
        polls = itertools.count()
        while message.holder is None:
            if time.monotonic() > deadline:
                return await self._fail(actor, message, "gateway.busy")
            with metrics.counted(metrics.waiting):
                await asyncio.sleep(POLL_SECONDS)
            held = await run_in_threadpool(
                conversation.hold,
                self._milepost,
                actor,
                message.id,
                lease,
                next(polls) % LOOK_EVERY == 0,
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
        try:
            replies = await self._ask(actor, replace(message, screening=screening))
        except AssistantAway as error:
            log.warning("assistant.away", reason=str(error), turn=message.id)
            seconds = whole(error.seconds)
            support = supporting(screening, message.text, actor.language, adult)
            return await self._fail(actor, message, error.says, support, seconds)
        found = heard(screening, replies)
        if found.level == "red":
            return await self._help(actor, message, found, adult)
        support = supporting(found, message.text, actor.language, adult)
        return await self._store(actor, message, [*replies, *support], found)

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
