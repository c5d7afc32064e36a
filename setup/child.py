"""One supervised process: started, watched, started again with growing pauses."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from setup.process import identity, rotate, signal_group, spawn
from setup.state import ChildState

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
HEALTHY_AFTER = 60.0
FAILED_AFTER = 5


def nothing() -> str:
    """Refuse nothing."""
    return ""


class Phase(StrEnum):
    """What a child is doing; the names stand in the state file."""

    STARTING = "starting"
    READY = "ready"
    RESTARTING = "restarting"
    FAILED = "failed"


@dataclass(frozen=True)
class ChildSpec:
    """How to start a child and how to ask whether it answers.

    `refuses` says, before each new start, why it may not be; empty where it may.
    """

    name: str
    command: tuple[str, ...]
    folder: Path
    log: Path
    environ: Mapping[str, str]
    answers: Callable[[], bool]
    refuses: Callable[[], str] = nothing


def pause_after(streak: int) -> float:
    """Seconds to wait after the `streak`-th death in a row: 1, 2, 4 ... 30."""
    return float(min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (streak - 1)))


class Child:
    """A process and its history. Moments come from the clocks it is given."""

    def __init__(
        self,
        spec: ChildSpec,
        clock: Callable[[], float],
        now: Callable[[], datetime],
    ) -> None:
        self.spec = spec
        self.phase = Phase.STARTING
        self.restarts = 0
        self.last_exit: int | None = None
        self.was_ready = False
        self.refused = ""
        self.pause = 0.0
        self._clock = clock
        self._now = now
        self._since = now()
        self._process: subprocess.Popen[bytes] | None = None
        self._identity = ""
        self._begun = 0.0
        self._retry_at = 0.0
        self._streak = 0

    @property
    def name(self) -> str:
        """Name in the state file and of the log."""
        return self.spec.name

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def begin(self) -> None:
        """Start it for the first time, with a fresh log."""
        rotate(self.spec.log)
        self._start()

    def look(self) -> bool:
        """Bring the state up to date; start it again when its pause is over.

        Returns:
            Whether anything changed.
        """
        before = (self.phase, self.restarts, self.refused)
        if self._process is None:
            if self._clock() >= self._retry_at:
                self._start_again()
        elif self._process.poll() is not None:
            self._ended(self._process.returncode)
        elif self.phase is Phase.STARTING and self.spec.answers():
            self._enter(Phase.READY)
            self.was_ready = True
        return (self.phase, self.restarts, self.refused) != before

    def tell(self, number: signal.Signals) -> None:
        """Send a signal to the child's whole group."""
        if self._process is not None:
            signal_group(self._process.pid, number)

    def wait(self, seconds: float) -> bool:
        """Wait for its end; whether it has ended."""
        if self._process is None:
            return True
        try:
            self._process.wait(max(seconds, 0.0))
        except subprocess.TimeoutExpired:
            return False
        return True

    def state(self) -> ChildState:
        """The child as the state file shows it."""
        return ChildState(
            name=self.name,
            pid=self._process.pid if self._process else None,
            state=self.phase.value,
            restarts=self.restarts,
            since=self._since.isoformat(timespec="seconds"),
            last_exit=self.last_exit,
            identity=self._identity,
        )

    def _start_again(self) -> None:
        self.refused = self.spec.refuses()
        if not self.refused:
            self.restarts += 1
            self._start()
            return
        self.pause = LONGEST_PAUSE
        self._retry_at = self._clock() + self.pause
        self._enter(Phase.FAILED)

    def _start(self) -> None:
        spec = self.spec
        self._process = spawn(spec.command, spec.log, spec.environ, spec.folder)
        self._identity = identity(self._process.pid)
        self._begun = self._clock()
        self._enter(Phase.STARTING)

    def _ended(self, code: int) -> None:
        # The leader is gone; whatever it started goes with it.
        self.tell(signal.SIGKILL)
        if self._clock() - self._begun >= HEALTHY_AFTER:
            self._streak = 0
        self._streak += 1
        self.last_exit = code
        self.pause = pause_after(self._streak)
        self._retry_at = self._clock() + self.pause
        self._process, self._identity = None, ""
        failed = self._streak >= FAILED_AFTER
        self._enter(Phase.FAILED if failed else Phase.RESTARTING)

    def _enter(self, phase: Phase) -> None:
        self.phase = phase
        self._since = self._now()
