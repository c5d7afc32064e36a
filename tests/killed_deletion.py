"""Deletes a student and is killed (SIGKILL) at each step, in a process of its own.

    python killed_deletion.py < pickled settings, clock, administrator, student, steps

It is started alone because a process with threads, as a test runner is, may hang in
what it forks: a lock that another thread held stays shut there. For each step it prints
how the process that came to it ended, as `os.waitpid` tells it.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from typing import Any

from sqlalchemy.orm import configure_mappers

from pathways.app import build
from pathways.services import deletion


def die_at(settings: Any, clock: Any, admin: Any, student_id: str, step: str) -> None:
    """Begin the deletion, or go on with it, and be gone at a step."""

    def die(done: str) -> None:
        if done == step:
            os.kill(os.getpid(), signal.SIGKILL)

    milepost = build(settings, clock)
    if step == "begin":
        deletion.delete_student(milepost, admin, student_id, die)
    else:
        deletion.run_due(milepost, die)


def main() -> None:
    """Fork once for each step."""
    *given, steps = pickle.load(sys.stdin.buffer)
    deletion.forget = lambda settings, conversation_id: 1  # an assistant that is there
    configure_mappers()  # once, not in each
    for step in steps:
        child = os.fork()
        if child == 0:
            try:
                die_at(*given, step)
            finally:
                os._exit(1)
        print(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    main()
