"""Goals, check-ins, drafts, options and the counselor's catalog."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from little_school import ANSWERS, LittleSchool, add_result

from pathways.domain.options import OptionKind
from pathways.services import catalog as catalogs
from pathways.services import checkins, drafts, goals, options
from pathways.services.errors import Invalid, NotFound, Stale
from pathways.store.models import Suggestion


def save(little: LittleSchool, **more: str) -> goals.GoalView:
    return goals.save_goal(little.milepost, little["student"], {**ANSWERS, **more})


# Goals


def test_a_goal_is_kept_in_the_students_words_with_its_dates(
    little: LittleSchool,
) -> None:
    goal = save(little)
    assert (goal.what, goal.confidence) == ("Finish five biology labs", 8)
    assert goal.due == date(2026, 12, 18)
    assert goal.first_step_due == date(2026, 11, 23)
    assert goals.active_goals(little.milepost, little["student"]) == [goal]


@pytest.mark.parametrize("due", ["", "2026-11-21", "2026-11-20", "2029-01-01"])
def test_a_goal_needs_a_day_it_can_meet(due: str, little: LittleSchool) -> None:
    with pytest.raises(Invalid):
        save(little, due=due)
    assert goals.list_goals(little.milepost, little["student"]) == []


def test_a_saved_goal_ends_its_draft_and_no_other(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    drafts.save_answers(milepost, student, "checkin", {"win": "x"})
    drafts.save_answers(milepost, student, goals.FLOW, {"what": "y"})
    save(little)
    assert drafts.newest_draft(milepost, student) == ("checkin", {"win": "x"})


def test_a_refused_goal_keeps_its_draft(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    drafts.save_answers(milepost, student, goals.FLOW, {"what": "y"})
    with pytest.raises(Invalid):
        save(little, due="")
    assert drafts.newest_draft(milepost, student) == (goals.FLOW, {"what": "y"})


def test_progress_is_kept_newest_first(little: LittleSchool) -> None:
    milepost, student, goal = little.milepost, little["student"], save(little)
    goals.report_progress(milepost, student, goal.id, "one lab")
    found = goals.report_progress(milepost, student, goal.id, "two labs")
    assert [words for _, words in found.progress] == ["two labs", "one lab"]


@pytest.mark.parametrize("status", [goals.DROPPED, goals.DONE])
def test_a_goal_is_closed_and_taken_up_again(status: str, little: LittleSchool) -> None:
    milepost, student, goal = little.milepost, little["student"], save(little)
    assert goals.change_status(milepost, student, goal.id, status).status == status
    assert goals.active_goals(milepost, student) == []
    goals.change_status(milepost, student, goal.id, goals.ACTIVE)
    assert [one.id for one in goals.active_goals(milepost, student)] == [goal.id]
    with pytest.raises(Invalid):
        goals.change_status(milepost, student, goal.id, "lost")


def test_active_goals_come_first(little: LittleSchool) -> None:
    old, new = save(little, what="old one"), save(little, what="new one")
    goals.change_status(little.milepost, little["student"], new.id, goals.DONE)
    found = goals.list_goals(little.milepost, little["student"])
    assert [one.id for one in found] == [old.id, new.id]


# Check-ins and drafts


@pytest.mark.parametrize("mood", ["0", "6", "good", "-1", "3.5", "²"])
def test_a_mood_is_one_to_five(mood: str, little: LittleSchool) -> None:
    with pytest.raises(Invalid) as refused:
        checkins.save_checkin(little.milepost, little["student"], {"mood": mood})
    assert refused.value.field == "mood"


def test_a_mood_may_be_left_out(little: LittleSchool) -> None:
    saved = checkins.save_checkin(little.milepost, little["student"], {"win": "x"})
    assert (saved.mood, saved.win) == (None, "x")


def test_the_promise_to_ask_about_is_the_newest(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    assert checkins.last_promise(milepost, student) == ""
    goal = save(little)
    assert checkins.last_promise(milepost, student) == ANSWERS["first_step"]
    checkins.save_checkin(milepost, student, {"mood": "4", "next_step": "see Ms. K"})
    assert checkins.last_promise(milepost, student) == "see Ms. K"
    goals.change_status(milepost, student, goal.id, goals.DROPPED)
    assert checkins.last_promise(milepost, student) == "see Ms. K"


def test_a_check_in_keeps_what_was_said(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    drafts.save_answers(milepost, student, checkins.FLOW, {"mood": "2"})
    given = {"mood": "2", "obstacle": "no sleep", "wants_person": "yes"}
    checkins.save_checkin(milepost, student, given)
    (found,) = checkins.list_checkins(milepost, student)
    assert (found.mood, found.obstacle, found.wants_person) == (2, "no sleep", True)
    assert found.promise_result == ""
    assert drafts.newest_draft(milepost, student) is None


def test_a_draft_grows_and_takes_answers_back(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    drafts.save_answers(milepost, student, "goal_setting", {"what": "a", "why": "b"})
    drafts.save_answers(milepost, student, "goal_setting", {"why": None, "due": "c"})
    assert drafts.newest_draft(milepost, student) == (
        "goal_setting",
        {"what": "a", "due": "c"},
    )


def test_the_draft_touched_last_is_the_newest(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    for flow in ("goal_setting", "checkin", "goal_setting"):
        drafts.save_answers(milepost, student, flow, {"what": flow})
    found = drafts.newest_draft(milepost, student)
    assert found is not None
    assert found[0] == "goal_setting"


# Options


def logged(little: LittleSchool) -> list[Suggestion]:
    with little.milepost.work() as work:
        return list(work.session.query(Suggestion).order_by(Suggestion.suggested_at))


def test_a_suggestion_is_logged_with_all_it_rests_on(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    found = options.suggest(milepost, student, OptionKind.COURSE, 3)
    (row,) = logged(little)
    assert row.id == found.id
    assert [one["id"] for one in row.ranking] == [one.id for one in found.items]
    assert (row.kind, row.catalog_version) == ("course", found.catalog_version)
    assert row.policy_version == found.policy_version
    assert options.last_suggested(milepost, student) == tuple(
        one.id for one in found.items
    )


def test_the_same_inputs_give_the_same_hash_and_a_new_fact_another(
    little: LittleSchool,
) -> None:
    milepost, student = little.milepost, little["student"]
    one = options.suggest(milepost, student)
    other = options.suggest(milepost, student)
    assert one.items == other.items
    add_result(little, "student", "SCI.ANAT", 3)
    options.suggest(milepost, student)
    first, second, third = (row.inputs_hash for row in logged(little))
    assert first == second != third


def test_every_suggestion_has_reasons_with_a_source(little: LittleSchool) -> None:
    add_result(little, "student", "SCI.ANAT", 3)
    found = options.suggest(little.milepost, little["student"], None, 10)
    assert found.items
    for one in found.items:
        assert one.open
        assert one.next_step
        assert all(reason.fact and reason.source for reason in one.reasons)
    for one in found.not_yet:
        assert not one.open
        assert one.limits
        assert one.next_step


def test_the_last_decision_counts(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    option = options.suggest(milepost, student).items[0].id
    options.decide(milepost, student, option, options.DISMISSED)
    assert option not in {one.id for one in options.suggest(milepost, student).items}
    options.decide(milepost, student, option, options.SAVED)
    assert [one.id for one in options.saved(milepost, student)] == [option]
    options.decide(milepost, student, option, "")
    assert options.saved(milepost, student) == []
    with pytest.raises(Invalid):
        options.decide(milepost, student, option, "maybe")
    with pytest.raises(NotFound):
        options.decide(milepost, student, "NO-SUCH", options.SAVED)


# The catalog


def edit(little: LittleSchool, seen: int | None = 1, **cells: str) -> Any:
    given = {"code": "SCI-BIO", **cells}
    return catalogs.edit(little.milepost, little["counselor"], "course", given, seen)


def title(little: LittleSchool, name: str = "student") -> str:
    return catalogs.current(little.milepost, little[name]).courses["SCI-BIO"].title


def phrases(little: LittleSchool) -> set[str]:
    path = little.milepost.settings.gazetteer_path
    entries = json.loads(path.read_text(encoding="utf-8"))["entries"]
    return {phrase for entry in entries for phrase in entry["phrases"]}


def test_an_edit_is_a_version_that_students_get_at_once(little: LittleSchool) -> None:
    edit(little, title="Biology and You", everyday_names="life science; frogs class")
    assert title(little) == "Biology and You"
    assert title(little, "far_student") != "Biology and You"
    assert {"biology and you", "frogs class"} <= phrases(little)
    current = catalogs.current(little.milepost, little["student"])
    assert current.version == 2
    assert current.courses["SCI-BIO"].credits == 1.0


def test_the_history_says_who_changed_what(little: LittleSchool) -> None:
    before = title(little)
    edit(little, title="Biology and You")
    newest, first = catalogs.history(
        little.milepost, little["counselor"], "course", "SCI-BIO"
    )
    assert (newest.who, first.who) == ("Counselor Test", "import")
    assert newest.changed == (("title", before, "Biology and You"),)


def test_an_older_revision_can_be_published_again(little: LittleSchool) -> None:
    before = title(little)
    edit(little, title="Wrong")
    catalogs.revert(little.milepost, little["counselor"], "course", "SCI-BIO", 1)
    assert title(little) == before
    assert catalogs.current(little.milepost, little["student"]).version == 3
    with pytest.raises(NotFound):
        catalogs.revert(little.milepost, little["counselor"], "course", "SCI-BIO", 99)


def test_a_form_made_from_an_older_revision_is_refused(little: LittleSchool) -> None:
    edit(little, title="First")
    for seen in (1, None, 99):
        with pytest.raises(Stale):
            edit(little, seen, title="Second")
    assert title(little) == "First"
    edit(little, 2, title="Second")
    assert title(little) == "Second"


def test_saving_without_a_change_publishes_nothing(little: LittleSchool) -> None:
    edit(little)
    assert catalogs.current(little.milepost, little["student"]).version == 1


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"credits": "many"}, "credits"),
        ({"prerequisites": "A &"}, "prerequisites"),
        ({"prerequisites": "NO-SUCH"}, "prerequisites"),
        ({"clusters": "space"}, "clusters"),
        ({"title": " "}, "title"),
        ({"review_by": "soon"}, "review_by"),
    ],
)
def test_a_value_that_can_not_be_used_names_its_column(
    cells: dict[str, str], column: str, little: LittleSchool
) -> None:
    with pytest.raises(Invalid) as refused:
        edit(little, **cells)
    assert refused.value.field == column
    assert catalogs.current(little.milepost, little["student"]).version == 1


def test_a_retired_entry_is_out_of_the_matcher_and_the_gazetteer(
    little: LittleSchool,
) -> None:
    assert "SCI-BIO" in catalogs.current(little.milepost, little["student"]).courses
    edit(little, title="Only Here Biology")
    edit(little, 2, status="retired")
    current = catalogs.current(little.milepost, little["student"])
    assert "SCI-BIO" not in current.courses
    assert catalogs.find(current, "course", "SCI-BIO").title == "Only Here Biology"
    assert "only here biology" not in phrases(little)
    found = options.why(little.milepost, little["student"], "SCI-BIO")
    assert (found.open, found.withdrawn) == (False, True)


def test_an_unknown_kind_or_entry_is_not_found(little: LittleSchool) -> None:
    milepost, counselor = little.milepost, little["counselor"]
    with pytest.raises(NotFound):
        catalogs.edit(milepost, counselor, "spell", {"code": "x"})
    with pytest.raises(NotFound):
        catalogs.history(milepost, counselor, "course", "NO-SUCH")
    with pytest.raises(NotFound):
        catalogs.find(catalogs.current(milepost, counselor), "course", "NO-SUCH")


def test_the_school_day_decides_what_is_still_open(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    before = options.why(milepost, student, "OPP-INT-VET")
    assert not any("last day to apply" in limit for limit in before.limits)
    little.clock.now += timedelta(days=21)
    after = options.why(milepost, student, "OPP-INT-VET")
    assert any("last day to apply" in limit for limit in after.limits)
