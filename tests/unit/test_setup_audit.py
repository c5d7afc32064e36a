"""The audit of the locked packages: what counts, and saying that one could not look."""

from __future__ import annotations

import io
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from setup import audit
from setup.audit import CLEAN, FOUND, NOT_LOOKED, look_up, vulnerable
from setup.layout import Layout
from setup.report import Report

ROOT = Path(__file__).parents[2]
GOOD = {"name": "good", "version": "1", "vulns": []}
BAD = {
    "name": "bad",
    "version": "2",
    "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-7"]}],
}


def audited(
    layout: Layout, monkeypatch: pytest.MonkeyPatch, answers: dict[str, Any]
) -> tuple[int, str]:
    """Run the audit with given answers by lock file; return its code and words."""

    def run(command: list[str], **more: Any) -> subprocess.CompletedProcess[str]:
        name = Path(command[command.index("--requirement") + 1]).name
        found = answers[name]
        if isinstance(found, Exception):
            raise found
        text = found if isinstance(found, str) else json.dumps({"dependencies": found})
        return subprocess.CompletedProcess(command, 1, text, "no route to host")

    monkeypatch.setattr(audit.subprocess, "run", run)
    out = io.StringIO()
    return look_up(layout, Report(out)), out.getvalue()


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    (tmp_path / "docs").mkdir()
    (tmp_path / audit.NOTES).write_text("- CVE-7: not reachable.")
    return Layout(tmp_path)


def test_a_weakness_of_the_pages_fails_and_a_noted_one_of_rasa_does_not(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, words = audited(layout, monkeypatch, {"app.txt": [GOOD], "rasa.txt": [BAD]})
    assert (code, "bad 2 PYSEC-1 (noted)" in words) == (CLEAN, True)
    code, _ = audited(layout, monkeypatch, {"app.txt": [BAD], "rasa.txt": [GOOD]})
    assert code == FOUND
    (layout.root / audit.NOTES).write_text("")
    code, _ = audited(layout, monkeypatch, {"app.txt": [GOOD], "rasa.txt": [BAD]})
    assert code == FOUND


@pytest.mark.parametrize("answer", ["", subprocess.TimeoutExpired("pip-audit", 1)])
def test_where_it_could_not_look_it_says_so(
    answer: Any, layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, words = audited(layout, monkeypatch, {"app.txt": answer, "rasa.txt": [GOOD]})
    assert code == NOT_LOOKED
    assert "app.txt: could not look it up." in words


def test_a_package_that_the_source_does_not_know_is_no_clean_package(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = {"name": "good", "skip_reason": "not found"}
    code, words = audited(
        layout, monkeypatch, {"app.txt": [unknown, GOOD], "rasa.txt": [GOOD]}
    )
    assert code == NOT_LOOKED
    assert "could not look up 1 packages" in words


def test_every_weakness_is_listed() -> None:
    rows = list(vulnerable([GOOD, BAD], "CVE-7"))
    assert rows == [("bad 2", "PYSEC-1", True)]


def test_the_containment_notes_speak_of_versions_that_are_locked() -> None:
    """A note on a version that is gone is out of date."""
    notes = (ROOT / audit.NOTES).read_text(encoding="utf-8")
    locked = (ROOT / "requirements" / "rasa.txt").read_text(encoding="utf-8")
    named = re.findall(r"^\| `([\w.-]+)==([\w.]+)` \|", notes, re.MULTILINE)
    assert len(named) >= 4
    for name, version in named:
        assert f"\n{name}=={version} " in f"\n{locked}", (name, version)
