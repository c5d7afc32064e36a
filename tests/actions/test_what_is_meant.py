"""What a message means: which option, which liking, which answer, whose record."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.careers import last_career
from actions.checkin import FLOW
from actions.forms import field_named
from actions.interests import own_liking
from actions.naming import place_named, title_named
from actions.record import NAMES_A_TOPIC
from actions.shared import Turn, asks_about_others
from pathways.services.access import Actor, Role
from web.rasa_client import fold_messages

SHOWN = [
    ("MATH", "Math for Real Life"),
    ("ANAT", "Anatomy and Physiology"),
    ("ENG", "English 11"),
]
STUDENT = Actor("student", "school", Role.STUDENT)


def turn(
    text: str,
    entities: list[dict[str, Any]] | None = None,
    events: list[dict[str, Any]] | None = None,
    **slots: Any,
) -> Turn:
    message = {"text": text, "intent": {"name": "x"}, "entities": entities or []}
    tracker = Tracker("talk", slots, message, events or [], False, None, {}, "x")
    return Turn(STUDENT, None, tracker, CollectingDispatcher())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("save the english one", "ENG"),
        ("why anatomy", "ANAT"),
        ("add math to my plan", "MATH"),
        ("save that one to my plan", None),
        ("the math or the english one", None),
        ("save the pottery class", None),
    ],
)
def test_a_word_of_one_title_names_the_option(text: str, code: str | None) -> None:
    assert title_named(text, SHOWN) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("the first one", "MATH"),
        ("save the 2nd", "ANAT"),
        ("third pls", "ENG"),
        ("the last one", "ENG"),
        ("that one", None),
    ],
)
def test_a_place_names_the_option(text: str, code: str | None) -> None:
    assert place_named(text, SHOWN) == code


def test_a_place_beyond_what_was_shown_names_nothing() -> None:
    assert place_named("the third one", SHOWN[:2]) is None
    assert place_named("the last one", []) is None


@pytest.mark.parametrize(
    ("text", "asking", "words"),
    [
        ("i like crocheting", "", ["crocheting"]),
        ("im really into old maps lol", "", ["old maps"]),
        ("lacrosse i guess", "utter_ask_interest", ["lacrosse"]),
        ("lacrosse i guess", "", []),
        ("idk", "utter_ask_interest", []),
        ("😀", "utter_ask_interest", []),
        ("well it all depends on who is there with me", "utter_ask_interest", []),
    ],
)
def test_a_liking_is_kept_in_the_students_words(
    text: str, asking: str, words: list[str]
) -> None:
    assert own_liking(text, asking) == words


def users(*messages: tuple[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return [
        {"event": "user", "text": text, "parse_data": {"entities": entities}}
        for text, entities in messages
    ]


VET = {"entity": "career", "value": "Veterinarian", "code": "29-1131"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("how much does it pay", ["29-1131"]),
        ("and the pay?", ["29-1131"]),
        ("how much does a dragon tamer make", []),
    ],
)
def test_it_means_the_job_spoken_of_last(text: str, words: list[str]) -> None:
    events = users(("whats it like being a vet", [VET]), ("thanks", []), (text, []))
    assert last_career(turn(text, events=events)) == words


def test_without_a_job_before_it_means_none() -> None:
    assert last_career(turn("what does it pay", events=users(("hi", [])))) == []


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("the win", "win"),
        ("i want to change my next step", "next_step"),
        ("what got in the way", "obstacle"),
        ("the weather", None),
        ("talking to a person", None),
    ],
)
def test_words_name_the_answer_to_change(text: str, field: str | None) -> None:
    given = {"checkin_win": "a", "checkin_obstacle": "b", "checkin_next_step": "c"}
    assert field_named(turn(text, **given), FLOW) == field


def test_a_button_names_the_answer_to_change() -> None:
    entity = {"entity": "field", "value": "checkin_win"}
    about = turn('/revise_answer{"field": "checkin_win"}', [entity], checkin_win="a")
    assert field_named(about, FLOW) == "win"


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("how is my friend jordan doing in math", True),
        ("how is jordan doing in math", True),
        ("is he on track to graduate", True),
        ("show me maya's grades", True),
        ("what are my brothers credits", True),
        ("how am i doing in math", False),
        ("how is it going", False),
        ("what's my plan", False),
        ("am i on track to graduate", False),
    ],
)
def test_a_question_about_somebody_else_is_known(text: str, others: bool) -> None:
    assert asks_about_others(turn(text)) is others


def test_a_subject_is_nobody() -> None:
    text = "how is chem doing"
    chem = {"entity": "subject", "value": "Chemistry", "start": 7, "end": 11}
    assert not asks_about_others(turn(text, [chem]))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("how am i doing in basket weaving", True),
        ("am i good at juggling", True),
        ("how am i doing", False),
        ("how am i doing in school", False),
        ("how am i doing in my classes", False),
    ],
)
def test_a_topic_that_the_catalog_lacks_is_noticed(text: str, named: bool) -> None:
    assert bool(NAMES_A_TOPIC.search(text)) is named


def test_cards_and_notes_join_the_text_before_them() -> None:
    note = {"topic": "stress", "values": {}}
    folded = fold_messages(
        [
            {"text": "Here.", "buttons": [{"title": "A", "payload": "/a"}]},
            {"custom": {"cards": [{"id": "1"}]}},
            {"custom": {"notes": [note]}},
            {"text": "And?"},
        ]
    )
    assert [one["text"] for one in folded] == ["Here.", "And?"]
    assert folded[0]["cards"] == [{"id": "1"}]
    assert folded[0]["notes"] == [note]
    assert [one["title"] for one in folded[0]["buttons"]] == ["A"]
    assert folded[1]["cards"] == []


def test_cards_without_a_text_make_a_reply_of_their_own() -> None:
    assert fold_messages([{"custom": {"cards": [{"id": "1"}]}}])[0]["cards"]
    assert fold_messages([]) == []


def test_a_crisis_marks_its_reply() -> None:
    assert fold_messages([{"custom": {"crisis": True}}])[0]["crisis"] is True
