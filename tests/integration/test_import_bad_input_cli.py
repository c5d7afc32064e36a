"""Every bad file is refused by its command, with the reason and what to do (A4, P1).

There is no page that takes files: they come in by the command line alone.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from bad_files import BAD
from sqlalchemy import select
from typer.testing import CliRunner

from pathways.app import Milepost
from pathways.cli.main import app
from pathways.settings import SECRETS, Settings, variable
from pathways.store.base import Base
from pathways.store.models import Person


@pytest.fixture(autouse=True)
def machine(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands work on this test's database."""
    for name in (
        *SECRETS,
        "demo_password",
        "database_url",
        "var_dir",
        "gazetteer_path",
    ):
        monkeypatch.setenv(variable(name), str(getattr(settings, name)))
    assert settings.now is not None
    monkeypatch.setenv(variable("now"), settings.now.isoformat())
    monkeypatch.setenv("COLUMNS", "200")


def everything(milepost: Milepost) -> dict[str, list[str]]:
    """Return every row of every table."""
    with milepost.engine.connect() as connection:
        return {
            table.name: sorted(str(row) for row in connection.execute(select(table)))
            for table in Base.metadata.sorted_tables
        }


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_refused_with_the_reason_and_the_store_is_as_it_was(
    kind: str, milepost: Milepost, student: Person, tmp_path: Path
) -> None:
    bad = BAD[kind]
    before = everything(milepost)
    folder = tmp_path / "bad"
    folder.mkdir()
    name, *options = bad.command.split()
    words = ["import", name, str(bad.make(folder)), *options]

    result = CliRunner().invoke(app, words)

    assert result.exit_code == 1, result.output
    assert bad.said in " ".join(result.output.split())
    assert "Traceback" not in result.output
    assert "root:" not in result.output
    assert len(result.output) < 400_000
    assert everything(milepost) == before


@pytest.mark.parametrize("kind", ["renamed in wages", "half a release", "old wages"])
def test_a_file_that_is_refused_as_a_whole_is_so_with_partial_too(
    kind: str, milepost: Milepost, student: Person, tmp_path: Path
) -> None:
    bad = BAD[kind]
    before = everything(milepost)
    name, *options = bad.command.split()
    words = ["import", name, str(bad.make(tmp_path)), *options, "--partial"]

    result = CliRunner().invoke(app, words)

    assert (result.exit_code, bad.said in " ".join(result.output.split())) == (1, True)
    assert everything(milepost) == before
