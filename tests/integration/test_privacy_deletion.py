"""Deletion leaves nothing, whenever it is cut off (P3)."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from canaries import Canaries, database_bytes, fill_tracker, type_everywhere
from fake_rasa import FakeRasa
from little_school import LittleSchool, fill_record
from sqlalchemy import select

from pathways.senders.assistant import NotForgotten, forget
from pathways.services import data_requests, deletion
from pathways.services.access_audit import verify
from pathways.services.alerts import spool_alert, spool_folder
from pathways.services.errors import Invalid, NotFound
from pathways.store.alert_models import AlertNotice
from pathways.store.models import Person
from pathways.store.personal_data import PersonalData
from pathways.store.privacy_models import Deletion
from pathways.store.register import personal, rows_of
from pathways.store.tracker import Tracker

KILLED = Path(__file__).parents[1] / "killed_deletion.py"
pytestmark = pytest.mark.usefixtures("forgotten")


class Cut(Exception):
    """The power is gone."""


def steps_of(little: LittleSchool) -> list[str]:
    with little.milepost.work() as work:
        tables = PersonalData(work.session, "", "").steps()
    return ["begin", "tracker", "files", *tables, "tracker_again", "memory"]


def is_gone(little: LittleSchool, student_id: str, talk_id: str) -> None:
    with little.milepost.work() as work:
        for table, _ in personal():
            mine = table.select().where(rows_of(table, student_id))
            assert work.session.execute(mine).first() is None, table.name
        assert work.session.get(Person, student_id) is None
        done = work.session.scalars(select(Deletion)).one()
        assert done.ended_at is not None
        assert (done.student_id, done.conversation_id) == (None, None)
    for name, content in database_bytes(little):
        assert student_id.encode() not in content, name
        assert talk_id.encode() not in content, name


def test_nothing_of_a_student_is_left_in_either_database(little: LittleSchool) -> None:
    canaries = type_everywhere(little, "student")
    student = little["student"]
    with little.milepost.work() as work:
        data = PersonalData(work.session, student.school_id, student.id)
        talk_id = data.conversation_id
    assert talk_id
    before = b"".join(content for _, content in database_bytes(little))
    assert student.id.encode() in before
    assert len(canaries.found_in(before)) == len(canaries.taken)  # Rasa's are plain
    spool_alert(little.milepost, student, "self_harm", "test", little.clock())

    done = deletion.delete_student(little.milepost, little["admin"], student.id)

    assert done["turn"] >= 15
    assert done["tracker"] >= 50
    assert done["files"] == 1
    is_gone(little, student.id, talk_id)
    left = b"".join(content for _, content in database_bytes(little))
    assert canaries.found_in(left) == {}
    assert list(spool_folder(little.milepost).glob("*")) == []
    found = verify(little.milepost)["north"]
    assert found.problems == []
    assert found.erased > 0


def test_others_lose_nothing(little: LittleSchool) -> None:
    fill_record(little, "student")
    other = fill_record(little, "other_student")

    def rows() -> list[int]:
        with little.milepost.work() as work:
            return [
                len(work.session.execute(table.select().where(mine)).all())
                for table, _ in personal()
                for mine in [rows_of(table, other.student_id)]
            ]

    before = rows()
    deletion.delete_student(little.milepost, little["admin"], little["student"].id)
    assert rows() == before
    assert sum(before) > 15


def test_cut_off_between_any_two_steps_it_goes_on(little: LittleSchool) -> None:
    type_everywhere(little, "student")
    student_id = little["student"].id
    talk_id = fill_tracker(little, "student", ["once more"])
    steps = steps_of(little)
    seen: list[str] = []
    for step in steps:

        def cut(done: str, at: str = step) -> None:
            seen.append(done)
            if done == at:
                raise Cut(at)

        with pytest.raises(Cut):
            if step == "begin":
                deletion.delete_student(
                    little.milepost, little["admin"], student_id, cut
                )
            else:
                deletion.run_due(little.milepost, cut)
    assert {*seen} == {*steps}
    assert deletion.run_due(little.milepost) == 1
    assert deletion.run_due(little.milepost) == 0
    is_gone(little, student_id, talk_id)


def test_killed_at_each_step_it_begins_again_and_ends(little: LittleSchool) -> None:
    """A process of its own is killed (SIGKILL) at a step, then another goes on."""
    type_everywhere(little, "student")
    student_id = little["student"].id
    talk_id = fill_tracker(little, "student", ["once more"])
    settings, steps = little.milepost.settings, steps_of(little)
    little.milepost.engine.dispose()
    given = (settings, little.clock, little["admin"], student_id, steps)
    done = subprocess.run(
        [sys.executable, KILLED],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        input=pickle.dumps(given),
        capture_output=True,
        check=False,
        timeout=200,
    )
    ends = [int(status) for status in done.stdout.split()]
    assert ends == [signal.SIGKILL] * len(steps), done.stderr.decode()[-2000:]
    assert deletion.run_due(little.milepost) == 1
    is_gone(little, student_id, talk_id)


def test_a_notice_written_while_it_was_cut_off_does_not_hold_it_up(
    little: LittleSchool,
) -> None:
    """The watch goes on: it writes notices of an alert whose notices went already."""
    student_id = little["student"].id
    little.say("student", "hello")
    talk_id = fill_tracker(little, "student", ["once more"])
    alert_id = little.alert("student")

    def cut(done: str) -> None:
        if done == "alert_notice":
            raise Cut(done)

    with pytest.raises(Cut):
        deletion.delete_student(little.milepost, little["admin"], student_id, cut)
    _watch_writes(little, alert_id)
    seen: list[str] = []

    def meanwhile(done: str) -> None:
        if done == "alert_notice" and done not in seen:
            _watch_writes(little, alert_id)
        seen.append(done)

    assert deletion.run_due(little.milepost, meanwhile) == 1
    assert seen.count("alert_notice") == 2
    is_gone(little, student_id, talk_id)


def _watch_writes(little: LittleSchool, alert_id: str) -> None:
    now = little.clock()
    with little.milepost.work() as work:
        work.session.add(
            AlertNotice(
                school_id=little["admin"].school_id,
                alert_id=alert_id,
                step="all",
                recipient=little["counselor"].id,
                channel="mail",
                due_at=now,
                made_at=now,
                next_try_at=now,
            )
        )
        work.commit()


def test_a_wish_is_confirmed_waits_and_is_carried_out(little: LittleSchool) -> None:
    fill_record(little, "student")
    milepost, student = little.milepost, little["student"]
    for row in _open_alerts(little):
        _acknowledge(little, row)
    named = data_requests.ask(milepost, student, "deletion")
    assert named
    data_requests.ask(milepost, student, "deletion")
    mine = data_requests.own_requests(milepost, student)
    assert [one.state for one in mine if one.kind == "deletion"] == ["open"]
    assert deletion.run_due(milepost) == 0

    listed = data_requests.list_requests(milepost, little["admin"])
    seen = next(one for one in listed if one.kind == "deletion")
    assert seen.acts == ("confirm", "hold", "refuse")
    held = data_requests.settle(milepost, little["admin"], seen.id, "hold", "A case.")
    assert held.acts == ("confirm", "refuse")
    done = data_requests.settle(milepost, little["admin"], seen.id, "confirm")
    assert done.not_before is not None
    little.clock.now += timedelta(days=13)
    assert deletion.run_due(milepost) == 0
    little.clock.now += timedelta(days=2)
    assert deletion.run_due(milepost) == 1
    with milepost.work() as work:
        assert work.session.get(Person, student.id) is None


def test_a_student_can_take_a_wish_back_in_time(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    data_requests.ask(milepost, student, "deletion")
    [asked] = data_requests.own_requests(milepost, student)
    data_requests.settle(milepost, little["counselor"], asked.id, "confirm")
    back = data_requests.withdraw(milepost, student, asked.id)
    assert back.state == "withdrawn"
    little.clock.now += timedelta(days=40)
    assert deletion.run_due(milepost) == 0


def test_no_deletion_while_an_alert_is_open(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    little.alert("student")
    data_requests.ask(milepost, student, "deletion")
    [asked] = data_requests.own_requests(milepost, student)
    with pytest.raises(Invalid, match="alert"):
        data_requests.settle(milepost, little["admin"], asked.id, "confirm")


def test_a_request_is_late_after_45_days(little: LittleSchool) -> None:
    data_requests.ask(little.milepost, little["student"], "correction", "Goals", "No.")
    [asked] = data_requests.list_requests(little.milepost, little["counselor"])
    assert not asked.late
    little.clock.now += timedelta(days=46)
    [asked] = data_requests.list_requests(little.milepost, little["counselor"])
    assert asked.late


@pytest.mark.parametrize("who", ["advisor", "family", "student", "far_admin"])
def test_nobody_else_deletes(little: LittleSchool, who: str) -> None:
    with pytest.raises(NotFound):
        deletion.delete_student(little.milepost, little[who], little["student"].id)


def test_the_tracker_is_purged_and_others_stay(little: LittleSchool) -> None:
    little.say("student", "hello")
    little.say("other_student", "hello")
    mine = fill_tracker(little, "student", ["mine"] * 3)
    fill_tracker(little, "other_student", ["theirs"] * 2)
    tracker = Tracker(little.milepost.settings.tracker_url)
    assert tracker.purge(mine) == 3
    assert tracker.purge(mine) == 0
    left = b"".join(content for _, content in database_bytes(little))
    assert b"theirs" in left
    assert b'"mine"' not in left


def _open_alerts(little: LittleSchool) -> list[str]:
    from pathways.services.alerts import list_alerts

    found = list_alerts(little.milepost, little["counselor"])
    return [one.id for one in found if one.acknowledged_at is None]


def _acknowledge(little: LittleSchool, alert_id: str) -> None:
    from pathways.services.alerts import acknowledge

    acknowledge(little.milepost, little["counselor"], alert_id)


def test_canaries_are_found_where_they_are() -> None:
    canaries = Canaries()
    text = canaries("somewhere")
    assert canaries.found_in(f"... {text} ...") == {"zqcanary000xv": "somewhere"}


def test_a_deletion_that_can_not_go_on_keeps_back_no_other(
    little: LittleSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    talks = {}
    for name in ("student", "other_student"):
        little.say(name, "hello")
        talks[name] = fill_tracker(little, name, ["words"])
        data_requests.ask(little.milepost, little[name], "deletion")
        [asked] = data_requests.own_requests(little.milepost, little[name])
        data_requests.settle(little.milepost, little["admin"], asked.id, "confirm")
    little.clock.now += timedelta(days=15)
    purge = Tracker.purge

    def away(self: Tracker, conversation_id: str) -> int:
        if conversation_id == talks["student"]:
            raise OSError("the tracker is away")
        return purge(self, conversation_id)

    with monkeypatch.context() as patch:
        patch.setattr(Tracker, "purge", away)
        assert deletion.run_due(little.milepost) == 1
        assert deletion.open_deletions(little.milepost) == 1
    assert deletion.run_due(little.milepost) == 1
    assert deletion.open_deletions(little.milepost) == 0


def test_with_the_assistant_away_its_memory_stays_an_open_step(
    little: LittleSchool, forgotten: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    little.say("student", "hello")
    student_id = little["student"].id
    talk_id = fill_tracker(little, "student", ["words"])

    def away(settings: object, conversation_id: str) -> int:
        raise NotForgotten("ConnectError")

    with monkeypatch.context() as patch:
        patch.setattr(deletion, "forget", away)
        done = deletion.delete_student(little.milepost, little["admin"], student_id)
        assert done["turn"] == 1
        assert "memory" not in done
        assert deletion.run_due(little.milepost) == 0
        assert deletion.open_deletions(little.milepost) == 1
    assert forgotten == []
    assert deletion.run_due(little.milepost) == 1
    assert forgotten == [talk_id]
    is_gone(little, student_id, talk_id)


def test_nobody_who_never_talked_is_asked_to_be_forgotten(
    little: LittleSchool, forgotten: list[str]
) -> None:
    deletion.delete_student(little.milepost, little["admin"], little["student"].id)
    assert forgotten == []
    assert deletion.open_deletions(little.milepost) == 0


def test_each_worker_is_told_and_one_that_refuses_is_an_error(
    little: LittleSchool,
) -> None:
    settings = little.milepost.settings
    workers = [FakeRasa(settings.channel_secret) for _ in range(2)]
    for one in workers:
        one.start()
    try:
        here = settings.model_copy(
            update={"rasa_urls": tuple(one.url for one in workers)}
        )
        assert forget(here, "a-talk") == 2
        assert [one.forgotten for one in workers] == [["a-talk"], ["a-talk"]]
        other = here.model_copy(update={"channel_secret": "another"})
        workers[1].away = True
        for wrong in (here, other):
            with pytest.raises(NotForgotten):
                forget(wrong, "a-talk")
    finally:
        for one in workers:
            one.stop()
    with pytest.raises(NotForgotten):
        forget(here, "a-talk")
