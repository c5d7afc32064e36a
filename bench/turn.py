"""A turn, a start and the memory, beside a `rasa init` assistant in the same run.

Ours answers through the whole gateway: it checks who asks, stores the message,
screens it, has Rasa call actions that read the student's record, and stores the
answer. The stock side hands a text to its REST channel and reads a reply.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack

import httpx

from bench.figures import Outcome, Row, compared, p95
from bench.product import STUDENT, Product, prepare
from bench.servers import Server, quiet_environ, serving
from bench.stock import Stock
from bench.talk import (
    OURS,
    SMALL_TALK,
    Ours,
    Side,
    Theirs,
    Times,
    assistant_answers,
    stock_answers,
)
from setup.child import ChildSpec
from setup.layout import Layout
from setup.ports import first_free
from setup.report import Report
from setup.supervise import RASA_HOST

TURN, START, MEMORY, GROWTH = 0.35, 0.1, 0.7, 1.2
BLOCK = 10
FIRST = 5  # the tenth turn is in the middle of the first ten that are compared
LONG = 1000
WARM_UP = 3
STOCK_PORT = 18150
TIMEOUT = httpx.Timeout(120.0, connect=1.0)
NOTES = (
    "Ours does more in a turn: it checks who asks, stores message and answer, "
    "screens for danger, and calls actions that read the student's record.",
    "Both sides begin a new conversation with each block of ten turns.",
    "A start ends with the first reply to 'hi'. Our pages run already; files are in "
    "the system's cache on both sides.",
    "Memory is that of a process and its children after all turns; shared pages are "
    "divided among their users (Pss). The other side of 'Rasa and pages' is stock Rasa "
    "alone, without pages.",
)


class Bench:
    """Both sides, and how to start them."""

    def __init__(self, layout: Layout, stock: Stock | None, http: httpx.Client) -> None:
        """Load the demo school; nothing is started yet."""
        self.layout, self.stock, self.http = layout, stock, http
        self.product: Product = prepare(layout)
        self.conversation = self.product.conversation()
        self.port = first_free(RASA_HOST, STOCK_PORT)

    def ours_answers(self) -> bool:
        """Whether our assistant answers."""
        return assistant_answers(self.product, self.conversation, self.http)

    def stock_answers(self) -> bool:
        """Whether the stock assistant answers."""
        return stock_answers(self.port, self.http)

    def running_stock(self, stock: Stock) -> AbstractContextManager[Server]:
        """Run the stock assistant as `rasa run` does."""
        command = stock.command("run", "--model", str(stock.model))
        command += ["--interface", RASA_HOST, "--port", str(self.port)]
        log = self.layout.var / "bench" / "stock.log"
        return serving(command, log, quiet_environ(), stock.folder)


def running(spec: ChildSpec) -> AbstractContextManager[Server]:
    """Run a process of ours as the supervisor does."""
    return serving(spec.command, spec.log, spec.environ, spec.folder)


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
    outcome = Outcome("turn", notes=list(NOTES))
    outcome.settings = {"turns": turns, "starts": starts, "block": BLOCK}
    with httpx.Client(timeout=TIMEOUT) as http:
        bench = Bench(layout, stock, http)
        with running(bench.product.app) as app:
            app.until(bench.product.app.answers)
            with report.step("Starts", f"{starts} of each side"):
                outcome.rows.append(_starts(bench, starts))
            with report.step("Turns", f"{turns} of each side"):
                _turns(bench, app, turns, outcome)
    return outcome


def _starts(bench: Bench, count: int) -> Row:
    ours, theirs = list[float](), list[float]()
    for _ in range(count):
        with running(bench.product.rasa) as rasa:
            ours.append(rasa.until(bench.ours_answers))
        if bench.stock is not None:
            with bench.running_stock(bench.stock) as other:
                theirs.append(other.until(bench.stock_answers))
    other_median = statistics.median(theirs) if theirs else None
    name = "start to first answer, median"
    return compared(name, statistics.median(ours), other_median, "s", START, count)


def _turns(bench: Bench, app: Server, turns: int, outcome: Outcome) -> None:
    with ExitStack() as stack:
        rasa = stack.enter_context(running(bench.product.rasa))
        rasa.until(bench.ours_answers)
        students = bench.product.let_students_in()
        sides: list[Side] = [Ours(bench.product, bench.http, students)]
        other = None
        if bench.stock is not None:
            other = stack.enter_context(bench.running_stock(bench.stock))
            other.until(bench.stock_answers)
            sides.append(Theirs(bench.port, bench.http))
        for side in sides:
            for _ in range(WARM_UP):
                side.block(BLOCK)
            side.times = Times()
        for _ in range(-(-turns // BLOCK)):
            for side in sides:
                side.block(BLOCK)
        outcome.rows += _turn_rows([side.times for side in sides])
        outcome.rows.append(_long_row(bench))
        outcome.rows += _memory_rows(app, rasa, other)


def _turn_rows(times: Sequence[Times]) -> list[Row]:
    ours = times[0]
    theirs = times[1].all if len(times) > 1 else []
    small = ours.by_kind[SMALL_TALK]
    rows = _two_rows("turn", ours.all, theirs, TURN)
    rows += _two_rows(f"turn, {SMALL_TALK} on both sides", small, theirs, None)
    for kind in sorted(ours.by_kind.keys() - {SMALL_TALK}):
        rows += _two_rows(f"turn, {kind}", ours.by_kind[kind], [], None)
    unanswered = times[1].unanswered if len(times) > 1 else None
    count = len(ours.all)
    return [*rows, Row("turns without an answer", ours.unanswered, unanswered, n=count)]


def _long_row(bench: Bench) -> Row:
    """Return how much slower a conversation gets; ours beside its own beginning.

    The last ten turns hear the same messages as the ten of the beginning.
    """
    student = Ours(bench.product, bench.http, [STUDENT])
    student.block(LONG)
    taken = student.times.all
    first = statistics.median(taken[FIRST : FIRST + BLOCK])
    last_from = LONG - BLOCK - (LONG - BLOCK - FIRST) % len(OURS)
    last = statistics.median(taken[last_from : last_from + BLOCK])
    names = [f"{one + 1}-{one + BLOCK}" for one in (last_from, FIRST)]
    name = f"turns {names[0]} of one conversation; other: {names[1]}"
    return compared(name, last, first, "ms", GROWTH, BLOCK)


def _two_rows(
    name: str, ours: list[float], theirs: list[float], target: float | None
) -> list[Row]:
    def row(kind: str, first: float, second: float | None) -> Row:
        return compared(f"{name}, {kind}", first, second, "ms", target, len(ours))

    medians = statistics.median(ours), statistics.median(theirs) if theirs else None
    highs = p95(ours), p95(theirs) if theirs else None
    return [row("median", *medians), row("p95", *highs)]


def _memory_rows(app: Server, rasa: Server, other: Server | None) -> list[Row]:
    assistant, pages = rasa.memory(), app.memory()
    stock = other.memory() if other else None
    return [
        compared(
            "memory of Rasa and pages (Pss)",
            assistant.share + pages.share,
            stock.share if stock else None,
            "MB",
            MEMORY,
        ),
        compared(
            "memory of Rasa (Pss)",
            assistant.share,
            stock.share if stock else None,
            "MB",
        ),
        compared(
            "memory of Rasa (Rss)",
            assistant.resident,
            stock.resident if stock else None,
            "MB",
        ),
    ]
