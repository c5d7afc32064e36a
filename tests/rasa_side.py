"""Runs a script in the assistant's environment, for tests of `bot/`."""

from __future__ import annotations

import subprocess
import textwrap
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYTHON = ROOT / ".venv-rasa" / "bin" / "python"


def in_rasa(script: str, folder: Path) -> str:
    """Run a script in the assistant's environment and return what it prints."""
    done = subprocess.run(
        [PYTHON, "-W", "ignore", "-c", textwrap.dedent(script), str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()
