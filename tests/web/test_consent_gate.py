"""Students of whom nothing may be kept: nothing is, and help comes still (P7)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest
from door import Door
from little_school import LittleSchool, Record, fill_record
from sqlalchemy import select
from test_api_access import GO_ON, RULES, STUDENTS, path_for

from pathways.services import consents
from pathways.services.access import Actor
from pathways.services.buttons import Reply
from pathways.services.conversation import actor_behind
from pathways.services.messages import Message
from pathways.store.base import Base
from pathways.store.models import Alert, Conversation, Person, Turn
from web.keeping import lease_seconds

TWELVE = date(2014, 6, 1)
DANGER = "I want to kill myself"
NOT_TOLD = {"sign_in", "alert_notice", "access_log"}  # the session; the duty's watch
# What a student may do without consent: get help, see what is kept, have it deleted.
STILL_OPEN = {
    "GET /",
    "GET /sign-in",
    "GET /chat",
    "GET /looks",
    "GET /person",
    "POST /person",
    "GET /who-sees",
    "GET /my-data",
    "GET /my-data/copy",
    "POST /my-data",
    "POST /my-data/{request_id}/withdraw",
    "POST /my-data/coaching",
    "GET /api/v1/messages",
    "GET /summaries",
    "POST /summaries/{summary_id}/take-back",
    "GET /api/v1/summaries",
    "POST /account/sessions/{session_id}/end",
}


def change(little: LittleSchool, name: str, **columns: object) -> None:
    with little.milepost.work() as work:
        person = work.session.get_one(Person, little[name].id)
        for column, value in columns.items():
            setattr(person, column, value)
        work.commit()


def make_young(little: LittleSchool) -> None:
    change(little, "student", born=TWELVE)


def make_unknown(little: LittleSchool) -> None:
    change(little, "student", born=None, grade=8)


def ask_all(little: LittleSchool) -> None:
    consents.need_from_all(little.milepost, little["admin"], True)


def opt_out(little: LittleSchool) -> None:
    consents.withdraw(little.milepost, little["family"], little["student"].id)


def give(little: LittleSchool, dated: str = "2026-11-21") -> None:
    student_id = little["student"].id
    said = ("given", "family", dated)
    consents.record(little.milepost, little["admin"], student_id, *said)


def turn_off(little: LittleSchool) -> None:
    consents.choose(little.milepost, little["student"], off=True)


HOLD_BACK = {
    "under 13": (make_young, "needed"),
    "age not known": (make_unknown, "needed"),
    "the school asks all": (ask_all, "needed"),
    "opted out at 16": (opt_out, "withdrawn"),
    "turned off by the student": (turn_off, "own"),
}
Held = Callable[[LittleSchool], None]


def rows(little: LittleSchool, model: type[Any]) -> list[Any]:
    with little.milepost.work() as work:
        return list(work.session.scalars(select(model)))


def everything(little: LittleSchool) -> dict[str, list[str]]:
    with little.milepost.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table)).all()))
            for table in Base.metadata.sorted_tables
            if table.name not in NOT_TOLD
        }


@pytest.mark.parametrize("kind", HOLD_BACK)
def test_nothing_is_kept_and_the_student_reads_why(
    kind: str, door: Door, little: LittleSchool
) -> None:
    hold_back, gate = HOLD_BACK[kind]
    hold_back(little)
    before = everything(little)
    for words in ("hello", "I want to set a goal", "/restart", "x" * 2000):
        answer = door.say("student", words)
        assert answer.status_code == 403
        [reply] = answer.json()["replies"]
        assert "988" in reply["text"]
        assert "Ms. Rivera" in reply["text"]
    page = door.page("student", "GET", "/chat").text
    assert ("yes from your family" in page) is (gate == "needed")
    assert ("or your school turned coaching off" in page) is (gate == "withdrawn")
    assert ("You turned coaching off" in page) is (gate == "own")
    assert everything(little) == before
    assert rows(little, Conversation) == rows(little, Turn) == []
    assert door.coach.turns == []


@pytest.mark.parametrize("kind", HOLD_BACK)
def test_help_in_danger_is_shown_and_an_adult_is_told_once_without_the_words(
    kind: str, door: Door, little: LittleSchool
) -> None:
    HOLD_BACK[kind][0](little)
    key = str(uuid.uuid4())
    for _ in range(3):
        answer = door.say("student", DANGER, key)
        assert answer.status_code == 403
        assert answer.json()["safety"] == "red"
        assert "988" in answer.text
        assert "is told that you may need help, not your words" in answer.text
    [alert] = rows(little, Alert)
    assert (alert.student_id, alert.turn_id) == (little["student"].id, None)
    assert rows(little, Turn) == []
    assert DANGER not in str(everything(little))
    form = {"client_message_id": str(uuid.uuid4()), "text": DANGER}
    page = door.page("student", "POST", "/chat/messages", **form)
    assert page.status_code == 403
    assert "988" in page.text
    assert len(rows(little, Alert)) == 2
    assert rows(little, Turn) == []


def test_a_hard_time_gets_its_kind_line_too(door: Door, little: LittleSchool) -> None:
    make_young(little)
    answer = door.say("student", "everyone at school hates me and i feel so alone")
    assert answer.status_code == 403
    assert "988" in answer.text


def test_the_chat_with_scripts_shows_the_same(door: Door, little: LittleSchool) -> None:
    make_young(little)
    door.page("student", "GET", "/chat")
    for words, shown in (("hello", "did not keep"), (DANGER, "crisis")):
        form = {
            "csrf": door.csrf(door.secret("student")),
            "client_message_id": str(uuid.uuid4()),
            "text": words,
        }
        headers = {"accept": "text/event-stream"}
        answer = door.client.post("/chat/messages", data=form, headers=headers)
        assert answer.text.startswith("event: unsaved")
        assert shown in answer.text
    assert rows(little, Turn) == []


def test_only_help_and_ones_own_data_stay_open(
    door: Door, little: LittleSchool
) -> None:
    record = fill_record(little, "student")
    opt_out(little)
    before = everything(little)
    shut: dict[str, int] = {}
    for route, rule in RULES.items():
        open_to_all = rule.may - STUDENTS - {"student"}
        if open_to_all or "student" not in rule.may or route in STILL_OPEN:
            continue
        shut[route] = send(door, route, record)
    assert {route: status for route, status in shut.items() if status != 403} == {}
    assert len(shut) > 35
    assert everything(little) == before
    for route in sorted(STILL_OPEN):
        assert send(door, route, record) in (200, GO_ON), route


def send(door: Door, route: str, record: Record) -> int:
    method, path = route.partition(" ")[0], path_for(route, record)
    sent = RULES[route].sent
    if "/api/" in path:
        more: dict[str, Any] = {"json": sent} if method == "POST" else {}
        path = path.removeprefix("/api/v1")
        return door.api("student", method, path, **more).status_code
    return door.page("student", method, path, **sent).status_code


def test_a_student_turns_coaching_off_and_on_from_their_page(
    door: Door, little: LittleSchool
) -> None:
    assert door.say("student", "hello").status_code == 200
    for _ in range(2):
        off = door.page("student", "POST", "/my-data/coaching", off="yes")
        assert off.status_code == GO_ON
    assert door.say("student", "still here").status_code == 403
    page = door.page("student", "GET", "/my-data").text
    assert "Turn coaching on again" in page
    assert page.count("Coaching off. From: the student") == 1
    assert "turned coaching off" in door.page("family", "GET", "/family").text
    assert "own choice" in door.page("admin", "GET", "/admin/consent").text
    door.page("student", "POST", "/my-data/coaching", off="no")
    assert door.say("student", "back again").status_code == 200
    assert [one.text for one in rows(little, Turn)] == ["hello", "back again"]


@pytest.mark.parametrize("kind", ["under 13", "opted out at 16"])
def test_a_student_never_opens_what_others_closed(
    kind: str, door: Door, little: LittleSchool
) -> None:
    turn_off(little)
    hold_back, gate = HOLD_BACK[kind]
    hold_back(little)
    door.page("student", "POST", "/my-data/coaching", off="no")
    assert door.say("student", "hello").status_code == 403
    assert consents.own(little.milepost, little["student"]).gate == gate


def test_a_no_in_mid_conversation_holds_from_the_next_message(
    door: Door, little: LittleSchool
) -> None:
    student_id = little["student"].id
    assert door.say("student", "hello").status_code == 200
    off = f"/family/students/{student_id}/withdraw"
    assert door.page("family", "POST", off).status_code == GO_ON
    assert door.say("student", "still here").status_code == 403
    assert [one.text for one in rows(little, Turn)] == ["hello"]
    assert len(door.coach.turns) == 1
    assert "hello" in door.page("student", "GET", "/chat").text
    looks = door.page("student", "GET", "/my-data").text
    assert "Nothing you write is kept" in looks
    give(little)
    assert door.say("student", "back again").status_code == 200


def test_a_no_during_a_turn_lets_no_action_of_a_later_one_through(
    door: Door, little: LittleSchool
) -> None:
    seen: list[Actor | None] = []
    answer = door.coach.turn

    async def turn(message: Message, now: datetime) -> list[Reply]:
        opt_out(little)
        seen.append(actor_behind(little.milepost, message.conversation_id))
        return await answer(message, now)

    door.coach.turn = turn  # type: ignore[method-assign]
    assert door.say("student", "hello").status_code == 200
    assert seen == [None]
    gateway = door.app.state.gateway
    [talk] = rows(little, Conversation)
    assert gateway.speaker(talk.id) is None
    assert lease_seconds(little.milepost) < 60
    assert door.say("student", "more").status_code == 403


def test_double_and_stale_forms_change_nothing_twice(
    door: Door, little: LittleSchool
) -> None:
    give(little, "2026-08-20")
    give(little, "2026-08-20")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: opt_out(little), range(8)))
    path = f"/admin/people/{little['student'].id}/consent"
    stale = {"state": "given", "given_by": "family", "dated": "2026-08-20"}
    refused = door.page("admin", "POST", path, **stale)
    assert refused.status_code == 422
    assert "newer word" in refused.text
    for wrong in (
        {**stale, "dated": "2026-11-25"},
        {**stale, "dated": "soon"},
        {**stale, "state": "maybe"},
        {**stale, "given_by": "a friend"},
    ):
        assert door.page("admin", "POST", path, **wrong).status_code == 422
    view = consents.own(little.milepost, little["student"])
    assert [(one.state, one.by) for one in view.history] == [
        ("withdrawn", "Family Test"),
        ("given", "Admin Test"),
    ]
    assert view.gate == "withdrawn"


def test_from_eighteen_on_it_is_the_students_own_to_say(
    door: Door, little: LittleSchool
) -> None:
    change(little, "student", born=date(2008, 11, 21))
    assert "18 or older" in door.page("family", "GET", "/family").text
    path = f"/family/students/{little['student'].id}/withdraw"
    assert door.page("family", "POST", path).status_code == 422
    assert door.say("student", "hello").status_code == 200


def test_the_gate_opens_on_the_thirteenth_birthday(
    door: Door, little: LittleSchool
) -> None:
    change(little, "student", born=date(2013, 11, 22))
    assert door.say("student", "hello").status_code == 403
    little.clock.now = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
    door._secrets.clear()
    assert door.say("student", "hello").status_code == 200


def test_an_administrator_sees_who_lacks_it_and_records_it(
    door: Door, little: LittleSchool
) -> None:
    make_young(little)
    page = door.page("admin", "GET", "/admin/consent").text
    assert "Student Test" in page
    assert "needs consent" in page
    assert "Far Student" not in page
    path = f"/admin/people/{little['student'].id}"
    form = {"state": "given", "given_by": "family", "dated": "2026-11-20"}
    assert door.page("admin", "POST", f"{path}/consent", **form).status_code == GO_ON
    assert "Noted by Admin Test" in door.page("admin", "GET", path).text
    assert "Nobody is held back" in door.page("admin", "GET", "/admin/consent").text
    assert door.say("student", "hello").status_code == 200
    looks = door.page("student", "GET", "/looks").text
    assert "Whether you may use the coach" in looks
