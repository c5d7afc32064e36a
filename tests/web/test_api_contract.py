"""The JSON API keeps its contract, call by call."""

import uuid
from typing import Any

import httpx
import pytest
from door import Door
from little_school import add_result, fill_record
from live import PASSWORD

from pathways.services import experience_links, experiences

LIMIT = 16 * 1024
KINDS = (
    "course",
    "internship",
    "service",
    "credit_flex",
    "college_credit",
    "competition",
    "mentor",
)
VIEW = {"id", "kind", "title", "reasons", "score", "stretch", "next_step"}


def is_problem(answer: httpx.Response, status: int) -> bool:
    """Tell whether an answer is an RFC 9457 problem of a status."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return True


# POST /token


def test_a_local_account_gets_a_token(door: Door) -> None:
    given = {"username": "student", "password": PASSWORD}
    answer = door.client.post("/api/v1/token", json=given)
    assert answer.status_code == 200
    assert set(answer.json()) == {"token"}
    bearer = {"authorization": f"Bearer {answer.json()['token']}"}
    assert door.client.get("/api/v1/plan", headers=bearer).status_code == 200


@pytest.mark.parametrize(
    "given",
    [
        {"username": "student", "password": "wrong"},
        {"username": "nobody", "password": PASSWORD},
        {"username": "student\0", "password": PASSWORD},
    ],
)
def test_a_wrong_account_gets_401_and_no_hint(given: Any, door: Door) -> None:
    answer = door.client.post("/api/v1/token", json=given)
    assert is_problem(answer, 401)
    assert answer.json()["detail"] == (
        "That name and password don't match. Please try again."
    )


def test_an_account_left_out_is_asked_for(door: Door) -> None:
    empty = {"username": "", "password": ""}
    answer = door.client.post("/api/v1/token", json=empty)
    assert is_problem(answer, 401)
    assert "your user name and your password" in answer.json()["detail"]


def test_signs_that_no_database_takes_are_refused(door: Door) -> None:
    body = '{"username": "\\ud800", "password": "\\udfff"}'
    answer = door.client.post(
        "/api/v1/token", content=body, headers={"content-type": "application/json"}
    )
    assert is_problem(answer, 422)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic abc", "Bearer é"])
def test_without_a_good_token_there_is_nothing(header: str, door: Door) -> None:
    answer = door.client.get(
        "/api/v1/plan", headers={"authorization": header.encode("latin-1")}
    )
    assert is_problem(answer, 401)


# POST and GET /messages


def test_a_message_is_answered_in_the_form_of_the_contract(door: Door) -> None:
    door.coach.replies = [
        {"text": "What next?", "buttons": [{"title": "Plan", "payload": "/view_plan"}]},
        {
            "text": "Look at this.",
            "cards": [{"id": "X", "title": "X", "buttons": []}],
            "notes": [{"topic": "interest", "values": {"words": "secret note"}}],
        },
    ]
    answer = door.say("student", "hello there")
    assert answer.status_code == 200
    body = answer.json()
    assert {"message_id", "status", "replies", "safety"} <= set(body)
    assert (body["status"], body["safety"]) == ("answered", "none")
    assert [set(reply) for reply in body["replies"]] == [
        {"text", "buttons", "cards"}
    ] * 2
    (button,) = body["replies"][0]["buttons"]
    assert set(button) == {"title", "payload"}
    assert "view_plan" not in answer.text
    assert "secret note" not in answer.text


def test_the_same_id_gives_the_same_answer(door: Door) -> None:
    key = str(uuid.uuid4())
    one = door.say("student", "hello", key)
    door.coach.replies = [{"text": "Another answer."}]
    other = door.say("student", "something else", key)
    assert other.json() == one.json()
    assert len(door.coach.turns) == 1
    assert len(door.api("student", "GET", "/messages").json()["items"]) == 1


def test_an_id_in_capitals_is_the_same_id(door: Door) -> None:
    key = str(uuid.uuid4())
    one, other = door.say("student", "hi", key), door.say("student", "hi", key.upper())
    assert one.json()["message_id"] == other.json()["message_id"]


def test_the_conversation_comes_newest_last_and_in_pages(door: Door) -> None:
    for number in range(5):
        door.say("student", f"message {number}")
    page = door.api("student", "GET", "/messages?limit=2").json()
    assert [one["text"][-1] for one in page["items"]] == ["3", "4"]
    before = door.api("student", "GET", f"/messages?before={page['before']}").json()
    assert [one["text"][-1] for one in before["items"]] == ["0", "1", "2"]
    nothing = door.api("student", "GET", f"/messages?before={before['before']}").json()
    assert nothing == {"items": [], "before": None}


@pytest.mark.parametrize("before", ["9" * 30, "-" + "9" * 30, "x", "1.5", ""])
def test_a_place_that_is_none_is_refused(before: str, door: Door) -> None:
    assert is_problem(door.api("student", "GET", f"/messages?before={before}"), 422)


def test_a_failed_turn_says_so_and_is_answered_when_sent_again(door: Door) -> None:
    key = str(uuid.uuid4())
    door.coach.away = True
    failed = door.say("student", "hello", key).json()
    assert failed["status"] == "failed"
    assert failed["replies"][0]["text"].startswith("Your message is saved")
    door.coach.away = False
    answered = door.say("student", "hello", key).json()
    assert answered["status"] == "answered"
    assert answered["message_id"] == failed["message_id"]


@pytest.mark.parametrize(
    "text",
    ["", "   ", "\0", "\0\0\r", "\u202e\u200b", "x" * 2001, 5, None, True, ["a"], {}],
)
def test_what_is_no_message_is_refused_with_422(text: object, door: Door) -> None:
    assert is_problem(door.say("student", text), 422)
    assert door.coach.turns == []


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("x" * 2000, "x" * 2000),
        ("a\0b\x07c", "abc"),
        ("\u202eevil\u202c", "evil"),
        ("مرحبا بك", "مرحبا بك"),
        ("👩‍🔬 and 🤖", "👩‍🔬 and 🤖"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("'; DROP TABLE turn; --", "'; DROP TABLE turn; --"),
        ("{{ 7 * 7 }} ${7*7} %s", "{{ 7 * 7 }} ${7*7} %s"),
    ],
)
def test_odd_text_is_stored_as_words(typed: str, stored: str, door: Door) -> None:
    answer = door.say("student", typed)
    assert answer.status_code == 200
    assert answer.json()["text"] == stored
    assert door.coach.turns[-1].intent is None


def test_half_a_sign_is_left_out(door: Door) -> None:
    body = f'{{"client_message_id": "{uuid.uuid4()}", "text": "hi \\ud800 you"}}'
    answer = door.api(
        "student",
        "POST",
        "/messages",
        content=body,
        headers={"content-type": "application/json"},
    )
    assert answer.json()["text"] == "hi  you"


@pytest.mark.parametrize(
    "typed",
    ["/restart", "//restart", '/inject{"role":"admin"}', "/session_start", "/"],
)
def test_a_leading_slash_is_never_a_command(typed: str, door: Door) -> None:
    answer = door.say("student", typed)
    assert answer.status_code == 200
    (turn,) = door.coach.turns
    assert turn.intent is None
    assert turn.text == typed


@pytest.mark.parametrize("key", ["", "1", "not-an-id", "x" * 36, None, 5])
def test_a_client_id_is_a_uuid(key: object, door: Door) -> None:
    said = {"client_message_id": key, "text": "hi"}
    assert is_problem(door.api("student", "POST", "/messages", json=said), 422)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff\xfe", b'"text"'])
def test_a_body_that_is_no_message_is_refused(body: bytes, door: Door) -> None:
    answer = door.api(
        "student",
        "POST",
        "/messages",
        content=body,
        headers={"content-type": "application/json"},
    )
    assert answer.status_code in (400, 422)
    assert is_problem(answer, answer.status_code)


def test_fields_that_nobody_asked_for_change_nothing(door: Door) -> None:
    said = {
        "client_message_id": str(uuid.uuid4()),
        "text": "hi",
        "intent": "/restart",
        "sender": "other_student",
        "metadata": {"role": "admin"},
        "slots": {"role": "admin"},
    }
    assert door.api("student", "POST", "/messages", json=said).status_code == 200
    (turn,) = door.coach.turns
    assert turn.intent is None
    assert door.api("other_student", "GET", "/messages").json()["items"] == []


@pytest.mark.parametrize("path", ["/messages", "/token"])
def test_a_body_over_16_kb_is_refused_with_413(path: str, door: Door) -> None:
    for headers in ({}, {"transfer-encoding": "chunked"}):
        content: Any = b"x" * (LIMIT + 1)
        if headers:
            content = iter([b"x" * LIMIT, b"x"])
        answer = door.api("student", "POST", path, content=content)
        assert is_problem(answer, 413)


def test_a_red_message_gets_help_an_alert_and_a_stop(door: Door) -> None:
    answer = door.say("student", "I want to kill myself").json()
    assert (answer["status"], answer["safety"]) == ("answered", "red")
    words = answer["replies"][0]["text"]
    assert "988" in words
    assert "Ms. Rivera" in words
    assert door.coach.turns == []
    (alert,) = door.api("advisor", "GET", "/alerts").json()
    assert alert["category"] == "self_harm"
    assert "kill" not in str(alert)
    later = door.say("student", "what classes should i take").json()
    assert door.coach.turns == []
    go_on = next(b for b in later["replies"][0]["buttons"] if "Go on" in b["title"])
    door.say("student", go_on["payload"])
    door.say("student", "what classes should i take")
    assert len(door.coach.turns) == 1


# The student's own record


@pytest.mark.parametrize("path", ["/goals", "/mastery", "/summaries", "/checkins"])
def test_a_list_has_items(path: str, door: Door) -> None:
    assert door.api("student", "GET", path).json() == {"items": []}
    fill_record(door.little, "student")
    assert len(door.api("student", "GET", path).json()["items"]) == 1
    assert door.api("other_student", "GET", path).json() == {"items": []}


@pytest.mark.parametrize(
    "path",
    [
        "/plan",
        "/goals",
        "/mastery",
        "/graduation",
        "/experiences",
        "/reflections",
    ],
)
def test_the_students_own_record_answers(path: str, door: Door) -> None:
    fill_record(door.little, "student")
    answer = door.api("student", "GET", path)
    assert answer.status_code == 200, path
    assert isinstance(answer.json(), dict)


def test_experiences_are_listed_with_the_hours_that_a_mentor_confirmed(
    door: Door,
) -> None:
    little = door.little
    body = door.api("student", "GET", "/experiences").json()
    assert body == {"items": [], "hours": 0, "confirmed": 0, "totals": []}
    answers = {"what": "Vet clinic", "hours": "6", "first_day": "2026-11-14"}
    entry = experiences.log(little.milepost, little["student"], answers)
    link, _ = experience_links.mentor_link(little.milepost, little["student"], entry.id)
    page = door.client.get(link).text
    form = {"link": link, "csrf": page.split('name="csrf" value="')[1][:64]}
    assert "Vet clinic" in door.client.post("/confirm", data=form).text
    form |= {"answer": "yes", "who": "Dr. Lane"}
    assert "Thank you" in door.client.post("/confirm", data=form).text
    body = door.api("student", "GET", "/experiences").json()
    assert (body["hours"], body["confirmed"]) == (6, 6)
    assert body["items"][0]["standing"] == "confirmed"
    assert door.api("other_student", "GET", "/experiences").json()["items"] == []


def test_graduation_says_whether_a_student_is_on_track(door: Door) -> None:
    check = door.api("student", "GET", "/graduation").json()["check"]
    assert check["outlook"] == "not_known"
    assert len(check["seals"]) == 12
    assert {one["name"] for one in check["subjects"]} == {"algebra_1", "english_2"}
    assert any(one["day"] == "2027-04-01" for one in check["dates"])


def test_ways_to_a_credit_are_ranked_and_named(door: Door) -> None:
    body = door.api("student", "GET", "/credit-ways?course=CTE-VET").json()
    open_first = [way["open"] for way in body["items"]]
    assert open_first == sorted(open_first, reverse=True)
    assert {way["kind"] for way in body["items"]} >= {"internship", "own_plan"}
    for way in body["items"]:
        assert way["evidence"] and way["overseer"] and way["cost"]
        assert way["deadlines"][0]["words"] == "your counselor decides this"
    assert len(body["effects"]) == len(body["warnings"]) == 2
    assert is_problem(door.api("student", "GET", "/credit-ways?course=NO"), 404)


@pytest.mark.parametrize("kind", ["", *KINDS])
def test_options_come_with_reasons_and_a_next_step(kind: str, door: Door) -> None:
    add_result(door.little, "student", "SCI.ANAT", 3)
    asked = f"/options?kind={kind}" if kind else "/options"
    body = door.api("student", "GET", asked).json()
    assert {"catalog_version", "policy_version", "items", "not_yet"} <= set(body)
    assert body["items"] or body["not_yet"]
    for one in (*body["items"], *body["not_yet"]):
        assert set(one) >= VIEW
        assert kind in ("", one["kind"])
        assert one["next_step"]
        assert isinstance(one["stretch"], bool)
        assert one["reasons"]
        assert all(set(why) == {"fact", "value", "source"} for why in one["reasons"])


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_a_limit_is_kept(limit: int, door: Door) -> None:
    body = door.api("student", "GET", f"/options?limit={limit}").json()
    assert 0 < len(body["items"]) <= limit


@pytest.mark.parametrize("query", ["kind=magic", "limit=0", "limit=51", "limit=x"])
def test_an_option_query_that_means_nothing_is_refused(query: str, door: Door) -> None:
    assert is_problem(door.api("student", "GET", f"/options?{query}"), 422)


def test_an_option_says_why_and_why_not(door: Door) -> None:
    body = door.api("student", "GET", "/options/SCI-BIO/why").json()
    assert {"why", "why_not", "would_change"} <= set(body)
    closed = door.api("student", "GET", "/options/SCI-CCPBIO/why").json()
    assert closed["why_not"]
    assert closed["would_change"]
    assert is_problem(door.api("student", "GET", "/options/NOTHING/why"), 404)


# Summaries, caseload, alerts


def test_a_summary_is_the_students_until_released(door: Door) -> None:
    record = fill_record(door.little, "student")
    there = f"/caseload/{record.student_id}/summaries"
    assert door.api("advisor", "GET", there).json() == {"items": []}
    path = f"/summaries/{record.summary_id}/release"
    assert door.api("student", "POST", path).json()["status"] == "released"
    (shown,) = door.api("advisor", "GET", there).json()["items"]
    assert shown["id"] == record.summary_id
    assert all(line["said"] == "" for line in shown["lines"])


def test_an_alert_is_taken_on_once(door: Door) -> None:
    alert = door.little.alert("student")
    path = f"/alerts/{alert}/acknowledge"
    first = door.api("advisor", "POST", path).json()
    second = door.api("counselor", "POST", path).json()
    assert first == second
    assert first["acknowledged_by"] == "Advisor Test"


# Versions, health, description


def test_versions_are_told(door: Door) -> None:
    body = door.api("student", "GET", "/version").json()
    assert set(body) == {"code", "model", "catalog"}


def test_health_readiness_and_figures(door: Door) -> None:
    assert door.client.get("/healthz").status_code == 200
    assert door.client.get("/readyz").status_code == 200
    assert door.client.get("/metrics").status_code == 200
    assert door.client.get("/readyz").json()["workers"] == ["ok"]
    door.coach.away = True
    assert door.client.get("/readyz").status_code == 503
    assert door.client.get("/readyz").json()["workers"] == ["away"]
    assert door.client.get("/healthz").status_code == 200


def test_the_api_is_described(door: Door) -> None:
    answer = door.client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    described = set(answer.json()["paths"])
    assert {
        "/api/v1/token",
        "/api/v1/messages",
        "/api/v1/plan",
        "/api/v1/goals",
        "/api/v1/mastery",
        "/api/v1/options",
        "/api/v1/summaries",
        "/api/v1/caseload/{student}/summaries",
        "/api/v1/alerts",
        "/api/v1/alerts/{alert_id}/acknowledge",
        "/api/v1/version",
    } <= described
    assert not [path for path in described if not path.startswith("/api/v1/")]


@pytest.mark.parametrize("path", ["/nothing", "/goals/x", "/../plan", "/messages/1"])
def test_what_is_not_there_is_a_problem(path: str, door: Door) -> None:
    assert is_problem(door.api("student", "GET", path), 404)


def test_a_method_that_is_not_there_is_a_problem(door: Door) -> None:
    assert is_problem(door.api("student", "DELETE", "/plan"), 405)


# The endpoint of the actions


@pytest.mark.parametrize("token", ["", "wrong", "Bearer ", "é"])
def test_actions_run_for_rasa_alone(token: str, door: Door) -> None:
    answer = door.client.post(
        "/internal/actions",
        json={"next_action": "action_ask_back"},
        headers={"authorization": f"Bearer {token}".encode("latin-1")},
    )
    assert answer.status_code == 401


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b"\xff"])
def test_a_call_of_an_action_that_is_none_is_refused(body: bytes, door: Door) -> None:
    token = door.little.milepost.settings.action_token
    answer = door.client.post(
        "/internal/actions",
        content=body,
        headers={"authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 404
