"""Features that a school switches on for some students first (A11)."""

from __future__ import annotations

import html

import pytest
from door import Door
from little_school import HOURS, LittleSchool, filled_plan

from pathways.domain.features import OFF_AT_FIRST, Feature, Switch
from pathways.services import credit_plans, experiences, features, graduation_check
from pathways.services.errors import Invalid, NotFound, SwitchedOff

NOBODY = Switch(everyone=False)


def switch(little: LittleSchool, feature: Feature, to: Switch = NOBODY) -> None:
    features.set_switch(little.milepost, little["admin"], feature, to)


def test_all_but_dictation_is_on_until_somebody_switches(little: LittleSchool) -> None:
    assert features.off_for(little.milepost, little["student"]) == OFF_AT_FIRST
    found = features.pilot(little.milepost, little["admin"])
    on = [one for one in found.switches if one.feature not in OFF_AT_FIRST]
    assert all(one.switch.everyone for one in on)
    assert all(one.reached == found.students for one in on)
    assert [one.reached for one in found.switches if one not in on] == [0]


def test_a_grade_or_a_group_gets_a_feature_and_others_do_not(
    little: LittleSchool,
) -> None:
    advisor = little["advisor"].id
    switch(little, Feature.HOURS, Switch(False, (), (advisor,)))
    experiences.log(little.milepost, little["student"], HOURS)
    with pytest.raises(SwitchedOff):
        experiences.log(little.milepost, little["other_student"], HOURS)
    with little.milepost.work() as work:
        person = work.people.by_id(little["other_student"].id)
        assert person is not None and person.grade is not None
        grade = person.grade
    switch(little, Feature.HOURS, Switch(False, (grade,)))
    experiences.log(little.milepost, little["other_student"], HOURS)
    far = features.off_for(little.milepost, little["far_student"])
    assert far == OFF_AT_FIRST


def test_a_plan_under_way_goes_on_and_no_new_one_begins(little: LittleSchool) -> None:
    plan = filled_plan(little, "student")
    switch(little, Feature.CREDIT_PLANS)
    credit_plans.submit(little.milepost, little["student"], plan)
    with pytest.raises(SwitchedOff):
        credit_plans.draft(little.milepost, little["student"], "CTE-VET")


def test_an_adults_work_is_never_switched_off(little: LittleSchool) -> None:
    switch(little, Feature.GRADUATION)
    student = little["student"].id
    for name in ("advisor", "counselor", "family"):
        graduation_check.graduation_check(little.milepost, little[name], student)
    with pytest.raises(SwitchedOff):
        graduation_check.graduation_check(little.milepost, little["student"])


def test_only_groups_and_grades_of_the_school_can_be_chosen(
    little: LittleSchool,
) -> None:
    for wrong in (Switch(False, (3,)), Switch(False, (), (little["far_advisor"].id,))):
        with pytest.raises(Invalid):
            switch(little, Feature.HOURS, wrong)
    with pytest.raises(NotFound):
        features.set_switch(little.milepost, little["admin"], "help", NOBODY)


def test_what_is_off_says_so_to_the_student_on_every_page(
    door: Door, little: LittleSchool
) -> None:
    for feature in Feature:
        path = f"/admin/features/{feature}"
        sent = door.page("admin", "POST", path, everyone="no")
        assert sent.status_code == 303
    for path in ("/graduation", "/graduation/pdf", "/ideas"):
        answer = door.page("student", "GET", path)
        assert answer.status_code == 403, path
        assert "Not on for you yet" in answer.text
        assert 'href="/person"' in answer.text
    for path in ("/experiences", "/credit-plans", "/reflections"):
        answer = door.page("student", "GET", path)
        assert answer.status_code == 200
        assert "Not on for you yet" in answer.text
        assert f'<form method="post" action="{path}"' not in answer.text
    marked = door.page("student", "GET", "/more").text.count("not on yet")
    assert marked == len(set(Feature) - OFF_AT_FIRST)
    for path in ("/home", "/plan", "/options", "/goals", "/chat", "/my-data"):
        assert door.page("student", "GET", path).status_code == 200, path
    answer = door.api("student", "GET", "/graduation")
    assert answer.status_code == 403
    assert answer.json()["switched_off"] == "graduation"


def test_the_page_shows_whom_a_switch_reaches_and_who_turned_it(
    door: Door, little: LittleSchool
) -> None:
    page = html.unescape(door.page("admin", "GET", "/admin/features").text)
    assert page.count('value="yes" checked') == len(set(Feature) - OFF_AT_FIRST)
    sent = {"everyone": "no", "groups": little["advisor"].id}
    door.page("admin", "POST", "/admin/features/careers", **sent)
    page = html.unescape(door.page("admin", "GET", "/admin/features").text)
    assert "on for 1 of" in page
    assert "Changed by Admin Test" in page
    wrong = door.page("admin", "POST", "/admin/features/careers", grades="99")
    assert wrong.status_code == 422
    assert "Choose grades of this school" in wrong.text
    assert door.page("counselor", "GET", "/admin/features").status_code == 404
