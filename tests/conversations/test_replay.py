"""The same conversation reads the same twice: no wording is left to chance."""

from __future__ import annotations

from typing import Any

from live import Live, Student

SAID = [
    "hey",
    "what classes should i take next year",
    "im so stressed out rn",
    "i wanna set a goal",
    "get better at math",
    "idk",
    "from 60 to 80",
    "can we do this later",
    "i want to reflect",
    "something small",
    "we lost the debate",
    "wait how does photosynthesis make sugar?",
    "can we do this later",
    "I worked 6 hours at the vet clinic Saturday",
    "yes",
    "remind me tomorrow to read",
    "open my settings",
    "am i on track to graduate",
    "can we do this in spanish",
    "tell me about being a lion tamer",
    "bye",
]


def talk(student: Student) -> list[list[tuple[str, list[str]]]]:
    return [shown(student.say(text)) for text in SAID]


def shown(turn: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [
        (reply["text"], [one["title"] for one in (*reply["buttons"], *reply["cards"])])
        for reply in turn["replies"]
    ]


def test_a_conversation_replayed_brings_the_same_replies(assistant: Live) -> None:
    first, second = assistant.new_student(), assistant.new_student()
    assert talk(first) == talk(second)


def test_the_same_thing_said_again_is_worded_anew(assistant: Live) -> None:
    student = assistant.new_student()
    greetings = {student.say("hello")["replies"][0]["text"] for _ in range(3)}
    assert len(greetings) == 3


def test_buttons_for_one_student_never_carry_what_another_one_asked(
    assistant: Live,
) -> None:
    """A template was filled in place once, and kept the first student's job."""
    first, second = assistant.new_student(), assistant.new_student()
    for student, job in ((first, "welder"), (second, "vet")):
        student.say(f"tell me about being a {job}")
    second.press("What does it pay?")
    assert "Veterinarian" in second.heard()
