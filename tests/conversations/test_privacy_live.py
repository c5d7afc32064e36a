"""What a student types, seen from the running assistant: logs, tracker, deletion."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from datetime import timedelta

import httpx
from canaries import Canaries
from live import Live

from pathways.senders.signing import MOMENT, SIGNATURE, signature
from pathways.services import data_requests, deletion
from pathways.services.access import Actor, actor_of
from pathways.store.models import Person
from pathways.store.tracker import Tracker

TALK = (
    "hello {}",
    "i want to set a goal",
    "finish five labs {}",
    "five labs are marked {}",
    "because i like {}",
    "wait {} what is credit flex",
    "can we do this later",
    "i like {} and animals",
    "/{}",
    "remind me tomorrow to read {}",
    "delete what i told you",
)


def test_the_assistants_log_holds_nothing_and_deletion_empties_its_tracker(
    assistant: Live,
) -> None:
    student, canaries = assistant.new_student(), Canaries()
    for line in TALK:
        student.say(line.format(canaries("chat")) if "{}" in line else line)
    student.press("Yes, pass it on")
    with assistant.milepost.work() as work:
        person = work.session.get_one(Person, student.id)
        actor = actor_of(person)
        talk = work.conversations.of_student(actor.school_id, actor.id)
        assert talk is not None
        talk_id = talk.id
        admin = actor_of(work.people.in_role(actor.school_id, "admin")[0])
    [asked] = data_requests.own_requests(assistant.milepost, actor)
    assert asked.kind == "deletion"

    tracker = assistant.settings.var_dir / "rasa.db"
    with closing(sqlite3.connect(tracker)) as connection:
        held = str(connection.execute("SELECT data FROM events").fetchall())
    assert canaries.found_in(held)
    assert canaries.found_in((assistant.folder / "rasa.log").read_bytes()) == {}

    settings = assistant.milepost.settings
    assert settings.tracker_url == f"sqlite:///{tracker}"
    data_requests.settle(assistant.milepost, admin, asked.id, "confirm")
    assistant.clock.now += timedelta(days=15)
    try:
        assert deletion.run_due(assistant.milepost) == 1
    finally:
        assistant.clock.now -= timedelta(days=15)
    with closing(sqlite3.connect(tracker)) as connection:
        left = connection.execute("SELECT sender_id, data FROM events").fetchall()
    assert canaries.found_in(str(left)) == {}
    assert talk_id not in str(left)


def held(assistant: Live, talk_id: str) -> tuple[int, int]:
    """Return how many events the tracker holds of a talk, and how many beginnings."""
    with closing(sqlite3.connect(assistant.settings.var_dir / "rasa.db")) as connection:
        rows = connection.execute(
            "SELECT action_name FROM events WHERE sender_id = ?", (talk_id,)
        ).fetchall()
    return len(rows), sum(name == "action_session_start" for (name,) in rows)


def send_to_rasa(assistant: Live, path: str, body: dict[str, object]) -> int:
    """Send to the private channel, signed; return the status."""
    content, moment = json.dumps(body).encode(), str(int(time.time()))
    mark = signature(assistant.settings.channel_secret, moment, content)
    url = f"http://127.0.0.1:{assistant.rasa_port}/webhooks/milepost/{path}"
    headers = {MOMENT: moment, SIGNATURE: mark, "content-type": "application/json"}
    return httpx.post(url, content=content, headers=headers, timeout=20).status_code


def a_turn(talk_id: str, place: int = 1) -> dict[str, object]:
    turn: dict[str, object] = dict.fromkeys(("intent", "asking"))
    turn |= {"conversation": talk_id, "message_id": "m", "text": "hello"}
    turn["place"] = place
    return {**turn, "now": "2026-11-21T10:00:00-05:00"}


def one_who_talked(assistant: Live) -> tuple[str, str, Actor]:
    """Return a new student's id and conversation, and an administrator."""
    student = assistant.new_student()
    student.say("hello")
    student.say("i like animals")
    with assistant.milepost.work() as work:
        actor = actor_of(work.session.get_one(Person, student.id))
        talk = work.conversations.of_student(actor.school_id, actor.id)
        assert talk is not None
        admin = actor_of(work.people.in_role(actor.school_id, "admin")[0])
        return student.id, talk.id, admin


def test_a_deleted_talk_is_out_of_the_running_assistants_memory(
    assistant: Live,
) -> None:
    student_id, talk_id, admin = one_who_talked(assistant)
    assert held(assistant, talk_id)[1] == 1
    # Without its rows the assistant goes on from memory: the talk does not begin anew.
    Tracker(assistant.settings.tracker_url).purge(talk_id)
    send_to_rasa(assistant, "turn", a_turn(talk_id, 3))
    events, begun = held(assistant, talk_id)
    assert events > 0
    assert begun == 0

    done = deletion.delete_student(assistant.milepost, admin, student_id)
    assert done["memory"] == 1
    assert held(assistant, talk_id) == (0, 0)
    send_to_rasa(assistant, "turn", a_turn(talk_id, 4))
    events, begun = held(assistant, talk_id)
    assert begun == 1 or events == 0
    assert send_to_rasa(assistant, "forget", {"forget": talk_id}) == 200
    assert held(assistant, talk_id) == (0, 0)


def test_only_a_signed_wish_that_names_a_talk_is_heard(assistant: Live) -> None:
    _, talk_id, _ = one_who_talked(assistant)
    url = f"http://127.0.0.1:{assistant.rasa_port}/webhooks/milepost/forget"
    assert httpx.post(url, json={"forget": talk_id}).status_code == 401
    assert send_to_rasa(assistant, "forget", a_turn(talk_id)) == 400
    assert send_to_rasa(assistant, "forget", {"forget": 7}) == 400
    assert held(assistant, talk_id)[1] == 1


def test_an_assistant_that_was_away_is_told_once_it_is_back(assistant: Live) -> None:
    student_id, talk_id, admin = one_who_talked(assistant)
    assistant.kill_assistant()
    try:
        done = deletion.delete_student(assistant.milepost, admin, student_id)
        assert "memory" not in done
        assert held(assistant, talk_id) == (0, 0)
        assert deletion.run_due(assistant.milepost) == 0
        assert deletion.open_deletions(assistant.milepost) == 1
    finally:
        assistant.start_assistant()
    assert deletion.run_due(assistant.milepost) == 1
    assert deletion.open_deletions(assistant.milepost) == 0
