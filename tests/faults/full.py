"""The full form of the fault runs: `make faults`, or one of them by its name.

Each prints one line of figures, which docs/reliability.md repeats with their date.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))

from crash_machine import APP, DATABASE, POSTGRESQL, RASA, SQLITE, machine
from crash_stream import RED, Sent, alerts_in, run_stream
from crash_talkers import new, say, talkers
from fault_beside import beside
from fault_disk import full_disk
from fault_fuzz import fuzz
from fault_memory import memory
from fault_parts import (
    action_endpoint,
    middle_of_a_turn,
    read_only,
    restarts,
)

MESSAGES = int(os.environ.get("FAULT_MESSAGES", "2000"))
DEATHS = int(os.environ.get("FAULT_DEATHS", "20"))
SEED = int(os.environ.get("FAULT_SEED", "2026"))
OUTAGES, OUTAGE_SECONDS = int(os.environ.get("FAULT_OUTAGES", "10")), 30.0
BETWEEN_SECONDS = 0.5
HELP = 200
PAIRS, AT_ONCE, ROUNDS = 1000, 20, 50


def deaths(part: str, database: str) -> bool:
    """Kill a part again and again in a stream of messages (R1)."""
    with (
        tempfile.TemporaryDirectory() as folder,
        machine(Path(folder), database, real_rasa=part == RASA) as found,
    ):
        outcome = run_stream(found, part, MESSAGES, DEATHS, SEED)
    rasa = "the real Rasa" if part == RASA else "a stand-in for Rasa"
    say(f"kill -9 of {part}", f"{database}, {rasa}, seed {SEED}: {outcome}")
    return outcome.whole


def outages() -> bool:
    """Take the database away for 30 seconds (R2)."""
    false = waits = helps = backs = asked = 0
    slowest_wait = slowest_help = slowest_back = 0.0
    with (
        tempfile.TemporaryDirectory() as folder,
        machine(Path(folder), POSTGRESQL) as found,
        talkers(found, 2) as (plain, danger),
    ):
        for one in (plain, danger):
            one.insist(new("hello"))
        for _ in range(OUTAGES):
            found.kill(DATABASE)
            until = time.monotonic() + OUTAGE_SECONDS
            last = new("while it is down")
            while time.monotonic() < until:
                begun = time.monotonic()
                last, red = new("while it is down"), new(RED)
                answer = plain.once(last)
                slowest_wait = max(slowest_wait, time.monotonic() - begun)
                waits += answer is not None and answer.status_code == 503
                false += last.acknowledged
                danger.once(red)
                helps += bool(red.help_seconds)
                slowest_help = max([slowest_help, *red.help_seconds])
                asked += 1
                time.sleep(BETWEEN_SECONDS)
            found.start(DATABASE)
            begun = time.monotonic()
            plain.insist(last)
            back = time.monotonic() - begun
            slowest_back = max(slowest_back, back)
            backs += back <= 10
    say(
        "database down 30 s",
        f"{OUTAGES} times, {asked} messages: {false} false acknowledgements, "
        f"{waits} of {asked} told to wait (slowest {slowest_wait:.2f} s); help "
        f"{helps} of {asked} (slowest {slowest_help:.2f} s); back within 10 s "
        f"{backs} of {OUTAGES} (slowest {slowest_back:.2f} s)",
    )
    return not false and helps == waits == asked and backs == OUTAGES


def help_without(part: str) -> bool:
    """Tell of danger 200 times with a part away (S13)."""
    database = POSTGRESQL if part == DATABASE else SQLITE
    with (
        tempfile.TemporaryDirectory() as folder,
        machine(Path(folder), database) as found,
        talkers(found, 1) as (student,),
    ):
        student.insist(new("hello"))
        if part == RASA:
            assert found.stand_in is not None
            found.stand_in.stop()
        else:
            found.kill(part)
        sent = [new(f"{RED} {number}") for number in range(HELP)]
        for one in sent:
            student.once(one)
        took = sorted(t for one in sent for t in one.help_seconds)
        acknowledged = sum(one.acknowledged for one in sent)
        if part == DATABASE:
            found.start(part)
        alerts = alerts_in(found, [student.person], HELP)
        for one in sent:
            student.insist(one)
        after = alerts_in(found, [student.person], HELP)
    fast = sum(t <= 1 for t in took)
    say(
        f"help with {part} away",
        f"{len(took)} of {HELP} got it, {fast} within 1 s; median "
        f"{took[len(took) // 2]:.3f} s, slowest {took[-1]:.3f} s; {acknowledged} "
        f"acknowledged; {alerts} alerts before each was sent again, {after} after",
    )
    return fast == alerts == after == HELP


def pairs() -> bool:
    """Send each message twice at the same moment (R6)."""
    with (
        tempfile.TemporaryDirectory() as folder,
        machine(Path(folder)) as found,
        talkers(found, 8) as students,
        ThreadPoolExecutor(2) as pool,
    ):
        same = 0
        for number in range(PAIRS):
            student = students[number % len(students)]
            one = new(f"hello {number}")
            other = Sent(one.key, one.text)
            list(pool.map(student.once, (one, other)))
            same += one.answered and other.answered and one.replies == other.replies
        kept = sum(len(student.kept()) for student in students)
    say("pairs with one id", f"{same} of {PAIRS} got one same answer; {kept} turns")
    return same == kept == PAIRS


def at_once() -> bool:
    """Send twenty messages at the same moment in one conversation (R7)."""
    answered = places = 0
    with (
        tempfile.TemporaryDirectory() as folder,
        machine(Path(folder)) as found,
        talkers(found, 10) as students,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        for number in range(ROUNDS):
            student = students[number % len(students)]
            sent = [new(f"hello {number} {k}") for k in range(AT_ONCE)]
            list(pool.map(student.once, sent))
            answered += sum(one.answered for one in sent)
        for student in students:
            kept = student.kept()
            places += [one["place"] for one in kept] == list(range(1, len(kept) + 1))
    total = ROUNDS * AT_ONCE
    say(
        "twenty at once",
        f"{answered} of {total} answered; places whole in {places} of 10 conversations",
    )
    return answered == total and places == 10


RUNS: dict[str, Callable[[], bool]] = {
    "app": lambda: deaths(APP, SQLITE),
    "app-postgresql": lambda: deaths(APP, POSTGRESQL),
    "database": lambda: deaths(DATABASE, POSTGRESQL),
    "rasa": lambda: deaths(RASA, SQLITE),
    "outages": outages,
    "help-rasa": lambda: help_without(RASA),
    "help-database": lambda: help_without(DATABASE),
    "pairs": pairs,
    "at-once": at_once,
    "full-disk": full_disk,
    "read-only": read_only,
    "restarts": restarts,
    "actions": action_endpoint,
    "middle-app": lambda: middle_of_a_turn(APP, SQLITE),
    "middle-app-postgresql": lambda: middle_of_a_turn(APP, POSTGRESQL),
    "middle-one-of-two": beside,
    "middle-rasa": lambda: middle_of_a_turn(RASA, SQLITE),
    "memory": memory,
    "fuzz": fuzz,
}


def _ran(name: str) -> bool:
    """Run one; what ends it early is told, and the others still run."""
    try:
        return RUNS[name]()
    except Exception:
        traceback.print_exc()
        return False


def main(names: list[str]) -> int:
    """Run the named runs, or all; return 0 when all of them held."""
    signal.signal(signal.SIGTERM, lambda *given: sys.exit(1))  # parts end, too
    if not shutil.which("initdb"):
        print("PostgreSQL's server programs (initdb, postgres) are needed.")
        return 1
    wanted = names or list(RUNS)
    held, took = {}, {}
    for number, name in enumerate(wanted, 1):
        print(f"{number} of {len(wanted)}: {name} ...", flush=True)
        begun = time.monotonic()
        held[name] = _ran(name)
        took[name] = time.monotonic() - begun
    for name, good in held.items():
        print(f"{'held' if good else 'BROKEN'}: {name}, {took[name]:.0f} s")
    return 0 if all(held.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
