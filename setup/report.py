"""What a person sees while a long step runs."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO


class SetupError(Exception):
    """Set-up cannot go on; the message says why and what to do."""


class Step:
    """A running step; `note` is shown with its progress lines."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.note = ""


class Report:
    """Prints one line when a step starts, one now and then, one at its end."""

    def __init__(
        self,
        out: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
        beat: float = 15.0,
    ) -> None:
        self._out = out or sys.stdout
        self._clock = clock
        self._beat = beat
        self._lock = threading.Lock()

    def say(self, text: str) -> None:
        """Print one line at once; a reader that went away is no reason to stop."""
        with self._lock:
            try:
                print(text, file=self._out, flush=True)
            except BrokenPipeError:
                silent = os.open(os.devnull, os.O_WRONLY)
                os.dup2(silent, self._out.fileno())
                os.close(silent)

    @contextmanager
    def step(self, title: str, detail: str = "") -> Iterator[Step]:
        """Announce a step, show that it lives, and say how long it took (seconds)."""
        step = Step(title)
        started = self._clock()
        self.say(f"{title}: {detail} ..." if detail else f"{title} ...")
        over = threading.Event()
        beat = threading.Thread(
            target=self._keep_saying, args=(step, started, over), daemon=True
        )
        beat.start()
        try:
            yield step
        except BaseException:
            self.say(f"{title}: not finished after {self._seconds(started)}")
            raise
        else:
            self.say(f"{title}: done in {self._seconds(started)}")
        finally:
            over.set()
            beat.join()

    def _keep_saying(self, step: Step, started: float, over: threading.Event) -> None:
        while not over.wait(self._beat):
            note = f", {step.note}" if step.note else ""
            self.say(f"  {step.title}: {self._seconds(started)}{note}")

    def _seconds(self, started: float) -> str:
        seconds = self._clock() - started
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
