"""A new model comes into use while messages flow, and goes again (R16).

The assistants are little servers of their own process that answer every turn with
the model they were started with; supervisor, addresses and client are the real ones.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from live import START, free_port

from pathways.services.messages import Message
from setup.child import Child, ChildSpec
from setup.model import Model, file_sha256, go_back
from setup.report import Report, SetupError
from setup.rollout import Rollout, Wanted
from setup.state import read_state
from setup.supervise import answers
from setup.supervisor import Supervisor
from web.addresses import Addresses
from web.rasa_client import AssistantAway, RasaClient, open_session

WORKERS = 2
DEADLINE = 30.0
ASSISTANT = """
import http.server, json, sys, time
port, model = int(sys.argv[1]), sys.argv[2]
if "bad" in model:
    sys.exit("cannot load " + model)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.reply({})
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        time.sleep(0.05)
        self.reply({"messages": [{"text": model}]})
    def reply(self, content):
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *given):
        pass
http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""
PAGES = "import time; time.sleep(600)"


def name_first(models: Path, *names: str) -> None:
    """Write the manifest: the first of the models is the one to run."""
    rows = []
    for name in names:
        file = models / name
        if not file.exists():
            file.write_text(name)
        rows.append(Model(name, file_sha256(file), name, "").__dict__)
    half = models / "manifest.half"
    half.write_text(json.dumps({**rows[0], "earlier": rows[1:]}))
    half.replace(models / "manifest.json")


@dataclass
class School:
    """A supervisor with two assistants, run by a thread of the test."""

    folder: Path
    said: Path = field(init=False)
    stopped: bool = False

    def __post_init__(self) -> None:
        self.said = self.folder / "said.txt"
        self.models = self.folder / "models"
        self.models.mkdir()
        name_first(self.models, "one.tar.gz")
        self.file = self.folder / "rasa.urls"
        self.ports = [free_port() for _ in range(WORKERS)]
        self.urls = [f"http://127.0.0.1:{port}" for port in self.ports]

    def spec(self, number: int, port: int, model: Path) -> ChildSpec:
        command = (sys.executable, "-S", "-c", ASSISTANT, str(port), model.name)
        name = f"rasa-{number}"
        return ChildSpec(
            name,
            command,
            self.folder,
            self.folder / f"{name}.log",
            os.environ,
            lambda: answers("127.0.0.1", port, "/"),
        )

    def spare(self, number: int, model: Path) -> tuple[Child, str]:
        port = free_port()
        spec = self.spec(number, port, model)
        now = datetime.now(UTC)
        return Child(spec, time.monotonic, lambda: now), f"http://127.0.0.1:{port}"

    def run(self) -> None:
        """Supervise until told to stop; pytest's thread is the one for signals."""
        one = self.models / "one.tar.gz"
        command = (sys.executable, "-S", "-c", PAGES)
        log = self.folder / "app.log"
        pages = ChildSpec("app", command, self.folder, log, os.environ, lambda: True)
        assistants = [self.spec(n, port, one) for n, port in enumerate(self.ports)]
        with self.said.open("w") as out:
            report = Report(out)
            supervisor = Supervisor(
                [pages, *assistants],
                run_folder=self.folder,
                port=1,
                address="",
                welcome=[],
                report=report,
                sleep=self._sleep,
                rollout=Rollout(
                    self.spare,
                    Wanted(self.models, one, report),
                    one,
                    self.urls,
                    self.file,
                    report,
                    drain=0.3,
                    clock=time.monotonic,
                ),
            )
            supervisor.run()

    def _sleep(self, seconds: float) -> None:
        time.sleep(0.02)
        if self.stopped:
            self.stopped = False
            os.kill(os.getpid(), signal.SIGTERM)

    def names(self) -> set[str]:
        state = read_state(self.folder)
        return {child.name for child in state.children} if state else set()


@dataclass
class Talk:
    """Students who write without a pause, and the models that answered them."""

    urls: Addresses
    heard: list[str] = field(default_factory=list)
    lost: int = 0
    ended: bool = False

    def run(self) -> None:
        asyncio.run(self._all())

    async def _all(self) -> None:
        async with open_session() as http:
            rasa = RasaClient(self.urls, "secret", http, 5.0)
            await asyncio.gather(*(self._one(rasa) for _ in range(6)))

    async def _one(self, rasa: RasaClient) -> None:
        conversation = str(uuid.uuid4())
        while not self.ended:
            said = Message(
                *("turn", "client", conversation, 1, "hi", None, "received", "none"),
                replies=(),
                received_at=START,
            )
            try:
                (reply,) = await rasa.turn(said, START)
                self.heard.append(reply["text"])
            except AssistantAway:
                self.lost += 1

    def only(self, model: str) -> bool:
        """Whether the last answers all came from one model."""
        last = self.heard[-24:]
        return len(last) == 24 and set(last) == {model}


def until(done: object, what: str, school: School) -> None:
    deadline = time.monotonic() + DEADLINE
    while not done():  # type: ignore[operator]
        assert time.monotonic() < deadline, f"{what}: {school.said.read_text()}"
        time.sleep(0.02)


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    yield School(tmp_path)


def test_models_change_and_change_back_without_a_lost_message(school: School) -> None:
    talk = Talk(Addresses(school.urls, school.file))
    writing = threading.Thread(target=talk.run)
    failures: list[BaseException] = []
    places = {"app", *(f"rasa-{number}" for number in range(WORKERS))}

    def story() -> None:
        try:
            until(
                lambda: (
                    school.names() == places
                    and all(answers("127.0.0.1", p, "/") for p in school.ports)
                ),
                "start",
                school,
            )
            writing.start()
            until(lambda: talk.only("one.tar.gz"), "the first model", school)
            name_first(school.models, "two.tar.gz", "one.tar.gz")
            until(lambda: talk.only("two.tar.gz"), "the second model", school)
            until(lambda: school.names() == places, "old ones gone", school)
            name_first(school.models, "bad.tar.gz", "two.tar.gz", "one.tar.gz")
            until(lambda: "did not come up" in school.said.read_text(), "bad", school)
            assert talk.only("two.tar.gz")
            assert go_back(school.models).name == "two.tar.gz"
            name_first(school.models, "two.tar.gz", "one.tar.gz")
            assert go_back(school.models).name == "one.tar.gz"
            until(lambda: talk.only("one.tar.gz"), "the way back", school)
        except BaseException as error:
            failures.append(error)
        finally:
            talk.ended = True
            if writing.is_alive():
                writing.join()
            school.stopped = True

    told = threading.Thread(target=story)
    told.start()
    school.run()
    told.join()
    assert not failures, failures
    assert talk.lost == 0
    assert Counter(talk.heard).keys() == {"one.tar.gz", "two.tar.gz"}


def test_there_is_no_way_back_without_an_earlier_model(school: School) -> None:
    with pytest.raises(SetupError, match="no earlier"):
        go_back(school.models)
    name_first(school.models, "two.tar.gz", "one.tar.gz")
    (school.models / "one.tar.gz").write_text("altered")
    with pytest.raises(SetupError, match="altered"):
        go_back(school.models)


def test_a_file_with_another_number_of_addresses_is_not_followed(
    tmp_path: Path,
) -> None:
    file = tmp_path / "rasa.urls"
    urls = Addresses(["http://a", "http://b"], file)
    assert list(urls) == ["http://a", "http://b"]
    file.write_text("http://a\nhttp://c\n")
    assert list(urls) == ["http://a", "http://c"]
    file.write_text("http://a\n")
    assert (list(urls), len(urls)) == (["http://a", "http://c"], 2)
    file.unlink()
    assert urls[1] == "http://c"
