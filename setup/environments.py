"""The two Python environments: built from hash-locked files, trusted by a stamp."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from setup.layout import Layout
from setup.report import Report, SetupError, Step
from setup.runner import Runner

FORMAT = "1"
STAMP = ".milepost-stamp"
DEV_STAMP = ".milepost-dev-stamp"
# pip compiles too, but on one core. Some packages carry templates that are no
# Python: those are passed over. PYTHONDONTWRITEBYTECODE has no say in this.
COMPILE = (
    "import compileall, os, sysconfig;"
    "folder = sysconfig.get_path('purelib');"
    "compileall.compile_dir(folder, quiet=2, workers=os.cpu_count() or 1)"
)
ADVICE = (
    "Check the network and the free space (3 GB), then run the command again: "
    "it starts this environment afresh."
)


@dataclass(frozen=True)
class Environment:
    """One virtual environment and the lock file it is made from."""

    title: str
    folder: Path
    lock: Path
    options: tuple[str, ...] = ()

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    @property
    def site_packages(self) -> Path:
        """Where its packages stand."""
        return self.folder / "lib" / "python3.11" / "site-packages"


def app_environment(layout: Layout) -> Environment:
    """The product's environment."""
    return Environment(
        "Environment for the pages (.venv)",
        layout.venv,
        layout.requirements / "app.txt",
    )


def rasa_environment(layout: Layout) -> Environment:
    """The assistant's environment; Rasa 3.6 itself asks for an older Python."""
    return Environment(
        "Environment for the assistant (.venv-rasa)",
        layout.venv_rasa,
        layout.requirements / "rasa.txt",
        ("--ignore-requires-python",),
    )


def is_good(environment: Environment) -> bool:
    """Whether the environment is complete, for this lock file and this folder."""
    stamp = _read_stamp(environment.folder / STAMP)
    return (
        bool(stamp)
        and environment.python.exists()
        and stamp == _stamp(environment.folder, environment.lock)
    )


def is_dev_good(environment: Environment, lock: Path) -> bool:
    """Whether what tests and checks need is complete in the environment."""
    stamp = _read_stamp(environment.folder / DEV_STAMP)
    return bool(stamp) and stamp == _stamp(environment.folder, lock)


def build(
    environment: Environment, python: Path, runner: Runner, report: Report
) -> None:
    """Make the environment anew; its stamp is written last.

    Raises:
        SetupError: a program failed; the half-made folder is rebuilt next time.
    """
    total = len(list(pinned(environment.lock)))
    with report.step(environment.title, f"{total} packages") as step:
        shutil.rmtree(environment.folder, ignore_errors=True)
        label = environment.folder.name.removeprefix(".")
        runner.run([python, "-m", "venv", environment.folder], label, advice=ADVICE)
        _install(environment, environment.lock, runner, step, label)
        _write_stamp(environment.folder, environment.lock, STAMP)


def install_dev(
    environment: Environment, lock: Path, runner: Runner, report: Report
) -> None:
    """Install what tests and checks need on top of the product's environment.

    Raises:
        SetupError: pip failed.
    """
    total = len(list(pinned(lock)))
    with report.step("Tools for tests and checks", f"{total} packages") as step:
        _install(environment, lock, runner, step, "dev")
        _write_stamp(environment.folder, lock, DEV_STAMP)


def pinned(lock: Path) -> Iterator[str]:
    """Names and versions in a lock file, in its order."""
    for line in lock.read_text(encoding="utf-8").splitlines():
        if line[:1].isalnum() and "==" in line:
            yield line.split(";")[0].rstrip(" \\")


def _install(
    environment: Environment, lock: Path, runner: Runner, step: Step, label: str
) -> None:
    command: list[str | Path] = [environment.python, "-m", "pip", "install"]
    command += ["--no-deps", "--require-hashes", "--no-compile"]
    command += ["--progress-bar", "off", *environment.options, "-r", lock]
    total = len(list(pinned(lock)))
    collected = 0

    def progress(line: str) -> None:
        nonlocal collected
        if line.startswith("Collecting "):
            collected += 1
            step.note = f"{collected} of {total} packages fetched"
        elif line.startswith("Installing collected"):
            step.note = "installing"

    try:
        runner.run(command, label, on_line=progress)
    except SetupError:
        collected, step.note = 0, "second try"
        runner.run(command, label, advice=ADVICE, on_line=progress)
    step.note = "compiling"
    runner.run([environment.python, "-W", "ignore", "-c", COMPILE], label)


def _stamp(folder: Path, lock: Path) -> dict[str, str]:
    """What must be the same for the environment to be trusted."""
    return {
        "format": FORMAT,
        "folder": str(folder),
        "lock": hashlib.sha256(lock.read_bytes()).hexdigest(),
        "python": python_version(folder),
    }


def python_version(folder: Path) -> str:
    """Python version an environment was made with, as in 3.11.7; '' if unknown."""
    try:
        text = (folder / "pyvenv.cfg").read_text(encoding="utf-8")
    except OSError:
        return ""
    pairs = (line.partition("=") for line in text.splitlines())
    return {key.strip(): value.strip() for key, _, value in pairs}.get("version", "")


def _read_stamp(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write_stamp(folder: Path, lock: Path, name: str) -> None:
    half = folder / f"{name}.half"
    half.write_text(json.dumps(_stamp(folder, lock)), encoding="utf-8")
    half.replace(folder / name)
