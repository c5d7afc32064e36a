"""Every form takes bad input kindly: said at its field, nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from door import Door, opened
from forms_found import Form, Forms
from little_school import LittleSchool, Record
from test_pages_one_language import STARTS, pattern_of, read

from pathways.services import alerts, credit_plans

ROLES = ("student", "advisor", "counselor", "safety_lead", "family", "admin", "")
LONG = "y" * 4001
ENTRY = {"title": "Typed title", "seats": "many"}


@dataclass(frozen=True)
class Bad:
    """What is typed into a form, and the field that can't take it."""

    at: str
    given: dict[str, str] = field(default_factory=dict)
    keeps: bool = True


BAD = {
    "/sign-in": Bad("username", {"username": "typed.name", "password": "wrong"}),
    "/account/password": Bad("new", {"old": "a", "new": "b", "again": "b"}),
    "/account/sign-out-everywhere": Bad("password", {"password": "wrong"}),
    "/account/code-app": Bad("password", {"password": "wrong"}),
    "/goals/{goal_id}": Bad("due", {"what": "Typed words", "due": "2020-01-01"}),
    "/goals/{goal_id}/progress": Bad("text", {"text": " "}),
    "/reminders": Bad("day", {"text": "Typed words", "day": "2020-01-01"}),
    "/experiences": Bad(
        "hours", {"what": "Typed", "hours": "lots", "first_day": "2026-11-14"}
    ),
    "/experiences/{experience_id}/count": Bad("hours", {"hours": "lots"}),
    "/experiences/{experience_id}/correct": Bad(
        "hours", {"hours": "lots", "reason": "Typed words"}
    ),
    "/summaries/{summary_id}/lines/{line_id}": Bad("text", {"text": "x" * 501}),
    "/my-data": Bad("words", {"words": LONG}),
    "/credit-plans/{plan_id}": Bad(
        "hours", {"content": "Typed words", "hours": "a lot"}
    ),
    "/credit-plans/{plan_id}/steps": Bad("words", {"words": LONG}),
    "/caseload/{student_id}/meetings": Bad(
        "agreed", {"agreed": "x" * 201, "note": "Typed words"}
    ),
    "/alerts/{alert_id}/record": Bad("reason", {"kind": "talked", "reason": LONG}),
    "/alerts/{alert_id}/notice": Bad("text", {"text": LONG}),
    "/transcripts/{student_id}": Bad("reason", {"reason": "short"}),
    "/data-requests/{request_id}": Bad("words", {"act": "answer", "words": " "}),
    "/graduation/{student_id}": Bad(
        "value", {"item": "act_math", "value": "many", "source": "Typed words"}
    ),
    "/catalog/{kind}/new": Bad("code", {"title": "Typed title"}),
    "/catalog/{kind}/{code:path}": Bad("seats", ENTRY),
    "/rules": Bad(
        "credit_flex_fall",
        {"deadlines.credit_flex_fall": "May", "sources.deadlines": "Typed words"},
    ),
    "/imports/files": Bad("file", {}, keeps=False),
    "/equity": Bad("groups", {}, keeps=False),
    "/duty": Bad("closed", {"closed": "tomorrow", "opens": "07:30"}),
    "/admin/people/{person_id}/consent": Bad("dated", {"dated": "2999-01-01"}),
    "/confirm": Bad("link", {"link": "not a link"}),
    "/ideas/availability": Bad("hours", {"hours": "lots"}),
    "/chat/messages": Bad("text", {"text": LONG}),
}
# Read where they are tested: the fields of these stand on a page of their own.
ELSEWHERE = {
    "/catalog/many": "test_pages_catalog_many: said above the table, with the cells",
    "/catalog/{kind}/{code:path}/conflict": "test_pages_catalog_check",
    "/chat/search": "test_pages_student: there are no wrong words to look for",
}


@pytest.fixture
def door(little: LittleSchool, record: Record) -> Iterator[Door]:
    with opened(little) as made:
        yield made


def pages_of(door: Door, record: Record, who: str) -> Iterator[tuple[str, Forms]]:
    """Yield each kind of page that somebody reaches, with its forms."""
    mine = (f"/goals/{record.goal_id}", f"/alerts/{record.alert_id}")
    if who == "":
        waiting = ["/sign-in", "/confirm"]
    else:
        ids = ("graduation", "transcripts")
        more = ["/account/password", f"/credit-plans/{record.plan_id}"]
        more += [f"/{one}/{record.student_id}" for one in ids]
        waiting = [*STARTS, *mine, *more, "/catalog/course/ELA-1"]
    seen: set[str] = set()
    while waiting and len(seen) < 90:
        path = waiting.pop(0)
        kind = pattern_of(path)
        if path in seen or (path not in STARTS and kind in seen):
            continue
        seen |= {path, kind}
        answer = door.page(who, "GET", path)
        if answer.status_code != 200 or "html" not in answer.headers["content-type"]:
            continue
        yield path, Forms(answer.text)
        waiting += [one for one in read(answer.text).links if one not in seen]


def test_every_form_says_what_is_wrong_and_keeps_what_was_typed(
    door: Door, record: Record
) -> None:
    little = door.little
    alerts.acknowledge(little.milepost, little["counselor"], record.alert_id)
    found: set[str] = set()
    problems: dict[str, str] = {}
    for who in ROLES:
        for path, forms in pages_of(door, record, who):
            for form in forms.forms:
                kind = pattern_of(form.action).rstrip("?")
                if form.method != "post" or not form.is_open or kind in ELSEWHERE:
                    continue
                key = f"{who} {kind}"
                if key in found:
                    continue
                found.add(key)
                problem = tried(door, who, form, BAD.get(kind))
                if problem:
                    problems[f"{key} on {path}"] = problem
        if who == "student":
            credit_plans.submit(little.milepost, little[who], record.plan_id)
    assert not problems, "\n".join(f"{at}: {why}" for at, why in problems.items())
    assert {one.split()[-1] for one in found} == set(BAD)


def tried(door: Door, who: str, form: Form, bad: Bad | None) -> str:
    """Send a form with something that can't be used; say what went wrong."""
    if bad is None:
        return "This form is in no table of bad input."
    sent = {**form.filled(), **bad.given}
    answer = door.page(who, "POST", form.action, **sent)
    if answer.status_code not in (409, 422):
        return f"answered {answer.status_code}"
    back = Forms(answer.text)
    same = [one for one in back.forms if one.action == form.action]
    if not same:
        return "the form is gone"
    wrong = [one for two in same for one in two.controls if one.invalid]
    if not any(bad.at in one.name for one in wrong):
        return f"no field is marked: {[one.name for one in wrong]}"
    if not any(back.words.get(id_, "").strip() for one in wrong for id_ in one.told_by):
        return "the marked field has no words"
    if not bad.keeps:
        return ""
    kept = [{one.name: one.value.strip("\n") for one in two.controls} for two in same]
    for name, value in bad.given.items():
        kinds = {one.kind for two in same for one in two.controls if one.name == name}
        if "password" not in kinds and not any(
            one.get(name, "").strip() == value.strip() for one in kept
        ):
            return f"{name} is lost"
    return ""


def test_a_plan_that_changed_meanwhile_is_a_choice_and_nothing_is_lost(
    door: Door, record: Record
) -> None:
    path = f"/credit-plans/{record.plan_id}"
    (form, *_) = (
        one
        for one in Forms(door.page("student", "GET", path).text).forms
        if one.action == path
    )
    first = {**form.filled(), "content": "How animals sleep"}
    assert door.page("student", "POST", path, **first).status_code == 303
    second = {**form.filled(), "content": "How animals eat"}
    answer = door.page("student", "POST", path, **second)
    assert answer.status_code == 409
    back = Forms(answer.text)
    (again,) = (one for one in back.forms if one.action == path)
    assert again.called("content").value == "How animals eat"
    told = " ".join(back.words[one] for one in again.called("content").told_by)
    assert "How animals sleep" in told
    assert "Keep what is stored" in answer.text
    assert door.page("student", "POST", path, **again.filled()).status_code == 303
    assert "How animals eat" in door.page("student", "GET", path).text


def test_each_place_for_a_file_says_what_is_expected_with_a_template(
    door: Door,
) -> None:
    for who, page, action, field_name in (
        ("admin", "/imports/new?kind=courses", "/imports/files?kind=courses", "file"),
        ("counselor", "/imports/new?kind=table", "/imports/files?kind=table", "file"),
        ("counselor", "/equity", "/equity", "groups"),
    ):
        shown = door.page(who, "GET", page).text
        (template,) = re.findall(r'href="(/[^"]*template[^"]*)"', shown)
        given = door.page(who, "GET", template)
        assert given.status_code == 200
        assert "attachment" in given.headers["content-disposition"]
        secret = door.secret(who)
        answer = door.client.post(
            action,
            data={"csrf": door.csrf(secret)},
            files={field_name: ("photo.png", b"\x89PNG\r\n\x1a\n\x00\xff")},
        )
        assert answer.status_code == 422, action
        assert template in answer.text


def test_an_expired_session_leads_back_to_the_same_place(door: Door) -> None:
    door.client.cookies.clear()
    for path in ("/goals", "/catalog?kind=course&q=art", "/admin/looks?name=maya"):
        answer = door.client.get(path, follow_redirects=False)
        assert answer.status_code == 303
        next_page = answer.headers["location"].split("next=")[1]
        shown = Forms(door.client.get(answer.headers["location"]).text)
        (form,) = (one for one in shown.forms if one.action == "/sign-in")
        assert form.called("next").value == path, next_page


def test_danger_stands_before_wishes_on_the_list_of_alerts(door: Door) -> None:
    for category in ("self_harm", "wants_person", "wants_correction"):
        door.little.alert("student", category)
    page = door.page("counselor", "GET", "/alerts").text
    assert page.index("Possible self-harm") < page.index("Wants to talk to a person")
    assert page.index("Possible self-harm") < page.index("Wants data corrected")
