"""Servers that a benchmark starts, asks, weighs and stops."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from setup.process import signal_group, spawn
from setup.report import SetupError

PATIENCE = 600.0
PAUSE = 0.05
GRACE = 15.0


@dataclass(frozen=True)
class Memory:
    """Memory of a process and all that it started, in megabytes (2**20 bytes).

    Attributes:
        resident: pages in memory; shared ones count in every process (Rss).
        share: each shared page divided among those that use it (Pss, proc(5)).
    """

    resident: float
    share: float


@dataclass(frozen=True)
class Server:
    """A running server and when it was started (monotonic seconds)."""

    process: subprocess.Popen[bytes]
    log: Path
    begun: float

    def until(self, answers: Callable[[], bool]) -> float:
        """Ask until there is an answer; return seconds since the start.

        Raises:
            SetupError: it ended, or ten minutes went by.
        """
        while not answers():
            if self.process.poll() is not None:
                raise SetupError(f"A server ended before it answered; see {self.log}")
            if time.monotonic() - self.begun > PATIENCE:
                raise SetupError(f"A server does not answer; see {self.log}")
            time.sleep(PAUSE)
        return time.monotonic() - self.begun

    def memory(self) -> Memory:
        """Weigh it and its children; all zero where there is no /proc."""
        resident, share = 0, 0
        for pid in family(self.process.pid):
            found = _smaps(pid)
            resident += found.get("Rss", 0)
            share += found.get("Pss", 0)
        return Memory(resident / 1024, share / 1024)


@contextmanager
def serving(
    command: Sequence[str], log: Path, environ: Mapping[str, str], folder: Path
) -> Iterator[Server]:
    """Start a server for as long as the block runs."""
    log.parent.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    process = spawn(command, log, environ, folder)
    try:
        yield Server(process, log, begun)
    finally:
        signal_group(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
        signal_group(process.pid, signal.SIGKILL)
        process.wait()


def family(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        parent = int(fields.rpartition(")")[2].split()[1])
        children.setdefault(parent, []).append(int(entry.parent.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def _smaps(pid: int) -> dict[str, int]:
    """Return the sums of /proc/PID/smaps_rollup, in kB."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return {}
    rows = (line.split() for line in text.splitlines()[1:])
    return {row[0].rstrip(":"): int(row[1]) for row in rows if len(row) == 3}


def quiet_environ(base: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the caller's variables without settings of a Milepost nearby."""
    kept = {name: value for name, value in base.items() if "MILEPOST_" not in name}
    return kept | {"RASA_TELEMETRY_ENABLED": "false", "PYTHONUNBUFFERED": "1"}
