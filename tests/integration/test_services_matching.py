"""Suggestions replayed, choices tried out, options withdrawn, the equity audit."""

import csv
import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from little_school import LittleSchool, add_result, fill_record
from typer.testing import CliRunner

from pathways.cli.main import app
from pathways.domain.options import OptionKind
from pathways.services import catalog as catalogs
from pathways.services import options
from pathways.services.equity import NO_GROUP, audit
from pathways.services.errors import Invalid, NotFound
from pathways.services.replay import replay
from pathways.services.student_facts import facts_of
from pathways.services.what_if import what_if
from pathways.settings import SECRETS, variable
from pathways.store.models import CourseTaken, ImportRun, Person, School, Suggestion

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


def take(little: LittleSchool, course: str, state: str, credits: float = 1.0) -> None:
    actor = little["student"]
    with little.milepost.work() as work:
        run = work.people.add(
            ImportRun(
                school_id=actor.school_id,
                kind="courses",
                file="courses.csv",
                sha256="0" * 64,
                counts={},
                ran_at=little.clock(),
            )
        )
        work.people.flush()
        work.records.add(
            CourseTaken(
                school_id=actor.school_id,
                student_id=actor.id,
                course=course,
                state=state,
                credits=credits,
                source="OneRoster",
                import_id=run.id,
            )
        )
        work.commit()


def retire(little: LittleSchool, kind: str, code: str) -> None:
    cells = {"code": code, "status": "retired"}
    catalogs.edit(little.milepost, little["counselor"], kind, cells, 1)


# Replay


def test_a_logged_suggestion_gives_the_same_bytes_after_everything_changed(
    little: LittleSchool,
) -> None:
    milepost, student = little.milepost, little["student"]
    add_result(little, "student", "SCI.BIO.CELLS", 3)
    found = options.suggest(milepost, student, OptionKind.COURSE, 4)
    fill_record(little, "student")
    add_result(little, "student", "MATH.ALG1.LINEQ", 4)
    little.clock.now += timedelta(days=90)
    again = replay(milepost, found.id)
    assert again.same
    assert again.said == replay(milepost, found.id).said
    said = json.loads(again.said)
    assert [one["id"] for one in said["items"]] == [one.id for one in found.items]
    assert said["items"][0]["score"] == round(found.items[0].score * 100_000)


def test_a_suggestion_that_was_tampered_with_is_not_the_same(
    little: LittleSchool,
) -> None:
    milepost = little.milepost
    found = options.suggest(milepost, little["student"])
    with milepost.work() as work:
        logged = work.records.suggestion(found.id)
        assert logged is not None and logged.inputs is not None
        facts = {**logged.inputs["facts"], "grade": 12}
        logged.inputs = {**logged.inputs, "facts": facts}
        work.commit()
    assert not replay(milepost, found.id).same


def test_a_suggestion_of_another_matcher_or_without_inputs_is_refused(
    little: LittleSchool,
) -> None:
    milepost = little.milepost
    found = options.suggest(milepost, little["student"])
    with milepost.work() as work:
        logged = work.records.suggestion(found.id)
        assert logged is not None and logged.inputs is not None
        logged.inputs = {**logged.inputs, "matcher": "0"}
        work.commit()
    with pytest.raises(Invalid, match="Matcher 0 made this"):
        replay(milepost, found.id)
    with milepost.work() as work:
        logged = work.records.suggestion(found.id)
        assert isinstance(logged, Suggestion)
        logged.inputs = None
        work.commit()
    with pytest.raises(Invalid, match="kept no inputs"):
        replay(milepost, found.id)
    with pytest.raises(NotFound):
        replay(milepost, "never")


def test_the_command_prints_the_bytes_and_its_verdict(machine: LittleSchool) -> None:
    found = options.suggest(machine.milepost, machine["student"])
    one = RUNNER.invoke(app, ["replay", found.id])
    assert one.exit_code == 0, one.output
    assert one.stdout.encode() == replay(machine.milepost, found.id).said + b"\n"
    assert "the same bytes" in one.stderr
    assert RUNNER.invoke(app, ["replay", "never"]).exit_code == 1


def test_renaming_a_student_changes_nothing(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    before = options.suggest(milepost, student, None, 10)
    with milepost.work() as work:
        person = work.people.person(student.school_id, student.id)
        assert isinstance(person, Person)
        person.given_name, person.family_name = "Other", "Name"
        person.username, person.language = "someone.else", "es"
        work.commit()
    after = options.suggest(milepost, student, None, 10)
    assert replay(milepost, before.id).said == replay(milepost, after.id).said
    assert after.items == before.items


# What if


def test_dropping_a_course_costs_its_credit_and_closes_what_follows(
    little: LittleSchool,
) -> None:
    take(little, "MTH-ALG1", "in_progress")
    take(little, "SCI-BIO", "completed")
    found = what_if(little.milepost, little["student"], drop=["MTH-ALG1"])
    assert found.credits_before is not None and found.credits_after is not None
    assert (found.credits_before.under_way, found.credits_after.under_way) == (1, 0)
    assert found.credits_after.completed == 1
    closed = {one.id for one in found.closed}
    assert found.closed_count > len(closed) or "SCI-CHEM" in closed
    assert all(one.limits for one in found.closed)
    assert found.opened_count == 0
    assert "ohio.graduation.units" not in found.decided_by_counselor
    assert found.needed == 20


def test_finishing_a_course_opens_what_needs_it(little: LittleSchool) -> None:
    take(little, "ELA-1", "completed")
    found = what_if(little.milepost, little["student"], finish=["MTH-ALG1"])
    opened = {one.id for one in found.opened}
    assert opened & {"MTH-GEO", "MTH-ALG2", "MTH-STAT", "MTH-QUANT"}
    assert found.credits_after is not None
    assert found.credits_after.completed == 2


def test_adding_a_place_names_its_hours_its_day_and_the_credit_it_could_give(
    little: LittleSchool,
) -> None:
    found = what_if(little.milepost, little["student"], add=["OPP-INT-VET"])
    assert found.hours == 120
    assert found.deadlines[0].apply_by == date(2026, 12, 11)
    assert [credits for _, credits in found.earns] == [1.0]
    assert found.credits_before is None
    assert found.credits_after is None


def test_trying_out_saves_nothing(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    before = options.suggest(milepost, student).items
    what_if(milepost, student, finish=["MTH-ALG1"], add=["SCI-BIO"])
    assert options.suggest(milepost, student).items == before
    assert options.saved(milepost, student) == []


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({}, "one to twenty"),
        ({"drop": ["MTH-ALG1"]}, "take now"),
        ({"finish": ["OPP-INT-VET"]}, "Only a course"),
        ({"finish": [f"C{n}" for n in range(21)]}, "one to twenty"),
    ],
)
def test_choices_that_make_no_sense_are_refused(
    choices: dict[str, list[str]], message: str, little: LittleSchool
) -> None:
    with pytest.raises(Invalid, match=message):
        what_if(little.milepost, little["student"], **choices)


def test_a_choice_that_is_not_in_the_catalog_is_not_found(little: LittleSchool) -> None:
    with pytest.raises(NotFound):
        what_if(little.milepost, little["student"], add=["NO-SUCH"])


# An option withdrawn between suggestion and click


def test_what_was_withdrawn_is_told_and_not_saved(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    assert options.why(milepost, student, "OPP-INT-CODE").withdrawn is False
    retire(little, "opportunity", "OPP-INT-CODE")
    found = options.why(milepost, student, "OPP-INT-CODE")
    assert found.withdrawn
    assert not found.open
    assert found.limits[0] == "The school does not offer it any more."
    assert "Ask your counselor" in found.next_step
    assert options.decide(milepost, student, "OPP-INT-CODE", options.SAVED).withdrawn
    assert options.saved(milepost, student) == []
    assert options.find_option(milepost, student, ["OPP-INT-CODE"]) == "OPP-INT-CODE"
    with pytest.raises(Invalid, match="any more"):
        what_if(milepost, student, add=["OPP-INT-CODE"])


def test_why_says_what_would_change_an_open_option(little: LittleSchool) -> None:
    add_result(little, "student", "MATH.NUM.RATIO", 2)
    found = options.why(little.milepost, little["student"], "MTH-ALG1")
    assert found.open
    assert any("proficient" in line for line in found.would_change)


# The equity audit


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
