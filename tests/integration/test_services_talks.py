"""Talks, reminders, promises, wishes, and what a course changes (C4, C8, C9, O10)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from little_school import ANSWERS, REFLECTED, LittleSchool

from pathways.services import (
    alerts,
    checkins,
    courses,
    drafts,
    goals,
    reminders,
    summaries,
    talks,
)
from pathways.services.errors import Invalid

SUNDAY = date(2026, 11, 22)
GIBBS = {
    "what": "Our robot lost",
    "feelings": "bad",
    "good": "",
    "hard": "time",
    "analysis": "",
    "conclusion": "",
    "action": "Make a schedule",
    "day": "2026-11-23",
}


def test_a_talk_is_kept_in_the_students_words_and_ends_its_draft(
    little: LittleSchool,
) -> None:
    milepost, student = little.milepost, little["student"]
    drafts.save_answers(milepost, student, "reflection", {"what": "x"})
    talk = talks.save_talk(milepost, student, "reflection", "gibbs", GIBBS)
    assert (talk.action, talk.day) == ("Make a schedule", date(2026, 11, 23))
    assert talk.private
    assert talk.fidelity == pytest.approx(6 / 9, abs=0.01)
    assert drafts.newest_draft(milepost, student) is None
    assert talks.list_reflections(milepost, student) == [talk]


@pytest.mark.parametrize("missing", ["what", "action", "day"])
def test_a_talk_without_a_needed_step_is_refused(
    missing: str, little: LittleSchool
) -> None:
    answers = {name: text for name, text in GIBBS.items() if name != missing}
    with pytest.raises(Invalid):
        talks.save_talk(
            little.milepost, little["student"], "reflection", "gibbs", answers
        )
    assert talks.list_talks(little.milepost, little["student"]) == []


@pytest.mark.parametrize(
    ("method", "answers"),
    [("magic", {}), ("what", {**REFLECTED, "spell": "x"}), ("what", {"what": ""})],
)
def test_what_is_no_method_or_no_step_is_refused(
    method: str, answers: dict[str, str], little: LittleSchool
) -> None:
    with pytest.raises(Invalid):
        talks.save_talk(
            little.milepost, little["student"], "reflection", method, answers
        )


def test_a_reflection_is_in_no_summary_until_its_line_is_chosen(
    little: LittleSchool,
) -> None:
    milepost, student = little.milepost, little["student"]
    talk = talks.save_talk(milepost, student, "reflection", "what", REFLECTED)
    assert summaries.draft_summary(milepost, student) is None
    assert not talks.open_talk(milepost, student, talk.id).private


def test_the_newest_plan_is_the_promise(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    assert checkins.newest_promise(milepost, student) is None
    goals.save_goal(milepost, student, ANSWERS)
    talks.save_talk(milepost, student, "reflection", "what", REFLECTED)
    assert checkins.last_promise(milepost, student) == "Ask for help"
    checkins.save_checkin(milepost, student, {"next_step": "read"})
    assert checkins.last_promise(milepost, student) == "read"


def test_a_goal_keeps_its_if_then_plan_and_the_day_of_its_step(
    little: LittleSchool,
) -> None:
    more = {"obstacle": "I forget", "plan": "set an alarm", "step_day": "2026-11-22"}
    goal = goals.save_goal(little.milepost, little["student"], {**ANSWERS, **more})
    assert (goal.obstacle, goal.plan) == ("I forget", "set an alarm")
    assert goal.first_step_due == SUNDAY


@pytest.mark.parametrize("day", ["2026-12-01", "soon", "2026-11-01"])
def test_a_step_is_due_within_48_hours_whatever_was_said(
    day: str, little: LittleSchool
) -> None:
    goal = goals.save_goal(
        little.milepost, little["student"], {**ANSWERS, "step_day": day}
    )
    assert goal.first_step_due == date(2026, 11, 23)


def test_a_reminder_is_shown_once_from_its_day_on(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    reminders.set_reminder(milepost, student, "check my goal", SUNDAY)
    assert reminders.take_due(milepost, student) is None
    little.clock.now += timedelta(days=2)
    shown = reminders.take_due(milepost, student)
    assert shown is not None
    assert shown.text == "check my goal"
    assert reminders.take_due(milepost, student) is None
    assert reminders.list_reminders(milepost, student) == []


def test_a_stopped_reminder_is_never_shown(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    kept = reminders.set_reminder(milepost, student, "check my goal", SUNDAY)
    reminders.stop_reminder(milepost, student, kept.id)
    reminders_left = reminders.list_reminders(milepost, student)
    little.clock.now += timedelta(days=2)
    assert reminders.take_due(milepost, student) is None
    assert reminders_left == []


def test_a_week_holds_three_reminders_and_the_next_one_more(
    little: LittleSchool,
) -> None:
    milepost, student = little.milepost, little["student"]
    for more in range(reminders.WEEKLY_CAP):
        reminders.set_reminder(milepost, student, "x", SUNDAY + timedelta(days=more))
    with pytest.raises(Invalid) as error:
        reminders.set_reminder(milepost, student, "x", SUNDAY + timedelta(days=4))
    assert error.value.field == "cap"
    reminders.set_reminder(milepost, student, "x", SUNDAY + timedelta(days=14))


@pytest.mark.parametrize("day", [date(2026, 11, 20), date(2028, 1, 1)])
def test_a_reminder_needs_a_day_that_can_come(day: date, little: LittleSchool) -> None:
    with pytest.raises(Invalid) as error:
        reminders.set_reminder(little.milepost, little["student"], "x", day)
    assert error.value.field == "day"


@pytest.mark.parametrize("wish", [alerts.WANTS_COPY, alerts.WANTS_DELETION])
def test_a_wish_for_data_reaches_the_students_adults_once(
    wish: str, little: LittleSchool
) -> None:
    milepost, student = little.milepost, little["student"]
    assert alerts.ask_for(milepost, student, wish) == alerts.ask_for(
        milepost, student, wish
    )
    for adult in ("advisor", "counselor"):
        seen = alerts.list_alerts(milepost, little[adult])
        assert [one.category for one in seen] == [wish]
    assert alerts.list_alerts(milepost, little["other_advisor"]) == []


def test_a_course_is_found_by_code_name_and_title_and_nothing_else(
    little: LittleSchool,
) -> None:
    milepost, student = little.milepost, little["student"]
    for words in (["SCI-BIO"], ["biology"], ["i want biology please"]):
        found = courses.find_course(milepost, student, words)
        assert found is not None
        assert found.code == "SCI-BIO"
    assert courses.find_course(milepost, student, ["basket weaving"]) is None
