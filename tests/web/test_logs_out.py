"""Log lines go to the school's own collector, too, where it names one (ASVS 16.4)."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import structlog
from door import Door
from loopback import in_background
from pydantic import ValidationError

from pathways.services import accounts
from pathways.settings import Settings
from web import logs_out
from web.logs import set_up_logs


@pytest.fixture
def collector() -> Iterator[tuple[str, list[bytes]]]:
    taken: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            packed = self.headers.get("content-encoding") == "gzip"
            taken.append(gzip.decompress(body) if packed else body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = in_background(server)
    yield f"http://127.0.0.1:{server.server_address[1]}/v1/logs", taken
    server.shutdown()
    thread.join()
    server.server_close()


def test_lines_reach_the_collector_before_the_process_ends(
    collector: tuple[str, list[bytes]], capsys: pytest.CaptureFixture[str]
) -> None:
    address, taken = collector
    set_up_logs("INFO")
    logs_out.set_up_shipping(address)
    structlog.get_logger().info("request.guarded", status=403)
    logs_out.close()
    structlog.get_logger().info("after.the_end")
    (line, after) = capsys.readouterr().out.splitlines()
    (sent,) = taken
    assert line.encode() in sent
    assert after.encode() not in sent


def test_without_an_address_nothing_is_sent(
    collector: tuple[str, list[bytes]],
) -> None:
    logs_out.set_up_shipping("")
    logs_out.ship("a line")
    logs_out.close()
    assert collector[1] == []


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("", True),
        ("https://logs.school.example/v1/logs", True),
        ("http://127.0.0.1:4318/v1/logs", True),
        ("http://logs.school.example/v1/logs", False),
        ("http://127.0.0.1.school.example/v1/logs", False),
        ("ftp://127.0.0.1/logs", False),
    ],
)
def test_logs_leave_the_machine_by_https_only(address: str, good: bool) -> None:
    if good:
        assert Settings(logs_url=address).logs_url == address
    else:
        with pytest.raises(ValidationError, match="https"):
            Settings(logs_url=address)


def test_a_refusal_says_who_by_a_mark(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ASVS 16.2.1: one person's refusals can be told from another's; X10: no id."""
    told: list[dict[str, object]] = []

    class Log:
        def info(self, event: str, **more: object) -> None:
            told.append(more)

    monkeypatch.setattr("web.observed.log", Log())
    for who in ("student", "advisor"):
        assert door.page(who, "GET", "/admin").status_code == 404
    assert door.page("", "GET", "/nothing").status_code == 404
    milepost = door.little.milepost
    student, advisor = (accounts.marks(milepost, n)[1] for n in ("student", "advisor"))
    pages = [one["who"] for one in told if one["route"] in ("/admin", "none")]
    assert pages == [student, advisor, ""]
    assert len({student, advisor}) == 2
    assert door.little["student"].id not in str(told)
