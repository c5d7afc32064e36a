"""The other side: Rasa as `pip install` and `rasa init` bring it.

It lives in an environment of its own on Python 3.10, which nothing else needs,
and its assistant in `var/bench/stock`: the pipeline, the stories and the REST
channel are those that `rasa init` writes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from setup.environments import Environment, build, is_good
from setup.layout import Layout
from setup.model import file_sha256
from setup.report import Report, SetupError
from setup.runner import Runner

LOCK = Path(__file__).with_name("requirements-stock.txt")
MADE = ".milepost-made"
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "PYTHONUNBUFFERED": "1"}
NO_PYTHON = (
    "The stock side needs a Python 3.10, and there is none: Rasa 3.6 refuses a newer "
    "one. `uv python install 3.10` or `pyenv install 3.10` gets it. What compares "
    "with stock Rasa is left out."
)


@dataclass(frozen=True)
class Stock:
    """A trained `rasa init` assistant and the environment that runs it."""

    python: Path
    folder: Path
    model: Path

    @property
    def config(self) -> Path:
        """The config that `rasa init` wrote, which leaves the pipeline to Rasa."""
        return self.folder / "config.yml"

    def command(self, *arguments: str) -> list[str]:
        """Return the command line of a Rasa of this environment."""
        return [str(self.python), "-m", "rasa", *arguments]


def environment(layout: Layout) -> Environment:
    """The stock side's own environment."""
    return Environment(
        "Environment for stock Rasa (.venv-stock)", layout.root / ".venv-stock", LOCK
    )


def ensure_stock(layout: Layout, runner: Runner, report: Report) -> Stock:
    """Make what is missing of the stock side; the first time takes some ten minutes.

    Raises:
        SetupError: there is no Python 3.10, or a program failed.
    """
    made = environment(layout)
    if not is_good(made):
        build(made, find_python(), runner, report)
    folder = layout.var / "bench" / "stock"
    mark = folder / MADE
    wanted = file_sha256(LOCK)
    if not mark.is_file() or mark.read_text(encoding="utf-8").strip() != wanted:
        _init(made.python, folder, runner, report)
        mark.write_text(f"{wanted}\n", encoding="utf-8")
    model = max((folder / "models").glob("*.tar.gz"))
    return Stock(made.python, folder, model)


def find_python() -> Path:
    """Return a Python 3.10 that can make environments.

    Raises:
        SetupError: there is none; the message says how to get one.
    """
    for path in _candidates():
        if _works(path):
            return path
    raise SetupError(NO_PYTHON)


def _init(python: Path, folder: Path, runner: Runner, report: Report) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    command: list[str | Path] = ["nice", "-n", "19", python, "-m", "rasa"]
    command += ["init", "--no-prompt", "--init-dir", folder]
    with report.step("Stock assistant (rasa init, trains for minutes)"):
        runner.run(command, "stock", extra=QUIET, folder=folder)


def _candidates() -> Iterator[Path]:
    found = shutil.which("python3.10")
    if found:
        yield Path(found)
    roots = [os.environ.get("PYENV_ROOT", ""), str(Path.home() / ".pyenv")]
    for root in filter(None, roots):
        yield from sorted(Path(root).glob("versions/3.10.*/bin/python3"), reverse=True)
    if shutil.which("uv"):
        done = subprocess.run(
            ["uv", "python", "find", "3.10"],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            yield Path(done.stdout.strip())


def _works(python: Path) -> bool:
    """Whether it runs, is a 3.10 and can make environments (a shim may not)."""
    code = (
        "import sys, venv, ensurepip, ssl, sqlite3;"
        "sys.exit(sys.version_info[:2] != (3, 10))"
    )
    try:
        done = subprocess.run([python, "-c", code], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0
