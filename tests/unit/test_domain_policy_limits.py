"""Rules of state and district as hard limits of the matcher (O8, O11)."""

import json
from dataclasses import replace
from typing import Any

import pytest
from students import CATALOG, OHIO, TODAY, mastery_at

from pathways.domain.catalog import CreditOption, Entry
from pathways.domain.credit_facts import CreditFacts
from pathways.domain.credit_ways import OWN
from pathways.domain.district import Caps, District
from pathways.domain.facts import CourseState, StudentFacts
from pathways.domain.languages import language_of, language_skills
from pathways.domain.mastery import Level
from pathways.domain.matching import option_for, rank
from pathways.domain.options import Check, Option, OptionKind
from pathways.domain.policy import Policy
from pathways.domain.policy_limits import (
    NO_LIMITS,
    PolicyLimits,
    limits_from,
    limits_of,
    plain_limits,
)
from pathways.domain.standing import Standing
from pathways.domain.ways_transcript import ways_to

COLLEGE = CATALOG.courses["MTH-CCPSTAT"]
BEHIND = dict.fromkeys(COLLEGE.rule.codes, CourseState.COMPLETED)
JUNIOR = StudentFacts(grade=11, age=17, courses=BEHIND)
STATE = limits_of(Policy(pack=OHIO), 11, TODAY)


def limits(**caps: float) -> PolicyLimits:
    district = District(caps=Caps(**caps))
    return limits_of(
        Policy(pack=OHIO, district=district, overlay_number=3), None, TODAY
    )


def seen(entry: Entry, facts: StudentFacts, by: PolicyLimits = STATE) -> Option:
    found = option_for(entry, facts, CATALOG, TODAY, by)
    assert found is not None
    return found


def check(option: Option, key: str) -> Check:
    return next(one for one in option.checks if one.key == key)


def with_credit(**known: Any) -> StudentFacts:
    return replace(JUNIOR, credit=CreditFacts(**known))


@pytest.mark.parametrize(
    ("known", "key", "holds"),
    [
        ({}, "ccp_unknown", True),
        ({"gpa": 3.0}, "ccp_entry", True),
        ({"gpa": 2.74}, "ccp_entry", False),
        ({"gpa": 2.74, "college_ready": True}, "ccp_entry", True),
        ({"gpa": 2.8}, "ccp_unknown", True),
        ({"gpa": 2.8, "marks": (("02", "B"),)}, "ccp_entry", True),
        ({"gpa": 2.8, "marks": (("02", "C"),)}, "ccp_entry", False),
        ({"gpa": 2.8, "marks": (("03", "A"),)}, "ccp_unknown", True),
    ],
)
def test_college_credit_follows_the_schools_own_numbers(
    known: dict[str, Any], key: str, holds: bool
) -> None:
    option = seen(COLLEGE, with_credit(**known))
    found = check(option, key)
    assert (found.holds, option.open) == (holds, holds)
    assert found.source.startswith("Ohio Revised Code")
    assert (key == "ccp_unknown") is found.condition


@pytest.mark.parametrize(
    ("school", "college", "open_"),
    [(0.0, 0.0, True), (6.0, 1.0, True), (8.0, 1.0, True), (8.5, 1.0, False)],
)
def test_the_yearly_hours_of_college_credit_are_a_limit(
    school: float, college: float, open_: bool
) -> None:
    facts = with_credit(gpa=3.5, school_units=school, college_units=college)
    assert seen(COLLEGE, facts).open is open_


def test_a_rule_of_grades_puts_an_option_under_not_yet_with_its_source() -> None:
    assert STATE.college is not None
    late = replace(STATE, college=replace(STATE.college, grades=(11, 12)))
    facts = StudentFacts(grade=8, courses=BEHIND)
    found = rank(facts, CATALOG, TODAY, OptionKind.COLLEGE_CREDIT, 20, late)
    assert found.items == ()
    assert found.not_yet
    for option in found.not_yet:
        failed = check(option, "ccp_grade")
        assert failed.values == {"grade": 11, "last": 12}
        assert "3365" in failed.source


def test_a_subject_that_the_rules_leave_out_never_opens() -> None:
    gym = COLLEGE.model_copy(update={"subject": "physical_education"})
    option = seen(gym, with_credit(gpa=4.0))
    assert [one.key for one in option.failed] == ["ccp_not_covered"]


TEST_OUT = CATALOG.credit_options["CFO-TEST-SPA1"]


def test_without_a_cap_of_the_district_nothing_is_limited() -> None:
    assert STATE.flex is None
    keys = {one.key for one in seen(TEST_OUT, JUNIOR).checks}
    assert not {"flex_year", "flex_total"} & keys


@pytest.mark.parametrize(
    ("caps", "used", "failing"),
    [
        ({"credits_per_year": 1.0}, {}, []),
        ({"credits_per_year": 0.5}, {}, ["flex_year"]),
        ({"credits_per_year": 2.0}, {"flex_year": 1.5}, ["flex_year"]),
        ({"credits_total": 4.0}, {"flex_total": 3.0}, []),
        ({"credits_total": 3.5}, {"flex_total": 3.0}, ["flex_total"]),
    ],
)
def test_a_cap_of_the_district_names_itself(
    caps: dict[str, float], used: dict[str, float], failing: list[str]
) -> None:
    option = seen(TEST_OUT, with_credit(**used), limits(**caps))
    assert [one.key for one in option.failed] == failing
    assert {one.source for one in option.failed} <= {"district rules, version 3"}


def test_a_cap_holds_for_a_plan_of_ones_own_too() -> None:
    district = District(caps=Caps(credits_per_year=0.5))
    policy = Policy(pack=OHIO, district=district, overlay_number=1)
    standing = Standing(JUNIOR, CATALOG, TODAY, limits_of(policy, 11, TODAY))
    found = ways_to(CATALOG.courses["WLG-SPA1"], standing, policy)
    own = next(one for one in found if one.kind == OWN)
    assert [one.key for one in own.failed] == ["flex_year"]
    free = ways_to(CATALOG.courses["WLG-SPA1"], standing, Policy(pack=OHIO))
    assert next(one for one in free if one.kind == OWN).open


def test_work_hours_before_grade_nine_are_told_and_close_nothing() -> None:
    place = CATALOG.opportunities["OPP-INT-VET"]
    young = seen(place, StudentFacts(grade=8))
    told = check(young, "work_hours_later")
    assert told.holds and told.condition and "Great Oaks" not in told.key
    keys = {one.key for one in seen(place, StudentFacts(grade=11)).checks}
    assert "work_hours_later" not in keys


@pytest.mark.parametrize(
    ("known", "key", "holds"),
    [
        ({"college_gpa": 1.99, "college_courses": 1}, "ccp_probation", False),
        ({"college_lost": 2, "college_courses": 1}, "ccp_probation", False),
        ({"college_lost": 2}, "ccp_probation_room", True),
    ],
)
def test_on_probation_there_is_room_for_one_college_course(
    known: dict[str, Any], key: str, holds: bool
) -> None:
    found = check(seen(COLLEGE, with_credit(gpa=3.5, **known)), key)
    assert found.holds is holds
    assert found.values == {"courses": 1}
    assert "3365" in found.source and "counselor" in found.source


@pytest.mark.parametrize(
    "known", [{"college_courses": 2}, {"college_gpa": 2.0, "college_lost": 1}]
)
def test_who_is_not_on_probation_hears_nothing_of_it(known: dict[str, Any]) -> None:
    keys = {one.key for one in seen(COLLEGE, with_credit(gpa=3.5, **known)).checks}
    assert not {"ccp_probation", "ccp_probation_room"} & keys


def work_at(age: int | None, **changed: Any) -> Option:
    plain = {"hours_per_week": 6, "age_min": None, "grades": (), **changed}
    place = CATALOG.opportunities["OPP-INT-VET"].model_copy(update=plain)
    return seen(place, StudentFacts(grade=9, age=age))


def test_the_law_closes_work_before_the_age_of_a_permit() -> None:
    failed = work_at(13).failed
    assert [one.key for one in failed] == ["work_age"]
    assert "4109" in failed[0].source and "ask your counselor" in failed[0].source
    assert not work_at(14).failed


def test_the_law_closes_long_weeks_of_school_until_sixteen() -> None:
    failed = work_at(15, hours_per_week=20).failed
    assert [(one.key, one.values["hours"]) for one in failed] == [("work_law", "18")]
    assert "4109.07" in failed[0].source
    assert not work_at(16, hours_per_week=20).failed
    assert not work_at(15, hours_per_week=18).failed


def test_a_shadow_and_service_are_no_employment() -> None:
    for sort in ("job_shadow", "service"):
        assert not work_at(12, sort=sort, hours_per_week=20).failed


def test_without_an_age_the_law_is_told_and_closes_nothing() -> None:
    option = work_at(None, hours_per_week=30)
    assert not option.failed
    told = check(option, "work_law_unknown")
    assert told.condition and told.values == {"hours": "18", "age": 16}


def test_work_of_a_kind_that_is_mostly_closed_is_told() -> None:
    told = check(work_at(15, occupations=("47-2031", "51-4121")), "work_closed")
    assert told.holds and told.condition and "4101:9-2-02" in told.source
    office = work_at(15, occupations=("47-2031", "43-9061"))
    assert "work_closed" not in {one.key for one in office.checks}


def test_a_state_without_a_pack_limits_nothing() -> None:
    assert limits_of(Policy(pack=None), 11, TODAY) == NO_LIMITS


def test_limits_come_back_from_a_log_as_they_were() -> None:
    for one in (NO_LIMITS, STATE, limits(credits_total=2.0)):
        assert limits_from(json.loads(json.dumps(plain_limits(one)))) == one


# Hours and places that nobody asked for


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ({}, "hours_place_unknown"),
        ({"hours_a_week": 40.0}, "place_unknown"),
        ({"places": frozenset({"Riverbend"})}, "hours_unknown"),
    ],
)
def test_what_nobody_asked_is_said_and_limits_nothing(
    said: dict[str, Any], key: str
) -> None:
    place = next(
        one
        for one in CATALOG.opportunities.values()
        if one.hours_per_week and one.place == "Riverbend" and not one.remote
    )
    option = seen(place, StudentFacts(grade=11, age=17, **said))
    told = check(option, key)
    assert told.holds and told.condition
    known = StudentFacts(age=17, hours_a_week=40.0, places=frozenset({"Riverbend"}))
    assert not any("unknown" in one.key for one in seen(place, known).checks)


# Languages: skill in one says nothing of another

SPANISH = StudentFacts(
    grade=10,
    courses={"WLG-SPA1": CourseState.COMPLETED, "WLG-SPA2": CourseState.IN_PROGRESS},
    mastery=mastery_at({"WL.INTERP": Level.ADVANCED, "WL.CULTURE": Level.ADVANCED}),
)
OTHERS = ("CFO-TEST-ARA1", "CFO-TEST-CHI1", "CFO-TEST-FRE1", "CFO-TEST-ASL1")


def growth(option: Option) -> float:
    return next(one.strength for one in option.parts if one.name == "growth")


def test_skill_in_spanish_lifts_no_other_language() -> None:
    nothing = StudentFacts(grade=10)
    for code in OTHERS:
        entry = CATALOG.credit_options[code]
        assert growth(seen(entry, SPANISH)) == growth(seen(entry, nothing))
        said = [one.values for one in seen(entry, SPANISH).reasons]
        assert not any("language" in str(one) for one in said)
    spanish = seen(CATALOG.credit_options["CFO-TEST-SPA2"], nothing)
    shown = replace(SPANISH, courses={"WLG-SPA1": CourseState.COMPLETED})
    again = seen(CATALOG.credit_options["CFO-TEST-SPA2"], shown)
    assert growth(again) > growth(spanish)


def test_no_test_of_another_language_is_among_the_first_for_a_spanish_student() -> None:
    found = rank(SPANISH, CATALOG, TODAY, OptionKind.CREDIT_FLEX, 8)
    assert not {one.entry.code for one in found.items} & {*OTHERS}


def test_a_low_level_in_spanish_closes_no_other_language() -> None:
    low = replace(SPANISH, mastery=mastery_at({"WL.INTERP": Level.BEGINNING}))
    assert seen(CATALOG.credit_options["CFO-TEST-ARA1"], low).open


def test_with_no_language_course_on_record_a_result_speaks_for_every_language() -> None:
    at_home = replace(SPANISH, courses={})
    for code in ("CFO-TEST-SPA1", "CFO-TEST-ARA1"):
        entry = CATALOG.credit_options[code]
        assert growth(seen(entry, at_home)) > growth(seen(entry, StudentFacts()))


def test_languages_are_told_apart_by_their_sced_series() -> None:
    names = {
        language_of(one): one.title.rsplit(" ", 1)[0]
        for one in CATALOG.courses.values()
        if language_of(one)
    }
    assert len(set(names.values())) == len(names) >= 7
    assert language_of(CATALOG.courses["SCI-BIO"]) == ""
    assert {"WL.INTERP", "WL.CULTURE"} <= language_skills(CATALOG)
    assert isinstance(TEST_OUT, CreditOption)
