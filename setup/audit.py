"""Looks the locked packages up among known vulnerabilities, where that can be done."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from setup.layout import Layout
from setup.report import Report
from setup.runner import clean_environment

APP_LOCK, RASA_LOCK = "app.txt", "rasa.txt"
NOTES = "docs/security-containment.md"
PATIENCE = 300
FOUND, CLEAN, NOT_LOOKED = 1, 0, 2


def look_up(layout: Layout, report: Report) -> int:
    """Audit both lock files; vulnerabilities of Rasa's need a note.

    Returns:
        0: none without a note; 1: some; 2: not all could be looked up.
    """
    worst = CLEAN
    for name in (APP_LOCK, RASA_LOCK):
        found = _ask(layout, layout.requirements / name)
        if isinstance(found, str):
            report.say(f"{name}: could not look it up. {found}")
            worst = max(worst, NOT_LOOKED)
            continue
        noted = _notes(layout) if name == RASA_LOCK else ""
        rows = list(vulnerable(found, noted))
        passed_over = sum("skip_reason" in one for one in found)
        looked = len(found) - passed_over
        report.say(f"{name}: {looked} packages looked up, {len(rows)} weaknesses.")
        if passed_over:
            report.say(f"{name}: could not look up {passed_over} packages.")
            worst = max(worst, NOT_LOOKED)
        for package, weakness, contained in rows:
            report.say(f"  {package} {weakness}{' (noted)' if contained else ''}")
        if any(not contained for _, _, contained in rows):
            worst = max(worst, FOUND)
    return worst


def vulnerable(
    packages: list[dict[str, Any]], notes: str
) -> Iterator[tuple[str, str, bool]]:
    """Yield package, weakness, and whether the notes say how it is contained.

    Args:
        packages: as pip-audit lists them.
        notes: the text in which each contained weakness is named.
    """
    for package in packages:
        for one in package.get("vulns", ()):
            names = {one["id"], *one.get("aliases", ())}
            contained = any(name in notes for name in names)
            yield f"{package['name']} {package['version']}", one["id"], contained


def _ask(layout: Layout, lock_file: Path) -> list[dict[str, Any]] | str:
    """Return what pip-audit found, or why it could not look."""
    python = layout.venv / "bin" / "python"
    command = [str(python), "-m", "pip_audit", "--requirement", str(lock_file)]
    command += ["--disable-pip", "--no-deps", "--format", "json"]
    command += ["--progress-spinner", "off", "--timeout", "20"]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            env=clean_environment(),
            check=False,
        )
        return list(json.loads(done.stdout)["dependencies"])
    except subprocess.TimeoutExpired:
        return f"No answer within {PATIENCE} seconds."
    except (ValueError, KeyError, TypeError):
        return (done.stderr.strip().splitlines() or ["No answer."])[-1]


def _notes(layout: Layout) -> str:
    try:
        return (layout.root / NOTES).read_text(encoding="utf-8")
    except OSError:
        return ""
