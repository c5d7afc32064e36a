"""Starts the children, keeps them alive, tells people and `/readyz` about them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from setup.child import Child, ChildSpec, Phase
from setup.process import identity
from setup.report import Report
from setup.rollout import Rollout
from setup.state import RunState, remove_state, write_state

TICK = 0.1
GRACE = 8.0
# make passes on a signal that the whole group has got already: that is one, not two.
SAME_SIGNAL = 1.0
TAIL_LINES = 15
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def utc_now() -> datetime:
    """The moment now, in UTC."""
    return datetime.now(UTC)


class Supervisor:
    """Runs until a signal asks it to stop.

    Args:
        specs: The pages first, then the Rasa processes.
        run_folder: Where the state file goes.
        port: Port of the pages.
        address: Address of the pages, for people.
        welcome: Lines to print once the pages answer.
        report: Where to print.
        grace: Seconds the children get to end by themselves.
        rollout: Changes the model of the Rasa processes where one was made.
    """

    def __init__(
        self,
        specs: Sequence[ChildSpec],
        *,
        run_folder: Path,
        port: int,
        address: str,
        welcome: Sequence[str],
        report: Report,
        grace: float = GRACE,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], None] = time.sleep,
        rollout: Rollout | None = None,
    ) -> None:
        self._children = [Child(spec, clock, now) for spec in specs]
        self._run_folder = run_folder
        self._port = port
        self._address = address
        self._welcome = list(welcome)
        self._report = report
        self._grace = grace
        self._clock = clock
        self._sleep = sleep
        self._rollout = rollout
        self._started_at = now()
        self._begun = clock()
        self._asked_at: float | None = None
        self._hurry = False
        self._greeted = False
        self._assistant_told = False

    def run(self) -> None:
        """Start everything and watch it; return when all children have ended."""
        previous = {number: self._take(number) for number in SIGNALS}
        try:
            for child in self._children:
                child.begin()
            self._publish()
            while self._asked_at is None:
                self._look()
                self._sleep(TICK)
        finally:
            self._stop()
            for number, handler in previous.items():
                signal.signal(number, handler)

    def _take(self, number: signal.Signals) -> signal.Handlers | None:
        """Handle a signal; `nohup` has told us to ignore SIGHUP, so we do."""
        before = signal.getsignal(number)
        if number is signal.SIGHUP and before is signal.SIG_IGN:
            return signal.SIG_IGN
        signal.signal(number, self._on_signal)
        return before  # type: ignore[return-value]

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self._asked_at is None:
            self._asked_at = self._clock()
        elif self._clock() - self._asked_at > SAME_SIGNAL:
            self._hurry = True

    def _look(self) -> None:
        changed = [child for child in self._children if child.look()]
        for child in changed:
            self._tell(child)
        if self._change_models() or changed:
            self._publish()

    def _change_models(self) -> bool:
        if self._rollout is None:
            return False
        pages, *assistant = self._children
        changed = self._rollout.look(assistant)
        self._children = [pages, *assistant]
        return changed

    @property
    def _all(self) -> list[Child]:
        return [*self._children, *(self._rollout.beside if self._rollout else [])]

    def _tell(self, child: Child) -> None:
        if child.refused:
            self._report.say(f"{child.name} is not started again: {child.refused}")
        elif child.phase in {Phase.RESTARTING, Phase.FAILED}:
            self._tell_death(child)
        elif child.phase is Phase.READY and child.restarts:
            self._report.say(f"{child.name} answers again.")
        pages, *assistant = self._children
        if pages.phase is Phase.READY and not self._greeted:
            self._greeted = True
            for line in self._welcome:
                self._report.say(line)
        ready = bool(assistant) and all(c.phase is Phase.READY for c in assistant)
        if ready and self._greeted and not self._assistant_told:
            self._assistant_told = True
            seconds = self._clock() - self._begun
            self._report.say(f"The assistant is ready ({seconds:.0f} s).")

    def _tell_death(self, child: Child) -> None:
        self._report.say(
            f"{child.name} stopped (exit {child.last_exit}); it starts again in "
            f"{child.pause:.0f} s. Its log: {child.spec.log}"
        )
        if child.phase is Phase.FAILED and not child.was_ready:
            self._report.say(f"{child.name} has not come up yet. Its last lines:")
            for line in _tail(child.spec.log):
                self._report.say(f"    {line}")

    def _publish(self) -> None:
        pid = os.getpid()
        write_state(
            self._run_folder,
            RunState(
                supervisor_pid=pid,
                started_at=self._started_at.isoformat(timespec="seconds"),
                port=self._port,
                children=[child.state() for child in self._all],
                identity=identity(pid),
                address=self._address,
            ),
        )

    def _stop(self) -> None:
        """End all children: politely, then, after the grace, for good."""
        everybody = self._all
        running = [child for child in everybody if child.alive]
        for child in running:
            child.tell(signal.SIGTERM)
        deadline = self._clock() + self._grace
        while any(child.alive for child in running):
            if self._clock() > deadline or self._hurry:
                break
            self._sleep(TICK / 2)
        for child in everybody:
            child.tell(signal.SIGKILL)
        for child in running:
            child.wait(self._grace)
        remove_state(self._run_folder)


def _tail(log: Path) -> list[str]:
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text.splitlines()[-TAIL_LINES:]
