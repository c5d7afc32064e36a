"""How much memory the app takes over some thousand messages (R13)."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from crash_machine import APP, machine
from crash_stream import Talker
from crash_talkers import count_of, new, say, talkers

from bench.servers import Server

MEMORY = count_of("MEMORY", 4000)


def memory() -> bool:
    """Weigh the app over some thousand messages (R13, a part of it)."""
    weights: dict[int, float] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        machine(Path(folder)) as found,
        talkers(found, 8) as students,
        ThreadPoolExecutor(len(students)) as pool,
    ):
        for number in range(0, MEMORY + 1, 500):
            if number:
                list(pool.map(lambda one: _talk(one, 500 // 8 + 1), students))
            app = Server(found.parts[APP], Path(folder), 0.0)
            weights[number] = app.memory().resident
    warm, last = weights[1000], weights[MEMORY]
    steps = ", ".join(f"{count}: {weight:.1f}" for count, weight in weights.items())
    say(
        "memory of the app",
        f"{MEMORY} messages, {100 * (last / warm - 1):+.1f} % after the first 1,000; "
        f"MB by messages: {steps}",
    )
    return last <= 1.1 * warm


def _talk(student: Talker, count: int) -> None:
    for number in range(count):
        student.insist(new(f"hello {number}"))
