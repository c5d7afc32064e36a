"""Every look is written before the answer, in a chain that shows tampering (P6)."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from databases import file_behind
from little_school import LittleSchool, fill_record
from sqlalchemy import select
from test_services_access import ON_A_STUDENTS_IDS, label

from pathways.services import mastery, summaries, transcripts
from pathways.services.access import note_look
from pathways.services.access_audit import verify
from pathways.services.errors import Invalid, NotFound
from pathways.services.looks import list_looks
from pathways.store.access_chain import AccessChain
from pathways.store.models import AccessHead, AccessLog
from pathways.store.sealing import KeyRing

LOOKS = 20
WITHOUT_A_LOOK = {
    "alerts.acknowledge",  # the list that shows the alert wrote the look
    "consents.record",  # writes, and stands in the history that the student sees
    "consents.withdraw",  # the same
    "caseload.student_name",  # the advisor's own list of names
    "deletion.delete_student",  # the row that stays names who
    "data_requests.settle",  # the list that shows the request wrote the look
    "incidents.decide",  # writes; the record that was read before wrote the look
    "incidents.save_notice",  # the same
    "transcripts.whose_chat",  # a name; opening the chat is the look
    "meetings.note_meeting",  # writes; the brief that shows it is the look
    "graduation_notes.note_item",  # writes, and shows nothing
    "second_factor.reset",  # writes, and stands in the account's own history
    "sessions.end_all_of",  # the same
}


def file_of(little: LittleSchool) -> Path:
    return file_behind(little.milepost.settings.database_url)


def looked_at(little: LittleSchool, times: int = LOOKS) -> None:
    for number in range(times):
        with little.milepost.work() as work:
            actor, now = little["advisor"], little.clock()
            note_look(work, actor, little["student"].id, f"look {number}", now)


def rows(little: LittleSchool) -> list[AccessLog]:
    with little.milepost.work() as work:
        return list(work.session.scalars(select(AccessLog).order_by(AccessLog.place)))


def problems(little: LittleSchool) -> list[str]:
    return verify(little.milepost)["north"].problems


def run(little: LittleSchool, *statements: str) -> None:
    with closing(sqlite3.connect(file_of(little))) as connection:
        for one in statements:
            connection.execute(one)
        connection.commit()


@pytest.mark.parametrize("service", ON_A_STUDENTS_IDS, ids=label)
def test_each_read_of_an_adult_is_in_the_log(
    service: Callable[..., Any], little: LittleSchool
) -> None:
    record = fill_record(little, "student")
    rule = ON_A_STUDENTS_IDS[service]
    for name in sorted(rule.may - {"student"}):
        before = len(rows(little))
        with suppress(Invalid):
            rule.call(little, little[name], record)
        after = rows(little)[before:]
        if label(service) in WITHOUT_A_LOOK:
            continue
        assert [one.student_id for one in after] == [record.student_id], name
        assert after[0].actor_id == little[name].id


def test_the_look_stands_although_the_answer_fails(
    little: LittleSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_record(little, "student")

    def broken(*given: object) -> None:
        raise RuntimeError("after the look")

    monkeypatch.setattr(summaries, "_view", broken, raising=False)
    monkeypatch.setattr(mastery, "mastery_of", broken, raising=False)
    before = len(rows(little))
    with pytest.raises(RuntimeError, match="after the look"):
        mastery.profile(little.milepost, little["advisor"], little["student"].id)
    assert len(rows(little)) == before + 1


def test_an_untouched_log_is_whole(little: LittleSchool) -> None:
    looked_at(little)
    found = verify(little.milepost)
    assert (found["north"].rows, found["north"].problems) == (LOOKS, [])
    assert found["south"].problems == []


CHANGES: dict[str, str] = {
    "what": "UPDATE access_log SET what = 'nothing' WHERE place = {}",
    "who": "UPDATE access_log SET actor_id = (SELECT id FROM person "
    "WHERE username = 'counselor') WHERE place = {}",
    "whose": "UPDATE access_log SET student_id = (SELECT id FROM person "
    "WHERE username = 'other_student') WHERE place = {}",
    "when": "UPDATE access_log SET looked_at = '2020-01-01 00:00:00' WHERE place = {}",
    "why": "UPDATE access_log SET reason = 'none' WHERE place = {}",
    "gone": "DELETE FROM access_log WHERE place = {}",
    "emptied": "UPDATE access_log SET actor_id = NULL, student_id = NULL, what = '', "
    "erased = 'x' WHERE place = {}",
    "moved": "UPDATE access_log SET place = place + 1000 WHERE place = {}",
    "marks": "UPDATE access_log SET chain = digest WHERE place = {}",
    "signs": "UPDATE access_log SET digest = 'ñ', chain = 'ñ' WHERE place = {}",
    "unchained": "UPDATE access_log SET place = NULL WHERE place = {}",
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("place", [1, LOOKS // 2, LOOKS])
def test_what_was_changed_by_hand_is_found(
    little: LittleSchool, change: str, place: int
) -> None:
    looked_at(little)
    run(little, "PRAGMA foreign_keys=OFF", CHANGES[change].format(place))
    assert problems(little)


def test_a_shortened_log_is_found(little: LittleSchool) -> None:
    looked_at(little)
    run(
        little,
        f"DELETE FROM access_log WHERE place = {LOOKS}",
        f"UPDATE access_head SET length = {LOOKS - 1}, chain = (SELECT chain FROM "
        f"access_log WHERE place = {LOOKS - 1})",
    )
    assert problems(little) == ["the end of the log was written by somebody else"]


def test_a_log_that_was_written_anew_without_the_key_is_found(
    little: LittleSchool, tmp_path: Path
) -> None:
    looked_at(little)
    other = KeyRing(tmp_path / "other.json", may_make=True)
    vars(little.milepost.engine.dialect)["key_ring"], mine = (
        other,
        vars(little.milepost.engine.dialect)["key_ring"],
    )
    with little.milepost.work() as work:
        kept = [
            {
                "school_id": one.school_id,
                "actor_id": one.actor_id,
                "student_id": one.student_id,
                "looked_at": one.looked_at,
                "what": one.what,
            }
            for one in work.session.scalars(select(AccessLog))
        ]
        work.session.query(AccessLog).delete()
        work.session.query(AccessHead).delete()
        for one in kept[1:]:
            AccessChain(work.session).add(AccessLog(**one, reason=""))
        work.commit()
    assert problems(little) == []
    vars(little.milepost.engine.dialect)["key_ring"] = mine
    assert len(problems(little)) >= LOOKS


def test_looks_at_once_get_a_place_each(little: LittleSchool) -> None:
    errors: list[BaseException] = []

    def look() -> None:
        try:
            looked_at(little, 5)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=look) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert errors == []
    assert [one.place for one in rows(little)] == list(range(1, 31))
    assert problems(little) == []


def test_twenty_of_twenty_random_changes_are_found(little: LittleSchool) -> None:
    looked_at(little)
    source = random.Random(7)
    found = 0
    for _ in range(20):
        whole = file_of(little).with_suffix(".kept")
        with (
            closing(sqlite3.connect(file_of(little))) as one,
            closing(sqlite3.connect(whole)) as two,
        ):
            one.backup(two)
        column = source.choice(["what", "digest", "chain", "looked_at", "id"])
        place = source.randint(1, LOOKS)
        value = (
            "2021-05-05 05:05:05.000000" if column == "looked_at" else source.random()
        )
        run(
            little,
            f"UPDATE access_log SET {column} = '{value}' WHERE place = {place}",
        )
        found += bool(problems(little))
        little.milepost.engine.dispose()
        with (
            closing(sqlite3.connect(whole)) as one,
            closing(sqlite3.connect(file_of(little))) as two,
        ):
            one.backup(two)
    assert found == 20
    assert problems(little) == []


def test_a_chat_opens_with_a_reason_that_the_student_reads(
    little: LittleSchool,
) -> None:
    little.say("student", "I feel alone at lunch")
    milepost, student = little.milepost, little["student"]
    for reason in ("", "because", "x" * 501):
        with pytest.raises(Invalid):
            transcripts.open_chat(milepost, little["counselor"], student.id, reason)
    assert rows(little) == []
    found = transcripts.open_chat(
        milepost, little["counselor"], student.id, "A worried call from home"
    )
    assert [one.text for one in found.turns] == ["I feel alone at lunch"]
    [look] = list_looks(milepost, student)
    assert (look.what, look.reason) == ("chat", "A worried call from home")


@pytest.mark.parametrize(
    "who", ["advisor", "other_advisor", "family", "admin", "far_counselor", "student"]
)
def test_a_chat_opens_for_nobody_else(little: LittleSchool, who: str) -> None:
    little.say("student", "I feel alone at lunch")
    with pytest.raises(NotFound):
        transcripts.open_chat(
            little.milepost, little[who], little["student"].id, "I want to know this"
        )
