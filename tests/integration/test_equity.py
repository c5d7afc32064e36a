"""The equity audit, and the commands of the matcher (A9, O9)."""

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from little_school import LittleSchool
from typer.testing import CliRunner

from pathways.cli.main import app
from pathways.domain.catalog import Catalog
from pathways.services import careers, equity, options
from pathways.services.equity import (
    NO_GROUP,
    Lens,
    audit,
    dressed_as,
    everything_said,
)
from pathways.services.errors import Invalid
from pathways.services.policy import policy_for
from pathways.services.replay import replay
from pathways.settings import SECRETS, variable
from pathways.store.models import (
    CourseTaken,
    ImportRun,
    Interest,
    MasteryResult,
    Person,
    School,
)
from pathways.store.unit_of_work import UnitOfWork

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


def with_records(little: LittleSchool) -> list[Person]:
    """Give forty students records of their own, drawn from the catalog."""
    draw, school_id = Random(11), little["student"].school_id
    with little.milepost.work() as work:
        catalog = little.milepost.catalogs.current(work, school_id)
        run = work.people.add(
            ImportRun(
                school_id=school_id,
                kind="mastery",
                file="drawn.csv",
                sha256="0" * 64,
                counts={},
                ran_at=little.clock(),
            )
        )
        work.people.flush()
        found = [drawn_person(work, draw, school_id, number) for number in range(40)]
        work.people.flush()
        for person in found:
            for row in drawn_rows(draw, person, catalog, run.id):
                work.records.add(row)
        work.commit()
    return found


def drawn_person(work: UnitOfWork, draw: Random, school: str, number: int) -> Person:
    return work.people.add(
        Person(
            school_id=school,
            role="student",
            username=f"drawn{number}",
            source_id=f"D{number}",
            given_name="Drawn",
            family_name=str(number),
            language="en",
            grade=draw.choice([None, *range(7, 13)]),
            born=draw.choice([None, date(2009 + number % 5, 3, 2)]),
            active=True,
        )
    )


def drawn_rows(
    draw: Random, person: Person, catalog: Catalog, run: str
) -> Iterator[Any]:
    """Yield results, courses and likings of one student."""
    owner = {"school_id": person.school_id, "student_id": person.id}
    for code in draw.sample(sorted(catalog.competencies), draw.randrange(25)):
        yield MasteryResult(
            **owner,
            competency=code,
            level=draw.randrange(1, 5),
            assessment="Quiz",
            attempt=1,
            earned_on=date(2026, 9, 1 + draw.randrange(28)),
            source="Canvas",
            source_key=code,
            import_id=run,
        )
    for code in draw.sample(sorted(catalog.courses), draw.randrange(12)):
        state = draw.choice(["completed", "in_progress"])
        yield CourseTaken(
            **owner, course=code, state=state, source="SIS", import_id=run
        )
    for words in draw.sample(sorted(catalog.phrases), draw.randrange(4)):
        said_at = datetime(2026, 10, 1, tzinfo=UTC)
        yield Interest(**owner, kind="interest", words=words, said_at=said_at)


def test_two_thousand_counterfactual_pairs_say_the_same(little: LittleSchool) -> None:
    """Forty records, each under fifty other names, accounts and languages.

    What is compared is the whole ranking: options, scores, reasons, limits.
    """
    milepost, draw, pairs = little.milepost, Random(12), 0
    people = with_records(little)
    with milepost.work() as work:
        catalog = milepost.catalogs.current(work, people[0].school_id)
        policy = policy_for(work, school_of(little))
        lens = Lens(work, catalog, policy, date(2026, 11, 21))
        said = [everything_said(lens.standing(one)) for one in people]
        for person, first in zip(people, said, strict=True):
            for number in range(50):
                other = Person(
                    username=f"user{number}",
                    source_id=f"S{number}",
                    given_name=draw.choice(NAMES),
                    family_name=draw.choice(NAMES),
                    language=("en", "es")[number % 2],
                )
                twin = lens.standing(dressed_as(person, other))
                assert everything_said(twin) == first
                pairs += 1
    assert pairs == 2000
    assert len({*said}) > 35


NAMES = ("DeShawn", "Emily", "Guadalupe", "Nguyen", "Fatima", "Jake", "Xiuying")


def test_what_is_dear_is_worked_out_once_until_something_changes(
    little: LittleSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = []
    real = equity.look_at_all

    def counting(*given: Any) -> Any:
        counted.append(given)
        return real(*given)

    monkeypatch.setattr(equity, "look_at_all", counting)
    counselor = little["counselor"]
    first = equity.audit_for(little.milepost, counselor, "grade")
    assert equity.audit_for(little.milepost, counselor, "grade") == first
    equity.audit_for(little.milepost, counselor, "language")
    assert len(counted) == 1
    careers.tell_interest(little.milepost, little["student"], ["animals"])
    equity.audit_for(little.milepost, counselor, "grade")
    assert len(counted) == 2
    equity.audit_for(little.milepost, little["far_counselor"], "grade")
    assert len(counted) == 3
