"""The two who are talked with: ours through its gateway, stock through REST."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any, Protocol

import httpx

from bench.product import Product
from web.rasa_client import MOMENT, SIGNATURE, signature

SMALL_TALK = "small talk"
# What each side hears: small talk that both answer, then what ours is for.
OURS = (
    (SMALL_TALK, "hi"),
    ("FAQ", "what is credit flexibility?"),
    ("mastery", "how am I doing in math?"),
    ("suggestions", "any internships for me?"),
    (SMALL_TALK, "thanks"),
    ("FAQ", "how does college credit plus work?"),
    ("mastery", "show me my mastery levels"),
    ("suggestions", "what classes should I take next year?"),
    (SMALL_TALK, "are you a bot?"),
    ("FAQ", "what are the graduation seals?"),
    ("mastery", "how far am I in science?"),
    ("suggestions", "where can I volunteer on weekends?"),
)
# Its own stories, in their order, so that it knows what comes next.
STOCK = (
    *("hi", "I am sad", "yes", "are you a bot?", "bye"),
    *("hello", "I feel great", "am I talking to a human?", "goodbye", "hi"),
)


@dataclass
class Times:
    """Milliseconds of each turn, by kind and in order; turns without an answer."""

    by_kind: dict[str, list[float]] = field(default_factory=dict)
    all: list[float] = field(default_factory=list)
    unanswered: int = 0

    def add(self, kind: str, begun: float, answered: bool) -> None:
        """Keep the time of a turn that ends now."""
        taken = (time.perf_counter() - begun) * 1000
        self.by_kind.setdefault(kind, []).append(taken)
        self.all.append(taken)
        self.unanswered += not answered


class Side(Protocol):
    """Somebody to talk with in blocks of turns."""

    times: Times

    def block(self, turns: int) -> None:
        """Take so many turns, one after the other, and keep their times."""


class Ours:
    """Our students, each with a conversation of their own."""

    def __init__(
        self, product: Product, http: httpx.Client, students: Sequence[str]
    ) -> None:
        """Talk as these students, one after the other, then from the first again."""
        self._product, self._http = product, http
        self._students = cycle(students)
        self._next = cycle(OURS)
        self.times = Times()

    def block(self, turns: int) -> None:
        """Sign in as the next student and say the next messages of the list."""
        given = {
            "username": next(self._students),
            "password": self._product.settings.demo_password,
        }
        url = f"{self._product.url}/api/v1"
        answer = self._http.post(f"{url}/token", json=given).raise_for_status()
        headers = {"authorization": f"Bearer {answer.json()['token']}"}
        for _ in range(turns):
            kind, text = next(self._next)
            said = {"client_message_id": str(uuid.uuid4()), "text": text}
            begun = time.perf_counter()
            answer = self._http.post(f"{url}/messages", json=said, headers=headers)
            good = answer.is_success and answer.json()["status"] == "answered"
            self.times.add(kind, begun, good)


class Theirs:
    """The stock assistant, with a fresh conversation for each block."""

    def __init__(self, port: int, http: httpx.Client) -> None:
        """Talk to its REST channel at a port of this machine."""
        self._port, self._http = port, http
        self._next = cycle(STOCK)
        self.times = Times()

    def block(self, turns: int) -> None:
        """Say the next messages of its stories."""
        sender = str(uuid.uuid4())
        for _ in range(turns):
            text = next(self._next)
            begun = time.perf_counter()
            answer = say_to_stock(self._port, self._http, sender, text)
            good = answer.is_success and bool(answer.json())
            self.times.add(SMALL_TALK, begun, good)


def say_to_stock(
    port: int, http: httpx.Client, sender: str, text: str
) -> httpx.Response:
    """Send a message to the REST channel of stock Rasa."""
    url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
    return http.post(url, json={"sender": sender, "message": text})


def stock_answers(port: int, http: httpx.Client) -> bool:
    """Whether the stock assistant answers a greeting with words."""
    try:
        answer = say_to_stock(port, http, str(uuid.uuid4()), "hi")
        return answer.is_success and bool(answer.json())
    except (httpx.TransportError, ValueError):
        return False


def assistant_answers(product: Product, conversation: str, http: httpx.Client) -> bool:
    """Whether our Rasa answers a greeting with words, asked as the gateway asks it."""
    turn: dict[str, Any] = {
        "conversation": conversation,
        "message_id": str(uuid.uuid4()),
        "text": "hi",
        "intent": None,
        "now": "2026-11-21T10:00:00-05:00",
        "asking": None,
    }
    body, moment = json.dumps(turn).encode(), str(int(time.time()))
    signed = signature(product.settings.channel_secret, moment, body)
    headers = {MOMENT: moment, SIGNATURE: signed, "content-type": "application/json"}
    url = f"{product.rasa_url}/webhooks/milepost/turn"
    try:
        answer = http.post(url, content=body, headers=headers)
        return answer.is_success and bool(answer.json()["messages"])
    except (httpx.TransportError, ValueError, KeyError):
        return False
