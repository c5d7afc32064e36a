"""Fault runs on single parts: read-only, restarts, actions, in mid-turn."""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import psycopg
from crash_machine import (
    DATABASE,
    POSTGRESQL,
    RASA,
    SQLITE,
    Machine,
    machine,
)
from crash_stream import RED, Sent, Talker, alerts_in
from crash_talkers import count_of, new, say, talkers
from loopback import TRUST, in_background

TIMES, EACH = count_of("TIMES", 20), count_of("EACH", 50)
ASKS_FOR_ACTION = "how am i doing in math"
APOLOGY_SECONDS = NEXT_SECONDS = 5.0


def read_only() -> bool:
    """Have PostgreSQL refuse every write (R9)."""
    with (
        tempfile.TemporaryDirectory() as folder,
        machine(Path(folder), POSTGRESQL) as found,
        talkers(found, 2) as (plain, danger),
    ):
        for one in (plain, danger):
            one.insist(new("hello"))
        _refuse_writes(found, True)
        sent = [new(f"nobody writes {number}") for number in range(100)]
        red = [new(f"{RED} {number}") for number in range(100)]
        for one, other in zip(sent, red, strict=True):
            plain.once(one)
            danger.once(other)
        false = sum(one.acknowledged for one in [*sent, *red])
        helps = sum(bool(one.help_seconds) for one in red)
        _refuse_writes(found, False)
        alerts = alerts_in(found, [danger.person], len(red))
        for one, other in zip(sent, red, strict=True):
            plain.insist(one)
            danger.insist(other)
        after = alerts_in(found, [danger.person], len(red))
        answered = sum(one.answered for one in [*sent, *red])
    say(
        "database read-only",
        f"{false} false acknowledgements of 200; help {helps} of 100; writable again: "
        f"{answered} of 200 answered, {alerts} alerts before each was sent again, "
        f"{after} after",
    )
    return not false and helps == alerts == after == 100 and answered == 200


def _refuse_writes(found: Machine, refuse: bool) -> None:
    place = f"host={found.database_folder} user=milepost dbname=postgres"
    with closing(psycopg.connect(place, autocommit=True)) as connection:
        connection.execute("SET default_transaction_read_only = off")
        value = "on" if refuse else "off"
        connection.execute(f"ALTER SYSTEM SET default_transaction_read_only = {value}")
        connection.execute("SELECT pg_reload_conf()")
    time.sleep(0.5)


def restarts() -> bool:
    """Restart PostgreSQL between two messages, with and without history (R3)."""
    first = again = 0
    with (
        tempfile.TemporaryDirectory() as folder,
        machine(Path(folder), POSTGRESQL) as found,
        talkers(found, 1 + TIMES) as (old, *others),
    ):
        old.insist(new("hello"))
        for other in others:
            found.kill(DATABASE)
            found.start(DATABASE)
            with_history, without = new("with history"), new("without history")
            old.once(with_history)
            other.once(without)
            first += with_history.answered + without.answered
            again += with_history.key in _keys(old) and without.key in _keys(other)
    say(
        "restart that nobody sees",
        f"{first} of {2 * TIMES} first messages answered at once; both stored in "
        f"{again} of {TIMES} restarts",
    )
    return first == 2 * TIMES and again == TIMES


def _keys(student: Talker) -> set[str]:
    return {str(one["client_message_id"]) for one in student.kept()}


class ActionEndpoint:
    """Stands before the app's action endpoint; `mode` says how it is broken."""

    BODIES = {"bad JSON": b"<html>", "empty": b"", "nothing": b"{}"}
    SLOW = 10.0

    def __init__(self) -> None:
        self.mode, self.target = "", ""
        self.entered = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        in_background(self._server)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/actions"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        self.entered.set()
        if self.mode in self.BODIES:
            return 200, self.BODIES[self.mode]
        if self.mode == "500":
            return 500, b"{}"
        if self.mode == "slow":
            time.sleep(self.SLOW)
        found = httpx.post(
            self.target, content=body, headers=headers, timeout=30, verify=TRUST
        )
        return found.status_code, found.content

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers.get("content-length") or 0)
                kept = ("authorization", "content-type", "content-encoding")
                headers = {n: self.headers[n] for n in kept if self.headers[n]}
                if endpoint.mode == "closed":
                    self.rfile.read(size)
                    self.close_connection = True
                    return
                status, body = endpoint._answer(headers, self.rfile.read(size))
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def handle(self) -> None:
                with suppress(ConnectionError):  # Rasa did not wait
                    super().handle()

            def log_message(self, format: str, *args: object) -> None:
                """Stay silent."""

        return Handler


@contextmanager
def with_actions(folder: Path) -> Iterator[tuple[Machine, ActionEndpoint]]:
    """Start the real pair, with an action endpoint between them."""
    endpoint = ActionEndpoint()
    try:
        with machine(folder, SQLITE, True, action_url=endpoint.url) as found:
            endpoint.target = f"{found.url}/internal/actions"
            yield found, endpoint
    finally:
        endpoint.stop()


def action_endpoint() -> bool:
    """Break the real Rasa's action endpoint in five ways (R5)."""
    held = True
    with (
        tempfile.TemporaryDirectory() as folder,
        with_actions(Path(folder)) as (found, endpoint),
        talkers(found, 8) as students,
    ):
        for student in students:
            student.insist(new(ASKS_FOR_ACTION))
        for mode in ("slow", "500", "bad JSON", "empty", "closed"):
            held &= _broken(mode, endpoint, students)
    return held


def _broken(mode: str, endpoint: ActionEndpoint, students: list[Talker]) -> bool:
    endpoint.mode = mode
    sent = [new(ASKS_FOR_ACTION) for _ in range(EACH)]
    pairs = [(students[n % len(students)], one) for n, one in enumerate(sent)]
    took, silent = [], 0
    for student, one in pairs:
        begun = time.monotonic()
        answer = student.once(one)
        took.append(time.monotonic() - begun)
        replies = answer.json().get("replies") if answer is not None else None
        silent += not replies or not replies[0]["text"]
    false = sum(one.answered for one in sent)
    endpoint.mode = ""
    begun = time.monotonic()
    for student, one in pairs:
        student.insist(one)
    back = time.monotonic() - begun
    fast = sum(seconds <= APOLOGY_SECONDS for seconds in took)
    waited = sum(seconds > 0.5 for seconds in took)
    after = sum(one.answered for one in sent)
    say(
        f"action endpoint {mode}",
        f"{EACH - silent} of {EACH} plain words, {fast} within 5 s (slowest "
        f"{max(took):.2f} s; {waited} took over 0.5 s); {false} told as answered; "
        f"mended: {after} of {EACH} answered, without a restart, in {back:.1f} s",
    )
    return not silent and not false and fast == after == EACH


def middle_of_a_turn(part: str, database: str) -> bool:
    """Kill a part in the middle of a turn, and measure the student's next (R8)."""
    took = []
    with tempfile.TemporaryDirectory() as folder:
        if part == RASA:
            with (
                with_actions(Path(folder)) as (found, endpoint),
                talkers(found, TIMES) as students,
            ):
                for student in students:
                    student.insist(new("hello"))
                took = [_killed_in_action(found, endpoint, one) for one in students]
        else:
            with (
                machine(Path(folder), database) as found,
                talkers(found, TIMES) as students,
            ):
                took = [_killed_in_turn(found, part, one) for one in students]
    fast = sum(seconds <= NEXT_SECONDS for seconds in took)
    say(
        f"{part} killed in the middle of a turn ({database})",
        f"{fast} of {TIMES} next messages answered within 5 s of its return; median "
        f"{statistics.median(took):.2f} s, slowest {max(took):.2f} s",
    )
    return fast == TIMES


def _killed_in_turn(found: Machine, part: str, student: Talker) -> float:
    assert found.stand_in is not None
    gate, turns = found.stand_in.gate, found.stand_in.entered
    gate.clear()
    turns.clear()
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(student.once, new("in the middle"))
        assert turns.wait(30)
        found.kill(part)
        gate.set()
        asked.result()
    found.start(part)
    return until_answered(student, new("the next"))


def _killed_in_action(
    found: Machine, endpoint: ActionEndpoint, student: Talker
) -> float:
    endpoint.mode = "slow"
    endpoint.entered.clear()
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(student.once, new(ASKS_FOR_ACTION))
        assert endpoint.entered.wait(30)
        found.kill(RASA)
        endpoint.mode = ""
        asked.result()
    found.start(RASA)
    return until_answered(student, new(ASKS_FOR_ACTION))


def until_answered(student: Talker, one: Sent) -> float:
    begun = time.monotonic()
    student.insist(one)
    return time.monotonic() - begun if one.answered else float("inf")
