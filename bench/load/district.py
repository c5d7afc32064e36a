"""A district's topology as processes of this machine, and one part of each killed.

Two apps, three Rasa workers, PostgreSQL and nginx, as in deploy/. While students write,
one app, one worker, the database and nginx are killed with SIGKILL, each once, and
started again after a second, as their supervisors would do.

    .venv/bin/python -m bench.load.district            # prints a table, writes JSON
    .venv/bin/python -m bench.load.district --seconds 60 --students 24
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import sys
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import aiohttp

from bench import page
from bench.figures import Outcome, Row, compared, machine, p95, table, write
from bench.load.crowd import TIMEOUT, say
from bench.load.measure import DISTRICT
from bench.load.people import Kept, kept, let_in
from bench.load.topology import Topology, running
from bench.talk import OURS
from setup.layout import Layout
from setup.report import Report, SetupError

SHAPE = DISTRICT
VICTIMS = ("rasa-1", "app-1", "database", "nginx")
RESTART_AFTER = 1.0
PAUSE, GIVE_UP = 0.3, 60.0
THINK = (0.5, 1.5)
LONGEST = 20.0
SEED = 2026
NOTES = (
    "A student sends a message again, with the same id, until it is answered.",
    "Lost: told as stored and not in the record. Doubled: twice in the record.",
    "The times are from the first try to the answer, deaths included.",
)


@dataclass
class Sent:
    """One message: was it told to be stored, how often sent, and how long it took."""

    key: str
    acknowledged: bool = False
    answered: bool = False
    tries: int = 0
    seconds: float = 0.0


@dataclass
class Death:
    """One killed part: when it answered again, and what students met meanwhile."""

    name: str
    back_after: float
    sent_again: int = 0


@dataclass
class Stream:
    """Students who write while parts die."""

    found: Topology
    until: float
    dice: random.Random
    sent: list[Sent] = field(default_factory=list)
    deaths: list[Death] = field(default_factory=list)

    async def run(self, tokens: Sequence[str], seconds: float) -> None:
        """Have everybody write for so many seconds, and kill each victim in turn."""
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=3)
        async with aiohttp.ClientSession(connector=connector, timeout=TIMEOUT) as http:
            talks = [self._talk(http, n, token) for n, token in enumerate(tokens)]
            await asyncio.gather(*talks, self._kill_each(seconds))

    async def _talk(self, http: aiohttp.ClientSession, n: int, token: str) -> None:
        number = n
        while time.monotonic() < self.until:
            await asyncio.sleep(self.dice.uniform(*THINK))
            one = Sent(str(uuid.uuid4()))
            self.sent.append(one)
            text = OURS[number % len(OURS)][1]
            number += 1
            await self._insist(http, token, text, one)

    async def _insist(
        self, http: aiohttp.ClientSession, token: str, text: str, one: Sent
    ) -> None:
        begun = time.monotonic()
        while not one.answered and time.monotonic() - begun < GIVE_UP:
            answer = await say(http, self.found.url, token, text, one.key)
            one.tries += 1
            one.acknowledged |= answer.acknowledged
            one.answered = answer.answered
            if not one.answered:
                await asyncio.sleep(PAUSE)
        one.seconds = time.monotonic() - begun

    async def _kill_each(self, seconds: float) -> None:
        """Kill one part of each kind, at even distances."""
        for name in VICTIMS:
            await asyncio.sleep(seconds / (len(VICTIMS) + 1) / 2)
            before = self._again()
            # Processes are started in this thread: the kernel ends them with it.
            self.found.kill(name)
            died = time.monotonic()
            await asyncio.sleep(RESTART_AFTER)
            self.found.start(name)
            await self._back(name)
            back = time.monotonic() - died
            await asyncio.sleep(seconds / (len(VICTIMS) + 1) / 2)
            self.deaths.append(Death(name, back, self._again() - before))

    async def _back(self, name: str) -> None:
        while not await asyncio.to_thread(self.found.up, name):
            if self.found.parts[name].poll() is not None:
                self.found.start(name)
            await asyncio.sleep(0.2)

    def _again(self) -> int:
        return sum(max(one.tries - 1, 0) for one in self.sent)


def measure(layout: Layout, report: Report, students: int, seconds: float) -> Outcome:
    """Run the topology with students in it; return what came of it.

    Raises:
        SetupError: PostgreSQL or nginx is missing, or a part does not come up.
    """
    outcome = Outcome("district", notes=list(NOTES))
    outcome.settings = {"students": students, "seconds": seconds, "seed": SEED}
    with running(layout, SHAPE) as found:
        tokens = let_in(found.settings, students)
        stream = Stream(found, time.monotonic() + seconds, random.Random(SEED))
        with report.step("A district", f"{', '.join(VICTIMS)} are killed"):
            asyncio.run(stream.run(tokens, seconds))
        outcome.rows = _rows(stream, kept(found.settings))
    return outcome


def _rows(stream: Stream, record: Kept) -> list[Row]:
    sent, n = stream.sent, len(stream.sent)
    told = [one for one in sent if one.acknowledged]
    taken = [one.seconds for one in sent]
    late = sum(one.seconds > LONGEST for one in sent)
    rows = [
        _none("lost", sum(not record.times[one.key] for one in told), n),
        _none("doubled", sum(record.times[one.key] > 1 for one in sent), n),
        _none("never answered", sum(not one.answered for one in sent), n),
        _none(f"answered after more than {LONGEST:.0f} s", late, n),
        compared("p95 from first try to answer; other: 2 s", p95(taken), 2.0, "s", n=n),
        Row("slowest", max(taken), unit="s", n=n),
    ]
    for death in stream.deaths:
        rows.append(Row(f"{death.name} killed, answers again after", death.back_after))
        rows.append(
            Row(f"{death.name} killed, sent again by students", death.sent_again)
        )
    return rows


def _none(name: str, count: int, n: int) -> Row:
    return Row(name, float(count), float(n), "", 0.0, n, count / n)


def main() -> int:
    """Run it, print the table, write `bench/results/district.json`.

    Returns:
        Exit code: 0 when nothing was lost, doubled or left without an answer.
    """
    os.umask(0o077)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    parser = argparse.ArgumentParser(prog="python -m bench.load.district")
    parser.add_argument("--students", type=int, default=24)
    parser.add_argument("--seconds", type=float, default=120.0)
    options = parser.parse_args()
    report, facts = Report(beat=60.0), machine()
    try:
        given = (Layout.find(), report, options.students, options.seconds)
        outcome = measure(*given)
    except SetupError as error:
        report.say(str(error))
        return 1
    path = write(outcome, facts, datetime.now(UTC))
    page.write_page()
    report.say(f"\n{table(outcome)}\n   {path}")
    return 1 if any(row.met is False for row in outcome.rows[:3]) else 0


if __name__ == "__main__":
    sys.exit(main())
