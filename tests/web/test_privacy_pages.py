"""The pages of a student's own data, and of those who keep the records."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from door import Door
from little_school import LittleSchool, Record

from pathways.app import key_ring
from pathways.services import deletion
from pathways.services.data_requests import own_requests
from pathways.services.retention import run_daily
from pathways.store.sealing import KeyRing


def test_a_student_gets_the_copy_as_a_file(
    door: Door, little: LittleSchool, record: Record
) -> None:
    page = door.page("student", "GET", "/my-data")
    assert 'href="/my-data/copy"' in page.text
    answer = door.page("student", "GET", "/my-data/copy")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "no-store"
    assert "my-data.zip" in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.namelist() == ["data.json", "data.html"]
        assert b"I like animals" in archive.read("data.html")


def test_every_page_of_a_student_leads_to_their_data(door: Door) -> None:
    for path in ("/plan", "/summaries", "/looks", "/who-sees"):
        assert 'href="/my-data"' in door.page("student", "GET", path).text
    assert 'href="/my-data"' not in door.page("advisor", "GET", "/caseload").text


def test_a_correction_goes_to_the_school_and_comes_back(
    door: Door, little: LittleSchool
) -> None:
    form = {"kind": "correction", "about": "Goals", "words": "The date is wrong."}
    assert door.page("student", "POST", "/my-data", **form).status_code == 303
    alerts = door.page("counselor", "GET", "/alerts").text
    assert "Wants data corrected" in alerts
    assert 'href="/data-requests"' in alerts
    seen = door.page("counselor", "GET", "/data-requests").text
    assert "The date is wrong." in seen
    [asked] = own_requests(little.milepost, little["student"])
    path = f"/data-requests/{asked.id}"
    empty = door.page("counselor", "POST", path, act="answer", words=" ")
    assert empty.status_code == 422
    assert "Please write a few words first." in empty.text
    done = door.page("counselor", "POST", path, act="answer", words="I fixed it.")
    assert done.status_code == 303
    again = door.page("counselor", "POST", path, act="refuse", words="No.")
    assert again.status_code == 422
    mine = door.page("student", "GET", "/my-data").text
    assert "I fixed it." in mine
    looks = door.page("student", "GET", "/looks").text
    assert "Your requests about data" in looks


def test_a_correction_needs_words_and_keeps_them_when_too_long(door: Door) -> None:
    empty = door.page("student", "POST", "/my-data", kind="correction", words="")
    assert empty.status_code == 422
    long = "word " * 500
    found = door.page("student", "POST", "/my-data", kind="correction", words=long)
    assert found.status_code == 422
    assert "word word" in found.text


def test_deletion_is_asked_for_taken_back_and_asked_for_again(
    door: Door, little: LittleSchool
) -> None:
    assert door.page("student", "POST", "/my-data", kind="deletion").status_code == 303
    [asked] = own_requests(little.milepost, little["student"])
    door.page("admin", "POST", f"/data-requests/{asked.id}", act="confirm")
    mine = door.page("student", "GET", "/my-data").text
    assert "Deletion begins on" in mine
    back = door.page("student", "POST", f"/my-data/{asked.id}/withdraw")
    assert back.status_code == 303
    little.clock.now += timedelta(days=20)
    assert deletion.run_due(little.milepost) == 0


def test_after_deletion_the_session_is_over(door: Door, little: LittleSchool) -> None:
    assert door.page("student", "GET", "/plan").status_code == 200
    deletion.delete_student(little.milepost, little["admin"], little["student"].id)
    assert door.page("student", "GET", "/plan").status_code == 303
    assert door.say("student", "hello").status_code == 401
    assert door.page("advisor", "GET", "/caseload").status_code == 200


def test_the_app_deletes_what_is_due_by_its_clock(
    door: Door, little: LittleSchool
) -> None:
    door.page("student", "POST", "/my-data", kind="deletion")
    [asked] = own_requests(little.milepost, little["student"])
    door.page("admin", "POST", f"/data-requests/{asked.id}", act="confirm")
    little.clock.now += timedelta(days=15)
    assert run_daily(little.milepost) is not None
    assert "Student Test" not in door.page("advisor", "GET", "/caseload").text


def test_a_chat_opens_with_a_reason_only(door: Door, little: LittleSchool) -> None:
    little.say("student", "I feel alone at lunch")
    path = f"/transcripts/{little['student'].id}"
    asked = door.page("counselor", "GET", path)
    assert "I feel alone" not in asked.text
    short = door.page("counselor", "POST", path, reason="why not")
    assert short.status_code == 422
    assert "I feel alone" not in short.text
    shown = door.page("counselor", "POST", path, reason="A worried call from home")
    assert "I feel alone at lunch" in shown.text
    looks = door.page("student", "GET", "/looks").text
    assert "Your chat" in looks
    assert "A worried call from home" in looks


@pytest.mark.parametrize("who", ["advisor", "family", "admin", "far_counselor"])
def test_a_chat_is_closed_to_all_others(
    door: Door, little: LittleSchool, who: str
) -> None:
    path = f"/transcripts/{little['student'].id}"
    assert door.page(who, "GET", path).status_code == 404
    opened = door.page(who, "POST", path, reason="A worried call from home")
    assert opened.status_code == 404


def test_crisis_help_comes_although_the_keys_are_gone(
    door: Door, little: LittleSchool
) -> None:
    door.say("student", "hello")
    path = key_ring(little.milepost.settings).path
    other = path.with_name("other.json")
    KeyRing(other, may_make=True).make()
    path.write_text(other.read_text())
    answer = door.say("student", "I want to kill myself")
    assert answer.json()["safety"] == "red"
    assert "988" in answer.text
    assert door.say("student", "hello again").status_code == 503
