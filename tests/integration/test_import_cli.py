import re
from datetime import date
from pathlib import Path

import pytest
import typer
from typer.main import get_group
from typer.testing import CliRunner, Result

from pathways import demo
from pathways.app import Milepost
from pathways.cli import doctor
from pathways.cli.main import app
from pathways.demo.generate import STARTER
from pathways.formats.catalog_csv import read_folder
from pathways.services.sign_in import sign_in
from pathways.settings import SECRETS, Settings, variable
from pathways.store.models import Person, School

RUNNER = CliRunner()

ROWS = len(read_folder(STARTER).placed)


@pytest.fixture(autouse=True)
def machine(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
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


def run(*words: str | Path, text: str = "") -> Result:
    return RUNNER.invoke(app, [str(word) for word in words], input=text)


def test_a_whole_school_from_the_command_line(
    milepost: Milepost, tmp_path: Path
) -> None:
    files = demo.write_demo(tmp_path / "files", today=demo_day(milepost))
    add = ("school", "add", "riverbend", "--name", "Riverbend Local Schools")

    steps = [
        run("db", "upgrade"),
        run(*add, "--safety-adult", "Ms. Rivera, the school counselor"),
        run("import", "catalog", STARTER),
        run("import", "people", files.people),
        run("import", "courses", files.courses),
        run("import", "mastery", files.canvas, "--format", "canvas"),
        run("import", "mastery", files.skills, "--format", "csv"),
        run("user", "password", "maya", "--password-stdin", text="a-long-secret\n"),
        run("catalog", "version"),
    ]

    assert [step.exit_code for step in steps] == [0] * len(steps), steps
    assert f"{ROWS} read, {ROWS} created" in steps[2].output
    assert "Saved." in steps[6].output
    assert steps[-1].output.startswith("version 1, 2026-11-21 10:00")
    assert sign_in(milepost, "maya", "a-long-secret")

    again = run("import", "mastery", files.canvas, "--format", "canvas")
    assert "0 created, 0 changed" in again.output

    exported = run("export", "catalog", tmp_path / "out")
    assert exported.exit_code == 0
    assert f"{ROWS} unchanged" in run("import", "catalog", tmp_path / "out").output

    listed = run("user", "list", "--role", "student")
    assert "maya\tstudent\tMaya Brooks\t10\tyes" in listed.output
    first = run("user", "conversation", "maya").output
    assert re.fullmatch(r"[0-9a-f-]{36}\n", first)
    assert run("user", "conversation", "maya").output == first
    assert run("user", "conversation", "ortiz").exit_code == 1


def demo_day(milepost: Milepost) -> date:
    return milepost.clock().astimezone(milepost.settings.zone).date()


def test_rejected_rows_are_shown_and_the_exit_code_says_so(
    school: School, tmp_path: Path
) -> None:
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "clusters.csv").write_text("code,title\na,A\nb,\n")

    refused = run("import", "catalog", folder)
    partly = run("import", "catalog", folder, "--partial")
    dry = run("import", "catalog", folder, "--dry-run")
    checked = run("catalog", "check", folder)

    assert {one.exit_code for one in (refused, partly, dry, checked)} == {1}
    line = "rejected: clusters.csv line 3, title: write something here"
    assert all(line in one.output for one in (refused, partly, dry, checked))
    assert "Nothing was saved." in refused.output
    assert "Saved." in partly.output
    assert "Dry run" in dry.output


def test_a_file_that_is_not_there_is_said_in_one_line(school: School) -> None:
    result = run("import", "mastery", "none.csv", "--format", "csv")

    assert result.exit_code == 1
    assert result.output == "none.csv: there is no such file.\n"


def test_without_a_school_the_next_step_is_named(tmp_path: Path) -> None:
    result = run("import", "catalog", STARTER)

    assert result.exit_code == 1
    assert "milepost school add" in result.output


def test_without_a_schema_the_next_step_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MILEPOST_DATABASE_URL", f"sqlite:///{tmp_path}/new.db")

    assert "milepost db upgrade" in run("school", "list").output
    assert run("db", "upgrade").exit_code == 0
    assert run("school", "list").exit_code == 0


def test_one_school_must_be_named_among_several(school: School, tmp_path: Path) -> None:
    run("school", "add", "hilltop", "--name", "Hilltop", "--safety-adult", "Mr. Hill")

    assert "hilltop, riverbend" in run("catalog", "version").output
    missing = run("catalog", "version", "--school", "nowhere")
    assert "No school has the code nowhere" in missing.output


def test_accounts_by_hand(school: School, milepost: Milepost) -> None:
    words = ("user", "add", "Kim", "--role", "counselor", "--given-name", "Kim")
    added = run(*words, "--family-name", "Lee", text="a-long-secret\na-long-secret\n")
    twice = run(*words, "--family-name", "Lee", "--password-stdin", text="whatever1\n")
    short = run("user", "password", "kim", "--password-stdin", text="short\n")
    nobody = run("user", "password", "nobody", "--password-stdin", text="long-enough\n")

    assert added.exit_code == 0
    assert "a-long-secret" not in added.output
    assert sign_in(milepost, "kim", "a-long-secret")
    assert (twice.exit_code, short.exit_code, nobody.exit_code) == (1, 1, 1)
    assert "is taken" in twice.output
    assert "8 characters" in short.output


def test_policies_can_be_read() -> None:
    listed = run("policy", "list", "--topic", "credit_flexibility")
    shown = run("policy", "show", "ohio.credit_flex.test_out")

    assert "ohio.credit_flex.test_out" in listed.output
    assert "source: " in shown.output
    assert run("policy", "show", "ohio.nothing").exit_code == 1
    known = run("policy", "list", "--state", "ZZ").output
    assert "Known: CT, NH, OH, VT" in known
    checked = run("policy", "check")
    assert checked.exit_code == 0
    assert re.search(r"OH: \d\d rules, .* (\d+) of \1 cases pass", checked.output)


def test_a_district_sets_its_own_rules(school: School, tmp_path: Path) -> None:
    file = tmp_path / "district.yml"
    file.write_text("deadlines:\n  credit_flex_fall: '05-01'\n", encoding="utf-8")
    assert "version 0" in run("policy", "district").output
    assert "version 1" in run("policy", "district", file).output
    assert "credit_flex_fall: 05-01" in run("policy", "district").output
    for text in ("deadlines: {autumn: x}", "caps: [1", "just words"):
        file.write_text(text, encoding="utf-8")
        assert run("policy", "district", file).exit_code == 1
    assert run("policy", "district", tmp_path / "nothing.yml").exit_code == 1
    assert "version 1" in run("policy", "district").output


def test_the_doctor_names_what_to_do(
    school: School, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {check.what: check for check in doctor.examine(ask=lambda url: False)}
    run("import", "catalog", STARTER)
    after = list(doctor.examine(ask=lambda url: True))

    assert "milepost import catalog" in before["Catalog of Riverbend"].advice
    assert "import catalog" in before["Words that the assistant looks for"].advice
    assert "make run" in before["Rasa at http://127.0.0.1:5105"].advice
    assert before["Database schema"].is_well
    assert all(check.is_well for check in after)

    url = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    monkeypatch.setenv("MILEPOST_DATABASE_URL", url)
    ill = list(doctor.examine(ask=lambda url: True))
    assert "MILEPOST_DATABASE_URL" in " ".join(check.advice for check in ill)


def commands(group: typer.core.TyperGroup, path: tuple[str, ...] = ()) -> list[str]:
    found = []
    for name, command in group.commands.items():
        if isinstance(command, typer.core.TyperGroup):
            found += commands(command, (*path, name))
        else:
            found.append(" ".join((*path, name)))
    return found


def test_every_command_explains_itself_with_an_example() -> None:
    group = get_group(app)

    names = commands(group)

    assert len(names) > 12
    for name in names:
        text = " ".join(run(*name.split(), "--help").output.split())
        assert "Example:" in text, name
        assert name in text.partition("Example:")[2], name


def test_a_record_out_and_an_import_back(
    milepost: Milepost, student: Person, tmp_path: Path
) -> None:
    results = tmp_path / "results.csv"
    results.write_text(
        "student_id,competency,level,date,assessment\nS1,SCI.INQ,3,2026-10-05,Lab\n"
    )
    steps = [
        run("import", "mastery", results, "--format", "csv"),
        run("export", "record", "maya", tmp_path / "maya.json", "--format", "clr"),
        run("import", "undo", "mastery", "--dry-run"),
        run("import", "undo", "mastery"),
        run("export", "record", "maya", tmp_path / "maya.csv", "--format", "csv"),
    ]

    assert [step.exit_code for step in steps] == [0] * len(steps), steps
    assert "Dry run" in steps[2].output
    assert "undo mastery results.csv" in steps[3].output
    assert (tmp_path / "maya.csv").read_text().count("\n") == 1
    assert (tmp_path / "maya.json").stat().st_mode & 0o077 == 0
    nothing = run("import", "undo", "mastery")
    assert (nothing.exit_code, "can be undone" in nothing.output) == (1, True)


def test_a_live_import_needs_its_token_and_https(school: School) -> None:
    url = "https://canvas.example"
    missing = run("import", "live", "canvas", url, "--course", "1")
    plain = run("import", "live", "oneroster", "http://sis.example")

    assert (missing.exit_code, plain.exit_code) == (1, 1)
    assert "Set MILEPOST_CANVAS_TOKEN" in missing.output
    assert "starts with https" in plain.output


def test_the_catalog_is_looked_through_and_brought_back_from_the_command_line(
    school: School, tmp_path: Path
) -> None:
    guide = tmp_path / "guide.csv"
    guide.write_text("Nr,Name,Dept,Credits,State Code\n7,Art,fine_arts,1,05154\n")
    run("import", "catalog", STARTER)
    mapped = ("--map", "Nr=code", "--set", "level=core")
    table = run("import", "table", guide, *mapped)
    assert "1 created" in table.output
    assert "1 unchanged" in run("import", "table", guide).output

    looked = run("catalog", "lint")
    assert "past: opportunity OPP-CMP-MATH: ended 2026-11-07" in looked.output
    assert looked.exit_code == 0
    assert run("catalog", "lint", "--strict").exit_code == 1

    back = run("catalog", "restore", "1")
    assert "Published as version 3: 0 entries as they were, 1 retired." in back.output
    listed = run("catalog", "versions").output.splitlines()
    assert [line.split()[0] for line in listed] == ["3", "2", "1"]
    assert run("catalog", "restore", "9").exit_code == 1

    package = tmp_path / "case.json"
    assert "94 competencies" in run("export", "case", package).output
    assert '"CFDocument"' in package.read_text(encoding="utf-8")
