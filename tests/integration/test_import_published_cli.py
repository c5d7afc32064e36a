"""The commands for published facts, as staff type them."""

import re
from pathlib import Path

import pytest
from published_files import WAGES, files_of, onet_tables, write, write_zip
from typer.testing import CliRunner, Result

from pathways.app import Milepost
from pathways.cli.main import app
from pathways.settings import SECRETS, Settings, variable
from pathways.store.imports import ImportRepository
from pathways.store.models import School

RUNNER = CliRunner()
WAGE = "29-1141,Registered Nurses,Ohio,1,1,1,82510,1,\n"


@pytest.fixture(autouse=True)
def machine(
    settings: Settings, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (*SECRETS, "demo_password", "database_url", "gazetteer_path"):
        monkeypatch.setenv(variable(name), str(getattr(settings, name)))
    assert settings.now is not None
    monkeypatch.setenv(variable("now"), settings.now.isoformat())
    monkeypatch.setenv("COLUMNS", "200")


def run(*words: str | Path) -> Result:
    return RUNNER.invoke(app, [str(word) for word in words])


def test_a_release_from_a_zip_to_a_draft(
    milepost: Milepost, school: School, tmp_path: Path
) -> None:
    zipped = write_zip(tmp_path / "db.zip", files_of(onet_tables(), "xlsx"))
    ours = tmp_path / "ours"
    ours.mkdir()
    write(ours / "clusters.csv", "code,title\npublic_service_safety,Public Service\n")
    assert run("import", "catalog", ours).exit_code == 0

    first = run("import", "onet", zipped)
    again = run("import", "onet", zipped)
    shown = run("catalog", "facts", "29-1141")
    taken = run("catalog", "draft", "55-3019", "--cluster", "public_service_safety")

    assert "9 created, 0 changed" in first.output
    assert "3 occupations, 2 with interests" in first.output
    assert "0 created, 0 changed, 9 unchanged" in again.output
    assert "source: O*NET 29.3 Database, as of 2025-05-01" in shown.output
    assert "information from the O*NET 29.3 Database by the U.S." in shown.output
    assert taken.output == (
        "55-3019 Military Specialists, All Other is a draft in public_service_safety.\n"
    )
    assert run("catalog", "facts", "11-1011").exit_code == 1
    with milepost.work() as work:
        rows = ImportRepository(work.session)
        kept = rows.last_run(school.id, "onet", "db.zip")
    assert kept is not None
    assert re.fullmatch("[0-9a-f]{64}", kept.sha256)
    assert kept.counts["rejected"] == 0


def test_a_rejected_row_is_shown_and_the_exit_code_says_so(tmp_path: Path) -> None:
    path = write(tmp_path / "oews_may2025.csv", f"{WAGES}{WAGE}x{WAGE}")

    refused = run("import", "oews", path)
    partly = run("import", "oews", path, "--partial")
    dry = run("import", "oews", path, "--dry-run")

    line = (
        'rejected: oews_may2025.csv line 3, soc_code: "x29-1141" '
        "write a SOC code like 29-1141"
    )
    assert {one.exit_code for one in (refused, partly, dry)} == {1}
    assert all(line in one.output for one in (refused, partly, dry))
    assert "Nothing was saved." in refused.output
    assert "Saved." in partly.output


def test_a_file_that_can_not_be_used_is_said_in_one_line(tmp_path: Path) -> None:
    nameless = write(tmp_path / "wages.csv", WAGES + WAGE)

    result = run("import", "oews", nameless)

    assert (result.exit_code, len(result.output.splitlines())) == (1, 1)
    assert "--year 2025" in result.output
    assert run("import", "oews", nameless, "--year", "2025").exit_code == 0
