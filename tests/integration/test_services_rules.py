"""Rules, hours and places in suggestions; ways to a credit logged (O5-O11)."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from little_school import LittleSchool, add_result
from records_made import note, retire, set_rules, take

from pathways.domain.options import OptionKind
from pathways.services import availability, careers, graduation_check, options
from pathways.services.career_ideas import ideas
from pathways.services.credit_ways import ways
from pathways.services.errors import Invalid, NotFound
from pathways.services.imports_graduation import import_graduation
from pathways.services.imports_undo import undo_last
from pathways.services.interest_scores import keep_scores
from pathways.services.replay import replay
from pathways.services.student_facts import facts_of
from pathways.services.what_if import what_if

COLLEGE, FLEX = "ELA-CCPCOMP", "CFO-TEST-SPA1"
CAP = {"caps": {"credits_per_year": 0.5}}


def finish_what_comes_first(little: LittleSchool) -> None:
    with little.milepost.work() as work:
        school_id = little["student"].school_id
        catalog = little.milepost.catalogs.current(work, school_id)
    for code in catalog.courses[COLLEGE].rule.codes:
        take(little, code, "completed", mark="C")


def test_a_gpa_on_record_closes_college_credit_with_the_rule(
    little: LittleSchool,
) -> None:
    finish_what_comes_first(little)
    milepost, student = little.milepost, little["student"]
    before = options.why(milepost, student, COLLEGE)
    assert before.open
    assert any("Your counselor can." in one for one in before.conditions)
    assert "April 1" in before.next_step
    note(little, "gpa", 2.5)
    after = options.why(milepost, student, COLLEGE)
    assert not after.open
    assert "GPA of 3" in after.limits[0]
    assert "Chapter 3365" in after.limits[0]
    found = options.suggest(milepost, student, OptionKind.COLLEGE_CREDIT)
    assert COLLEGE in {one.id for one in found.not_yet}
    note(little, "college_ready", 1)
    assert options.why(milepost, student, COLLEGE).open


def test_noted_probation_closes_a_second_college_course(little: LittleSchool) -> None:
    finish_what_comes_first(little)
    milepost, student = little.milepost, little["student"]
    note(little, "gpa", 3.5)
    note(little, "college_gpa", 1.8)
    alone = options.why(milepost, student, COLLEGE)
    assert alone.open
    assert any("on probation" in one for one in alone.conditions)
    with milepost.work() as work:
        catalog = milepost.catalogs.current(work, student.school_id)
    other = next(
        one.code
        for one in catalog.courses.values()
        if one.level == "college" and one.code != COLLEGE
    )
    take(little, other, "in_progress")
    second = options.why(milepost, student, COLLEGE)
    assert not second.open
    assert any("on probation" in one for one in second.limits)
    note(little, "college_gpa", 2.4)
    assert options.why(milepost, student, COLLEGE).open


def test_six_scores_reach_suggestions_with_their_source_and_day(
    little: LittleSchool,
) -> None:
    milepost, student = little.milepost, little["student"]
    before = options.suggest(milepost, student, OptionKind.INTERNSHIP, 8)
    scores = {"R": 9, "I": 20, "A": 5, "S": 30, "E": 7, "C": 6}
    keep_scores(milepost, student, scores)
    after = options.suggest(milepost, student, OptionKind.INTERNSHIP, 8)
    said = [one for item in after.items for one in item.reasons]
    found = [one for one in said if one.fact.startswith("Your six interest scores")]
    assert found
    assert {one.source for one in found} == {
        f"interest scores, {milepost.day().isoformat()}"
    }
    assert not any(
        "interest scores" in one.source for i in before.items for one in i.reasons
    )
    keep_scores(milepost, student, dict.fromkeys("RIASEC", 9))
    flat = options.suggest(milepost, student, OptionKind.INTERNSHIP, 8)
    assert [one.id for one in flat.items] == [one.id for one in before.items]


def test_a_cap_of_the_district_closes_and_an_unset_one_does_not(
    little: LittleSchool,
) -> None:
    milepost, student = little.milepost, little["student"]
    assert options.why(milepost, student, FLEX).open
    set_rules(little, CAP)
    found = options.why(milepost, student, FLEX)
    assert found.limits == (
        "Your district allows 0.5 credits a year this way. You have 0. "
        "Rule: district rules, version 1.",
    )
    suggested = options.suggest(milepost, student, OptionKind.CREDIT_FLEX, 50)
    assert suggested.policy_version.endswith(" +1")
    offered = {one.id for one in suggested.items}
    assert FLEX not in offered
    every = ways(milepost, student, "WLG-SPA1").items
    assert [one for one in every if one.credits > 0.5 and one.open] == []
    set_rules(little, {})
    assert options.why(milepost, student, FLEX).open


def test_a_suggestion_is_replayed_after_the_rules_changed(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    set_rules(little, CAP)
    found = options.suggest(milepost, student, OptionKind.CREDIT_FLEX)
    set_rules(little, {})
    assert replay(milepost, found.id).same
    assert replay(milepost, found.id).policy_version.endswith("+1")


# Ways to a credit


def test_ways_to_a_credit_are_logged_and_replayed_to_the_byte(
    little: LittleSchool,
) -> None:
    milepost, student = little.milepost, little["student"]
    add_result(little, "student", "WL.INTERP", 3)
    set_rules(
        little, {"hours_per_credit": 100, "deadlines": {"credit_flex_fall": "12-01"}}
    )
    found = ways(milepost, student, "WLG-SPA1")
    add_result(little, "student", "WL.CULTURE", 1)
    set_rules(little, {**CAP, "hours_per_credit": 60})
    retire(little, "credit_option", FLEX)
    little.clock.now += timedelta(days=90)
    again = replay(milepost, found.suggestion_id)
    assert again.same
    said = json.loads(again.said)["items"]
    assert [one["id"] for one in said] == [one.id for one in found.items]
    assert any(one["deadlines"][0]["day"] == "2026-12-01" for one in said)
    now = ways(milepost, student, "WLG-SPA1")
    assert replay(milepost, now.suggestion_id).said != again.said


def test_ways_of_other_rules_are_refused_with_both_versions(
    little: LittleSchool,
) -> None:
    milepost, student = little.milepost, little["student"]
    found = ways(milepost, student, "WLG-SPA1")
    with milepost.work() as work:
        logged = work.records.suggestion(found.suggestion_id)
        assert logged is not None
        logged.policy_version = "ohio 2020-01-01"
        work.commit()
    with pytest.raises(Invalid, match="Rules ohio 2020-01-01 made this"):
        replay(milepost, found.suggestion_id)


def test_ways_do_not_push_away_what_was_suggested_last(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    found = options.suggest(milepost, student)
    little.clock.now += timedelta(minutes=1)
    ways(milepost, student, "WLG-SPA1")
    last = options.last_suggested(milepost, student)
    assert last == tuple(one.id for one in found.items)


# Hours and places


def test_hours_and_places_are_unknown_then_used_then_taken_back(
    little: LittleSchool,
) -> None:
    milepost, student = little.milepost, little["student"]
    with milepost.work() as work:
        catalog = milepost.catalogs.current(work, student.school_id)
    long = next(
        one
        for one in sorted(catalog.opportunities.values(), key=lambda one: one.code)
        if (one.hours_per_week or 0) > 3 and one.place and not one.remote
    )
    before = options.why(milepost, student, long.code)
    assert any("I don't know yet" in one for one in before.conditions)
    elsewhere = next(
        one for one in availability.places_of(catalog) if one != long.place
    )
    said = availability.set_availability(milepost, student, 2, [elsewhere])
    assert (said.hours_a_week, said.places) == (2, (elsewhere,))
    after = options.why(milepost, student, long.code)
    assert any("more than you have" in one for one in after.limits)
    assert any("hard for you to get to" in one for one in after.limits)
    availability.set_availability(milepost, student, None, None)
    assert options.why(milepost, student, long.code) == before


@pytest.mark.parametrize(
    ("hours", "places"), [(-1, None), (61, None), (None, ["The Moon"])]
)
def test_hours_and_places_that_can_not_be_are_refused(
    hours: float | None, places: list[str] | None, little: LittleSchool
) -> None:
    with pytest.raises(Invalid):
        availability.set_availability(little.milepost, little["student"], hours, places)


def test_no_place_at_all_is_an_answer_too(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    availability.set_availability(milepost, student, None, [])
    with milepost.work() as work:
        person = work.people.person(student.school_id, student.id)
        assert person is not None
        catalog = milepost.catalogs.current(work, student.school_id)
        facts = facts_of(work, person, catalog, little.clock().date())
    assert facts.places == frozenset()


# Career ideas


def test_career_ideas_are_spread_over_fields_and_name_what_led_there(
    little: LittleSchool,
) -> None:
    milepost, student = little.milepost, little["student"]
    assert ideas(milepost, student) == ()
    found = ideas(milepost, student, "si")
    assert len(found) == 8
    assert len({one.field for one in found}) >= 4
    careers.tell_interest(milepost, student, ["animals"])
    liked = ideas(milepost, student, "SI")
    assert liked[0].because == "animals"
    assert len({one.field for one in liked}) >= 4
    for wrong in ("X", "RIAS"):
        with pytest.raises(Invalid, match="letters"):
            ideas(milepost, student, wrong)


# Seals in what-if


def test_what_if_measures_a_seal_where_the_district_sets_its_hours(
    little: LittleSchool,
) -> None:
    milepost, student = little.milepost, little["student"]
    with milepost.work() as work:
        catalog = milepost.catalogs.current(work, student.school_id)
    place = next(
        one
        for one in sorted(catalog.opportunities.values(), key=lambda one: one.code)
        if one.sort == "service" and (one.hours_total or 0) > 0
    )
    assert what_if(milepost, student, add=[place.code]).seals == ()
    set_rules(little, {"graduation": {"community_service_hours": 100}})
    (seal,) = what_if(milepost, student, add=[place.code]).seals
    assert (seal.name, seal.before) == ("community_service", 0)
    assert seal.after == pytest.approx(min(1.0, (place.hours_total or 0) / 100))
    assert "once your hours are confirmed" in seal.words
    assert "3313.6114" in seal.source


def test_what_if_names_a_course_that_is_a_step_toward_a_seal(
    little: LittleSchool,
) -> None:
    milepost, student = little.milepost, little["student"]
    (seal,) = what_if(milepost, student, add=["WLG-SPA4"]).seals
    assert (seal.name, seal.before, seal.after) == ("biliteracy", None, None)
    assert "a step toward the Seal of Biliteracy" in seal.words
    take(little, "WLG-SPA4", "in_progress")
    (gone,) = what_if(milepost, student, drop=["WLG-SPA4"]).seals
    assert "is gone" in gone.words
    note(little, "seal_biliteracy", 1)
    assert what_if(milepost, student, drop=["WLG-SPA4"]).seals == ()


# Scores by import


def scores(folder: Path, *rows: str) -> Path:
    path = folder / "scores.csv"
    path.write_text("\n".join(["student_id,item,value,source", *rows]) + "\n")
    return path


def test_scores_come_by_import_once_and_can_be_taken_back(
    little: LittleSchool, tmp_path: Path
) -> None:
    milepost, student = little.milepost, little["student"]
    path = scores(
        tmp_path,
        "student,act_math,24,ACT report",
        "student,seal_science,1,State list",
        "student,GPA of the school,3.4,Records",
    )
    first = import_graduation(milepost, "north", path)
    assert (first.read, first.created, first.saved) == (3, 3, True)
    again = import_graduation(milepost, "north", path)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 3)
    check = graduation_check.graduation_check(milepost, student)
    assert {one.name: one.value for one in check.noted} == {
        "act_math": 24,
        "seal_science": 1,
        "gpa": 3.4,
    }
    assert check.seals_held == 1
    assert {one.noted_by for one in check.noted} == {"by import"}
    little.clock.now += timedelta(days=1)
    newer = scores(tmp_path, "student,act_math,26,ACT report")
    assert import_graduation(milepost, "north", newer).changed == 1
    later = graduation_check.graduation_check(milepost, student)
    assert next(one.value for one in later.noted if one.name == "act_math") == 26
    undo_last(milepost, "north", "graduation")
    back = graduation_check.graduation_check(milepost, student)
    assert next(one.value for one in back.noted if one.name == "act_math") == 24


def test_scores_that_can_not_be_used_are_named_and_nothing_is_saved(
    little: LittleSchool, tmp_path: Path
) -> None:
    path = scores(
        tmp_path,
        "student,act_math,24,ACT report",
        "nobody,act_math,24,ACT report",
        "student,shoe_size,9,Shop",
        "student,act_reading,lots,ACT report",
        "student,act_english,-3,ACT report",
        "student,sat_math,500,",
        "student,ACT math,25,ACT report",
    )
    found = import_graduation(little.milepost, "north", path)
    assert not found.saved
    assert found.read == 7
    assert [(one.line, one.column) for one in found.rejected] == [
        (3, "student_id"),
        (4, "item"),
        (5, "value"),
        (6, "value"),
        (7, "source"),
        (8, "item"),
    ]
    partly = import_graduation(little.milepost, "north", path, partial=True)
    assert partly.created == 1


def test_a_scores_file_of_a_school_that_is_not_there(
    little: LittleSchool, tmp_path: Path
) -> None:
    with pytest.raises(Invalid):
        import_graduation(little.milepost, "nowhere", scores(tmp_path))
    with pytest.raises(NotFound):
        ways(little.milepost, little["student"], "NO-SUCH")
