"""Runs locust: simulated students who write at an even pace."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from setup.report import SetupError

LOCUST = Path(__file__).with_name("locustfile.py")


def writing(
    url: str,
    tokens: Sequence[str],
    folder: Path,
    seconds: float,
    pace: float = 60.0,
) -> list[Mapping[str, Any]]:
    """Have students write through the gateway; return one row for each message.

    Args:
        url: where people come in.
        tokens: one for each student; they begin evenly over one pace.
        folder: where locust's files and log go.
        seconds: how long they write; an answer that is due then is waited for.
        pace: seconds from one message of a student to the next.

    Raises:
        SetupError: locust failed.
    """
    given, result = folder / "tokens.txt", folder / "locust.json"
    given.write_text("\n".join(tokens), encoding="ascii")
    count = len(tokens)
    command = [sys.executable, "-m", "locust", "-f", str(LOCUST), "--headless"]
    command += ["--host", url, "-u", str(count), "-r", f"{count / pace:.3f}"]
    command += ["-t", f"{seconds:.0f}s", "--stop-timeout", "60"]
    command += ["--only-summary", "--exit-code-on-error", "0"]
    environ = {**os.environ, "LOAD_TOKENS": str(given), "LOAD_RESULT": str(result)}
    log = folder / "log" / "locust.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        done = subprocess.run(
            command,
            env={**environ, "LOAD_PACE": str(pace)},
            stdout=out,
            stderr=out,
            check=False,
        )
    if done.returncode or not result.is_file():
        raise SetupError(f"locust failed (exit {done.returncode}); see {log}")
    rows: list[Mapping[str, Any]] = json.loads(result.read_text(encoding="ascii"))
    return rows
