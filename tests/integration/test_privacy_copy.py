"""The copy of a student's data holds all of it, and nobody else's (P2)."""

from __future__ import annotations

import json
import time
import zipfile
from io import BytesIO

from canaries import type_everywhere
from little_school import LittleSchool, fill_record

from pathways.services import data_copy, data_requests
from pathways.services.conversation import receive
from pathways.services.looks import list_looks
from pathways.store.models import Checkin, Turn


def unpacked(content: bytes) -> tuple[dict[str, object], str, str]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        text = archive.read("data.json").decode()
        return json.loads(text), text, archive.read("data.html").decode()


def test_the_copy_holds_all_that_was_typed(little: LittleSchool) -> None:
    canaries = type_everywhere(little, "student")
    found = data_copy.copy_of(little.milepost, little["student"])
    whole, text, page = unpacked(found.content)
    missing = {*canaries.taken} - {*canaries.found_in(text)}
    # A record of child protection is for the school's keeper of records to show.
    assert {canaries.taken[one] for one in missing} == {"incident.reason"}
    missing = {*canaries.taken} - {*canaries.found_in(page)}
    # A record of child protection is for the school's keeper of records to show.
    assert {canaries.taken[one] for one in missing} == {"incident.reason"}
    titles = {part["title"]: len(part["rows"]) for part in whole["parts"]}  # type: ignore[attr-defined]
    assert {*titles} == {*data_requests.subjects()}
    assert "argon2" not in text
    assert "<script" not in page


def test_the_copy_holds_nobody_elses_words(little: LittleSchool) -> None:
    canaries = type_everywhere(little, "other_student")
    fill_record(little, "student")
    found = data_copy.copy_of(little.milepost, little["student"])
    _, text, page = unpacked(found.content)
    assert canaries.found_in(text + page) == {}
    assert little["other_student"].id not in text


def test_a_keepers_copy_stands_in_the_students_list(little: LittleSchool) -> None:
    data_copy.copy_for(little.milepost, little["counselor"], little["student"].id)
    assert list_looks(little.milepost, little["student"])[0].what == data_copy.COPY


def test_three_years_of_data_are_copied_within_a_minute(little: LittleSchool) -> None:
    """120 school weeks with 25 messages each, a check-in and a talk a week."""
    fill_record(little, "student")
    milepost, student = little.milepost, little["student"]
    first = receive(milepost, student, "first", "hello")
    with milepost.work() as work:
        for number in range(3000):
            work.session.add(
                Turn(
                    school_id=student.school_id,
                    conversation_id=first.conversation_id,
                    client_message_id=f"m{number}",
                    place=1000 + number,
                    language="en",
                    text=f"What I said in message {number}",
                    status="answered",
                    replies=[{"text": "That sounds like a plan. " * 6}],
                    received_at=little.clock(),
                )
            )
        for _ in range(120):
            work.session.add(
                Checkin(
                    school_id=student.school_id,
                    student_id=student.id,
                    language="en",
                    mood=4,
                    promise="Read",
                    win="A lab",
                    obstacle="Time",
                    next_step="Read on",
                    wants_person=False,
                    done_at=little.clock(),
                )
            )
        work.commit()
    began = time.perf_counter()
    found = data_copy.copy_of(milepost, student)
    took = time.perf_counter() - began
    whole, _, _ = unpacked(found.content)
    assert "message 2999" in json.dumps(whole)
    print(f"copy of 3,000 messages: {took:.2f} s, {len(found.content) / 1e6:.2f} MB")
    assert took < 60
