"""Figures count what happened, name nobody, and are for those who may read them."""

from __future__ import annotations

import re
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from databases import copy_database
from door import Door
from fake_rasa import FakeRasa
from fastapi.testclient import TestClient
from house import Clock, settings_in
from little_school import LittleSchool
from loopback import in_background
from prometheus_client.parser import text_string_to_metric_families

from pathways.app import build
from pathways.settings import Mode
from web import traces
from web.app import create_app

Enter = Callable[[str], str]
Figures = dict[tuple[str, tuple[tuple[str, str], ...]], float]
ID = "0d7a3c0e-3c0e-4a57-8a53-2f6d1f6f9b{:02d}"
SECRET_WORDS = "zebrafish lantern"


def figures(pages: TestClient) -> Figures:
    """Read /metrics; return each of our values by name and labels."""
    text = pages.get("/metrics").text
    return {
        (one.name, tuple(sorted(one.labels.items()))): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
        if one.name.startswith("milepost_")
    }


def say(pages: TestClient, token: str, text: str, number: int) -> int:
    """Say something; return the status."""
    sent = {"csrf": token, "text": text, "client_message_id": ID.format(number)}
    return pages.post("/chat/messages", data=sent).status_code


def grown(before: Figures, after: Figures, name: str, **labels: str) -> float:
    """Return by how much a value grew."""
    key = name, tuple(sorted(labels.items()))
    return float(after.get(key, 0.0) - before.get(key, 0.0))


def test_turns_are_counted_by_how_they_ended(
    pages: TestClient, enter: Enter, rasa: FakeRasa
) -> None:
    token, before = enter("maya"), figures(pages)
    assert say(pages, token, "hello", 1) == 303
    assert say(pages, token, "hello", 1) == 303  # sent again
    rasa.away = True
    say(pages, token, "still there?", 2)
    assert say(pages, token, "i want to kill myself", 3) == 303
    after = figures(pages)
    assert grown(before, after, "milepost_turns_total", outcome="answered") == 2
    assert grown(before, after, "milepost_turns_total", outcome="failed") == 1
    assert grown(before, after, "milepost_turns_total", outcome="again") == 1
    assert grown(before, after, "milepost_red_flags_total") == 1
    assert after["milepost_alerts_open", ()] == 1
    assert after["milepost_turns_running", ()] == 0
    assert after["milepost_assistant_ready", ()] == 0
    for stage in ("receive", "screen", "store", "answer"):
        count = "milepost_turn_stage_seconds_count"
        assert grown(before, after, count, stage=stage) >= 2


def test_no_label_names_a_person_or_their_words(
    pages: TestClient, enter: Enter
) -> None:
    token = enter("maya")
    say(pages, token, SECRET_WORDS, 1)
    pages.get(f"/plan/{SECRET_WORDS}")
    pages.get(f"/summaries/{ID.format(1)}")
    text = pages.get("/metrics").text
    for word in (*SECRET_WORDS.split(), "maya", "Maya", ID.format(1)):
        assert word not in text
    routes = set(re.findall(r'route="([^"]*)"', text))
    assert "/chat/messages" in routes and "none" in routes


def test_a_school_reads_its_figures_with_a_token(
    pages_school: Path, tmp_path: Path, rasa: FakeRasa
) -> None:
    copy_database(pages_school, tmp_path)
    settings = settings_in(tmp_path, rasa_urls=(rasa.url,))
    for mode, token, given, status in (
        (Mode.SCHOOL, "", "", 404),
        (Mode.SCHOOL, "", "Bearer ", 404),
        (Mode.SCHOOL, "t0ken", "Bearer other", 404),
        (Mode.SCHOOL, "t0ken", "Bearer tökén", 404),
        (Mode.SCHOOL, "t0ken", "Bearer t0ken", 200),
        (Mode.LOCAL, "t0ken", "", 404),
        (Mode.LOCAL, "", "", 200),
    ):
        asked = settings.model_copy(update={"mode": mode, "metrics_token": token})
        milepost = build(asked, Clock())
        with TestClient(create_app(milepost), base_url="http://127.0.0.1") as client:
            sent = {"authorization": given.encode()}
            assert client.get("/metrics", headers=sent).status_code == status
        milepost.engine.dispose()


def test_an_answer_carries_the_requests_id(pages: TestClient) -> None:
    own = pages.get("/healthz").headers["x-request-id"]
    assert len(own) == 36
    for given, kept in (("from-the-proxy-1", True), ("no spaces here", False)):
        answer = pages.get("/healthz", headers={"x-request-id": given})
        assert (answer.headers["x-request-id"] == given) is kept


def test_rasa_is_told_the_requests_id(
    pages: TestClient, enter: Enter, rasa: FakeRasa
) -> None:
    token = enter("maya")
    sent = {"csrf": token, "text": "hello", "client_message_id": ID.format(7)}
    pages.post("/chat/messages", data=sent, headers={"x-request-id": "turn-0001"})
    assert rasa.headers[-1]["x-request-id"] == "turn-0001"


class Collector:
    """A collector of traces on loopback; keeps what it got."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["content-length"])
                collector.bodies.append(self.rfile.read(length))
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        in_background(self.server)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1/traces"


def test_spans_of_a_turn_reach_the_schools_collector(
    pages: TestClient, enter: Enter, rasa: FakeRasa
) -> None:
    assert traces.passed_on() == {}  # off unless a school names a collector
    collector = Collector()
    traces.set_up_traces(collector.url)
    try:
        token = enter("maya")
        say(pages, token, SECRET_WORDS, 1)
    finally:
        traces.close()
        collector.server.shutdown()
        collector.server.server_close()
    assert traces.passed_on() == {}
    found = b"".join(collector.bodies)
    for name in (b"/chat/messages", b"receive", b"assistant", b"store"):
        assert name in found
    assert b"zebrafish" not in found and b"maya" not in found.lower()
    assert rasa.headers[-1]["traceparent"].count("-") == 3


def test_who_was_turned_away_and_each_try_to_get_in_is_on_the_log(
    door: Door, little: LittleSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ASVS 5.0: 16.3.1 to 16.3.3; the pattern of the route, and nobody's id or name."""
    lines: list[dict[str, object]] = []

    class Log:
        def info(self, event: str, **more: object) -> None:
            lines.append({"event": event, **more})

    monkeypatch.setattr("web.observed.log", Log())
    door.page("admin", "GET", f"/admin/people/{little['far_student'].id}")
    door.api("", "GET", "/goals")
    door.api("", "POST", "/token", json={"username": "student", "password": "no"})
    door.say("student", "x" * 2001)
    door.page("student", "GET", "/plan")
    found = [(one["method"], one["route"], one["status"]) for one in lines]
    assert found == [
        ("GET", "/admin/people/{person_id}", 404),
        ("GET", "/api/v1/goals", 401),
        ("POST", "/api/v1/token", 401),
        ("POST", "/api/v1/messages", 422),
    ]
    assert little["far_student"].id not in str(lines)
    assert "'student'" not in str(lines)
