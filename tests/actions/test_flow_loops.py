"""Each form from its first to its last question, with the store, without Rasa."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from form_loop import TEXTS, FormLoop
from little_school import LittleSchool, build_template, open_school

from actions.forms import NOT_ASKED, SKIPPED
from pathways.services import (
    checkins,
    credit_plan_lists,
    credit_plans,
    drafts,
    experiences,
    goals,
    talks,
)

TOMORROW = ("date", "2026-11-22")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def little(template: Path, tmp_path: Path) -> Iterator[LittleSchool]:
    school = open_school(template, tmp_path)
    yield school
    school.milepost.engine.dispose()


async def test_a_goal_with_its_if_then_plan(little: LittleSchool) -> None:
    loop = FormLoop(little, "goal_setting")
    await loop.begin()
    assert "raise my algebra grade" in await loop.say("raise my algebra grade")
    await loop.say("from a C to a B")
    await loop.say("so I can take chemistry")
    await loop.say("8")
    await loop.say("december 18", ("date", "2026-12-18"))
    await loop.say("do two problems tonight", ("date", "2026-11-21"))
    assert "What in you" in await loop.say("my brother is loud")
    await loop.say("i give up")
    read = await loop.say("put on headphones")
    assert "if “i give up”, then “put on headphones”" in read
    assert "Saturday, November 21" in read
    assert "raise my algebra grade" in await loop.yes()
    (goal,) = goals.active_goals(little.milepost, little["student"])
    assert (goal.obstacle, goal.plan) == ("i give up", "put on headphones")
    assert drafts.newest_draft(little.milepost, little["student"]) is None


async def test_a_goal_is_sharpened_and_split_by_one_question_each(
    little: LittleSchool,
) -> None:
    loop = FormLoop(little, "goal_setting")
    await loop.begin()
    assert "do better" in await loop.say("do better")
    assert "six weeks" in await loop.say("get into college")
    assert "How will you know" in await loop.say("become a nurse")
    assert "see or count" in await loop.say("you know")
    assert "Why does this matter" in await loop.say("you know")


async def test_a_skipped_obstacle_skips_its_plan(little: LittleSchool) -> None:
    loop = FormLoop(little, "goal_setting")
    await loop.begin()
    for words in ("raise my algebra grade", "from a C to a B", "to take chem", "8"):
        await loop.say(words)
    await loop.say("december 18", ("date", "2026-12-18"))
    await loop.say("ask mr lee")
    read = await loop.interrupt("action_skip_question", "skip_question")
    assert "If it gets hard: (left out)" in read
    assert loop.slots["goal_setting_obstacle"] == SKIPPED
    assert loop.slots["goal_setting_plan"] == NOT_ASKED


async def test_a_question_is_kept_only_when_it_is_the_answer(
    little: LittleSchool,
) -> None:
    loop = FormLoop(little, "goal_setting")
    await loop.begin()
    await loop.say("raise my algebra grade")
    await loop.say("from a C to a B")
    asks = "how does photosynthesis make sugar?"
    assert "sounds like a question" in await loop.say(asks)
    assert loop.asked == "goal_setting_why"
    assert loop.slots["held_answer"] == asks
    await loop.say("/affirm", intent="affirm")
    assert loop.slots["goal_setting_why"] == asks
    kept = drafts.newest_draft(little.milepost, little["student"])
    assert kept is not None
    assert kept[1]["why"] == asks


async def test_a_small_reflection_takes_three_questions(little: LittleSchool) -> None:
    loop = FormLoop(little, "reflection")
    await loop.begin()
    await loop.say("something small")
    await loop.say("we lost the debate")
    await loop.say("i rushed")
    read = await loop.say("slow down")
    for words in ("we lost the debate", "i rushed", "slow down"):
        assert f"“{words}”" in read
    assert "How it felt" not in read
    assert "slow down" in await loop.yes()
    (talk,) = talks.list_reflections(little.milepost, little["student"])
    assert (talk.method, talk.fidelity, talk.private) == ("what", 1.0, True)


async def test_a_project_is_looked_back_on_by_gibbs(little: LittleSchool) -> None:
    loop = FormLoop(little, "reflection")
    assert "What happened" in await loop.begin("how my project went")
    for words in ("it broke", "bad", "the arm", "time", "late", "ask", "plan it"):
        await loop.say(words)
    assert loop.asked == "reflection_day"
    assert "could not find a day" in await loop.say("purple")
    assert "Sunday, November 22" in await loop.say("tomorrow", TOMORROW)
    await loop.yes()
    (talk,) = talks.list_reflections(little.milepost, little["student"])
    assert (talk.method, talk.fidelity) == ("gibbs", 1.0)


async def test_another_kind_asks_other_questions(little: LittleSchool) -> None:
    loop = FormLoop(little, "reflection")
    await loop.begin()
    for words in ("something small", "it broke", "so", "plan it"):
        await loop.say(words)
    assert loop.asked == "reflection_confirmed"
    await loop.say("no", intent="deny")
    await loop.say("what it is about")
    await loop.say("a project")
    assert loop.asked == "reflection_feelings"


@pytest.mark.parametrize(("sure", "last"), [("8", False), ("3", True)])
async def test_three_ways_come_before_a_choice(
    sure: str, last: bool, little: LittleSchool
) -> None:
    loop = FormLoop(little, "grow")
    await loop.begin()
    for words in ("band or track", "same time", "ask", "quit", "wait"):
        await loop.say(words)
    assert loop.asked == "grow_choice", loop.said()
    buttons = [one["title"] for one in loop.heard[-1]["buttons"]]
    assert buttons == ["ask", "quit", "wait"]
    await loop.say("the second one")
    await loop.say("tomorrow", TOMORROW)
    await loop.say(sure)
    assert (loop.asked == "grow_action") is last
    if last:
        await loop.say("write it down")
    assert "write it down" in await loop.yes() or not last
    (talk,) = talks.list_talks(little.milepost, little["student"])
    assert talk.action == ("write it down" if last else "quit")
    assert talk.fidelity == 1.0
    promise = checkins.last_promise(little.milepost, little["student"])
    assert promise == talk.action


async def test_a_project_is_planned_to_its_first_step(little: LittleSchool) -> None:
    loop = FormLoop(little, "project")
    await loop.begin()
    for words in ("waste", "how could we waste less?", "cut it", "ask the cook"):
        await loop.say(words)
    for words in ("a poster", "photos", "ask for numbers"):
        await loop.say(words)
    assert "how could we waste less?" in await loop.say("tomorrow", TOMORROW)
    await loop.yes()
    (talk,) = talks.list_talks(little.milepost, little["student"])
    assert (talk.method, talk.fidelity) == ("project", 1.0)


async def test_hours_take_one_turn_and_a_yes(little: LittleSchool) -> None:
    loop = FormLoop(little, "experience_log")
    said = "I worked 6 hours at the vet clinic Saturday"
    told = (("duration", "PT6H"), ("date", "2026-11-14"))
    read = await loop.begin(said, *told, ("organization", "Willow Creek"))
    assert "6 hours on Saturday, November 14" in read
    assert "6 hours" in await loop.yes()
    (entry,) = experiences.ledger(little.milepost, little["student"]).items
    assert (entry.what, entry.hours, entry.sort) == (said, 6.0, "job")
    assert entry.place == "Willow Creek"


async def test_hours_that_are_too_many_for_a_day_are_asked_for_again(
    little: LittleSchool,
) -> None:
    loop = FormLoop(little, "experience_log")
    await loop.begin()
    await loop.say("helped at the shelter")
    await loop.say("60 hours", ("duration", "PT60H"))
    await loop.say("yesterday", ("date", "2026-11-20"))
    assert "more hours than those days have" in await loop.yes()
    assert experiences.ledger(little.milepost, little["student"]).items == ()
    assert loop.slots["experience_log_hours"] is None


PLANNED = {
    "content": "how cells work",
    "ways": "own study",
    "activities": "six weeks with a log",
    "hours": "60",
    "credits": "half a credit",
    "proof": "a talk",
    "tests": "the final exam",
    "enough": "80 of 100",
    "grade": "letter grade",
    "grading": "half log, half talk",
    "unfinished": "i take the class in spring",
    "first_day": "2027-01-11",
    "day": "2027-05-01",
    "teacher": "Advisor North",
}
DATED = ("first_day", "day")


async def plan_it(loop: FormLoop, *left_out: str) -> None:
    """Answer each question of a credit plan, or skip it."""
    while loop.asked != "credit_plan_confirmed":
        field = str(loop.asked).removeprefix("credit_plan_")
        if field in left_out:
            await loop.interrupt("action_skip_question", "skip_question")
        else:
            words = PLANNED[field]
            named = [("date", words)] if field in DATED else []
            await loop.say(words, *named)
        assert loop.asked != f"credit_plan_{field}", (field, loop.said())


async def test_a_credit_plan_with_all_its_parts_can_be_signed(
    little: LittleSchool,
) -> None:
    milepost, student = little.milepost, little["student"]
    name = dict(credit_plan_lists.teachers(milepost, student))[little["advisor"].id]
    loop = FormLoop(little, "credit_plan")
    await loop.begin()
    assert "don't find" in await loop.say("basket weaving")
    await loop.say("biology")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(PLANNED, "teacher", name)
        await plan_it(loop)
    assert "has all its parts" in await loop.yes()
    (plan,) = credit_plans.plans(milepost, student)
    fields = {
        one.name: one.value
        for one in credit_plans.plan_view(milepost, student, plan.id).fields
    }
    assert fields["credit_amount"] == "0.5"
    assert fields["grade_option"] == "letter"
    assert fields["teacher_of_record"] == little["advisor"].id
    assert fields["start_date"] == "2027-01-11"
    assert credit_plans.missing(milepost, student, plan.id) == ()
    assert credit_plans.submit(milepost, student, plan.id).state == "with_family"


async def test_each_answer_stands_on_the_page_at_once(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    loop = FormLoop(little, "credit_plan")
    await loop.begin()
    await loop.say("biology")
    await loop.say("how cells work")
    (plan,) = credit_plans.plans(milepost, student)
    credit_plans.save_field(milepost, student, plan.id, "ways", "online")
    credit_plans.save_field(milepost, student, plan.id, "content", "cells and genes")
    again = FormLoop(little, "credit_plan")
    await again.begin()
    assert again.asked == "credit_plan_activities"
    assert again.slots["credit_plan_content"] == "cells and genes"


async def test_a_draft_of_the_page_is_gone_on_with(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    kept = credit_plans.draft(milepost, student, "SCI-BIO")
    credit_plans.save_field(milepost, student, kept.id, "content", "cells")
    loop = FormLoop(little, "credit_plan")
    await loop.begin()
    assert "have a draft" in await loop.say("biology")
    assert loop.asked == "credit_plan_ways"
    await plan_it(loop, "tests", "teacher")
    assert "still needs 2" in await loop.yes()
    assert len(credit_plans.plans(milepost, student)) == 1


async def test_a_new_plan_for_the_same_class_leaves_the_draft(
    little: LittleSchool,
) -> None:
    milepost, student = little.milepost, little["student"]
    kept = credit_plans.draft(milepost, student, "SCI-BIO")
    loop = FormLoop(little, "credit_plan")
    await loop.begin("/begin", ("field", "anew"))
    assert "have a draft" not in await loop.say("biology")
    assert kept.id != loop.slots["credit_plan_plan"]
    assert len(credit_plans.plans(milepost, student)) == 2


async def test_a_plan_that_was_signed_meanwhile_is_left_alone(
    little: LittleSchool,
) -> None:
    milepost, student = little.milepost, little["student"]
    loop = FormLoop(little, "credit_plan")
    await loop.begin()
    await loop.say("biology")
    await plan_it(loop, *(set(PLANNED) - {"hours"}))
    (plan,) = credit_plans.plans(milepost, student)
    credit_plans.act(milepost, student, plan.id, "withdraw")
    assert "changed nothing" in await loop.yes()
    (after,) = credit_plans.plans(milepost, student)
    assert after.state == "withdrawn"


async def test_days_of_a_plan_stay_in_order(little: LittleSchool) -> None:
    loop = FormLoop(little, "credit_plan")
    await loop.begin()
    await loop.say("biology")
    while loop.asked != "credit_plan_first_day":
        await loop.interrupt("action_skip_question", "skip_question")
    await loop.say("may 3", ("date", "2027-05-03"))
    early = await loop.say("may 1", ("date", "2027-05-01"))
    assert "before your first day" in early
    assert loop.asked == "credit_plan_day"


OPENED = {
    "goal_setting": ["raise my algebra grade", "from a C to a B", "to take chem", "8"],
    "reflection": ["something small", "we lost", "i rushed", "slow down"],
    "grow": ["band or track", "same time", "ask", "quit", "wait", "quit"],
    "project": ["waste", "how to cut it", "cut it", "ask", "a poster", "photos"],
    "experience_log": ["helped at the food bank", "3 hours"],
    "credit_plan": ["biology", "how cells work", "own study", "six weeks", "60", "0.5"],
    "checkin": ["4", "passed my quiz", "my habits", "my phone", "put it away"],
}


@pytest.mark.parametrize("flow", OPENED)
async def test_every_question_is_explained_and_asked_again(
    flow: str, little: LittleSchool
) -> None:
    loop = FormLoop(little, flow)
    await loop.begin()
    for words in OPENED[flow]:
        asked = loop.asked
        told = await loop.interrupt("action_explain_question", "ask_why_question")
        assert TEXTS[f"utter_explain_{loop.form}_{asked}"] in told
        assert loop.asked == asked
        await loop.say(words)
        assert loop.asked != asked


@pytest.mark.parametrize("flow", OPENED)
async def test_every_answer_is_in_the_draft_at_once_and_can_be_taken_up(
    flow: str, little: LittleSchool
) -> None:
    loop = FormLoop(little, flow)
    await loop.begin()
    for words in OPENED[flow]:
        asked = str(loop.asked)
        await loop.say(words)
        left = drafts.open_drafts(little.milepost, little["student"])[flow]
        assert left[asked.removeprefix(f"{flow}_")]
    again = FormLoop(little, flow)
    again.asked = None
    await again.begin()
    assert again.asked == loop.asked


@pytest.mark.parametrize("flow", OPENED)
async def test_begun_anew_nothing_is_left_of_what_was_said(
    flow: str, little: LittleSchool
) -> None:
    loop = FormLoop(little, flow)
    await loop.begin()
    await loop.say(OPENED[flow][0])
    again = FormLoop(little, flow)
    await again.begin("/begin", ("field", "anew"))
    left = drafts.open_drafts(little.milepost, little["student"]).get(flow, {})
    assert set(left.values()) <= {SKIPPED}
    assert str(again.asked).startswith(f"{flow}_")


async def test_a_check_in_without_a_plan_asks_nothing_about_one(
    little: LittleSchool,
) -> None:
    loop = FormLoop(little, "checkin")
    await loop.begin()
    await loop.say("4")
    assert loop.asked == "checkin_win"
    for words in ("passed my quiz", "my habits", "my phone", "put it away"):
        await loop.say(words)
    await loop.say("read monday after lunch")
    await loop.say("8")
    read = await loop.say("no", intent="deny")
    assert "if “my phone”, then “put it away”" in read
    assert "read monday after lunch" in await loop.yes()
    (kept,) = checkins.list_checkins(little.milepost, little["student"])
    assert (kept.area, kept.plan, kept.confidence) == (
        "habits_of_success",
        "put it away",
        8,
    )
    assert kept.fidelity is not None
    assert 0.8 < kept.fidelity < 1


async def test_a_check_in_asks_for_what_shows_a_kept_plan_and_a_smaller_step(
    little: LittleSchool,
) -> None:
    milepost, student = little.milepost, little["student"]
    checkins.save_checkin(milepost, student, {"next_step": "read chapter 3"})
    loop = FormLoop(little, "checkin")
    await loop.begin()
    await loop.say("4")
    await loop.say("done")
    assert loop.asked == "checkin_evidence"
    for words in ("my notes", "a good lab", "what i know", "nothing really"):
        await loop.say(words)
    assert loop.asked == "checkin_next_step"
    await loop.say("write the whole essay")
    await loop.say("4")
    assert loop.asked == "checkin_smaller"
    await loop.say("write the first line")
    read = await loop.say("no", intent="deny")
    assert "“write the first line”" in read
    await loop.yes()
    newest = checkins.list_checkins(milepost, student)[0]
    assert newest.next_step == "write the first line"
    assert (newest.evidence, newest.plan, newest.obstacle) == ("my notes", "", "")
