"""Suggestions replayed, choices tried out, options withdrawn, the equity audit."""

import json
from datetime import date, timedelta

import pytest
from little_school import LittleSchool, add_result, fill_record
from records_made import retire, take
from typer.testing import CliRunner

from pathways.domain.options import OptionKind
from pathways.services import options
from pathways.services.errors import Invalid, NotFound
from pathways.services.replay import replay
from pathways.services.what_if import what_if
from pathways.store.models import Person, Suggestion

RUNNER = CliRunner()


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
