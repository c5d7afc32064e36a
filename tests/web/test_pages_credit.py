"""Credit plans, hours and graduation as people meet them (O6, O7, O10, P10, A6, A8)."""

from __future__ import annotations

import io
import re

from door import Door
from little_school import HOURS, PLAN, fill_record, filled_plan, returned_plan
from pypdf import PdfReader

from pathways.services import credit_plans

ADDRESS = re.compile(r'\b(?:href|src|action|formaction)="([^"]*)"')


def pdf_text(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_a_student_goes_from_a_wish_to_a_signed_plan(door: Door) -> None:
    ways = door.page("student", "GET", "/credit-plans/ways?course=CTE-VET").text
    assert "Your own plan for" in ways
    assert "your counselor decides this" in ways
    made = door.page("student", "POST", "/credit-plans", option="CFO-INT-VET")
    path = made.headers["location"]
    page = door.page("student", "GET", path).text
    assert "Still needed" in page
    assert 'href="#field-content"' in page
    early = door.page("student", "POST", f"{path}/steps", act="sign")
    assert early.status_code == 422
    assert "This still needs" in early.text
    teacher = door.little["advisor"].id
    form = {**PLAN, "teacher_of_record": teacher}
    assert door.page("student", "POST", path, **form).status_code == 303
    page = door.page("student", "GET", path).text
    assert "All parts are filled in" in page
    assert "As the approver sees it" in page
    version = re.findall(r'name="version" value="(\d+)"', page)[0]
    signed = door.page("student", "POST", f"{path}/steps", act="sign", version=version)
    assert signed.status_code == 303
    assert "With the family" in door.page("student", "GET", path).text


def test_what_can_not_be_used_is_said_at_its_field_and_stays_in_the_form(
    door: Door,
) -> None:
    plan = filled_plan(door.little, "student")
    path = f"/credit-plans/{plan}"
    answer = door.page("student", "POST", path, hours="a lot", content="New words")
    assert answer.status_code == 422
    assert 'id="wrong-hours"' in answer.text
    assert 'value="a lot"' in answer.text
    assert "New words" in answer.text
    kept = door.page("student", "GET", path).text
    assert "a lot" not in kept


def test_an_old_page_does_not_overwrite_a_newer_one(door: Door) -> None:
    plan = filled_plan(door.little, "student")
    path = f"/credit-plans/{plan}"
    answer = door.page("student", "POST", path, hours="90", version="1")
    assert answer.status_code == 409


def test_each_adult_finds_a_plan_when_it_is_their_turn(door: Door) -> None:
    little = door.little
    plan = filled_plan(little, "student")
    credit_plans.submit(little.milepost, little["student"], plan)
    path = f"/credit-plans/{plan}"
    road = [
        ("family", "family_sign", ""),
        ("advisor", "teacher_sign", ""),
        ("counselor", "approve", ""),
    ]
    for name, act, words in road:
        inbox = door.page(name, "GET", "/credit-plans").text
        assert "Your turn" in inbox
        assert f'value="{act}"' in door.page(name, "GET", path).text
        done = door.page(name, "POST", f"{path}/steps", act=act, words=words)
        assert done.status_code == 303, name
        assert "Your turn" not in door.page(name, "GET", "/credit-plans").text
    assert "Approved" in door.page("student", "GET", path).text


def test_a_no_without_a_reason_is_sent_back_to_the_page(door: Door) -> None:
    little = door.little
    plan = filled_plan(little, "student")
    credit_plans.submit(little.milepost, little["student"], plan)
    path = f"/credit-plans/{plan}/steps"
    answer = door.page("family", "POST", path, act="return", words="  ")
    assert answer.status_code == 422
    assert "Say what needs to change" in answer.text


def test_the_pdf_shows_what_the_approver_signs(door: Door) -> None:
    plan = returned_plan(door.little, "student")
    for name in ("student", "counselor"):
        answer = door.page(name, "GET", f"/credit-plans/{plan}/pdf")
        assert answer.headers["content-type"] == "application/pdf"
        found = pdf_text(answer.content)
        for words in (PLAN["content"], PLAN["minimum_threshold"], "Advisor Test"):
            assert words in found
        assert "3313.603" in found
        assert "May 21, 2027" in found


def test_hours_are_logged_counted_confirmed_and_corrected_on_the_page(
    door: Door,
) -> None:
    bad = door.page("student", "POST", "/experiences", **{**HOURS, "hours": "99"})
    assert bad.status_code == 422
    assert "more hours than those days have" in bad.text
    assert door.page("student", "POST", "/experiences", **HOURS).status_code == 303
    page = door.page("student", "GET", "/experiences").text
    (entry,) = re.findall(r'id="entry-([0-9a-f-]{36})"', page)
    path = f"/experiences/{entry}"
    count = door.page(
        "student", "POST", f"{path}/count", toward="work_hours:", hours="6"
    )
    assert count.status_code == 303
    link = door.page("student", "POST", f"{path}/link").text
    (link,) = re.findall(r'value="(http[^"]*/confirm#[^"]+)"', link)
    mentor = door.page("", "POST", "/confirm", link=link)
    assert "Student of North" in mentor.text
    sent = [one.partition("#")[0] for one in ADDRESS.findall(mentor.text)]
    assert not [one for one in sent if link.partition("#")[2] in one]
    wrong = door.page("", "POST", "/confirm", link=link, answer="no", who="Dr. Lane")
    assert wrong.status_code == 422
    assert 'id="words-wrong"' in wrong.text
    assert "Dr. Lane" in wrong.text
    door.page("", "POST", "/confirm", link=link, answer="yes", who="Dr. Lane")
    assert "Dr. Lane" in door.page("student", "GET", "/experiences").text
    fixed = door.page(
        "student", "POST", f"{path}/correct", hours="4", reason="Left early"
    )
    assert fixed.status_code == 303
    page = door.page("student", "GET", "/experiences").text
    assert "4 hours logged, 0 of them confirmed" in page
    assert "Left early" in page
    dead = door.page("", "POST", "/confirm", link=link)
    assert dead.status_code == 422
    assert "Student of North" not in dead.text


def test_the_graduation_check_is_a_page_and_a_paper(door: Door) -> None:
    little = door.little
    fill_record(little, "student")
    page = door.page("student", "GET", "/graduation").text
    for words in ("Nobody can say yet", "Citizenship Seal", "April 1, 2027"):
        assert words in page
    student = little["student"].id
    path = f"/graduation/{student}"
    form = {"item": "seal_citizenship", "value": "1", "source": "School board"}
    assert door.page("counselor", "POST", path, **form).status_code == 303
    assert "Seals: 1 of 2" in door.page("student", "GET", "/graduation").text
    bad = {**form, "value": "many"}
    assert door.page("counselor", "POST", path, **bad).status_code == 422
    found = pdf_text(door.page("family", "GET", f"{path}/pdf").content)
    for words in ("Graduation plan", "Seals: 1 of 2", "Parent or guardian"):
        assert words in found


def test_words_of_a_student_are_shown_as_text_and_never_run(door: Door) -> None:
    plan = filled_plan(door.little, "student")
    bad = "<script>alert(1)</script>"
    path = f"/credit-plans/{plan}"
    door.page("student", "POST", path, content=bad)
    door.page("student", "POST", "/experiences", **{**HOURS, "what": bad})
    for page in (path, "/experiences"):
        text = door.page("student", "GET", page).text
        assert bad not in text
        assert "&lt;script&gt;" in text
    assert "<script>" in pdf_text(door.page("student", "GET", f"{path}/pdf").content)
