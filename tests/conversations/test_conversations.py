"""Conversations end to end: real NLU, rules, actions and database."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from live import Api, Live, Student

from conversations.cases import Case, Turn, conversation_files, read
from pathways.services.access import actor_of
from pathways.services.summaries import drop_line

FILES = list(conversation_files())


@pytest.fixture(scope="session")
def advisor(assistant: Live) -> Api:
    return assistant.as_person("ortiz")


@pytest.mark.parametrize(
    "file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}"
)
def test_conversation(file: Path, assistant: Live, advisor: Api) -> None:
    case = read(file)
    began = assistant.clock.now
    student = assistant.new_student(
        case.record_of or "maya",
        record=case.record_of is not None,
        language=case.language,
    )
    try:
        for number, turn in enumerate(case.turns, start=1):
            take(student, turn, f"turn {number}: {turn.say or turn.press}")
        check_record(case, student, advisor)
    finally:
        assistant.clock.now = began


def take(student: Student, turn: Turn, where: str) -> None:
    if turn.later is not None:
        student.live.clock.now += timedelta(days=turn.later)
        return
    if turn.drop is not None:
        leave_out(student, turn.drop)
        return
    answer = student.press(turn.press) if turn.press else student.say(turn.say or "")
    heard = student.heard()
    assert answer["status"] == "answered", f"{where}: {heard}"
    assert answer["safety"] == turn.safety, f"{where}: {heard}"
    for text in turn.hears:
        assert text.lower() in heard.lower(), f"{where}: no {text!r} in:\n{heard}"
    for text in turn.never_hears:
        assert text.lower() not in heard.lower(), f"{where}: {text!r} in:\n{heard}"
    for title in turn.offers:
        buttons = list(student.buttons())
        assert title in buttons, f"{where}: {title!r} not in {buttons}"
    if turn.offers_at_most is not None:
        assert len(student.buttons()) <= turn.offers_at_most, where
    cards = sum(len(reply["cards"]) for reply in answer["replies"])
    assert cards >= turn.cards, f"{where}: {cards} cards"


def leave_out(student: Student, words: str) -> None:
    """Leave a line out of the draft, as the Summaries page does."""
    draft = student.get("/summaries")["items"][0]
    line = next(one for one in draft["lines"] if words in one["text"])
    with student.live.milepost.work() as work:
        person = work.people.by_username(student.username)
        assert person is not None
        actor = actor_of(person)
    drop_line(student.live.milepost, actor, draft["id"], line["id"], True)


def check_record(case: Case, student: Student, advisor: Api) -> None:
    wanted = case.record
    plan = student.get("/plan")
    goals = [one["what"] for one in plan["goals"] if one["status"] == "active"]
    assert goals == wanted.goals
    if wanted.checkins is not None:
        assert len(student.get("/checkins")["items"]) == wanted.checkins
    interests = [one["words"] for one in plan["interests"]]
    assert set(wanted.interests) <= set(interests), interests
    saved = [one["title"] for one in plan["saved"]]
    assert set(wanted.saved) <= set(saved), saved
    alerts = [
        one["category"]
        for one in advisor.get("/alerts")
        if one["student_id"] == student.id
    ]
    assert sorted(alerts) == sorted(wanted.alerts)
    released = advisor.get(f"/caseload/{student.id}/summaries")["items"]
    lines = "\n".join(line["text"] for one in released for line in one["lines"])
    assert bool(released) == bool(wanted.released)
    for text in wanted.released:
        assert text in lines, lines
    for text in wanted.not_released:
        assert text not in lines, lines
