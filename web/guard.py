"""Stands between the gateway and Rasa: a line for each worker, and a breaker.

A worker that fails again and again is left alone for a while, and students are told
at once. A worker with much to do gets a few turns at a time; the others wait in line
without their time running, and who would wait too long is told how long.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Protocol

import structlog

from pathways.services.buttons import Reply
from pathways.services.messages import Message
from web.rasa_client import AssistantAway, NotReached, RasaClient, workers_of

log = structlog.get_logger()
FAILURES = 4
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 8.0
AT_ONCE = 4
LONGEST_WAIT = 20.0
FIRST_GUESS = 0.3
WEIGHT = 0.2  # of the newest turn in the average of what a turn takes
Seconds = Callable[[], float]


class Assistant(Protocol):
    """What the gateway needs of Rasa."""

    async def turn(self, message: Message, now: datetime) -> list[Reply]:
        """Return the replies to a stored turn."""
        ...

    async def ready(self) -> bool:
        """Tell whether every worker answers."""
        ...

    async def workers(self) -> list[bool]:
        """Tell of each worker whether it answers."""
        ...


class Resting(AssistantAway):
    """The worker failed again and again; nothing was sent to it."""

    says = "gateway.resting"


class Gone(NotReached):
    """Nothing listened there again and again; nothing was sent to it."""

    says = "gateway.resting"


class LineFull(AssistantAway):
    """So many wait for the worker that the wait would be too long."""

    says = "gateway.line_full"


class Breaker:
    """Opens after failures in a row; lets one turn try again after a pause."""

    def __init__(self, now: Seconds = time.monotonic) -> None:
        """Start closed."""
        self._now = now
        self._failures = 0
        self._pause = 0.0
        self._until = 0.0
        self._trying = False
        self._gone = False

    @property
    def open(self) -> bool:
        """Whether turns are held back."""
        return self._pause > 0

    def check(self, trying: bool = False) -> None:
        """Let a turn through, or the one that tries.

        Raises:
            AssistantAway: the breaker is open; `Gone` where nothing listens.
        """
        if self.open and not trying:
            raise self.away("resting")

    def away(self, reason: str) -> AssistantAway:
        """Return what to say while it is open."""
        return (Gone if self._gone else Resting)(reason, self.seconds)

    @property
    def seconds(self) -> float:
        """Seconds until somebody may try again, one at least."""
        return max(self._until - self._now(), 1.0)

    def begin_try(self) -> bool:
        """Take the one try that is due; False where none is."""
        if not self.open or self._trying or self._now() < self._until:
            return False
        self._trying = True
        return True

    def end_try(self) -> None:
        """Give the try back, however it went."""
        self._trying = False

    def succeeded(self) -> None:
        """Close after an answer."""
        if self.open:
            log.warning("breaker.closed")
        self._failures, self._pause = 0, 0.0

    def failed(self, error: AssistantAway) -> None:
        """Count a failure; open, or stay open for twice as long."""
        self._gone = isinstance(error, NotReached)
        self._failures += 1
        if self._failures < FAILURES or (self.open and not self._trying):
            return
        self._pause = min(max(2 * self._pause, FIRST_PAUSE), LONGEST_PAUSE)
        self._until = self._now() + self._pause
        log.warning("breaker.open", seconds=self._pause)


class Line:
    """Turns of one worker: a few run, the others wait their turn."""

    def __init__(self, now: Seconds = time.monotonic) -> None:
        """Start with nobody waiting."""
        self._now = now
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._takes = FIRST_GUESS

    @property
    def seconds(self) -> float:
        """Seconds that one more turn would wait, as far as one can tell."""
        return (self._waiting + 1) * self._takes / AT_ONCE

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for a place and hold it.

        Raises:
            LineFull: the wait would be, or was, longer than `LONGEST_WAIT`.
        """
        if self._gate.locked() and self.seconds > LONGEST_WAIT:
            raise LineFull("line full", self.seconds)
        await self._wait()
        begun = self._now()
        try:
            yield
        finally:
            self._gate.release()
            self._takes += WEIGHT * (self._now() - begun - self._takes)

    async def _wait(self) -> None:
        self._waiting += 1
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                await self._gate.acquire()
        except TimeoutError:
            raise LineFull("waited too long", self.seconds) from None
        finally:
            self._waiting -= 1


class Guard:
    """Rasa's client behind a breaker and a line for each worker."""

    def __init__(self, rasa: RasaClient, now: Seconds = time.monotonic) -> None:
        """Guard a client."""
        self._rasa = rasa
        self._breakers = [Breaker(now) for _ in rasa.urls]
        self._lines = [Line(now) for _ in rasa.urls]

    async def ready(self) -> bool:
        """Tell whether every worker answers."""
        return await self._rasa.ready()

    async def workers(self) -> list[bool]:
        """Tell of each worker whether it answers."""
        return await self._rasa.workers()

    async def turn(self, message: Message, now: datetime) -> list[Reply]:
        """Have the conversation's worker take a turn once it is this one's turn.

        Where nothing listens at that worker's address, the next one takes the turn:
        what Rasa knows of a conversation is in a database that all workers share, and
        a worker reads it again where another took turns between. A worker that is
        slow or in trouble keeps its conversations: it may be at one of them still.

        Raises:
            AssistantAway: no answer, or none was asked for: `Resting`, `LineFull`.
        """
        own, *others = workers_of(message.conversation_id, len(self._breakers))
        try:
            return await self._at(own, message, now)
        except NotReached as error:
            away = error
        for number in others:
            with suppress(NotReached):
                return await self._at(number, message, now)
        raise away

    async def _at(self, number: int, message: Message, now: datetime) -> list[Reply]:
        breaker = self._breakers[number]
        trying = breaker.begin_try()
        try:
            if trying:
                await self._probe(number)
            breaker.check(trying)
            async with self._lines[number].place():
                breaker.check(trying)
                return await self._counted(number, message, now)
        finally:
            if trying:
                breaker.end_try()

    async def _probe(self, number: int) -> None:
        try:
            await self._rasa.probe(number)
        except AssistantAway as error:
            self._breakers[number].failed(error)
            raise self._breakers[number].away("still away") from error

    async def _counted(
        self, number: int, message: Message, now: datetime
    ) -> list[Reply]:
        breaker = self._breakers[number]
        try:
            replies = await self._rasa.turn(message, now, number)
        except AssistantAway as error:
            breaker.failed(error)
            raise
        breaker.succeeded()
        return replies


def whole(seconds: float) -> int:
    """Return seconds as one tells them to a person."""
    return max(1, math.ceil(seconds))
