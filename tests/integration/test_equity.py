"""The equity audit, and the commands of the matcher (A9, O9)."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from little_school import LittleSchool, add_result
from typer.testing import CliRunner

from pathways.cli.main import app
from pathways.services import options
from pathways.services.equity import NO_GROUP, audit
from pathways.services.errors import Invalid
from pathways.services.replay import replay
from pathways.services.student_facts import facts_of
from pathways.settings import SECRETS, variable
from pathways.store.models import Person, School

RUNNER = CliRunner()


@pytest.fixture
def machine(little: LittleSchool, monkeypatch: pytest.MonkeyPatch) -> LittleSchool:
    """Let the command line work with the same database."""
    for name in (
        *SECRETS,
        "demo_password",
        "database_url",
        "var_dir",
        "gazetteer_path",
    ):
        value = getattr(little.milepost.settings, name)
        monkeypatch.setenv(variable(name), str(value))
    monkeypatch.setenv(variable("now"), little.clock().isoformat())
    monkeypatch.setenv("COLUMNS", "200")
    return little


def test_the_command_prints_the_bytes_and_its_verdict(machine: LittleSchool) -> None:
    found = options.suggest(machine.milepost, machine["student"])
    one = RUNNER.invoke(app, ["replay", found.id])
    assert one.exit_code == 0, one.output
    assert one.stdout.encode() == replay(machine.milepost, found.id).said + b"\n"
    assert "the same bytes" in one.stderr
    assert RUNNER.invoke(app, ["replay", "never"]).exit_code == 1


def school_of(little: LittleSchool) -> School:
    with little.milepost.work() as work:
        found = work.people.school(little["student"].school_id)
        assert found is not None
        return found


def test_the_audit_hides_small_groups_and_swaps_everybody(little: LittleSchool) -> None:
    found = audit(little.milepost, school_of(little))
    assert found.students == 2
    assert {row.group for row in found.rows} == {"grade 10", "grade 11"}
    assert all(row.shares == {} for row in found.rows)
    assert (found.swapped, found.differing) == (2, 0)


def test_the_audit_takes_groups_from_a_file_and_stores_nothing(
    machine: LittleSchool, tmp_path: Path
) -> None:
    path = tmp_path / "groups.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerows([("student", "group"), ("student", "north"), ("nobody", "x")])
    words = ["audit", "equity", "--groups", str(path), "--school", "north"]
    one = RUNNER.invoke(app, [*words, "--least", "2"])
    assert "2 students" in one.output, one.output
    assert f"{NO_GROUP}: too few students" in one.output
    assert "0 differ" in one.output
    assert RUNNER.invoke(app, [*words, "--least", "1"]).exit_code == 1
    path.write_text("name,team\nstudent,a\n", encoding="utf-8")
    assert "needs the columns" in RUNNER.invoke(app, words).output


def test_the_audit_looks_at_some_grades_alone(little: LittleSchool) -> None:
    found = audit(little.milepost, school_of(little), grades=frozenset({11}))
    assert (found.students, found.swapped) == (1, 0)
    with pytest.raises(Invalid):
        audit(little.milepost, school_of(little), by="name")


def test_two_thousand_counterfactual_pairs_are_identical(little: LittleSchool) -> None:
    milepost, actor = little.milepost, little["student"]
    add_result(little, "student", "SCI.ANAT", 3)
    names = [f"Name{n}" for n in range(2000)]
    with milepost.work() as work:
        person = work.people.person(actor.school_id, actor.id)
        assert person is not None
        catalog = milepost.catalogs.current(work, actor.school_id)
        today = date(2026, 11, 21)
        first = facts_of(work, person, catalog, today)
        for number, name in enumerate(names):
            other = Person(
                id=person.id,
                school_id=person.school_id,
                grade=person.grade,
                born=person.born,
                given_name=name,
                family_name=name[::-1],
                username=f"user{number}",
                source_id=f"S{number}",
                language=("en", "es")[number % 2],
            )
            found = facts_of(work, other, catalog, today)
            assert found.fingerprint == first.fingerprint
            assert replace(found) == first
