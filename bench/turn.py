"""A turn, a start and the memory, beside a `rasa init` assistant in the same run.

Ours answers through the whole gateway: it checks who asks, stores the message,
screens it, has Rasa call actions that read the student's record, and stores the
answer. The stock side hands a text to its REST channel and reads a reply.
"""

from __future__ import annotations

import json
import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import httpx

from bench.figures import Outcome, Row, compared, p95
from bench.product import STUDENT, Product, prepare
from bench.servers import Memory, Server, quiet_environ, serving
from bench.stock import Stock
from setup.child import ChildSpec
from setup.layout import Layout
from setup.ports import first_free
from setup.report import Report, SetupError
from setup.supervise import RASA_HOST
from web.rasa_client import MOMENT, SIGNATURE, signature

TURN, START, MEMORY = 0.4, 0.25, 0.6
BLOCK = 10
WARM_UP = 20
STOCK_PORT = 18150
TIMEOUT = httpx.Timeout(120.0, connect=1.0)
# What each side hears: small talk that both understand, then what ours is for.
OURS = (
    ("greeting", "hi"),
    ("FAQ", "what is credit flexibility?"),
    ("mastery", "how am I doing in math?"),
    ("suggestions", "what internships could I do?"),
    ("greeting", "thanks"),
    ("FAQ", "how does college credit plus work?"),
    ("mastery", "show me my mastery levels"),
    ("suggestions", "what classes should I take next year?"),
    ("greeting", "hello there"),
    ("FAQ", "what are the graduation seals?"),
    ("mastery", "which skills do I still need to show?"),
    ("suggestions", "where can I volunteer on weekends?"),
)
STOCK = ("hi", "I am sad", "yes", "bye", "are you a bot?")
STOCK_MORE = ("hello", "I feel great", "goodbye", "hey", "am I talking to a human?")


@dataclass
class Times:
    """Milliseconds of each turn, by kind; and turns that got no proper answer."""

    by_kind: dict[str, list[float]] = field(default_factory=dict)
    unanswered: int = 0

    @property
    def all(self) -> list[float]:
        """The milliseconds of every turn."""
        return [one for kind in self.by_kind.values() for one in kind]


def measure(
    layout: Layout, report: Report, stock: Stock | None, turns: int, starts: int
) -> Outcome:
    """Start both sides, talk with both in turn, weigh them.

    Args:
        layout: the checkout; a model must be trained.
        report: tells the person what happens.
        stock: the stock side; None leaves the comparison out.
        turns: turns of each side, rounded up to whole blocks of ten.
        starts: starts of each side.
    """
    product = prepare(layout)
    outcome = Outcome("turn")
    with _running(product.app) as app, httpx.Client(timeout=TIMEOUT) as http:
        app.until(product.app.answers)
        with report.step("Starts", f"{starts} of each side"):
            outcome.rows.append(_starts(layout, product, stock, http, starts))
        with ExitStack() as stack, report.step("Turns", f"{turns} of each side"):
            rasa = stack.enter_context(_running(product.rasa))
            rasa.until(lambda: _rasa_answers(product, http))
            sides = [Ours(product, http)]
            other = None
            if stock is not None:
                port = first_free(RASA_HOST, STOCK_PORT)
                other = stack.enter_context(_stock_running(layout, stock, port))
                other.until(lambda: _stock_answers(port, http))
                sides.append(Theirs(port, http))
            _talk(sides, turns)
            outcome.rows += _turn_rows([side.times for side in sides])
            outcome.rows += _memory_rows(app, rasa, other)
    outcome.settings = {"turns": turns, "starts": starts, "block": BLOCK}
    outcome.notes += _notes(sides)
    return outcome
