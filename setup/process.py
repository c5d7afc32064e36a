"""Child processes that never outlive the one that started them."""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

SET_PARENT_DEATH_SIGNAL = 1
START_TIME_FIELD = 19
ON_LINUX = platform.system() == "Linux"


def spawn(
    command: Sequence[str], log: Path, environ: Mapping[str, str], folder: Path
) -> subprocess.Popen[bytes]:
    """Start a program as leader of its own group, its words appended to a log.

    On Linux the kernel ends it when this process dies, however this process dies.
    Call it from the main thread: the kernel watches the starting thread.
    """
    with log.open("ab") as out:
        return subprocess.Popen(
            list(command),
            cwd=folder,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent(),
        )


def signal_group(pid: int, number: signal.Signals) -> None:
    """Send a signal to a group led by `pid`; a group that is gone is no error."""
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        return


def identity(pid: int) -> str:
    """A text that no later process with the same number shares; '' if it is gone."""
    if pid <= 0:
        return ""
    if ON_LINUX:
        return _linux_identity(pid)
    command = ["ps", "-o", "lstart=", "-p", str(pid)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def rotate(log: Path, keep: int = 3) -> None:
    """Move `name.log` to `name.log.1` and so on; the oldest goes."""
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not log.is_file() or not log.stat().st_size:
        return
    for number in range(keep, 1, -1):
        older = log.with_name(f"{log.name}.{number - 1}")
        if older.is_file():
            older.replace(log.with_name(f"{log.name}.{number}"))
    log.replace(log.with_name(f"{log.name}.1"))


def _linux_identity(pid: int) -> str:
    """Boot and start time of a process; a zombie counts as gone (proc(5), stat)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    if not fields or fields[0] in {"Z", "X"}:
        return ""
    return f"{boot.strip()} {fields[START_TIME_FIELD]}"


def _die_with_parent() -> Callable[[], None] | None:
    if not ON_LINUX:
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def before_exec() -> None:
        libc.prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return before_exec
