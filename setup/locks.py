"""Resolves the requirements again, with the options each lock file names itself."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

from setup.layout import Layout
from setup.report import Report, SetupError
from setup.runner import Runner

ORDER = ("rasa", "app", "dev", "node")
COMMAND_MARK = "#    uv pip compile "


def lock(layout: Layout, runner: Runner, report: Report) -> int:
    """Resolve every `requirements/*.in` to its newest allowed versions.

    Raises:
        SetupError: uv failed, or a lock file does not say how it was made.
    """
    uv = _uv(layout, runner, report)
    folder = layout.requirements
    for name in ORDER:
        command = [uv, "pip", "compile", *options(folder / f"{name}.txt"), "--upgrade"]
        with report.step(f"Resolving requirements/{name}.in"):
            runner.run(command, "lock", folder=folder)
    report.say("The next make run installs what has changed.")
    return 0


def options(lock_file: Path) -> list[str]:
    """The arguments of `uv pip compile` that the lock file's header names.

    Raises:
        SetupError: there is no such header.
    """
    for line in lock_file.read_text(encoding="utf-8").splitlines()[:5]:
        if line.startswith(COMMAND_MARK):
            return shlex.split(line.removeprefix(COMMAND_MARK))
    raise SetupError(f"{lock_file} does not say how it was made (uv's header).")


def _uv(layout: Layout, runner: Runner, report: Report) -> str:
    found = shutil.which("uv")
    if found:
        return found
    folder = layout.var / "uv-env"
    python = folder / "bin" / "python"
    if not (folder / "bin" / "uv").is_file():
        with report.step("Fetching uv, which resolves requirements"):
            runner.run([sys.executable, "-m", "venv", folder], "uv")
            runner.run([python, "-m", "pip", "install", "uv"], "uv")
    return str(folder / "bin" / "uv")
