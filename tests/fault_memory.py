"""How much memory the app takes over some thousand messages (R13)."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from crash_machine import APP, machine
from crash_stream import Talker
from crash_talkers import count_of, new, say, talkers

from bench.servers import Server

MEMORY = count_of("MEMORY", 30_000)
WARM = 1000


def memory() -> bool:
    """Weigh the app over thousands of messages (R13)."""
    weights: dict[int, float] = {}
    steps = [0, WARM, *(WARM + (MEMORY - WARM) * n // 12 for n in range(1, 13))]
    with (
        tempfile.TemporaryDirectory() as folder,
        machine(Path(folder)) as found,
        talkers(found, 8) as students,
        ThreadPoolExecutor(len(students)) as pool,
    ):
        app, sent = Server(found.parts[APP], Path(folder), 0.0), 0
        for wanted in steps:
            each = (wanted - sent) // len(students)
            list(pool.map(partial(_talk, count=each), students))
            sent += each * len(students)
            weights[sent] = app.memory().resident
    warm, last = list(weights.values())[1], weights[sent]
    told = ", ".join(f"{count}: {weight:.1f}" for count, weight in weights.items())
    say(
        "memory of the app",
        f"{sent} messages, {100 * (last / warm - 1):+.1f} % after the first {WARM}; "
        f"MB by messages: {told}",
    )
    return last <= 1.1 * warm


def _talk(student: Talker, count: int) -> None:
    for number in range(count):
        student.insist(new(f"hello {number}"))
