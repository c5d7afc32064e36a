"""Conversations end to end: real NLU, rules, actions and database."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from conversations.cases import Case, Turn, conversation_files, read
from live import Live, Student

FILES = list(conversation_files())


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_conversation(file: Path, assistant: Live) -> None:
    case = read(file)
    student = assistant.new_student(
        case.record_of or "maya", record=case.record_of is not None
    )
    for number, turn in enumerate(case.turns, start=1):
        take(student, turn, f"turn {number}: {turn.say or turn.press}")
    check_record(case, student)


def take(student: Student, turn: Turn, where: str) -> None:
    if turn.later is not None:
        student.live.clock.now += timedelta(days=turn.later)
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
    cards = sum(len(reply["cards"]) for reply in answer["replies"])
    assert cards >= turn.cards, f"{where}: {cards} cards"


def check_record(case: Case, student: Student) -> None:
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
    advisor = student.live.as_person("ortiz")
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
