"""What the supervisor tells others: the state file, and who holds the lock."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from setup.process import identity, signal_group

STATE = "state.json"
LOCK = "supervisor.lock"
RUNNER = "running.pid"


class AlreadyRunning(Exception):
    """Another supervisor holds the lock of this folder."""


@dataclass(frozen=True)
class ChildState:
    """One child as others see it."""

    name: str
    pid: int | None
    state: str
    restarts: int
    since: str
    last_exit: int | None
    identity: str = ""


@dataclass(frozen=True)
class RunState:
    """The running processes as others see them; moments in UTC, ISO 8601."""

    supervisor_pid: int
    started_at: str
    port: int
    children: list[ChildState]
    identity: str = ""
    address: str = ""


def write_state(folder: Path, state: RunState) -> None:
    """Replace the state file whole, so that a reader never sees half of it."""
    half = folder / f"{STATE}.half"
    half.write_text(json.dumps(asdict(state), indent=2) + "\n", encoding="utf-8")
    half.replace(folder / STATE)


def read_state(folder: Path) -> RunState | None:
    """The last state written, or None when there is none that can be read."""
    try:
        found = json.loads((folder / STATE).read_text(encoding="utf-8"))
        children = [ChildState(**child) for child in found.pop("children")]
        return RunState(**found, children=children)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def remove_state(folder: Path) -> None:
    """Say that nothing runs."""
    (folder / STATE).unlink(missing_ok=True)


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the lock of this folder; the kernel frees it however we end.

    Raises:
        AlreadyRunning: somebody else holds it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AlreadyRunning from None
        yield


def is_running(folder: Path) -> bool:
    """Whether a supervisor holds the lock of this folder."""
    if not (folder / LOCK).exists():
        return False
    try:
        with only_one(folder):
            return False
    except AlreadyRunning:
        return True


def already_running(folder: Path) -> str:
    """Say where the running Milepost answers."""
    state = read_state(folder)
    if state is None:
        return "Milepost is starting or stopping already. Try again in a moment."
    return (
        f"Milepost runs already: {state.address} (process {state.supervisor_pid}). "
        "`make stop` stops it."
    )


def end_orphans(folder: Path, grace: float = 3.0) -> list[str]:
    """End children of a supervisor that died; only those that are truly ours.

    Call it with no supervisor running.

    Returns:
        Names of the children that still ran.
    """
    state = read_state(folder)
    children = state.children if state else []
    left = [child for child in children if _is_ours(child)]
    for child in left:
        signal_group(child.pid or 0, signal.SIGTERM)
    deadline = time.monotonic() + grace
    while any(map(_is_ours, left)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for child in filter(_is_ours, left):
        signal_group(child.pid or 0, signal.SIGKILL)
    remove_state(folder)
    return [child.name for child in left]


def announce(folder: Path) -> None:
    """Note this process as the one `make stop` stops, from set-up on."""
    pid = os.getpid()
    half = folder / f"{RUNNER}.half"
    half.write_text(f"{pid} {identity(pid)}\n", encoding="utf-8")
    half.replace(folder / RUNNER)


def stop(folder: Path, timeout: float = 30.0) -> bool:
    """Stop the noted process, be it setting up or supervising, and wait for its end.

    Returns:
        Whether there was one.

    Raises:
        TimeoutError: it has not ended within `timeout` seconds.
    """
    pid, mark = _noted(folder)
    if not mark or identity(pid) != mark:
        return False
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + timeout
    while identity(pid) == mark:
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.05)
    return True


def _noted(folder: Path) -> tuple[int, str]:
    try:
        number, _, mark = (folder / RUNNER).read_text(encoding="utf-8").partition(" ")
        return int(number), mark.strip()
    except (OSError, ValueError):
        return 0, ""


def _is_ours(child: ChildState) -> bool:
    if not child.pid or child.pid <= 1 or not child.identity:
        return False
    return identity(child.pid) == child.identity
