"""Rasa itself finds nothing wrong with domain, rules, stories and examples."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
COMMAND = ["-m", "rasa", "data", "validate", "--fail-on-warnings"]
FILES = ["--domain", "domain.yml", "--config", "config.yml", "--data", "data"]


@pytest.mark.timeout(600)
def test_rasa_validates_the_assistants_files() -> None:
    """Training skips this check (setup/model.py), so it stands here."""
    done = subprocess.run(
        [PYTHON, *COMMAND, *FILES],
        cwd=ROOT,
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "false"},
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
