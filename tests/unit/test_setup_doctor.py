import io
import socket
from collections import namedtuple
from pathlib import Path

import pytest

from setup import doctor
from setup.doctor import Verdict, examine
from setup.layout import ROOT, Layout
from setup.report import Report
from setup.runner import Runner

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def fresh(tmp_path: Path) -> Layout:
    """A clone in which nothing has been set up."""
    (tmp_path / "requirements").mkdir()
    for name in ("app.txt", "rasa.txt", "node.txt", "dev.txt"):
        text = (ROOT / "requirements" / name).read_text()
        (tmp_path / "requirements" / name).write_text(text)
    (tmp_path / "package-lock.json").write_text("{}")
    return Layout(tmp_path)


def verdicts(layout: Layout) -> dict[str, Verdict]:
    return {finding.what: finding.verdict for finding in examine(layout)}


def test_a_fresh_clone_is_told_what_make_run_will_do(fresh: Layout) -> None:
    found = verdicts(fresh)

    assert found["Environment for the pages (.venv)"] is Verdict.LATER
    assert found["Environment for the assistant (.venv-rasa)"] is Verdict.LATER
    assert found["Fonts and scripts for the pages"] is Verdict.LATER
    assert found["Trained assistant"] is Verdict.LATER
    assert Verdict.MISSING not in found.values()


def test_the_doctor_changes_nothing(fresh: Layout) -> None:
    before = sorted(fresh.root.rglob("*"))

    list(examine(fresh))

    assert sorted(fresh.root.rglob("*")) == before


def test_a_full_disk_is_missing_room(
    fresh: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = Usage(int(1e10), int(1e10), int(1e9))
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda folder: full)
    out = io.StringIO()

    code = doctor.doctor(fresh, Runner(fresh.root, fresh.setup_log), Report(out))

    assert code == 1
    assert "missing  1 GB free, 4 GB needed once -> make room" in out.getvalue()
    assert out.getvalue().endswith("Something is missing.\n")


def test_a_taken_port_is_told(fresh: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        monkeypatch.setenv("MILEPOST_HOST", "127.0.0.1")
        monkeypatch.setenv("MILEPOST_PORT", port)

        assert verdicts(fresh)[f"Port {port} is taken"] is Verdict.OPTIONAL


def test_a_mistyped_setting_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MILEPOST_PROT", "8000")

    found = {finding.what: finding for finding in examine(Layout.find())}

    assert found["Settings"].verdict is Verdict.OK
    assert ".env.example" in found["MILEPOST_PROT"].advice
    assert "MILEPOST_PORT" not in found
