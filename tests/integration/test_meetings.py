"""The brief, the meeting's outcome and the caseload's order (A2, A10)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from little_school import ANSWERS, LittleSchool
from sqlalchemy import event

from pathways.services import caseload, checkins, goals, looks, meetings, summaries
from pathways.services.errors import Invalid
from pathways.store.models import Relation


def test_the_coach_asks_about_the_agreed_step_next(little: LittleSchool) -> None:
    student, advisor = little["student"], little["advisor"]
    checkins.save_checkin(little.milepost, student, {"next_step": "read"})
    meetings.note_meeting(
        little.milepost, advisor, student.id, "  ask Ms. Bell   about labs ", "Calm."
    )
    assert checkins.last_promise(little.milepost, student) == "ask Ms. Bell about labs"
    meetings.note_meeting(little.milepost, advisor, student.id, "", "Only a note.")
    assert checkins.last_promise(little.milepost, student) == "ask Ms. Bell about labs"
    assert checkins.last_promise(little.milepost, little["other_student"]) == ""
    little.clock.now += timedelta(days=1)
    checkins.save_checkin(little.milepost, student, {"next_step": "write"})
    assert checkins.last_promise(little.milepost, student) == "write"


def test_a_double_click_keeps_one_meeting(little: LittleSchool) -> None:
    student, advisor = little["student"], little["advisor"]
    for _ in range(2):
        meetings.note_meeting(little.milepost, advisor, student.id, "read", "x")
    assert len(meetings.brief(little.milepost, advisor, student.id).meetings) == 1
    with pytest.raises(Invalid):
        meetings.note_meeting(little.milepost, advisor, student.id, " ", "")
    with pytest.raises(Invalid):
        meetings.note_meeting(little.milepost, advisor, student.id, "x" * 201, "")


def test_a_brief_holds_nothing_that_was_not_released(little: LittleSchool) -> None:
    student, advisor = little["student"], little["advisor"]
    goals.save_goal(little.milepost, student, ANSWERS)
    checkins.save_checkin(
        little.milepost, student, {"next_step": "secretstep", "win": "secretwin"}
    )
    little.noted("student", "I like animals", "interest", words="secretwish")
    before = meetings.brief(little.milepost, advisor, student.id)
    assert before.lines == () and before.quote is None and before.step is None
    assert "secret" not in repr(before)
    draft = summaries.draft_summary(little.milepost, student)
    assert draft is not None
    summaries.release(little.milepost, student, draft.id)
    after = meetings.brief(little.milepost, advisor, student.id)
    assert "secretwish" in repr(after.lines)
    assert "secretstep" not in repr(after) and "secretwin" not in repr(after)


def test_who_waits_longest_stands_first_with_the_reason(little: LittleSchool) -> None:
    student, advisor = little["student"], little["advisor"]
    assert caseload.caseload(little.milepost, advisor)[0].reasons == ()
    goals.save_goal(little.milepost, student, ANSWERS)
    checkins.save_checkin(little.milepost, student, {"next_step": "read"})
    little.clock.now += timedelta(days=15)
    row = caseload.caseload(little.milepost, advisor)[0]
    assert row.id == student.id
    assert [(one.name, one.number) for one in row.reasons] == [
        ("goal", 15),
        ("checkin", 15),
    ]
    for _ in range(2):
        caseload.caseload(little.milepost, advisor)
    seen = looks.list_looks(little.milepost, student)
    assert [one.what for one in seen] == [caseload.OVERVIEW]


def test_more_students_take_no_more_questions(little: LittleSchool) -> None:
    asked: list[str] = []
    event.listen(
        little.milepost.engine,
        "before_cursor_execute",
        lambda *args: asked.append(str(args[2])),
    )
    advisor, other = little["advisor"], little["other_student"]
    assert len(caseload.caseload(little.milepost, advisor)) == 1
    for_one = len(asked)
    with little.milepost.work() as work:
        work.session.add(
            Relation(
                school_id=advisor.school_id, adult_id=advisor.id, student_id=other.id
            )
        )
        work.commit()
    for name in ("student", "other_student"):
        goals.save_goal(little.milepost, little[name], ANSWERS)
        checkins.save_checkin(little.milepost, little[name], {"next_step": "read"})
    asked.clear()
    assert len(caseload.caseload(little.milepost, advisor)) == 2
    assert len(asked) == for_one


def test_the_quote_is_what_is_most_the_students_own(little: LittleSchool) -> None:
    at = little.clock.now
    newest = meetings.Said("Saved an option: Zoology.", at, False)
    goal = meetings.Said("Set a goal: “finish five labs”.", at, False)
    written = meetings.Said("I like the lab days.", at, True)
    assert meetings.quote_of([newest, goal, written]) == written
    assert meetings.quote_of([newest, goal]) == goal
    assert meetings.quote_of([newest]) == newest
    assert meetings.quote_of([]) is None


def test_what_a_family_read_is_still_to_read_for_the_advisor(
    little: LittleSchool,
) -> None:
    student, advisor = little["student"], little["advisor"]
    little.noted("student", "I like animals", "interest", words="animals")
    draft = summaries.draft_summary(little.milepost, student)
    assert draft is not None
    summaries.release(little.milepost, student, draft.id)
    summaries.released_summaries(little.milepost, little["family"], student.id)
    (row,) = caseload.caseload(little.milepost, advisor)
    assert row.new_summaries == 1
    meetings.brief(little.milepost, advisor, student.id)
    (row,) = caseload.caseload(little.milepost, advisor)
    assert row.new_summaries == 0
