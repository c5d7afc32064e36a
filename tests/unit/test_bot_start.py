"""What is stood in for Rasa's imports, and what is said to who uses it (ADR 2)."""

from __future__ import annotations

import subprocess
from pathlib import Path

from rasa_side import in_rasa

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


def test_only_a_server_leaves_out_what_it_never_calls(tmp_path: Path) -> None:
    script = """
        from bot.start import is_server
        served = (
            ["python", "-m", "rasa", "run", "--model", "m"],
            ["/opt/python", "-X", "importtime", "-m", "rasa", "run"],
            ["/opt/python", "/somewhere/bin/rasa", "run"],
        )
        other = (
            ["python", "-m", "rasa", "train", "run"],
            ["python", "-m", "rasa"],
            ["python", "run.py"],
        )
        assert all(is_server(one, {}) for one in served)
        assert not any(is_server(one, {}) for one in other)
        print(is_server(served[0], {"MILEPOST_WHOLE_RASA": "1"}))
    """
    assert in_rasa(script, tmp_path) == "False"


def test_what_a_server_left_out_says_how_to_have_it() -> None:
    lines = errors_of(
        "bot.start.leave_out()\n"
        "from slack_sdk.web.async_client import AsyncWebClient\n"
        "AsyncWebClient('token')"
    )
    assert len(lines) == 1
    assert "slack_sdk.web.async_client.AsyncWebClient" in lines[0]
    assert "MILEPOST_WHOLE_RASA=1" in lines[0]


def test_who_does_without_rich_still_logs_errors() -> None:
    script = (
        "import bot.start\nbot.start.leave_out()\n"
        "import structlog\n"
        "try:\n    1 / 0\nexcept ZeroDivisionError:\n"
        "    structlog.get_logger().exception('told')\n"
    )
    done = subprocess.run(
        [PYTHON, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "ZeroDivisionError: division by zero" in done.stdout


def test_a_server_that_is_up_searches_for_garbage_at_the_usual_pace(
    tmp_path: Path,
) -> None:
    script = """
        import gc
        usual = gc.get_threshold()
        from bot import start
        start.leave_out()
        slow = gc.get_threshold()
        from bot.channel import settle_memory
        settle_memory()
        same = gc.get_threshold() == usual
        print(slow[0] > usual[0], same, gc.get_freeze_count() > 0)
    """
    assert in_rasa(script, tmp_path) == "True True True"
