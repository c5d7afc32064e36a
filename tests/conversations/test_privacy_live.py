"""What a student types, seen from the running assistant: logs, tracker, deletion."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

from canaries import Canaries
from live import Live

from pathways.services import data_requests, deletion
from pathways.services.access import actor_of
from pathways.store.models import Person

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
