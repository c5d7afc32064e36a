"""What the full fault runs share: students, new messages, lines of figures."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from crash_machine import Machine, let_students_in
from crash_stream import Sent, Talker


def new(text: str) -> Sent:
    """Return a message that was not sent yet."""
    return Sent(str(uuid.uuid4()), text)


@contextmanager
def talkers(found: Machine, count: int) -> Iterator[list[Talker]]:
    """Sign students in."""
    made = [Talker(found, n, p, False) for n, p in let_students_in(found, count)]
    yield made
    for one in made:
        one.close()


def say(name: str, figures: str) -> None:
    """Print a line of figures, with the machine's load beside them."""
    moment, load = time.strftime("%Y-%m-%d %H:%M"), os.getloadavg()[0]
    print(f"{moment} (load {load:.1f}) {name}: {figures}", flush=True)


def count_of(name: str, usual: int) -> int:
    """Return how often something is done; FAULT_<name> sets it."""
    return int(os.environ.get(f"FAULT_{name}", usual))
