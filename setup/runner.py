"""Runs other programs during set-up, logs what they say, leaves none behind."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from setup.report import SetupError

TAIL_LINES = 15
GRACE_SECONDS = 5.0
POISON = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PIP_USER", "PIP_TARGET")
QUIET = {
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_INPUT": "1",
    "PYTHONUNBUFFERED": "1",
    "RASA_TELEMETRY_ENABLED": "false",
}


def clean_environment(base: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The caller's variables without those that lead pip and Python astray."""
    kept = {name: value for name, value in base.items() if name not in POISON}
    return kept | QUIET


class Runner:
    """Starts programs in process groups of their own and can end them all."""

    def __init__(self, root: Path, log: Path) -> None:
        self._root = root
        self._log = log
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[str]] = set()
        self._stopping = False

    @property
    def log(self) -> Path:
        """The file that holds what the programs said."""
        return self._log

    def run(
        self,
        command: Sequence[str | Path],
        label: str,
        *,
        advice: str = "",
        extra: Mapping[str, str] | None = None,
        on_line: Callable[[str], None] = lambda line: None,
        folder: Path | None = None,
    ) -> None:
        """Run a program to its end; each line it says goes to the log.

        Args:
            command: The program and its arguments.
            label: Marks its lines in the log.
            advice: What a person can do if it fails.
            extra: Environment variables on top of the cleaned ones.
            on_line: Called with each line.
            folder: Where it runs; the project's folder if not said.

        Raises:
            SetupError: It failed; the message holds its last lines.
        """
        tail: deque[str] = deque(maxlen=TAIL_LINES)
        process = self._start(command, extra or {}, folder or self._root)
        try:
            self._follow(process, label, tail, on_line)
            code = process.wait()
        finally:
            with self._lock:
                self._running.discard(process)
        if code:
            raise SetupError(self._failure(label, code, tail, advice))

    def stop_all(self) -> None:
        """End every program that still runs, and start no further one."""
        with self._lock:
            self._stopping = True
            running = list(self._running)
        for process in running:
            _signal_group(process, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        for process in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal_group(process, signal.SIGKILL)

    def _start(
        self, command: Sequence[str | Path], extra: Mapping[str, str], folder: Path
    ) -> subprocess.Popen[str]:
        with self._lock:
            if self._stopping:
                raise SetupError("Set-up was stopped.")
            process = subprocess.Popen(
                [str(part) for part in command],
                cwd=folder,
                env=clean_environment() | dict(extra),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                start_new_session=True,
            )
            self._running.add(process)
            return process

    def _follow(
        self,
        process: subprocess.Popen[str],
        label: str,
        tail: deque[str],
        on_line: Callable[[str], None],
    ) -> None:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        assert process.stdout is not None
        with self._log.open("a", encoding="utf-8") as log, process.stdout as lines:
            for line in lines:
                log.write(f"[{label}] {line}")
                log.flush()
                if line.strip():
                    tail.append(line.rstrip())
                    on_line(line)

    def _failure(self, label: str, code: int, tail: deque[str], advice: str) -> str:
        head = f"{label} failed (exit {code}). Its last lines, all in {self._log}:"
        said = [f"    {line}" for line in tail]
        return "\n".join([head, *said, advice]).rstrip()


def _signal_group(process: subprocess.Popen[str], number: signal.Signals) -> None:
    if process.poll() is None:
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            return
