"""Says what is missing on this machine and how to get it. Needs nothing installed."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from setup.environments import app_environment, is_good, rasa_environment
from setup.frontend import is_frontend_good, machine_npm
from setup.layout import Layout, read_env_file
from setup.model import content_hash, current, read_manifest
from setup.ports import is_free
from setup.report import Report, SetupError
from setup.runner import Runner, clean_environment
from setup.state import is_running, read_state
from setup.system import TEST_TOOLS, can_install, how_to_get

NEEDED_GB = 4.0
PREFIX = "MILEPOST_"
DEFAULT_PORT = "8000"
NOT_SETTINGS = {"MILEPOST_PYTHON"}


class Verdict(StrEnum):
    """How a finding counts."""

    OK = "ok"
    LATER = "later"
    OPTIONAL = "optional"
    MISSING = "missing"


@dataclass(frozen=True)
class Finding:
    """One line of the doctor."""

    verdict: Verdict
    what: str
    advice: str = ""


def doctor(layout: Layout, runner: Runner, report: Report) -> int:
    """Print one line for each finding.

    Returns:
        1 when something is missing that `make run` cannot get by itself.
    """
    findings = list(examine(layout))
    for finding in findings:
        advice = f" -> {finding.advice}" if finding.advice else ""
        report.say(f"{finding.verdict:<9}{finding.what}{advice}")
    missing = any(finding.verdict is Verdict.MISSING for finding in findings)
    report.say("Something is missing." if missing else "Ready for `make run`.")
    return 1 if missing else 0


def examine(layout: Layout) -> Iterator[Finding]:
    """Look at everything Milepost needs, most basic first."""
    yield Finding(Verdict.OK, f"Python {platform.python_version()}")
    yield _disk(layout)
    yield from _environments(layout)
    yield _frontend(layout)
    yield _model(layout)
    yield from _tools()
    yield from _settings(layout)
    yield _port(layout)


def _disk(layout: Layout) -> Finding:
    free = shutil.disk_usage(layout.root).free / 1e9
    what = f"{free:.0f} GB free, {NEEDED_GB:.0f} GB needed once"
    built = is_good(app_environment(layout)) and is_good(rasa_environment(layout))
    if free < NEEDED_GB and not built:
        return Finding(Verdict.MISSING, what, "make room on this disk")
    if not os.access(layout.root, os.W_OK):
        advice = f"let this user write to {layout.root}"
        return Finding(Verdict.MISSING, "a folder that can be written to", advice)
    return Finding(Verdict.OK, what)


def _environments(layout: Layout) -> Iterator[Finding]:
    for environment in (app_environment(layout), rasa_environment(layout)):
        if is_good(environment):
            yield Finding(Verdict.OK, environment.title)
        else:
            advice = "make run builds it (about two minutes)"
            yield Finding(Verdict.LATER, environment.title, advice)


def _frontend(layout: Layout) -> Finding:
    what = "Fonts and scripts for the pages"
    if is_frontend_good(layout):
        return Finding(Verdict.OK, what)
    source = "this machine's npm" if machine_npm() else "Node from PyPI"
    return Finding(Verdict.LATER, what, f"make run gets them with {source}")


def _model(layout: Layout) -> Finding:
    what = "Trained assistant"
    try:
        known = read_manifest(layout.models)
        if known and known[0].hash == content_hash(layout.root):
            return Finding(Verdict.OK, f"{what} {current(layout.models).name}")
    except SetupError as error:
        return Finding(Verdict.MISSING, what, str(error))
    return Finding(Verdict.LATER, what, "make run trains it")


def _tools() -> Iterator[Finding]:
    for tool in TEST_TOOLS:
        what = f"{tool.package} for {tool.serves}"
        if tool.path():
            yield Finding(Verdict.OK, what)
        elif can_install():
            yield Finding(Verdict.LATER, what, "make test installs it")
        else:
            yield Finding(Verdict.OPTIONAL, what, how_to_get(tool))


def _settings(layout: Layout) -> Iterator[Finding]:
    """Load the settings as the product does, once its environment is there."""
    app = app_environment(layout)
    if not is_good(app):
        yield Finding(Verdict.LATER, "Settings", "checked once .venv is there")
        return
    code = (
        "from pathways.settings import *\n"
        "try: Settings.load()\n"
        "except SettingsError as error: raise SystemExit(str(error))\n"
        "print(*map(variable, Settings.model_fields))"
    )
    command = [str(app.python), "-c", code]
    done = subprocess.run(
        command,
        cwd=layout.root,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = " ".join(done.stderr.split())
        verdict = Verdict.MISSING if layout.local_env.is_file() else Verdict.LATER
        yield Finding(verdict, "Settings", said)
        return
    yield Finding(Verdict.OK, "Settings")
    known = set(done.stdout.split()) | NOT_SETTINGS
    for name in sorted(_named(layout.root) - known):
        advice = "no such setting; see .env.example"
        yield Finding(Verdict.OPTIONAL, name, advice)


def _named(root: Path) -> set[str]:
    names = set(os.environ) | set(read_env_file(root / ".env"))
    return {name for name in names if name.startswith(PREFIX)}


def _port(layout: Layout) -> Finding:
    if is_running(layout.run):
        state = read_state(layout.run)
        where = state.address if state else "starting"
        return Finding(Verdict.OK, f"Milepost runs: {where}")
    files = read_env_file(layout.local_env) | read_env_file(layout.root / ".env")
    values = files | {name: value for name, value in os.environ.items() if value}
    host = values.get("MILEPOST_HOST") or "127.0.0.1"
    port = values.get("MILEPOST_PORT") or DEFAULT_PORT
    if port.isdecimal() and not is_free(host, int(port)):
        return Finding(
            Verdict.OPTIONAL, f"Port {port} is taken", "make run uses another"
        )
    return Finding(Verdict.OK, f"Port {port} is free")
