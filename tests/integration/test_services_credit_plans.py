"""Credit-flexibility plans over their whole road, with rights and history (O7, A6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from little_school import LittleSchool, filled_plan

from pathways.app import Milepost
from pathways.services import (
    credit_plan_clock,
    credit_plan_lists,
    credit_plans,
    experiences,
)
from pathways.services.credit_plan_views import PlanView
from pathways.services.errors import Invalid, NotFound, Stale
from pathways.services.policy import set_district


def filled(little: LittleSchool) -> PlanView:
    """A plan with every field that an approver needs."""
    plan = filled_plan(little, "student")
    return credit_plans.plan_view(little.milepost, little["student"], plan)


def signed(little: LittleSchool) -> str:
    plan = filled(little)
    return credit_plans.submit(little.milepost, little["student"], plan.id).id


def go(little: LittleSchool, name: str, plan: str, act: str, words: str = "") -> Any:
    return credit_plans.act(little.milepost, little[name], plan, act, words)


def overlay(little: LittleSchool, **given: Any) -> None:
    with little.milepost.work() as work:
        school = work.people.school(little["student"].school_id)
        assert school is not None
        set_district(work, school, given, little.clock())
        work.commit()


def set_born(little: LittleSchool, name: str, born: date) -> None:
    with little.milepost.work() as work:
        person = work.people.by_id(little[name].id)
        assert person is not None
        person.born = born
        work.commit()


def test_a_draft_from_an_option_brings_what_the_catalog_knows(
    little: LittleSchool,
) -> None:
    plan = credit_plans.draft(little.milepost, little["student"], option="CFO-INT-VET")
    values = {one.name: one.value for one in plan.fields}
    assert values["course"] == "CTE-VET"
    assert values["hours"] == "120"
    assert values["credit_amount"] == "1"
    assert "content" in plan.missing
    assert "hours" not in plan.missing


def test_a_plan_goes_its_whole_road_and_each_step_is_in_its_history(
    little: LittleSchool,
) -> None:
    plan = signed(little)
    go(little, "family", plan, "family_sign")
    go(little, "advisor", plan, "teacher_sign")
    go(little, "counselor", plan, "approve")
    go(little, "student", plan, "begin")
    go(little, "student", plan, "add_evidence", "Journal, 40 pages, in the binder")
    go(little, "student", plan, "hand_in")
    go(little, "advisor", plan, "grade", "A, by journal and talk")
    done = go(little, "counselor", plan, "record")
    assert done.state == "on_record"
    assert [one.after for one in done.history] == [
        "with_family",
        "with_teacher",
        "with_counselor",
        "approved",
        "in_progress",
        "in_progress",
        "evidence_in",
        "graded",
        "on_record",
    ]
    assert [one.who for one in done.history][:4] == [
        "Student Test",
        "Family Test",
        "Advisor Test",
        "Counselor Test",
    ]


def test_nothing_is_signed_while_a_field_is_empty(little: LittleSchool) -> None:
    plan = filled(little)
    credit_plans.save_field(
        little.milepost, little["student"], plan.id, "minimum_threshold", ""
    )
    left = credit_plans.missing(little.milepost, little["student"], plan.id)
    assert left == ("minimum_threshold",)
    with pytest.raises(Invalid, match="What is enough"):
        credit_plans.submit(little.milepost, little["student"], plan.id)


def test_a_returned_plan_is_changed_and_signed_anew_by_all(
    little: LittleSchool,
) -> None:
    plan = signed(little)
    go(little, "family", plan, "family_sign")
    with pytest.raises(Invalid, match="needs to change"):
        go(little, "advisor", plan, "return")
    back = go(little, "advisor", plan, "return", "Say how the talk is graded")
    assert back.history[-1].words == "Say how the talk is graded"
    credit_plans.save_field(
        little.milepost, little["student"], plan, "how_grade_is_set", "Only the talk"
    )
    seen = credit_plans.plan_view(little.milepost, little["advisor"], plan)
    shown = {one.name: one.value for one in seen.fields}
    assert shown["how_grade_is_set"] == "Half journal, half talk"
    again = credit_plans.submit(little.milepost, little["student"], plan)
    assert again.state == "with_family"


def test_a_denied_plan_says_why_and_how_to_appeal(little: LittleSchool) -> None:
    overlay(little, appeal={"to": "The principal", "days": 10})
    plan = signed(little)
    go(little, "family", plan, "family_sign")
    go(little, "advisor", plan, "teacher_sign")
    go(little, "counselor", plan, "deny", "The clinic has no insurance")
    seen = credit_plans.plan_view(little.milepost, little["student"], plan)
    said = " ".join(one.text for one in seen.appeal)
    assert "The principal" in said
    assert "your counselor decides this" in said
    assert seen.history[-1].words == "The clinic has no insurance"


def test_from_eighteen_on_the_family_is_told_and_does_not_sign(
    little: LittleSchool,
) -> None:
    set_born(little, "student", date(2008, 11, 1))
    plan = signed(little)
    seen = credit_plans.plan_view(little.milepost, little["family"], plan)
    assert seen.state == "with_teacher"
    assert seen.acts == ()


def test_a_district_may_ask_for_the_signature_at_eighteen_too(
    little: LittleSchool,
) -> None:
    overlay(little, family_signature={"needed_at_18": True})
    set_born(little, "student", date(2008, 11, 1))
    plan = signed(little)
    seen = credit_plans.plan_view(little.milepost, little["family"], plan)
    assert seen.state == "with_family"


def test_a_plan_that_waits_for_a_family_goes_on_at_eighteen(
    little: LittleSchool,
) -> None:
    set_born(little, "student", date(2008, 11, 23))
    plan = signed(little)
    assert credit_plan_clock.tick(little.milepost) == 0
    little.clock.now += timedelta(days=3)
    assert credit_plan_clock.tick(little.milepost) == 1
    assert credit_plan_clock.tick(little.milepost) == 0
    seen = credit_plans.plan_view(little.milepost, little["student"], plan)
    assert seen.state == "with_teacher"
    assert seen.history[-1].party == "clock"


def test_a_returned_plan_lapses_where_the_district_has_set_days(
    little: LittleSchool,
) -> None:
    plan = signed(little)
    go(little, "family", plan, "return", "Not this term")
    little.clock.now += timedelta(days=100)
    assert credit_plan_clock.tick(little.milepost) == 0
    overlay(little, deadlines={"credit_flex_resubmit_days": 14})
    assert credit_plan_clock.tick(little.milepost) == 1
    seen = credit_plans.plan_view(little.milepost, little["student"], plan)
    assert seen.state == "lapsed"


def test_a_late_approver_is_shown_and_nothing_is_approved_by_waiting(
    little: LittleSchool,
) -> None:
    overlay(little, deadlines={"credit_flex_decision_days": 10})
    plan = signed(little)
    go(little, "family", plan, "family_sign")
    (line,) = credit_plan_lists.inbox(little.milepost, little["advisor"])
    assert line.yours and not line.late
    little.clock.now += timedelta(days=11)
    credit_plan_clock.tick(little.milepost)
    (line,) = credit_plan_lists.inbox(little.milepost, little["counselor"])
    assert line.late and line.waits_for == "teacher"


def test_a_paper_signature_is_written_down_by_a_counselor(
    little: LittleSchool,
) -> None:
    plan = signed(little)
    with pytest.raises(NotFound):
        go(little, "advisor", plan, "paper_sign", "Mother, on paper")
    seen = go(little, "counselor", plan, "paper_sign", "Mother, 21 November")
    assert seen.state == "with_teacher"


def test_adults_see_a_plan_only_after_the_student_signed(
    little: LittleSchool,
) -> None:
    plan = filled(little)
    for name in ("family", "advisor", "counselor"):
        assert credit_plan_lists.inbox(little.milepost, little[name]) == []
        with pytest.raises(NotFound):
            credit_plans.plan_view(little.milepost, little[name], plan.id)
    credit_plans.act(little.milepost, little["student"], plan.id, "withdraw")
    with pytest.raises(NotFound):
        credit_plans.plan_view(little.milepost, little["counselor"], plan.id)


def test_an_advisor_who_is_not_the_teacher_of_record_sees_nothing(
    little: LittleSchool,
) -> None:
    plan = signed(little)
    with pytest.raises(NotFound):
        credit_plans.plan_view(little.milepost, little["other_advisor"], plan)
    assert credit_plan_lists.inbox(little.milepost, little["other_advisor"]) == []


def test_nobody_signs_what_has_changed_meanwhile(little: LittleSchool) -> None:
    plan = filled(little)
    credit_plans.save_field(little.milepost, little["student"], plan.id, "hours", "100")
    with pytest.raises(Stale):
        credit_plans.submit(little.milepost, little["student"], plan.id, plan.version)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hours", "many"),
        ("hours", "-3"),
        ("credit_amount", "9"),
        ("due_date", "next Friday"),
        ("grade_option", "gold star"),
        ("course", "NOTHING"),
        ("teacher_of_record", "nobody"),
        ("iep", "anything"),
        ("content", "x" * 1001),
    ],
)
def test_an_answer_that_can_not_be_used_is_refused(
    name: str, text: str, little: LittleSchool
) -> None:
    plan = filled(little)
    with pytest.raises(Invalid) as refused:
        credit_plans.save_field(little.milepost, little["student"], plan.id, name, text)
    assert refused.value.field == name


def test_pass_or_no_pass_is_refused_where_the_district_says_no(
    little: LittleSchool,
) -> None:
    plan = filled(little)
    student = little["student"]
    credit_plans.save_field(
        little.milepost, student, plan.id, "grade_option", "pass_fail"
    )
    overlay(little, grading={"pass_fail": False})
    with pytest.raises(Invalid):
        credit_plans.save_field(
            little.milepost, student, plan.id, "grade_option", "pass_fail"
        )


def test_days_out_of_order_stop_a_signature(little: LittleSchool) -> None:
    plan = filled(little)
    credit_plans.save_field(
        little.milepost, little["student"], plan.id, "due_date", "2027-01-01"
    )
    with pytest.raises(Invalid, match="before the first day"):
        credit_plans.submit(little.milepost, little["student"], plan.id)


def test_logged_hours_are_evidence(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    plan = signed(little)
    for name, act in (
        ("family", "family_sign"),
        ("advisor", "teacher_sign"),
        ("counselor", "approve"),
        ("student", "begin"),
    ):
        go(little, name, plan, act)
    with pytest.raises(Invalid, match="evidence"):
        go(little, "student", plan, "hand_in")
    entry = experiences.log(
        milepost,
        student,
        {"what": "Vet clinic", "hours": "6", "first_day": "2026-11-14"},
    )
    experiences.count_toward(milepost, student, entry.id, "credit", plan, 6)
    assert go(little, "student", plan, "hand_in").state == "evidence_in"


def later(little: LittleSchool, minutes: int) -> Milepost:
    """The same product some minutes later."""
    moment = little.clock() + timedelta(minutes=minutes)
    return replace(little.milepost, clock=lambda: moment)


def at_counselor(little: LittleSchool) -> str:
    plan = signed(little)
    go(little, "family", plan, "family_sign")
    go(little, "advisor", plan, "teacher_sign")
    return plan


@pytest.mark.parametrize(
    ("act", "words"), [("approve", ""), ("return", "More hours"), ("deny", "Too few")]
)
def test_a_counselor_takes_a_decision_back_within_its_minutes(
    little: LittleSchool, act: str, words: str
) -> None:
    plan = at_counselor(little)
    waits = credit_plans.plan_view(little.milepost, little["counselor"], plan).since
    done = go(little, "counselor", plan, act, words)
    assert "take_back" in done.acts
    assert done.until == done.history[-1].at + timedelta(minutes=30)
    late = later(little, 29)
    back = credit_plans.act(late, little["counselor"], plan, "take_back")
    assert back.state == "with_counselor"
    assert back.since == waits
    assert [one.act for one in back.history][-2:] == [act, "take_back"]
    assert "approve" in back.acts and "take_back" not in back.acts
    assert go(little, "counselor", plan, "approve").state == "approved"


def test_a_decision_stands_once_its_minutes_are_over(little: LittleSchool) -> None:
    plan = at_counselor(little)
    go(little, "counselor", plan, "deny", "Too few hours")
    late = later(little, 31)
    seen = credit_plans.plan_view(late, little["counselor"], plan)
    assert "take_back" not in seen.acts and seen.until is None
    with pytest.raises(Stale, match="no longer"):
        credit_plans.act(late, little["counselor"], plan, "take_back")


def test_a_decision_stands_once_the_next_person_has_acted(
    little: LittleSchool,
) -> None:
    plan = at_counselor(little)
    go(little, "counselor", plan, "return", "More hours")
    credit_plans.save_field(little.milepost, little["student"], plan, "hours", "90")
    with pytest.raises(Stale, match="no longer"):
        go(little, "counselor", plan, "take_back")
    other = at_counselor(little)
    go(little, "counselor", other, "approve")
    go(little, "student", other, "begin")
    with pytest.raises(Stale, match="no longer"):
        go(little, "counselor", other, "take_back")


def test_nobody_takes_back_what_another_decided(little: LittleSchool) -> None:
    plan = at_counselor(little)
    go(little, "counselor", plan, "approve")
    for name in ("student", "family", "advisor", "far_counselor"):
        with pytest.raises((NotFound, Stale)):
            go(little, name, plan, "take_back")
    other = signed(little)
    go(little, "family", other, "return", "Not yet")
    with pytest.raises(Stale):
        go(little, "counselor", other, "take_back")
