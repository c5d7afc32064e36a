"""The commands of privacy: what they print, and with which exit code they end."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from canaries import type_everywhere
from databases import file_behind
from little_school import LittleSchool
from typer.testing import CliRunner, Result

from pathways.app import key_ring
from pathways.cli.main import app
from pathways.services.looks import list_looks
from pathways.settings import SECRETS, variable

pytestmark = pytest.mark.usefixtures("forgotten")

RUNNER = CliRunner()


@pytest.fixture
def machine(little: LittleSchool, monkeypatch: pytest.MonkeyPatch) -> LittleSchool:
    """Let the command line work with the same database and tracker."""
    names = ("demo_password", "database_url", "var_dir", "gazetteer_path")
    for name in (*SECRETS, *names, "tracker_url"):
        value = getattr(little.milepost.settings, name)
        monkeypatch.setenv(variable(name), str(value))
    monkeypatch.setenv(variable("now"), little.clock().isoformat())
    monkeypatch.setenv("COLUMNS", "200")
    type_everywhere(little, "student")
    return little


def run(*words: str | Path) -> Result:
    return RUNNER.invoke(app, [str(word) for word in words])


def test_a_copy_for_a_paper_request(machine: LittleSchool, tmp_path: Path) -> None:
    path = tmp_path / "copy.zip"
    refused = run("privacy", "export", "student", path, "--by", "advisor")
    assert refused.exit_code == 1
    assert "neither a counselor nor an administrator" in refused.output
    assert not path.exists()
    stranger = run("privacy", "export", "far_student", path, "--by", "counselor")
    assert "Nobody at this school has the user name" in stranger.output
    done = run("privacy", "export", "student", path, "--by", "counselor")
    assert done.exit_code == 0, done.output
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    looks = list_looks(machine.milepost, machine["student"])
    assert "copy of all data" in {one.what for one in looks}


def test_a_deletion_by_command_asks_if_one_is_sure(machine: LittleSchool) -> None:
    careful = run("privacy", "delete", "student", "--by", "admin")
    assert careful.exit_code == 1
    assert "Add --sure" in careful.output
    done = run("privacy", "delete", "student", "--by", "admin", "--sure")
    assert done.exit_code == 0, done.output
    assert "Deleted: " in done.output
    again = run("privacy", "delete", "student", "--by", "admin", "--sure")
    assert again.exit_code == 1
    assert run("privacy", "resume").output == "0 deletions ended, 0 can't go on now.\n"


def test_retention_is_a_dry_run_unless_told(machine: LittleSchool) -> None:
    assert "Dry run: nothing was taken out." in run("retention").output
    assert "Taken out." in run("retention", "--apply").output


def test_the_log_is_checked_and_tampering_ends_with_1(machine: LittleSchool) -> None:
    good = run("audit", "verify")
    assert good.exit_code == 0
    assert "north: " in good.output
    url = machine.milepost.settings.database_url
    with closing(sqlite3.connect(file_behind(url))) as connection:
        connection.execute("UPDATE access_log SET what = 'x' WHERE place = 1")
        connection.commit()
    bad = run("audit", "verify")
    assert bad.exit_code == 1
    assert "row 1 is not what was written" in bad.output


def test_keys_are_rotated_and_retired(machine: LittleSchool) -> None:
    assert run("keys", "new").exit_code == 1
    rotated = run("keys", "rotate")
    assert rotated.exit_code == 0, rotated.output
    assert "rows sealed anew" in rotated.output
    assert run("keys", "seal").output == "0 rows sealed.\n"
    assert run("keys", "retire").output == "1 keys dropped.\n"
    key_ring(machine.milepost.settings).path.unlink()
    assert run("keys", "new").exit_code == 0
    lost = run("keys", "rotate")
    assert lost.exit_code == 1
    assert "can't be opened with the keys" in lost.output


def test_a_backup_comes_back(
    machine: LittleSchool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "monday.tgz"
    assert "rows in" in run("backup", kept).output
    assert run("backup", kept).exit_code == 1
    full = run("restore", kept)
    assert full.exit_code == 1
    assert "not empty" in full.output
    monkeypatch.setenv("MILEPOST_DATABASE_URL", f"sqlite:///{tmp_path}/new/m.db")
    back = run("restore", kept)
    assert back.exit_code == 0, back.output
    assert run("audit", "verify").exit_code == 0
