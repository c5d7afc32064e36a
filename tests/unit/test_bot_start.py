"""A pipeline that needs TensorFlow gets one sentence (ADR 2)."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-rasa" / "bin" / "python"


def errors_of(script: str) -> list[str]:
    done = subprocess.run(
        [PYTHON, "-c", f"import bot.start\n{script}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    return done.stderr.strip().splitlines()


def test_who_computes_with_tensorflow_reads_one_sentence() -> None:
    lines = errors_of(
        "import tensorflow as tf\n"
        "try:\n    tf.keras.layers.Dense(3)\n"
        "except ImportError as error:\n    raise RuntimeError('deep') from error"
    )
    assert len(lines) == 1
    assert lines[0].startswith("This assistant runs without TensorFlow")


def test_any_other_error_is_shown_whole() -> None:
    lines = errors_of("raise RuntimeError('something else')")
    assert lines[0].startswith("Traceback")
    assert lines[-1] == "RuntimeError: something else"
