"""Every route with every role: who gets through is declared, the rest get nothing."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from door import Door
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from little_school import HOURS, PEOPLE, LittleSchool, Record, fill_record, settings_in
from live import PASSWORD

from pathways.app import build
from web.app import create_app

STUDENTS = {"student", "other_student", "far_student"}
ADVISORS = {"advisor", "other_advisor", "far_advisor"}
COUNSELORS = {"counselor", "far_counselor"}
FAMILIES = {"family", "other_family"}
SAFETY = {"safety_lead"}
WATCHES = {"counselor", "safety_lead"}
ADMINS = {"admin", "far_admin"}
STAFF = ADVISORS | COUNSELORS | SAFETY | ADMINS
SIGNED_IN = set(PEOPLE)
NOBODY = ""
EVERYONE = {*SIGNED_IN, NOBODY}
OK, GO_ON = 200, 303


@dataclass(frozen=True)
class Rule:
    """Who gets through a route, with which status, and what is sent.

    `others` is what the rest gets; nobody gets 401 from the API and is led to the
    sign-in from a page.
    """

    may: set[str]
    status: int = OK
    sent: dict[str, Any] = field(default_factory=dict)
    others: int = 404
    query: str = ""


AROUND = {"student", "advisor", "family", "counselor"}
SAID = {"client_message_id": "0b0e7a52-0d5c-4c2a-9f0a-3f1a5c1b7a11", "text": "hello"}
REMINDER = {"text": "Bring the lab book", "day": "2026-11-30"}
BIO = {"kind": "course", "code": "SCI-BIO"}
PROVEN = {"password": PASSWORD}
NEW = "otters under the old bridge"
NEW_PASSWORD = {"old": PASSWORD, "new": NEW, "again": NEW}
RULES: dict[str, Rule] = {
    # The API
    "POST /api/v1/token": Rule(
        EVERYONE, sent={"username": "student", "password": PASSWORD}
    ),
    "POST /api/v1/messages": Rule(STUDENTS, sent=SAID),
    "GET /api/v1/messages": Rule(STUDENTS),
    "GET /api/v1/plan": Rule(STUDENTS),
    "GET /api/v1/goals": Rule(STUDENTS),
    "GET /api/v1/mastery": Rule(STUDENTS),
    "POST /api/v1/options/what-if": Rule(STUDENTS, sent={"add": ["SCI-BIO"]}),
    "GET /api/v1/graduation": Rule(STUDENTS),
    "GET /api/v1/experiences": Rule(STUDENTS),
    "GET /api/v1/credit-plans": Rule(STUDENTS),
    "GET /api/v1/credit-ways": Rule(STUDENTS, query="course=CTE-VET"),
    "GET /api/v1/availability": Rule(STUDENTS),
    "POST /api/v1/availability": Rule(STUDENTS, sent={"hours_a_week": 5}),
    "GET /api/v1/career-ideas": Rule(STUDENTS, query="riasec=SI"),
    "GET /api/v1/equity": Rule(COUNSELORS),
    "GET /api/v1/checkins": Rule(STUDENTS),
    "GET /api/v1/record": Rule(STUDENTS),
    "GET /api/v1/reflections": Rule(STUDENTS),
    "GET /api/v1/reminders": Rule(STUDENTS),
    "GET /api/v1/options": Rule(STUDENTS),
    "GET /api/v1/options/{option_id:path}/why": Rule(STUDENTS),
    "GET /api/v1/summaries": Rule(STUDENTS),
    "POST /api/v1/summaries/{summary_id}/release": Rule({"student"}),
    "GET /api/v1/caseload": Rule(ADVISORS),
    "GET /api/v1/caseload/{student}/summaries": Rule({"advisor", "family"}),
    "GET /api/v1/alerts": Rule(ADVISORS | COUNSELORS | SAFETY),
    "POST /api/v1/alerts/{alert_id}/acknowledge": Rule(
        {"advisor", "counselor", "safety_lead"}
    ),
    "GET /api/v1/version": Rule(EVERYONE),
    # Machines
    "GET /healthz": Rule(EVERYONE),
    "GET /readyz": Rule(EVERYONE),
    "GET /metrics": Rule(EVERYONE),
    "POST /internal/actions": Rule(set(), others=401),
    # Pages
    "GET /": Rule(SIGNED_IN, GO_ON),
    "GET /sign-in": Rule(EVERYONE, OK),
    "POST /sign-in": Rule(EVERYONE, 422, {"username": "x", "password": ""}),
    "GET /sign-in/code": Rule(EVERYONE, GO_ON),
    "GET /sign-in/code/picture": Rule(EVERYONE, GO_ON),
    "POST /sign-in/code": Rule(EVERYONE, GO_ON, {"code": "123456"}),
    "GET /sign-in/with/{name}": Rule(EVERYONE, GO_ON),
    "GET /sign-in/with/{name}/back": Rule(EVERYONE, GO_ON),
    "GET /lti/login": Rule(EVERYONE, GO_ON),
    "POST /lti/login": Rule(EVERYONE, GO_ON, {"iss": "https://x.example"}),
    "POST /lti/launch": Rule(EVERYONE, GO_ON, {"state": "x"}),
    "GET /account": Rule(SIGNED_IN),
    "GET /account/password": Rule(SIGNED_IN),
    "POST /account/password": Rule(SIGNED_IN, GO_ON, NEW_PASSWORD),
    "GET /sign-in/password": Rule(EVERYONE, GO_ON),
    "POST /sign-in/password": Rule(EVERYONE, GO_ON),
    "POST /account/sessions/{session_id}/end": Rule({"student"}, GO_ON, PROVEN),
    "POST /account/language": Rule(SIGNED_IN, GO_ON, {"language": "es"}),
    "POST /account/sign-out-everywhere": Rule(SIGNED_IN, GO_ON, PROVEN),
    "POST /account/code-app": Rule(STAFF, GO_ON, PROVEN),
    "POST /sign-out": Rule(EVERYONE, GO_ON),
    "GET /chat": Rule(STUDENTS),
    "POST /chat/messages": Rule(STUDENTS, GO_ON, SAID),
    "GET /home": Rule(STUDENTS),
    "POST /home/idea": Rule(
        STUDENTS, GO_ON, {"option": "SCI-BIO", "decision": "saved"}
    ),
    "GET /more": Rule(STUDENTS),
    "GET /offline": Rule(EVERYONE),
    "GET /worker.js": Rule(EVERYONE),
    "GET /styleguide": Rule(EVERYONE),
    "GET /chat/search": Rule(STUDENTS),
    "POST /chat/search": Rule(STUDENTS, sent={"q": "animals"}),
    "GET /goals": Rule(STUDENTS),
    "GET /goals/{goal_id}": Rule({"student"}),
    "POST /goals/{goal_id}": Rule({"student"}, GO_ON),
    "POST /goals/{goal_id}/progress": Rule(
        {"student"}, GO_ON, {"text": "Two labs are done"}
    ),
    "POST /goals/{goal_id}/status": Rule({"student"}, GO_ON, {"status": "done"}),
    "GET /profile": Rule(STUDENTS),
    "GET /pathway": Rule(STUDENTS),
    "GET /options": Rule(STUDENTS),
    "POST /options": Rule(STUDENTS, GO_ON, {"option": "SCI-BIO", "decision": "saved"}),
    "GET /options/{option_id:path}": Rule(STUDENTS),
    "GET /reflections": Rule(STUDENTS),
    "GET /reminders": Rule(STUDENTS),
    "POST /reminders": Rule(STUDENTS, GO_ON, REMINDER),
    "POST /reminders/{reminder_id}/stop": Rule({"student"}, GO_ON),
    "GET /supports": Rule(STUDENTS),
    "POST /supports": Rule(STUDENTS, GO_ON),
    "GET /plan": Rule(STUDENTS),
    "POST /plan/goals/{goal_id}": Rule({"student"}, GO_ON, {"status": "done"}),
    "POST /plan/options": Rule(STUDENTS, GO_ON, {"option": "SCI-BIO"}),
    "GET /summaries": Rule(STUDENTS),
    "POST /summaries/{summary_id}/lines/{line_id}": Rule(
        {"student"}, GO_ON, {"text": "In my words"}
    ),
    "POST /summaries/{summary_id}/lines/{line_id}/drop": Rule(
        {"student"}, GO_ON, {"dropped": "no"}
    ),
    "POST /summaries/{summary_id}/release": Rule({"student"}, GO_ON),
    "POST /summaries/{summary_id}/take-back": Rule({"student"}, GO_ON),
    "GET /looks": Rule(STUDENTS),
    "GET /person": Rule(STUDENTS),
    "POST /person": Rule(STUDENTS, GO_ON),
    "GET /who-sees": Rule(STUDENTS),
    "GET /caseload": Rule(ADVISORS),
    "GET /caseload/{student_id}": Rule({"advisor"}),
    "POST /caseload/{student_id}/meetings": Rule(
        {"advisor"}, GO_ON, {"agreed": "Bring the lab list", "note": "Went well"}
    ),
    "GET /alerts": Rule(ADVISORS | COUNSELORS | SAFETY),
    "POST /alerts/{alert_id}/acknowledge": Rule(
        {"advisor", "counselor", "safety_lead"}, GO_ON
    ),
    "GET /alerts/{alert_id}": Rule(WATCHES),
    "POST /alerts/{alert_id}/record": Rule(
        WATCHES, 422, {"kind": "talked", "reason": "Met at noon"}
    ),
    "GET /alerts/{alert_id}/notice": Rule(WATCHES),
    "POST /alerts/{alert_id}/notice": Rule(WATCHES, GO_ON, {"text": "Dear family"}),
    "GET /duty": Rule(ADMINS | COUNSELORS | SAFETY),
    "POST /duty": Rule(ADMINS, 422, {"opens": "08:00"}),
    "GET /catalog": Rule(COUNSELORS),
    "GET /catalog/asked-for": Rule(COUNSELORS),
    "GET /catalog/check": Rule(COUNSELORS),
    "POST /catalog/check": Rule(COUNSELORS, 422, {"bring_back": "1"}),
    "GET /catalog/codes": Rule(COUNSELORS, query="kind=course&q=bio"),
    "GET /catalog/export": Rule(COUNSELORS),
    "POST /catalog/many": Rule(COUNSELORS, 422),
    "GET /rules": Rule(COUNSELORS | ADMINS),
    "POST /rules": Rule(COUNSELORS | ADMINS, GO_ON),
    "GET /catalog/{kind}/new": Rule(COUNSELORS),
    "POST /catalog/{kind}/new": Rule(
        COUNSELORS, 422, {"code": "SCI-BIO", "title": "Another one"}
    ),
    "GET /catalog/{kind}/{code:path}": Rule(COUNSELORS),
    "POST /catalog/{kind}/{code:path}": Rule(COUNSELORS, GO_ON, {"seen_version": "1"}),
    "GET /imports": Rule(COUNSELORS | ADMINS),
    "GET /imports/new": Rule(COUNSELORS | ADMINS),
    "GET /imports/templates/{kind}": Rule(COUNSELORS | ADMINS),
    "POST /imports/files": Rule(COUNSELORS | ADMINS, 422, query="kind=catalog"),
    # Nobody's file: whose files others can't open stands in test_pages_upload.
    "GET /imports/files/{staged}": Rule(set()),
    "POST /imports/files/{staged}": Rule(set()),
    "GET /imports/{run}": Rule({"counselor", "admin"}),
    # Results are the administrator's to take back, and these can't be any more.
    "POST /imports/{run}": Rule({"admin"}, 409),
    "GET /family": Rule(FAMILIES),
    "GET /credit-plans": Rule(STUDENTS | ADVISORS | COUNSELORS | FAMILIES),
    "GET /credit-plans/ways": Rule(STUDENTS, query="course=CTE-VET"),
    "POST /credit-plans": Rule(STUDENTS, GO_ON, {"course": "CTE-VET"}),
    "GET /credit-plans/{plan_id}": Rule(AROUND),
    "GET /credit-plans/{plan_id}/pdf": Rule(AROUND),
    "POST /credit-plans/{plan_id}": Rule({"student"}, GO_ON, {"hours": "90"}),
    "POST /credit-plans/{plan_id}/steps": Rule({"student"}, GO_ON, {"act": "sign"}),
    "GET /experiences": Rule(STUDENTS),
    "POST /experiences": Rule(STUDENTS, GO_ON, HOURS),
    "POST /experiences/{experience_id}/correct": Rule(
        {"student"}, GO_ON, {"hours": "4", "reason": "Left early"}
    ),
    "POST /experiences/{experience_id}/count": Rule(
        {"student"}, GO_ON, {"toward": "work_hours:", "hours": "6"}
    ),
    "POST /experiences/{experience_id}/link": Rule({"student"}),
    "GET /confirm": Rule(EVERYONE),
    "POST /confirm": Rule(EVERYONE, 422, {"link": "not a link"}),
    "GET /graduation": Rule(STUDENTS | ADVISORS | COUNSELORS | FAMILIES),
    "GET /graduation/pdf": Rule(STUDENTS),
    "GET /graduation/{student_id}": Rule(AROUND),
    "GET /graduation/{student_id}/pdf": Rule(AROUND),
    "POST /graduation/{student_id}": Rule(
        {"counselor"},
        GO_ON,
        {"item": "act_math", "value": "22", "source": "ACT report"},
    ),
    "GET /equity": Rule(COUNSELORS, query="by=grade"),
    "POST /equity": Rule(COUNSELORS, 422),
    "GET /equity/template": Rule(COUNSELORS),
    "GET /ideas": Rule(STUDENTS, query="riasec=SI"),
    "POST /ideas/availability": Rule(STUDENTS, GO_ON, {"hours": "5"}),
    "GET /admin": Rule(ADMINS),
    "GET /admin/looks": Rule(ADMINS),
    "GET /admin/consent": Rule(ADMINS),
    "GET /admin/features": Rule(ADMINS),
    "POST /admin/features/{feature}": Rule(ADMINS, GO_ON, {"everyone": "yes"}),
    "GET /admin/health": Rule(ADMINS),
    "GET /admin/retention": Rule(ADMINS),
    "GET /admin/sign-in": Rule(ADMINS),
    "POST /admin/consent": Rule(ADMINS, GO_ON, {"all": ""}),
    "POST /admin/people/{person_id}/consent": Rule(
        {"admin"},
        GO_ON,
        {"state": "given", "given_by": "family", "dated": "2026-08-20"},
    ),
    "POST /family/students/{student_id}/withdraw": Rule({"family"}, GO_ON),
    "GET /my-data": Rule(STUDENTS),
    "GET /my-data/copy": Rule(STUDENTS),
    "POST /my-data": Rule(STUDENTS, GO_ON, {"kind": "correction", "words": "No"}),
    "POST /my-data/coaching": Rule(STUDENTS, GO_ON, {"off": "no"}),
    "POST /my-data/{request_id}/withdraw": Rule({"student"}, GO_ON),
    "GET /data-requests": Rule(COUNSELORS | ADMINS),
    "POST /data-requests/{request_id}": Rule(
        {"counselor", "admin"}, 422, {"act": "refuse", "words": ""}
    ),
    "GET /transcripts/{student_id}": Rule(WATCHES),
    "POST /transcripts/{student_id}": Rule(
        WATCHES, sent={"reason": "A worried call from home"}
    ),
    "GET /admin/people/{person_id}": Rule({"admin"}),
    "POST /admin/people/{person_id}/sign-out": Rule({"admin"}, GO_ON),
    "POST /admin/people/{person_id}/code-app": Rule({"admin"}, 422),
    "POST /admin/people/{person_id}/password": Rule({"admin"}),
    "POST /admin/staff-codes": Rule(ADMINS, GO_ON, {"must": "yes"}),
}


def routes() -> Iterator[str]:
    """Yield "METHOD /path" for every route of the app, found from the app."""
    app = create_app(build(settings_in_nowhere()))
    for route in iter_route_contexts(app.routes):
        for method in sorted(set(route.methods or ()) - {"HEAD"}):
            path = str(route.path)
            if path not in ("/api/v1/openapi.json", "/static"):
                yield f"{method} {path}"


def settings_in_nowhere() -> Any:
    from pathlib import Path
    from tempfile import gettempdir

    return settings_in(Path(gettempdir()))


def test_every_route_is_declared_here() -> None:
    found = set(routes())
    assert found - set(RULES) == set()
    assert set(RULES) - found == set()


def path_for(route: str, record: Record) -> str:
    given = {
        "option_id:path": "SCI-BIO",
        "summary_id": record.summary_id,
        "line_id": record.line_id,
        "student": record.student_id,
        "student_id": record.student_id,
        "alert_id": record.alert_id,
        "goal_id": record.goal_id,
        "kind": "course" if "/catalog" in route else "people",
        "code:path": "SCI-BIO",
        "plan_id": record.plan_id,
        "experience_id": record.experience_id,
        "request_id": record.request_id,
        "run": record.run,
        "session_id": record.session_id,
        "person_id": record.student_id,
        "reminder_id": record.reminder_id,
        "staged": "nobody",
        "name": "district",
        "feature": "hours",
    }
    path = route.partition(" ")[2]
    for name, value in given.items():
        path = path.replace("{" + name + "}", value)
    assert "{" not in path, path
    return f"{path}?{RULES[route].query}" if RULES[route].query else path


def call(door: Door, name: str, route: str, record: Record) -> httpx.Response:
    method, path = route.partition(" ")[0], path_for(route, record)
    sent = RULES[route].sent
    if path.startswith("/api/v1"):
        more: dict[str, Any] = {"json": sent} if method == "POST" else {}
        return door.api(name, method, path.removeprefix("/api/v1"), **more)
    if path.startswith("/internal"):
        return door.client.post(path, json={"next_action": "action_ask_back"})
    return door.page(name, method, path, **sent)


def expected(route: str, name: str) -> int:
    rule = RULES[route]
    if name in rule.may:
        signed_in_again = route == "GET /sign-in" and name != NOBODY
        return GO_ON if signed_in_again else rule.status
    if name == NOBODY and rule.others == 404:
        return 401 if "/api/" in route else GO_ON
    return rule.others


@pytest.mark.parametrize("route", RULES)
def test_a_route_lets_through_whom_it_should(
    route: str, door: Door, little: LittleSchool, record: Record
) -> None:
    found = {}
    for name in sorted(EVERYONE, key=lambda one: (one in RULES[route].may, one)):
        answer = call(door, name, route, record)
        found[name] = answer.status_code
        if answer.status_code == 404:
            assert record.student_id not in answer.text
        if name == NOBODY and answer.status_code == GO_ON:
            assert answer.headers["location"].startswith("/sign-in")
        if route == "POST /sign-out":
            door._secrets.clear()
    wanted = {name: expected(route, name) for name in EVERYONE}
    assert found == wanted


NO_PAGES = {"GET /metrics", "GET /worker.js"}
PAGES = sorted(
    route
    for route, rule in RULES.items()
    if route.startswith("GET ") and "/api/" not in route and rule.may
    if route not in NO_PAGES
)
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}


def is_guarded(answer: httpx.Response) -> None:
    for name, value in HEADERS.items():
        assert answer.headers.get(name) == value, (name, answer.url)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("route", PAGES)
def test_every_page_carries_the_headers_that_guard_it(
    route: str, door: Door, little: LittleSchool, record: Record
) -> None:
    name = sorted(RULES[route].may)[-1]
    answer = call(door, name, route, record)
    assert answer.status_code in (OK, GO_ON)
    is_guarded(answer)
    if "text/html" in answer.headers.get("content-type", ""):
        assert " style=" not in answer.text
        assert "<script>" not in answer.text


def test_an_error_carries_the_headers_too(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_guarded(door.page("student", "GET", "/nothing"))
    is_guarded(door.api("student", "GET", "/nothing"))

    def broken(*given: object) -> None:
        raise RuntimeError("a canary that nobody may see")

    monkeypatch.setattr("pathways.services.goals.list_goals", broken)
    answer = door.api("student", "GET", "/goals")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "canary" not in answer.text
    is_guarded(answer)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(door: Door) -> None:
    form = {"username": "student", "password": PASSWORD}
    answer = door.page(NOBODY, "POST", "/sign-in", **form)
    cookie = answer.headers["set-cookie"].lower()
    assert answer.status_code == GO_ON
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_over_https_the_browser_is_held_to_it(door: Door) -> None:
    """ASVS 5.0: 3.3.1, 3.3.3, 3.4.1, 14.3.1."""
    with TestClient(door.app, base_url="https://testserver") as client:
        client.app.state.gateway = door.app.state.gateway
        page = client.get("/sign-in")
        assert page.headers["strict-transport-security"].startswith("max-age=31536000")
        token = re.findall(r'name="csrf" value="([0-9a-f]+)"', page.text)[0]
        form = {"username": "student", "password": PASSWORD, "csrf": token}
        entered = client.post("/sign-in", data=form, follow_redirects=False)
        cookie = entered.headers["set-cookie"]
        assert cookie.startswith("__Host-milepost_session=")
        assert "; Secure" in cookie
        assert "; Path=/" in cookie
        assert "Domain" not in cookie
        chat = client.get("/chat")
        assert chat.status_code == OK
        token = re.findall(r'name="csrf" value="([0-9a-f]+)"', chat.text)[0]
        left = client.post("/sign-out", data={"csrf": token}, follow_redirects=False)
        assert left.headers["clear-site-data"] == '"cache", "storage"'
        assert client.get("/chat", follow_redirects=False).status_code == GO_ON
    assert (
        "strict-transport-security" not in door.page(NOBODY, "GET", "/sign-in").headers
    )


FORMS = [
    route
    for route, rule in RULES.items()
    if route.startswith("POST /") and "/api/" not in route and rule.may
]


@pytest.mark.parametrize(
    "route", [r for r in FORMS if not r.startswith(("POST /internal/", "POST /lti/"))]
)
def test_a_form_without_its_token_is_refused(
    route: str, door: Door, little: LittleSchool, record: Record
) -> None:
    name = sorted(RULES[route].may - {NOBODY})[-1]
    path = path_for(route, record)
    for token in ("", "0" * 64, door.csrf(door.secret("admin"))):
        if name in ADMINS:
            continue
        answer = door.page(name, "POST", path, **RULES[route].sent, csrf=token)
        assert answer.status_code == 403


ELSEWHERE: list[dict[str, str]] = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
]


@pytest.mark.parametrize("headers", ELSEWHERE)
def test_a_form_from_another_site_is_refused(
    headers: dict[str, str], door: Door
) -> None:
    secret = door.secret("student")
    door.client.cookies.set("milepost_session", secret)
    form = {"csrf": door.csrf(secret)}
    answer = door.client.post("/person", data=form, headers=headers)
    assert answer.status_code == 403


def test_a_session_in_a_cookie_opens_no_api(door: Door) -> None:
    door.client.cookies.set("milepost_session", door.secret("student"))
    assert door.client.get("/api/v1/plan").status_code == 401


SWAPPED: dict[str, Callable[[Record], str]] = {
    "POST /summaries/{}/release": lambda r: f"/summaries/{r.summary_id}/release",
    "GET /caseload/{}/summaries": lambda r: f"/caseload/{r.student_id}/summaries",
    "POST /alerts/{}/acknowledge": lambda r: f"/alerts/{r.alert_id}/acknowledge",
}


@pytest.mark.parametrize("route", SWAPPED)
def test_ids_of_every_other_kind_open_nothing(
    route: str, door: Door, little: LittleSchool
) -> None:
    mine, theirs = fill_record(little, "student"), fill_record(little, "far_student")
    method, _, pattern = route.partition(" ")
    ids = [theirs.student_id, theirs.goal_id, theirs.turn_id, theirs.summary_id]
    ids += [theirs.line_id, theirs.alert_id, "..%2f", "%00", "' OR 1=1 --", "x" * 500]
    right = SWAPPED[route](mine)
    for name in ("student", "advisor", "counselor", "family", "admin"):
        for other in ids:
            path = pattern.format(other)
            if path == right:
                continue
            answer = door.api(name, method, path)
            assert answer.status_code in (404, 405), (name, path, answer.text)
