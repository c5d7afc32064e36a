"""What each make target does. Each returns an exit code."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from setup.audit import look_up
from setup.doctor import doctor
from setup.layout import Layout
from setup.locks import lock
from setup.model import ensure_model, go_back
from setup.prepare import ensure_environments, one_at_a_time, prepare
from setup.report import Report, SetupError
from setup.runner import Runner, clean_environment
from setup.state import (
    already_running,
    announce,
    end_orphans,
    is_running,
)
from setup.state import stop as stop_process
from setup.system import BENCH_TOOLS, TEST_TOOLS, ensure_tools

LINTED = ("pathways", "actions", "web", "setup", "bot", "tests", "bench")
BUILT = (
    ".venv",
    ".venv-rasa",
    ".rasa",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
    "node_modules",
    "models",
    "web/static/vendor",
)
MOST_TEST_WORKERS = 4  # each may run an assistant and a browser of its own
BUILT_IN_VAR = ("node-env", "uv-env", "train", "nlu", "log", "run")


def run(layout: Layout, runner: Runner, report: Report) -> int:
    """Prepare everything, then become the supervisor."""
    if is_running(layout.run):
        report.say(already_running(layout.run))
        return 0
    layout.make_private()
    announce(layout.run)
    prepare(layout, runner, report)
    _become(layout, ["-m", "setup.supervise"])


def stop(layout: Layout, runner: Runner, report: Report) -> int:
    """Stop the supervisor and whatever a broken run has left."""
    try:
        stopped = stop_process(layout.run)
    except TimeoutError:
        raise SetupError("Milepost does not stop. See the logs: make logs") from None
    if is_running(layout.run):
        raise SetupError(
            "Another Milepost of this folder runs; `make stop` again stops that one."
            if stopped
            else f"Milepost runs, but {layout.run} does not tell which process it is."
        )
    left = end_orphans(layout.run)
    if left:
        report.say(f"Ended what was left: {', '.join(left)}.")
    report.say("Milepost has stopped." if stopped else "Milepost does not run.")
    return 0


def logs(layout: Layout, runner: Runner, report: Report) -> int:
    """Follow all logs until Ctrl-C."""
    files = sorted(layout.logs.glob("*.log"))
    if not files:
        raise SetupError("No logs yet: `make run` writes them.")
    command = ["tail", "-n", "30", "-F", *map(str, files)]
    os.execvp(command[0], command)


def test(layout: Layout, runner: Runner, report: Report) -> int:
    """Prepare everything, then become the test runner, a worker for each core."""
    prepare(layout, runner, report, dev=True)
    ensure_tools(TEST_TOOLS, runner, report)
    workers = str(min(MOST_TEST_WORKERS, os.cpu_count() or 1))
    shared_out = ["-n", workers, "--dist", "loadfile", "--no-loadscope-reorder"]
    _become(layout, ["-m", "pytest", *shared_out])


def train(layout: Layout, runner: Runner, report: Report) -> int:
    """Train the assistant whether or not anything has changed."""
    with one_at_a_time(layout, report):
        ensure_environments(layout, runner, report)
        path = ensure_model(layout, datetime.now(UTC), runner, report, force=True)
    report.say(f"Trained: {path.relative_to(layout.root)}")
    return 0


def rollback(layout: Layout, runner: Runner, report: Report) -> int:
    """Go back to the model before; a running Milepost changes within a minute."""
    path = go_back(layout.models)
    report.say(f"The model to run: {path.relative_to(layout.root)}")
    if is_running(layout.run):
        report.say("Milepost changes to it now; `make logs` shows when it is done.")
    report.say("The next `make run` takes the model of the files as they are then.")
    return 0


def check(layout: Layout, runner: Runner, report: Report) -> int:
    """Check format, lint and types; all three, even when the first fails."""
    with one_at_a_time(layout, report):
        ensure_environments(layout, runner, report, dev=True)
    folders = [name for name in LINTED if (layout.root / name).is_dir()]
    failed = False
    for command in (["ruff", "format", "--check"], ["ruff", "check"], ["mypy"]):
        targets = [] if command == ["mypy"] else folders
        report.say(f"{' '.join(command)} ...")
        line = [str(layout.venv / "bin" / "python"), "-m", *command, *targets]
        done = subprocess.run(
            line, cwd=layout.root, env=clean_environment(), check=False
        )
        failed |= done.returncode != 0
    return 1 if failed else 0


def bench(layout: Layout, runner: Runner, report: Report) -> int:
    """Prepare everything, then become the benchmarks."""
    prepare(layout, runner, report, dev=True)
    ensure_tools(BENCH_TOOLS, runner, report)
    _become(layout, ["-m", "bench"])


def faults(layout: Layout, runner: Runner, report: Report) -> int:
    """Prepare everything, then become the full fault runs."""
    prepare(layout, runner, report, dev=True)
    _become(layout, ["tests/faults/full.py"])


def audit(layout: Layout, runner: Runner, report: Report) -> int:
    """Look the locked packages up among known vulnerabilities."""
    with one_at_a_time(layout, report):
        ensure_environments(layout, runner, report, dev=True)
    return look_up(layout, report)


def clean(layout: Layout, runner: Runner, report: Report) -> int:
    """Remove what was built; the database, its secrets and its files stay."""
    if is_running(layout.run):
        raise SetupError("Milepost runs. Stop it first: make stop")
    end_orphans(layout.run)
    folders = [layout.root / name for name in BUILT]
    folders += [layout.var / name for name in BUILT_IN_VAR]
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    for cache in layout.root.rglob("__pycache__"):
        shutil.rmtree(cache, ignore_errors=True)
    report.say(f"Removed what was built. {layout.var} keeps the data and secrets.")
    return 0


def _become(layout: Layout, arguments: list[str]) -> NoReturn:
    """Turn this process into one of the product's environment."""
    python = str(Path(layout.venv / "bin" / "python"))
    sys.stdout.flush()
    os.chdir(layout.root)
    os.execve(python, [python, *arguments], clean_environment())


COMMANDS: dict[str, Callable[[Layout, Runner, Report], int]] = {
    "run": run,
    "stop": stop,
    "logs": logs,
    "doctor": doctor,
    "test": test,
    "train": train,
    "rollback": rollback,
    "check": check,
    "bench": bench,
    "faults": faults,
    "audit": audit,
    "lock": lock,
    "clean": clean,
}
