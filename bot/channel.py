"""The private way in: only the gateway, which signs each turn, may speak here."""

import asyncio
import gc
import hashlib
import hmac
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import (
    CollectingOutputChannel,
    InputChannel,
    UserMessage,
)
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.danger_reader import HEARD
from bot.dates import load_dates
from bot.forgetting import drop
from bot.lean import PASSED_ON, apply
from bot.tracker_store import follows, forget, lost_turns

OLDEST_SECONDS = 60
LONGEST_BODY = 16_384
# What the gateway tells beside the words.
TOLD = "now", "asking", "place", "locale", "screened"
TRACE = "x-request-id", "traceparent"  # go on to the actions as they came
SIGNATURE = "x-milepost-signature"
MOMENT = "x-milepost-moment"
LEADING = re.compile(r"^[\s/]+")
PACE = (700, 10, 10)  # Python's own thresholds for its search for garbage


def signature(secret: str, moment: str, body: bytes) -> str:
    """Return the hex HMAC-SHA-256 of a turn's moment (Unix seconds) and body."""
    signed = moment.encode() + b"." + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def is_genuine(secret: str, moment: str, given: str, body: bytes, now: float) -> bool:
    """Tell whether the gateway signed this body within the last minute."""
    readable = moment.isascii() and moment.isdigit() and len(moment) < 20
    if not readable or abs(now - int(moment)) > OLDEST_SECONDS:
        return False
    return hmac.compare_digest(signature(secret, moment, body).encode(), given.encode())


def as_plain_text(text: str) -> str:
    """Return typed words so that Rasa never takes them for `/intent{...}`."""
    return LEADING.sub("", text).strip() or "?"


class Collected(CollectingOutputChannel):
    """Collects replies, and the name of the question that was asked last."""

    def __init__(self) -> None:
        """Start with nothing said and nothing asked."""
        super().__init__()
        self.asking = ""

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Collect one reply."""
        self.asking = message.pop("utter_action", None) or self.asking
        await super().send_response(recipient_id, message)


class MilepostChannel(InputChannel):
    """`POST /webhooks/milepost/turn`: one signed turn in, all its replies out.

    `POST /webhooks/milepost/forget`, signed too: a conversation was deleted.
    """

    def __init__(self, secret: str) -> None:
        """Keep the secret that the gateway signs with."""
        apply()
        self._secret = secret

    @classmethod
    def name(cls) -> str:
        """The name in the address and in the tracker."""
        return "milepost"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """Read `secret` from credentials.yml; without one there is no channel."""
        secret = (credentials or {}).get("secret")
        if not secret:
            raise ValueError(
                "credentials.yml: bot.channel.MilepostChannel needs `secret`."
            )
        return cls(str(secret))

    def blueprint(
        self, on_new_message: Callable[[UserMessage], Awaitable[Any]]
    ) -> Blueprint:
        """Make the routes: a health check, the turn, and forgetting."""
        routes = Blueprint("milepost_channel", "milepost_channel")

        @routes.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.route("/turn", methods=["POST"])
        async def turn(request: Request) -> HTTPResponse:
            if not self._signed(request):
                return response.json({"error": "not signed"}, status=401)
            PASSED_ON.set(
                {
                    name: request.headers[name]
                    for name in TRACE
                    if name in request.headers
                }
            )
            return await _take_turn(request.json, on_new_message)

        @routes.route("/forget", methods=["POST"])
        async def forget_conversation(request: Request) -> HTTPResponse:
            if not self._signed(request):
                return response.json({"error": "not signed"}, status=401)
            return await _forget(request)

        @routes.after_server_start
        async def settle(app: Any, loop: asyncio.AbstractEventLoop) -> None:
            settle_memory()
            loop.run_in_executor(None, load_dates)

        return routes

    def _signed(self, request: Request) -> bool:
        given = request.headers.get(SIGNATURE, "")
        moment = request.headers.get(MOMENT, "")
        return len(request.body) <= LONGEST_BODY and is_genuine(
            self._secret, moment, given, request.body, time.time()
        )


async def _forget(request: Request) -> HTTPResponse:
    """Drop the conversation that `forget` names; a turn's body names none."""
    asked = request.json
    named = asked.get("forget") if isinstance(asked, dict) else None
    if not isinstance(named, str) or not named:
        return response.json({"error": "no conversation named"}, status=400)
    agent = getattr(request.app.ctx, "agent", None)
    if agent is None or agent.tracker_store is None:
        return response.json({"error": "not ready"}, status=503)
    try:
        await drop(agent, named)
    except SQLAlchemyError:
        return response.json({"error": "the tracker store is away"}, status=503)
    return response.json({"forgotten": True})


def settle_memory() -> None:
    """Look no more for garbage in what the start has loaded, and again in the rest."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*PACE)


async def _take_turn(
    asked: dict[str, Any], on_new_message: Callable[[UserMessage], Awaitable[Any]]
) -> HTTPResponse:
    """Run one turn; `intent` is a button's payload, `text` is what was typed."""
    HEARD.set(None)
    collected = Collected()
    conversation = str(asked["conversation"])
    lost_turns.discard(conversation)
    if not follows(conversation, asked.get("place")):
        forget(conversation)
    said = UserMessage(
        asked.get("intent") or as_plain_text(str(asked["text"])),
        collected,
        conversation,
        input_channel=MilepostChannel.name(),
        message_id=str(asked["message_id"]),
        metadata={name: asked.get(name) for name in TOLD},
    )
    try:
        await on_new_message(said)
    except BaseException:
        forget(conversation)
        raise
    if conversation in lost_turns:
        lost_turns.discard(conversation)
        return response.json({"error": "the tracker store is away"}, status=503)
    told = {"messages": collected.messages, "asking": collected.asking}
    return response.json({**told, "danger": HEARD.get()})
