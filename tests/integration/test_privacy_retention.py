"""What is past its days goes, and nothing else (P5)."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from canaries import fill_tracker, tracker_file, type_everywhere
from little_school import LittleSchool, fill_record
from sqlalchemy import func, select

from pathways.services.access_audit import verify
from pathways.services.alerts import spool_alert, spool_folder
from pathways.services.policy import set_district
from pathways.services.retention import retain, run_daily
from pathways.store.base import Base
from pathways.store.models import AccessLog, Summary, Turn
from pathways.store.privacy_models import RetentionRun
from pathways.store.register import Keep, personal
from pathways.store.tracker import Tracker

pytestmark = pytest.mark.usefixtures("forgotten")

AGED = [table.name for table, entry in personal() if isinstance(entry.keep, Keep)]


def sizes(little: LittleSchool) -> dict[str, int]:
    with little.milepost.work() as work:
        return {
            table.name: work.session.execute(
                select(func.count()).select_from(table)
            ).scalar_one()
            for table in Base.metadata.sorted_tables
        }


def set_days(little: LittleSchool, **days: int) -> None:
    with little.milepost.work() as work:
        school = work.people.school(little["student"].school_id)
        assert school is not None
        set_district(work, school, {"retention": days}, little.clock())
        work.commit()


def past(little: LittleSchool) -> dict[str, int]:
    """Count rows that are past their days, whole or with words in them."""
    return {
        name: number
        for counts in retain(little.milepost).values()
        for name, number in counts.items()
        if number
    }


def test_a_dry_run_changes_nothing(little: LittleSchool) -> None:
    type_everywhere(little, "student")
    little.clock.now += timedelta(days=4000)
    before = sizes(little)
    assert past(little)["turn"] > 10
    assert sizes(little) == before


def test_nothing_goes_before_its_time(little: LittleSchool) -> None:
    type_everywhere(little, "student")
    before = sizes(little)
    retain(little.milepost, apply=True)
    after = sizes(little)
    after.pop("retention_run"), before.pop("retention_run")
    assert after == before


def test_a_day_after_its_time_nothing_is_left(little: LittleSchool) -> None:
    type_everywhere(little, "student")
    little.alert("student")
    set_days(little, hours=400)
    little.clock.now += timedelta(days=1826)
    before = sizes(little)
    retain(little.milepost, apply=True)
    assert past(little) == {}
    after = sizes(little)
    gone = {name for name in AGED if after[name] < before[name]}
    kept = {"access_log", "alert"}  # emptied; one that nobody took on stays
    assert gone | kept == {*AGED} - {"sign_in"}
    for name in ("goal", "mastery_result", "summary", "person", "credit_plan"):
        assert after[name] == before[name]


def test_a_message_that_a_summary_rests_on_loses_its_words(
    little: LittleSchool,
) -> None:
    record = fill_record(little, "student")
    little.clock.now += timedelta(days=366)
    retain(little.milepost, apply=True)
    with little.milepost.work() as work:
        turn = work.session.get_one(Turn, record.turn_id)
        assert (turn.text, turn.replies) == ("", [])
        assert work.session.get(Summary, record.summary_id) is not None


def test_a_district_sets_its_own_days(little: LittleSchool) -> None:
    little.say("student", "one")
    little.say("far_student", "two")
    set_days(little, messages=30)
    little.clock.now += timedelta(days=31)
    retain(little.milepost, apply=True)
    with little.milepost.work() as work:
        assert [one.text for one in work.session.scalars(select(Turn))] == ["two"]


def test_looks_past_their_days_are_emptied_and_the_chain_holds(
    little: LittleSchool,
) -> None:
    type_everywhere(little, "student")
    little.clock.now += timedelta(days=1826)
    retain(little.milepost, apply=True)
    with little.milepost.work() as work:
        left = work.session.scalars(
            select(AccessLog).where(AccessLog.student_id.is_not(None))
        ).all()
    assert left == []
    found = verify(little.milepost)["north"]
    assert found.problems == []
    assert found.erased == found.rows > 0


def test_an_alert_that_nobody_took_on_stays(little: LittleSchool) -> None:
    little.alert("student")
    little.clock.now += timedelta(days=4000)
    retain(little.milepost, apply=True)
    assert sizes(little)["alert"] == 1


def test_leftover_files_go_and_waiting_alerts_stay(little: LittleSchool) -> None:
    spool_alert(little.milepost, little["student"], "self_harm", "r", little.clock())
    folder = spool_folder(little.milepost)
    live = little.milepost.settings.var_dir / "live" / "abc"
    live.mkdir(parents=True)
    for path in (folder / "a.unreadable", folder / "b.new", live / "users.jsonl"):
        path.write_text("{}")
    old = little.clock.now.timestamp() - 8 * 86400
    for path in (*folder.iterdir(), live / "users.jsonl"):
        os.utime(path, (old, old))
    retain(little.milepost, apply=True)
    assert [one.suffix for one in folder.iterdir()] == [".json"]
    assert list(live.iterdir()) == []


def test_the_tracker_keeps_what_rasa_still_reads(little: LittleSchool) -> None:
    import sqlite3

    little.say("student", "hello")
    little.say("other_student", "hello")
    mine = fill_tracker(little, "student", ["old", "new"])
    fill_tracker(little, "other_student", ["resting"])
    now = little.clock.now.timestamp()
    with sqlite3.connect(tracker_file(little)) as connection:
        connection.execute("UPDATE events SET timestamp = ?", (now - 40 * 86400,))
        connection.execute(
            "INSERT INTO events (sender_id, type_name, timestamp, data) "
            "VALUES (?, 'session_started', ?, '{}')",
            (mine, now - 3600),
        )
        connection.execute(
            "INSERT INTO events (sender_id, type_name, timestamp, data) "
            "VALUES (?, 'user', ?, '{\"text\": \"today\"}')",
            (mine, now - 3500),
        )
    connection.close()
    tracker = Tracker(little.milepost.settings.tracker_url)
    before = little.clock.now - timedelta(days=30)
    assert tracker.trim(before, dry_run=True) == 3
    assert tracker.trim(before) == 3
    with sqlite3.connect(tracker_file(little)) as connection:
        left = connection.execute("SELECT type_name FROM events ORDER BY id").fetchall()
    connection.close()
    assert left == [("session_started",), ("user",)]


@pytest.mark.parametrize("hours", [0, 3])
def test_it_runs_once_a_day(little: LittleSchool, hours: int) -> None:
    assert run_daily(little.milepost) is not None
    little.clock.now += timedelta(hours=hours)
    assert run_daily(little.milepost) is None
    little.clock.now += timedelta(hours=24)
    assert run_daily(little.milepost) is not None
    with little.milepost.work() as work:
        runs = work.session.scalars(select(RetentionRun)).all()
    assert len(runs) == 4  # two schools
