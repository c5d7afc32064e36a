"""Who gets to see which page, and which forms are let through."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from house import PASSWORD

from web.pages import routers

ROLES = ("maya", "ortiz", "bell", "maya.family", "admin")
OPEN = {
    "/sign-in",
    "/sign-in/code",
    "/sign-in/code/picture",
    "/sign-in/password",
    "/sign-in/with/{name}",
    "/sign-in/with/{name}/back",
    "/lti/login",
    "/lti/launch",
    "/sign-out",
    "/",
    "/confirm",
    "/worker.js",
    "/offline",
    "/styleguide",
}
OWN = {
    "/account/language",
    "/account/sign-out-everywhere",
    "/account/code-app",
    "/account/password",
    "/account/sessions/{session_id}/end",
    "/admin/people/{person_id}/password",
    "/admin/staff-codes",
}
MAY = {
    "/chat": {"maya"},
    "/home": {"maya"},
    "/more": {"maya"},
    "/goals": {"maya"},
    "/goals/{goal_id}": set(),
    "/profile": {"maya"},
    "/pathway": {"maya"},
    "/options": {"maya"},
    "/options/{option_id:path}": {"maya"},
    "/reflections": {"maya"},
    "/reminders": {"maya"},
    "/supports": {"maya"},
    "/chat/search": {"maya"},
    "/plan": {"maya"},
    "/summaries": {"maya"},
    "/looks": {"maya"},
    "/person": {"maya"},
    "/who-sees": {"maya"},
    "/caseload": {"ortiz"},
    "/caseload/{student_id}": {"ortiz"},
    "/alerts": {"ortiz", "bell"},
    "/alerts/{alert_id}": set(),
    "/alerts/{alert_id}/notice": set(),
    "/duty": {"bell", "admin"},
    "/catalog": {"bell"},
    "/catalog/asked-for": {"bell"},
    "/catalog/check": {"bell"},
    "/catalog/export": {"bell"},
    "/catalog/codes": {"bell"},
    "/catalog/{kind}/new": {"bell"},
    "/catalog/{kind}/{code:path}": {"bell"},
    "/rules": {"bell", "admin"},
    "/family": {"maya.family"},
    "/credit-plans": {"maya", "ortiz", "bell", "maya.family"},
    "/credit-plans/ways": {"maya"},
    "/credit-plans/{plan_id}": set(),
    "/credit-plans/{plan_id}/pdf": set(),
    "/experiences": {"maya"},
    "/graduation": {"maya", "ortiz", "bell", "maya.family"},
    "/graduation/pdf": {"maya"},
    "/graduation/{student_id}": {"maya", "ortiz", "bell", "maya.family"},
    "/graduation/{student_id}/pdf": {"maya", "ortiz", "bell", "maya.family"},
    "/imports": {"bell", "admin"},
    "/imports/{run}": set(),
    "/imports/new": {"bell", "admin"},
    "/imports/templates/{kind}": set(),
    "/imports/files/{staged}": set(),
    "/admin": {"admin"},
    "/admin/consent": {"admin"},
    "/admin/looks": {"admin"},
    "/admin/features": {"admin"},
    "/admin/health": {"admin"},
    "/admin/retention": {"admin"},
    "/admin/sign-in": {"admin"},
    "/my-data": {"maya"},
    "/my-data/copy": {"maya"},
    "/data-requests": {"bell", "admin"},
    "/transcripts/{student_id}": {"bell"},
    "/equity": {"bell"},
    "/equity/template": {"bell"},
    "/ideas": {"maya"},
    "/account": set(ROLES),
    "/account/password": set(ROLES),
    "/admin/people/{person_id}": {"admin"},
}
HERS = {("maya", one) for one in ("/experiences", "/reminders", "/my-data/coaching")}
Enter = Callable[[str], str]


def routes() -> list[tuple[str, str]]:
    """Return (method, path) of every page and form."""
    return [
        (method, route.path)
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in sorted(route.methods)
    ]


def filled(path: str, student: str) -> str:
    """Return an address of a path, with things that exist where they matter."""
    return (
        path.replace("{student_id}", student)
        .replace("{person_id}", student)
        .replace("{session_id}", "nobody")
        .replace("{kind}", "course")
        .replace("{code:path}", "ELA-1")
        .replace("{option_id:path}", "MTH-ALG1")
        .replace("{reminder_id}", "nobody")
        .replace("{goal_id}", "nobody")
        .replace("{summary_id}", "nobody")
        .replace("{line_id}", "nobody")
        .replace("{alert_id}", "nobody")
        .replace("{plan_id}", "nobody")
        .replace("{experience_id}", "nobody")
        .replace("{run}", "nobody")
        .replace("{staged}", "nobody")
        .replace("{token}", "nothing")
        .replace("{request_id}", "nobody")
        .replace("{feature}", "nothing")
    )


def student_id(pages: TestClient, username: str = "maya") -> str:
    with pages.app.state.milepost.work() as work:
        person = work.people.by_username(username)
        assert person is not None
        return str(person.id)


def test_the_table_names_every_page() -> None:
    assert {path for method, path in routes() if method == "GET"} - OPEN == set(MAY)


@pytest.mark.parametrize("username", ROLES)
def test_each_role_sees_its_pages_and_404_elsewhere(
    pages: TestClient, enter: Enter, username: str
) -> None:
    enter(username)
    maya = student_id(pages)
    for path, may in MAY.items():
        answer = pages.get(filled(path, maya))
        assert answer.status_code == (200 if username in may else 404), path


@pytest.mark.parametrize("username", ROLES)
def test_forms_of_other_roles_answer_404(
    pages: TestClient, enter: Enter, username: str
) -> None:
    token = enter(username)
    maya = student_id(pages)
    for method, path in routes():
        if method != "POST" or path in OPEN | OWN:
            continue
        answer = pages.post(
            filled(path, maya),
            data={
                "csrf": token,
                "client_message_id": "6f1c2a34-8f0e-4b3e-9d0a-3d1a4f0f7c11",
                "text": "hello",
                "status": "done",
                "option": "NO-SUCH",
                "code": "",
            },
        )
        own = {
            "ortiz": ("/caseload/",),
            "maya": (
                "/chat/messages",
                "/person",
                "/ideas/",
                "/supports",
            ),
            "bell": ("/catalog/", "/graduation/", "/transcripts/", "/equity", "/rules"),
            "admin": ("/duty", "/admin/people/", "/admin/consent", "/rules"),
            "maya.family": ("/family/students/",),
        }.get(username, ())
        if (username, path) == ("maya", "/chat/search"):
            assert answer.status_code == 200
        elif path.startswith(own) or (username, path) in HERS:
            assert answer.status_code in (303, 409, 422), path
        else:
            assert answer.status_code == 404, path


def test_nobody_signed_in_is_led_to_the_door_and_back(pages: TestClient) -> None:
    for method, path in routes():
        if path in OPEN - {"/"}:
            continue
        if method == "GET":
            address = filled(path, "someone")
            answer = pages.get(address)
            assert answer.status_code == 303
            assert answer.headers["location"] == f"/sign-in?next={address}"


def test_an_advisor_finds_no_student_of_another_advisor(
    pages: TestClient, enter: Enter
) -> None:
    enter("ortiz")
    with pages.app.state.milepost.work() as work:
        advisor = work.people.by_username("ortiz")
        assert advisor is not None
        own = {one.id for one in work.people.students_of(advisor.school_id, advisor.id)}
        others = [
            one.id
            for one in work.people.in_role(advisor.school_id, "student")
            if one.id not in own
        ]
    assert own and others
    for other in others:
        assert pages.get(f"/caseload/{other}").status_code == 404


def test_a_form_without_its_token_is_refused(pages: TestClient, enter: Enter) -> None:
    enter("maya")
    for method, path in routes():
        if method == "POST" and not path.startswith("/lti/"):
            for data in ({}, {"csrf": "0" * 64}):
                answer = pages.post(filled(path, "x"), data=data)
                assert answer.status_code == 403, path
                assert "out of date" in answer.text


def test_a_form_from_another_site_is_refused(pages: TestClient, enter: Enter) -> None:
    token = enter("maya")
    for headers in (
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site"},
    ):
        answer = pages.post("/person", data={"csrf": token}, headers=headers)
        assert answer.status_code == 403


def test_signing_in_leads_only_to_pages_of_ours(
    pages: TestClient, enter: Enter
) -> None:
    token = pages.get("/sign-in").text.split('name="csrf" value="')[1][:64]
    for wish, end in (
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/sign-out", "/"),
        ("/plan", "/plan"),
    ):
        answer = pages.post(
            "/sign-in",
            data={
                "username": "maya",
                "password": PASSWORD,
                "csrf": token,
                "next": wish,
            },
        )
        assert answer.headers["location"] == end
        pages.cookies.clear()


def test_signing_out_ends_the_session_on_the_server(
    pages: TestClient, enter: Enter
) -> None:
    token = enter("maya")
    secret = pages.cookies["milepost_session"]
    assert pages.post("/sign-out", data={"csrf": token}).status_code == 303
    pages.cookies.set("milepost_session", secret)
    assert pages.get("/plan").status_code == 303


def test_pages_forbid_inline_code_and_frames(pages: TestClient, enter: Enter) -> None:
    enter("maya")
    for path in ("/chat", "/plan", "/no-such-page", "/static/chat.js"):
        policy = pages.get(path).headers["content-security-policy"]
        assert "default-src 'self'" in policy and "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy


def test_error_pages_speak_to_people(pages: TestClient, enter: Enter) -> None:
    enter("bell")
    missing = pages.get("/catalog/course/NO-SUCH")
    assert missing.status_code == 404
    assert "This page was not found" in missing.text
    assert "Traceback" not in missing.text
    unreadable = pages.get("/catalog?page=zero")
    assert unreadable.status_code == 422
    assert "Something needs a fix" in unreadable.text
