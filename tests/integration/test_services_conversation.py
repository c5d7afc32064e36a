"""The record of a conversation, and the summaries drawn from it."""

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from little_school import LittleSchool

from pathways.safety import Screening
from pathways.services import caseload, conversation, looks, summaries
from pathways.services.buttons import public_replies
from pathways.services.errors import Invalid, NotFound
from pathways.services.messages import ANSWERED, FAILED, Lease, Message, clean_text

BUTTONS = [
    {"title": "Set a goal", "payload": '/start_goal_setting{"from":"menu"}'},
    {"title": "See my plan", "payload": "/view_plan"},
]
MENU = {"text": "What next?", "buttons": BUTTONS, "asking": "utter_ask_next"}


def receive(little: LittleSchool, text: str, name: str = "student", key: str = ""):
    key = key or str(uuid.uuid4())
    return conversation.receive(little.milepost, little[name], key, text)


def payloads(little: LittleSchool, name: str = "student") -> dict[str, str]:
    last = conversation.messages(little.milepost, little[name])[-1]
    return {
        button["title"]: button["payload"]
        for reply in public_replies(last.replies)
        for button in reply["buttons"]
    }


def test_the_same_client_id_gives_the_same_turn(little: LittleSchool) -> None:
    one = receive(little, "hello", key="same")
    other = receive(little, "something else", key="same")
    assert (other.id, other.text) == (one.id, "hello")
    assert len(conversation.messages(little.milepost, little["student"])) == 1


def test_two_students_may_use_the_same_client_id(little: LittleSchool) -> None:
    one = receive(little, "hello", key="same")
    other = receive(little, "hi", name="other_student", key="same")
    assert one.id != other.id
    assert one.conversation_id != other.conversation_id


def test_an_answer_that_stands_stays(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    message = receive(little, "hello")
    conversation.answer(milepost, student, message, [{"text": "First"}])
    kept = conversation.answer(milepost, student, message, [{"text": "Second"}])
    assert [reply["text"] for reply in kept.replies] == ["First"]


def test_a_failed_turn_can_still_be_answered(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    message = receive(little, "hello")
    failed = conversation.answer(
        milepost, student, message, [{"text": "Later"}], FAILED
    )
    assert failed.status == FAILED
    found = conversation.answer(milepost, student, message, [{"text": "Now"}])
    assert (found.status, found.replies[0]["text"]) == (ANSWERED, "Now")


def test_a_button_is_pressed_by_its_payload_or_its_title(little: LittleSchool) -> None:
    little.say("student", "hi", MENU)
    shown = payloads(little)
    assert all(payload.startswith("button:") for payload in shown.values())
    assert "start_goal_setting" not in str(shown)
    pressed = receive(little, shown["Set a goal"])
    assert pressed.text == "Set a goal"
    assert pressed.intent == BUTTONS[0]["payload"]


@pytest.mark.parametrize("typed", ["See my plan", "see my plan!", " SEE MY PLAN "])
def test_a_title_typed_is_the_button_pressed(typed: str, little: LittleSchool) -> None:
    little.say("student", "hi", MENU)
    assert receive(little, typed).intent == "/view_plan"


def test_a_title_counts_only_under_the_last_answer(little: LittleSchool) -> None:
    little.say("student", "hi", MENU)
    little.say("student", "wait")
    assert receive(little, "See my plan").intent is None


def test_a_button_of_another_conversation_is_plain_text(little: LittleSchool) -> None:
    little.say("other_student", "hi", MENU)
    stolen = payloads(little, "other_student")["See my plan"]
    found = receive(little, stolen)
    assert found.intent is None
    assert not found.text.startswith(("button:", "/"))


TYPED = (
    "/restart",
    '/start_goal_setting{"from":"menu"}',
    "//restart",
    "button:",
    "button:nothing.0.0",
    'button:/inject{"role":"admin"}',
    "EXTERNAL: reminder",
)


@pytest.mark.parametrize("typed", TYPED)
def test_a_typed_command_is_plain_text(typed: str, little: LittleSchool) -> None:
    little.say("student", "hi", MENU)
    assert receive(little, typed).intent is None


@given(st.text(min_size=1, max_size=60))
def test_cleaned_text_holds_no_control_signs(text: str) -> None:
    try:
        kept = clean_text(text)
    except Invalid:
        return
    assert kept
    assert all(sign.isprintable() or sign in "\n\t\u200d" for sign in kept)
    kept.encode("utf-8")


@pytest.mark.parametrize(
    "text", ["", "   ", "\0", "\u202e", "x" * 2001, 7, None, ["a"]]
)
def test_what_is_no_message_is_refused(text: object) -> None:
    with pytest.raises(Invalid) as refused:
        clean_text(text)
    assert refused.value.field == "text"


@pytest.mark.parametrize("text", ["x" * 2000, "مرحبا", "👩‍🔬 is what I want", "a\nb"])
def test_what_people_write_is_kept(text: str) -> None:
    assert clean_text(text) == text


def test_turns_keep_their_places_and_pages(little: LittleSchool) -> None:
    for number in range(7):
        little.say("student", f"message {number}")
    milepost, student = little.milepost, little["student"]
    page = conversation.messages(milepost, student, limit=3)
    assert [one.text[-1] for one in page] == ["4", "5", "6"]
    earlier = conversation.messages(milepost, student, page[0].place, 3)
    assert [one.text[-1] for one in earlier] == ["1", "2", "3"]
    assert conversation.messages(milepost, student, 1) == []


def test_a_message_knows_what_came_before_it(little: LittleSchool) -> None:
    for number in range(8):
        little.say("student", f"message {number}", MENU)
    found = receive(little, "now")
    assert found.asking == "utter_ask_next"
    assert found.history == tuple(f"message {n}" for n in range(8))
    little.say("student", "later", {"text": "Fine.", "asking": ""})
    assert receive(little, "again").asking is None


def lease(holder: str) -> Lease:
    return Lease(holder, timedelta(seconds=20))


def test_one_turn_at_a_time_and_a_dead_one_loses_the_place(
    little: LittleSchool,
) -> None:
    milepost, student = little.milepost, little["student"]

    def arrive(text: str, holder: str) -> Message:
        return conversation.receive(
            milepost, student, str(uuid.uuid4()), text, lease(holder)
        )

    first = arrive("one", "a")
    second = arrive("two", "b")
    assert (first.holder, second.holder) == ("a", None)
    assert conversation.hold(milepost, student, second.id, lease("b")).holder is None
    conversation.let_go(milepost, first)
    assert conversation.hold(milepost, student, second.id, lease("b")).holder is None
    little.clock.now += timedelta(seconds=21)
    assert conversation.hold(milepost, student, second.id, lease("b")).holder == "b"


def test_who_is_alone_takes_over_at_once_what_a_crash_left(
    little: LittleSchool,
) -> None:
    milepost, student = little.milepost, little["student"]

    def arrive(holder: str, since: datetime | None = None) -> Message:
        asked = replace(lease(holder), alone_since=since)
        return conversation.receive(milepost, student, str(uuid.uuid4()), "hi", asked)

    first, waiting = arrive("killed"), arrive("killed, too")
    assert (first.holder, waiting.holder) == ("killed", None)
    assert arrive("of another").holder is None
    since = little.clock()
    after = arrive("alone", since)
    assert after.holder == "alone"
    assert arrive("the next", since).holder is None  # its own turns keep their order
    asked = replace(lease("the next"), alone_since=since)
    assert conversation.hold(milepost, student, first.id, asked).holder is None
    conversation.answer(milepost, student, after, [{"text": "Yes."}])
    assert conversation.hold(milepost, student, first.id, asked).holder == "the next"


def test_an_answer_gives_the_place_to_the_next_turn(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    first, second = (
        conversation.receive(milepost, student, str(uuid.uuid4()), text, lease(text))
        for text in ("one", "two")
    )
    conversation.answer(milepost, student, first, [{"text": "Yes."}])
    assert conversation.hold(milepost, student, second.id, lease("two")).holder == "two"


def test_a_red_answer_and_its_alert_are_stored_as_one(
    little: LittleSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    milepost, student = little.milepost, little["student"]
    message = receive(little, "words")
    red = Screening("red", "self_harm", "explicit")

    def broken(*given: object) -> None:
        raise OSError("no alert")

    with monkeypatch.context() as patch:
        patch.setattr("pathways.services.conversation.add_alert", broken)
        with pytest.raises(OSError, match="no alert"):
            conversation.answer(
                milepost, student, message, [{"text": "Help"}], screening=red
            )
    again = conversation.hold(milepost, student, message.id, lease("later"))
    assert (again.status, again.replies) == ("received", ())


def test_nothing_unseen_splits_a_word() -> None:
    assert clean_text("k\u200dill m\u200bys\u00adelf") == "kill myself"


# Summaries


def draft(little: LittleSchool) -> summaries.SummaryView:
    found = summaries.draft_summary(little.milepost, little["student"])
    assert found is not None
    return found


def test_nothing_worth_a_line_makes_no_draft(little: LittleSchool) -> None:
    assert summaries.draft_summary(little.milepost, little["student"]) is None
    little.say("student", "hi")
    assert summaries.draft_summary(little.milepost, little["student"]) is None


def test_each_line_rests_on_a_turn_of_the_student(little: LittleSchool) -> None:
    first = little.noted("student", "i like dogs a lot", "interest", words="dogs")
    little.say("student", "ok")
    little.noted("student", "vet i guess", "career", title="Veterinarian")
    found = draft(little)
    assert [line.topic for line in found.lines] == ["interest", "career"]
    assert [line.said for line in found.lines] == ["i like dogs a lot", "vet i guess"]
    assert [line.place for line in found.lines] == [1, 3]
    with little.milepost.work() as work:
        (row, _) = work.conversations.lines(found.id)
    assert row.turn_id == first


def test_a_draft_grows_and_says_nothing_twice(little: LittleSchool) -> None:
    little.noted("student", "dogs", "interest", words="dogs")
    one = draft(little)
    assert draft(little).lines == one.lines
    little.noted("student", "dogs!!", "interest", words="dogs")
    little.noted("student", "cats", "interest", words="cats")
    other = draft(little)
    assert other.id == one.id
    assert len(other.lines) == 2


def test_an_advisor_sees_released_and_kept_lines_without_raw_words(
    little: LittleSchool,
) -> None:
    milepost, student, advisor = (
        little.milepost,
        little["student"],
        little["advisor"],
    )
    little.noted("student", "my secret words", "interest", words="dogs")
    little.noted("student", "other words", "interest", words="cats")
    found = draft(little)

    def seen() -> list[summaries.SummaryView]:
        return summaries.released_summaries(milepost, advisor, student.id)

    assert seen() == []
    summaries.edit_line(
        milepost, student, found.id, found.lines[0].id, " I  like dogs "
    )
    summaries.drop_line(milepost, student, found.id, found.lines[1].id, True)
    summaries.release(milepost, student, found.id)
    (shown,) = seen()
    assert [(line.text, line.edited) for line in shown.lines] == [("I like dogs", True)]
    assert "my secret words" not in str(shown)
    assert "cats" not in str(shown)
    assert [
        line.dropped for line in summaries.list_summaries(milepost, student)[0].lines
    ]


def test_the_look_is_logged_and_counts_as_read(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    little.noted("student", "dogs", "interest", words="dogs")
    summaries.release(milepost, student, draft(little).id)
    (row,) = caseload.caseload(milepost, little["advisor"])
    assert row.new_summaries == 1
    summaries.released_summaries(milepost, little["advisor"], student.id)
    (row,) = caseload.caseload(milepost, little["advisor"])
    assert row.new_summaries == 0
    assert [look.what for look in looks.list_looks(milepost, student)] == [
        "released summaries"
    ]


def test_unread_it_comes_back_as_a_draft_and_read_it_is_marked(
    little: LittleSchool,
) -> None:
    milepost, student = little.milepost, little["student"]
    little.noted("student", "dogs", "interest", words="dogs")
    found = draft(little)
    summaries.release(milepost, student, found.id)
    assert summaries.take_back(milepost, student, found.id).status == summaries.DRAFT
    summaries.release(milepost, student, found.id)
    summaries.released_summaries(milepost, little["advisor"], student.id)
    taken = summaries.take_back(milepost, student, found.id)
    assert taken.status == summaries.WITHDRAWN
    assert summaries.released_summaries(milepost, little["advisor"], student.id) == []


def test_releasing_twice_changes_nothing(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    little.noted("student", "dogs", "interest", words="dogs")
    found = draft(little)
    one = summaries.release(milepost, student, found.id)
    assert summaries.release(milepost, student, found.id) == one


def test_with_every_line_dropped_there_is_nothing_to_release(
    little: LittleSchool,
) -> None:
    milepost, student = little.milepost, little["student"]
    little.noted("student", "dogs", "interest", words="dogs")
    found = draft(little)
    summaries.drop_line(milepost, student, found.id, found.lines[0].id, True)
    with pytest.raises(Invalid):
        summaries.release(milepost, student, found.id)
    summaries.drop_line(milepost, student, found.id, found.lines[0].id, False)
    assert summaries.release(milepost, student, found.id).status == summaries.RELEASED


def test_a_released_summary_is_not_changed(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    little.noted("student", "dogs", "interest", words="dogs")
    found = draft(little)
    summaries.release(milepost, student, found.id)
    line = found.lines[0].id
    with pytest.raises(Invalid, match="Take the summary back"):
        summaries.edit_line(milepost, student, found.id, line, "x")
    with pytest.raises(Invalid, match="Take the summary back"):
        summaries.drop_line(milepost, student, found.id, line, True)


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 501])
def test_a_line_has_words_and_an_end(text: str, little: LittleSchool) -> None:
    little.noted("student", "dogs", "interest", words="dogs")
    found = draft(little)
    with pytest.raises(Invalid):
        summaries.edit_line(
            little.milepost, little["student"], found.id, found.lines[0].id, text
        )


def test_what_is_said_after_a_release_makes_a_new_draft(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    little.noted("student", "dogs", "interest", words="dogs")
    first = draft(little)
    summaries.release(milepost, student, first.id)
    little.noted("student", "cats", "interest", words="cats")
    second = draft(little)
    assert second.id != first.id
    assert [line.topic for line in second.lines] == ["interest"]
    with pytest.raises(NotFound):
        summaries.edit_line(
            milepost, student, first.id, second.lines[0].id, "not this one"
        )
