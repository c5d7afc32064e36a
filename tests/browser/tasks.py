"""The main tasks of each role, each from that person's start page.

A task is walked by the names that people read; `docs/tasks.md` lists them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hand import Hand
from town import Town

Walk = Callable[[Hand, Town], None]


@dataclass(frozen=True)
class Task:
    """Something that a person of a role comes for."""

    role: str
    name: str
    walk: Walk


TASKS: list[Task] = []


def task(role: str, name: str) -> Callable[[Walk], Walk]:
    """Enter a walk under its role and the name it has in the documentation."""

    def keep(walk: Walk) -> Walk:
        TASKS.append(Task(role, name, walk))
        return walk

    return keep
