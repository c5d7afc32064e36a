"""What a student types shows up nowhere but where it belongs (X10)."""

from __future__ import annotations

import logging
import uuid
from typing import Any

import httpx
import pytest
import structlog
from canaries import Canaries, record_of, type_everywhere
from door import Door
from little_school import HOURS, PLAN, LittleSchool, filled_plan, settings_in
from test_api_access import RULES, STUDENTS, path_for

from pathways.services import summaries
from web.logs import places_of, set_up_logs

STRANGERS = ("other_student", "other_advisor", "other_family", "far_counselor")
CLOSED_TO = {"message", "echo", "draft", "reflection", "checkin", "reminder", "note"}


@pytest.fixture
def typed(door: Door, little: LittleSchool) -> Canaries:
    """Canaries that came through the services, and more through the door."""
    return type_everywhere(little, "student")


def type_at_the_door(door: Door, c: Canaries) -> list[httpx.Response]:
    """Type a canary into every form and call that takes words, right and wrong."""
    little, answers = door.little, list[httpx.Response]()
    record = record_of(little, "student")

    def post(path: str, **form: str) -> None:
        answers.append(door.page("student", "POST", path, **form))

    for number in range(10):
        text, key = c(f"message {number}"), str(uuid.uuid4())
        answers.append(door.say("student", text, key))
        post("/chat/messages", client_message_id=str(uuid.uuid4()), text=c("chat form"))
    door.coach.away = True
    answers.append(door.say("student", c("message while the coach is away")))
    door.coach.away = False
    answers.append(door.say("student", f"/{c('slash')}"))
    answers.append(door.say("student", {"text": c("no text at all")}))
    answers.append(door.say("student", c("too long") + "x" * 2000))
    answers.append(door.say("student", c("bad id"), key=c("client id")))
    answers.append(door.say("student", f"I want to kill myself {c('in danger')}"))
    words = {name: c(f"hours.{name}") for name in ("what", "place", "mentor")}
    post("/experiences", **{**HOURS, **words, "evidence": c("hours.evidence")})
    post("/experiences", **{**HOURS, "hours": c("hours that are no number")})
    post("/experiences", **{**HOURS, "first_day": c("a day that is none")})
    plan = filled_plan(little, "student")
    for name in PLAN:
        post(f"/credit-plans/{plan}", **{name: c(f"plan.{name}")})
    post(f"/summaries/{record.summary_id}/lines/{record.line_id}", text=c("line"))
    post("/my-data", kind="correction", about="Goals", words=c("correction"))
    post("/my-data", kind=c("no such wish"), words=c("words"))
    post("/plan/options", option=c("option"))
    post(f"/plan/goals/{c('goal id')}", status="done")
    post("/sign-in", username=c("a name"), password=c("a password"))
    answers.append(
        door.api("student", "POST", "/options/what-if", json={"add": [c("x")]})
    )
    answers.append(door.api("student", "GET", "/options", params={"kind": c("kind")}))
    answers.append(door.page("student", "GET", "/no-such-page"))
    return answers


def test_no_log_metric_or_address_holds_what_was_typed(
    door: Door,
    little: LittleSchool,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    set_up_logs("DEBUG")
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.ERROR)  # the test's own client
    typed = Canaries()
    answers = type_at_the_door(door, typed)
    assert len(typed.taken) >= 50
    assert {one.status_code for one in answers} >= {200, 303, 404, 422}
    assert all(one.status_code < 500 for one in answers)

    out, err = capfd.readouterr()
    lines = [record.getMessage() + (record.exc_text or "") for record in caplog.records]
    logged = "\n".join([*lines, out, err])
    assert "assistant.away" in logged
    assert typed.found_in(logged) == {}
    assert typed.found_in(door.client.get("/metrics").text) == {}
    for one in answers:
        assert typed.found_in(one.headers.get("location", "")) == {}
        if one.status_code in (403, 404):
            assert typed.found_in(one.text) == {}
    structlog.reset_defaults()


class Broken(ValueError):
    """An error whose message holds what somebody wrote."""


def test_an_error_that_quotes_a_student_is_logged_without_its_words(
    door: Door,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    set_up_logs("DEBUG")
    caplog.set_level(logging.DEBUG)
    typed = Canaries()

    def broken(*given: object) -> None:
        raise Broken(f"invalid literal: {typed('in an error')}")

    monkeypatch.setattr("pathways.services.goals.list_goals", broken)
    answer = door.api("student", "GET", "/goals")
    assert answer.status_code == 500
    assert typed.found_in(answer.text) == {}
    logger = logging.getLogger("uvicorn.error")
    try:
        broken()
    except Broken as error:
        assert typed.found_in(places_of(error)) == {}
        assert "Broken" in places_of(error)
        assert "test_privacy_canaries.py" in places_of(error)
        logger.error("Exception in ASGI application", exc_info=True)
        structlog.get_logger().error("turn.broken", exc_info=error)
    out, err = capfd.readouterr()
    lines = [record.getMessage() + (record.exc_text or "") for record in caplog.records]
    seen = "\n".join([*lines, out, err])
    assert "Exception in ASGI application" in seen
    assert "turn.broken" in seen
    assert typed.found_in(seen) == {}
    structlog.reset_defaults()


def test_an_error_of_the_database_hides_what_it_was_given(little: LittleSchool) -> None:
    from sqlalchemy.exc import SQLAlchemyError

    from pathways.store.models import Person

    typed = Canaries()
    with little.milepost.work() as work:
        work.session.add(Person(given_name=typed("a name")))
        with pytest.raises(SQLAlchemyError) as found:
            work.commit()
    assert typed.found_in(str(found.value)) == {}


@pytest.mark.parametrize("name", [*STRANGERS, "admin", "far_student"])
def test_no_page_of_a_stranger_holds_what_was_typed(
    door: Door, little: LittleSchool, typed: Canaries, name: str
) -> None:
    record = record_of(little, "student")
    for route in RULES:
        method, _, _ = route.partition(" ")
        if method != "GET" or route == "GET /metrics":
            continue
        path = path_for(route, record)
        api = path.startswith("/api/v1")
        answer = (
            door.api(name, "GET", path.removeprefix("/api/v1"))
            if api
            else door.page(name, "GET", path)
        )
        found = set(typed.found_in(answer.content).values())
        if name == "admin" and route == "GET /data-requests":
            found -= {"data_request.words", "data_request.answer"}
        assert found == set(), route


@pytest.mark.parametrize("name", ["advisor", "family"])
def test_no_page_of_an_adult_holds_the_chat_or_what_is_private(
    door: Door, little: LittleSchool, typed: Canaries, name: str
) -> None:
    record = record_of(little, "student")
    seen: set[str] = set()
    for route in RULES:
        if not route.startswith("GET ") or route == "GET /metrics":
            continue
        path = path_for(route, record)
        api = path.startswith("/api/v1")
        answer = (
            door.api(name, "GET", path.removeprefix("/api/v1"))
            if api
            else door.page(name, "GET", path)
        )
        seen |= set(typed.found_in(answer.content).values())
    closed = {
        one for one in seen if one.partition(" ")[0].partition(".")[0] in CLOSED_TO
    }
    assert closed == set()
    for one in summaries.list_summaries(little.milepost, little["student"]):
        if one.status == summaries.DRAFT:
            summaries.release(little.milepost, little["student"], one.id)
    student_id = little["student"].id
    shared = door.api(name, "GET", f"/caseload/{student_id}/summaries").text
    assert "summary_line.text" in typed.found_in(shared).values()


def test_another_students_copy_holds_nothing_of_it(
    door: Door, little: LittleSchool, typed: Canaries
) -> None:
    import io
    import zipfile

    answer: Any = door.page("other_student", "GET", "/my-data/copy")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        for name in archive.namelist():
            assert typed.found_in(archive.read(name)) == {}
    assert {"other_student"} <= STUDENTS


def test_the_settings_of_a_test_name_no_real_tracker() -> None:
    from pathlib import Path

    assert "/tmp/x/" in settings_in(Path("/tmp/x")).tracker_url
