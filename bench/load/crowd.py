"""Crowds that write at once: a burst when the bell rings, or as fast as it goes."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle

import aiohttp

from bench.talk import OURS

RED = "I want to kill myself"
HELP = "988"
TIMEOUT = aiohttp.ClientTimeout(total=90)
OK = 200


@dataclass(frozen=True)
class Said:
    """One message and how it was answered; `helped`: the crisis reply came."""

    key: str
    seconds: float
    status: int
    answered: bool
    red: bool
    helped: bool

    @property
    def acknowledged(self) -> bool:
        """Whether the product said that it has the message."""
        return self.status == OK


async def say(
    http: aiohttp.ClientSession, url: str, token: str, text: str, key: str = ""
) -> Said:
    """Send one message; status 0 where no answer came."""
    key = key or str(uuid.uuid4())
    body = {"client_message_id": key, "text": text}
    head = {"authorization": f"Bearer {token}"}
    red, begun = text == RED, time.perf_counter()
    status, answered, helped = 0, False, False
    try:
        where = f"{url}/api/v1/messages"
        async with http.post(where, json=body, headers=head) as answer:
            status, words = answer.status, await answer.text()
            helped = HELP in words
            answered = status == OK and '"status":"answered"' in words.replace(
                ": ", ":"
            )
    except (aiohttp.ClientError, TimeoutError):
        status = 0
    return Said(key, time.perf_counter() - begun, status, answered, red, helped)


async def burst(
    url: str, tokens: Sequence[str], red: int, seconds: float = 1.0
) -> list[Said]:
    """Have every student write once, evenly over so many seconds.

    Args:
        url: where people come in.
        tokens: one for each student.
        red: how many of them, spread among the others, are in danger.
        seconds: from the first message to the last.
    """
    every = len(tokens) // red if red else 0
    async with _session() as http:

        async def one(number: int, token: str) -> Said:
            await asyncio.sleep(seconds * number / len(tokens))
            in_danger = bool(every) and number % every == every // 2
            text = RED if in_danger else OURS[number % len(OURS)][1]
            return await say(http, url, token, text)

        return list(await asyncio.gather(*(one(n, t) for n, t in enumerate(tokens))))


async def flat_out(
    url: str, tokens: Sequence[str], at_once: int, seconds: float
) -> list[Said]:
    """Have some students write without a pause for so many seconds."""
    found: list[Said] = []
    until = time.monotonic() + seconds
    async with _session() as http:

        async def one(number: int) -> None:
            mine = cycle(tokens[number::at_once])
            texts = cycle(OURS[number % len(OURS) :] + OURS[: number % len(OURS)])
            while time.monotonic() < until:
                found.append(await say(http, url, next(mine), next(texts)[1]))

        await asyncio.gather(*(one(number) for number in range(at_once)))
    return found


def _session() -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=3)
    return aiohttp.ClientSession(connector=connector, timeout=TIMEOUT)
