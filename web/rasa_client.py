"""Speaks to Rasa over the private signed channel, and never mistakes silence."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp

from pathways.senders.signing import MOMENT as MOMENT
from pathways.senders.signing import SIGNATURE as SIGNATURE
from pathways.senders.signing import signature as signature
from pathways.services.buttons import Reply
from pathways.services.messages import Message
from web.observed import REQUEST_ID, request_id
from web.traces import passed_on

CONNECT_SECONDS = 1.0
HEALTH = aiohttp.ClientTimeout(1.0)
OK = 200
# Under the five seconds after which Rasa closes a connection that is not used.
KEPT_OPEN_SECONDS = 3.0


class AssistantAway(Exception):
    """The assistant gave no answer that can be trusted.

    `says` names the sentence for the student; `seconds`: when to try again.
    """

    says = "gateway.away"

    def __init__(self, reason: str, seconds: float = 60.0) -> None:
        """Keep the reason, for the log."""
        super().__init__(reason)
        self.seconds = seconds


class NotReached(AssistantAway):
    """Nothing listens where the worker should be, so nothing was sent."""


def workers_of(conversation_id: str, count: int) -> list[int]:
    """Return `count` workers, the one that owns a conversation first.

    By rendezvous hash: a worker more or less moves only its own conversations.
    """
    return sorted(
        range(count),
        key=lambda n: hashlib.sha256(f"{n}:{conversation_id}".encode()).digest(),
        reverse=True,
    )


def open_session() -> aiohttp.ClientSession:
    """Return a session whose connections stay open from turn to turn."""
    connector = aiohttp.TCPConnector(keepalive_timeout=KEPT_OPEN_SECONDS, limit=0)
    return aiohttp.ClientSession(connector=connector)


@dataclass(frozen=True)
class RasaClient:
    """One HTTP client for all Rasa workers."""

    urls: Sequence[str]
    secret: str
    http: aiohttp.ClientSession
    timeout: float

    async def turn(
        self, message: Message, now: datetime, number: int = 0
    ) -> list[Reply]:
        """Have a worker take a turn; try once more only where nothing was sent.

        Args:
            message: the stored turn.
            now: the moment in the school's time zone, for "next Friday".
            number: which worker, counted from 0.

        Raises:
            AssistantAway: too slow, an error, or an empty answer; `NotReached`.
        """
        body = json.dumps(
            {
                "conversation": message.conversation_id,
                "message_id": message.id,
                "text": message.text,
                "intent": message.intent,
                "now": now.isoformat(),
                "asking": message.asking,
                "place": message.place,
                "locale": message.language,
                "screened": _screened(message),
            }
        ).encode()
        url = self.urls[number]
        try:
            try:
                return _replies(await self._post(url, body))
            except aiohttp.ClientConnectorError:
                return _replies(await self._post(url, body))
        except (aiohttp.ClientError, TimeoutError) as error:
            raise away_for(error) from error

    async def _post(self, url: str, body: bytes) -> bytes:
        moment = str(int(time.time()))
        headers = {
            "content-type": "application/json",
            MOMENT: moment,
            SIGNATURE: signature(self.secret, moment, body),
            REQUEST_ID: request_id(),
            **passed_on(),
        }
        limit = aiohttp.ClientTimeout(self.timeout, sock_connect=CONNECT_SECONDS)
        async with self.http.post(
            f"{url}/webhooks/milepost/turn",
            data=body,
            headers=headers,
            timeout=limit,
            allow_redirects=False,
        ) as answer:
            if answer.status != OK:
                raise AssistantAway(f"status {answer.status}")
            return await answer.read()

    async def ready(self) -> bool:
        """Tell whether every worker answers."""
        return all(await self.workers())

    async def workers(self) -> list[bool]:
        """Tell of each worker whether it answers, asking all at once."""
        numbers = range(len(self.urls))
        return list(await asyncio.gather(*map(self.answers, numbers)))

    async def answers(self, number: int) -> bool:
        """Tell whether one worker answers, within a second."""
        try:
            await self.probe(number)
        except AssistantAway:
            return False
        return True

    async def probe(self, number: int) -> None:
        """Ask one worker whether it is well.

        Raises:
            AssistantAway: it says no, or nothing within a second; `NotReached`.
        """
        url = f"{self.urls[number]}/webhooks/milepost/"
        try:
            async with self.http.get(url, timeout=HEALTH) as found:
                if found.status != OK:
                    raise AssistantAway(f"status {found.status}")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise away_for(error) from error


def away_for(error: Exception) -> AssistantAway:
    """Return what a failed request means: `NotReached` where nobody took it."""
    refused = isinstance(error, aiohttp.ClientConnectorError) and (
        isinstance(error, aiohttp.ClientConnectorDNSError)
        or isinstance(error.os_error, ConnectionRefusedError)
    )
    return (NotReached if refused else AssistantAway)(type(error).__name__)


def _replies(body: bytes) -> list[Reply]:
    try:
        found = json.loads(body)
        replies = fold_messages(found["messages"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise AssistantAway("unreadable answer") from error
    if not any(one["text"] or one["cards"] or one.get("crisis") for one in replies):
        raise AssistantAway("empty answer")
    replies[-1]["asking"] = found.get("asking") or ""
    if isinstance(found.get("danger"), dict):
        replies[-1]["danger"] = found["danger"]
    return replies


def _screened(message: Message) -> dict[str, object] | None:
    """Return what the assistant's reader of danger goes by beside the words."""
    seen = message.screening
    return {"calm": seen.calm, "likeness": seen.likeness} if seen else None


def fold_messages(messages: Sequence[dict[str, Any]]) -> list[Reply]:
    """Fold Rasa's messages into replies: cards and notes join the text before them."""
    replies: list[Reply] = []
    for message in messages:
        custom = message.get("custom") or {}
        if not replies or "text" in message:
            replies.append({"text": "", "buttons": [], "cards": [], "notes": []})
        reply = replies[-1]
        reply["text"] = message.get("text") or reply["text"]
        reply["buttons"] += message.get("buttons") or []
        reply["cards"] += custom.get("cards", [])
        reply["notes"] += custom.get("notes", [])
        if custom.get("crisis"):
            reply["crisis"] = True
    return replies
