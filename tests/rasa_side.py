"""Runs scripts and the trained model in the assistant's environment."""

from __future__ import annotations

import json
import os
import subprocess
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
MOMENT = "2026-11-21T10:00:00-05:00"
PATIENCE = 600
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


def model_reads(
    model: Path, given: Sequence[Any], environ: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return what a trained model makes of texts (`tests.nlu.model_reading`).

    Args:
        model: the model's file.
        given: texts, or texts with what the gateway tells beside them.
        environ: settings beside those of this process.
    """
    done = subprocess.run(
        [PYTHON, "-W", "ignore", "-m", "tests.nlu.model_reading", model, MOMENT],
        cwd=ROOT,
        env={**os.environ, **environ},
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers
