"""The real pair for tests: one Rasa process, and the app beside it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from argon2 import PasswordHasher
from loopback import TRUST

from pathways import demo
from pathways.app import Milepost, build
from pathways.services.sign_in import open_session
from pathways.settings import Settings
from pathways.store.migrate import upgrade
from pathways.store.models import CourseTaken, MasteryResult, Person, Relation
from setup.model import content_hash
from web.app import create_app

ROOT = Path(__file__).parents[1]
RASA = ROOT / ".venv-rasa" / "bin" / "rasa"
START = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
PASSWORD = "heron-on-the-long-river"
# One whose check takes no time: what the product's own costs is seen at its sign-in.
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
READY_SECONDS = 90.0
PATIENCE = 60.0


@dataclass
class Clock:
    """A clock that tests set; it also moves a little each time it is read."""

    now: datetime = START

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def model_file() -> Path:
    """Return the model of the files as they are now; `make test` trains it."""
    found = ROOT / "models" / f"milepost-{content_hash(ROOT)}.tar.gz"
    if not found.is_file():
        raise FileNotFoundError(f"{found.name} is missing: run `make train`.")
    return found


def start_rasa(settings: Settings, port: int, log: Path) -> subprocess.Popen[bytes]:
    """Start the assistant on this machine, in a process group of its own."""
    environment = {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "MILEPOST_ACTION_URL": settings.action_endpoint,
        "MILEPOST_ACTION_TOKEN": settings.action_token,
        "MILEPOST_CHANNEL_SECRET": settings.channel_secret,
        "MILEPOST_TRACKER_URL": f"sqlite:///{settings.var_dir}/rasa.db",
        "MILEPOST_GAZETTEER_PATH": str(settings.gazetteer_path),
    }
    with log.open("ab") as out:
        return subprocess.Popen(
            [RASA, "run", "--model", str(model_file()), "-i", "127.0.0.1"]
            + ["--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]
            + ["--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )


@dataclass
class Live:
    """The running product, and students to talk with it."""

    url: str
    milepost: Milepost
    clock: Clock
    settings: Settings
    rasa_port: int
    folder: Path
    rasa: subprocess.Popen[bytes] | None = None
    _made: int = field(default=0)

    def start_assistant(self) -> None:
        """Start Rasa, and return once it answers."""
        self.rasa = start_rasa(self.settings, self.rasa_port, self.folder / "rasa.log")
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            try:
                answer = httpx.get(f"{self.url}/readyz", timeout=5, verify=TRUST)
                if answer.status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.1)
        raise TimeoutError((self.folder / "rasa.log").read_text()[-2000:])

    def kill_assistant(self) -> None:
        """End Rasa at once, as a crash would."""
        if self.rasa is not None:
            os.killpg(self.rasa.pid, signal.SIGKILL)
            self.rasa.wait()
            self.rasa = None

    def new_student(
        self, like: str = "maya", record: bool = True, language: str = "en"
    ) -> Student:
        """Make a student with the same record, advisor and grade as another."""
        self._made += 1
        username = f"test.student.{self._made}"
        with self.milepost.work() as work:
            model = work.people.by_username(like)
            assert model is not None
            person = work.people.add(_copy_of(model, username))
            person.language = language
            work.people.flush()
            for adult in work.people.adults_of(model.school_id, model.id):
                work.people.add(
                    Relation(
                        school_id=model.school_id,
                        adult_id=adult.id,
                        student_id=person.id,
                    )
                )
            rows: list[Any] = []
            if record:
                rows += work.records.results(model.school_id, model.id)
                rows += work.records.courses(model.school_id, model.id)
            for row in rows:
                work.records.add(_moved(row, person.id))
            work.commit()
        return Student(self, username, person.id)

    def as_person(self, username: str) -> Api:
        """Sign in one of the demo accounts."""
        return Api(self, username, self.settings.demo_password)


def _copy_of(model: Person, username: str) -> Person:
    return Person(
        school_id=model.school_id,
        role=model.role,
        username=username,
        source_id=username,
        given_name="Robin",
        family_name=f"Test {username.rpartition('.')[2]}",
        language="en",
        grade=model.grade,
        born=model.born,
        password_hash=HASH,
        active=True,
    )


def _moved(row: MasteryResult | CourseTaken, student_id: str) -> Any:
    values = {
        column.name: getattr(row, column.name)
        for column in row.__table__.columns
        if column.name not in ("id", "student_id")
    }
    return type(row)(student_id=student_id, **values)


@dataclass
class Api:
    """A signed-in person at the JSON API."""

    live: Live
    username: str
    password: str = PASSWORD
    _token: str = ""

    def call(self, method: str, path: str, body: object = None) -> httpx.Response:
        """Call the API, signing in when needed."""
        if not self._token:
            self._sign_in()
        for _ in range(2):
            answer = httpx.request(
                method,
                f"{self.live.url}/api/v1{path}",
                json=body,
                headers={"authorization": f"Bearer {self._token}"},
                timeout=PATIENCE,
                verify=TRUST,
            )
            if answer.status_code != 401:
                break
            self._sign_in()
        return answer

    def _sign_in(self) -> None:
        given = {"username": self.username, "password": self.password}
        url = f"{self.live.url}/api/v1/token"
        answer = httpx.post(url, json=given, timeout=PATIENCE, verify=TRUST)
        assert answer.status_code == 200, answer.text
        self._token = answer.json()["token"]

    def get(self, path: str) -> Any:
        """Return what a call answers."""
        answer = self.call("GET", path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return answer.json()


@dataclass
class Student(Api):
    """A student who talks with the coach."""

    id: str = ""

    def __init__(self, live: Live, username: str, student_id: str) -> None:
        super().__init__(live, username)
        self.id = student_id
        self.last: dict[str, Any] = {}

    def _sign_in(self) -> None:
        """Open a session without the password, whose check takes its time."""
        milepost = self.live.milepost
        with milepost.work() as work:
            person = work.people.by_id(self.id)
            assert person is not None
            now = milepost.clock()
            self._token = open_session(work, person, now, "password", "API")
            work.commit()

    def say(self, text: str, client_message_id: str | None = None) -> dict[str, Any]:
        """Say something and return the answered turn."""
        body = {
            "client_message_id": client_message_id or str(uuid.uuid4()),
            "text": text,
        }
        answer = self.call("POST", "/messages", body)
        assert answer.status_code == 200, (text, answer.status_code, answer.text)
        self.last = answer.json()
        return self.last

    def buttons(self) -> dict[str, str]:
        """Return the payloads of the last turn's buttons, cards' too, by title."""
        found: dict[str, str] = {}
        for reply in self.last["replies"]:
            for holder in (reply, *reply["cards"]):
                for button in holder["buttons"]:
                    found.setdefault(button["title"], button["payload"])
        return found

    def press(self, title: str) -> dict[str, Any]:
        """Press a button of the last turn."""
        buttons = self.buttons()
        assert title in buttons, f"no button {title!r} among {list(buttons)}"
        return self.say(buttons[title])

    def heard(self) -> str:
        """Return all words of the last turn, cards' too, as one text."""
        words = []
        for reply in self.last["replies"]:
            words.append(reply["text"])
            for card in reply["cards"]:
                words += [card["title"], *card["facts"], card["next_step"]]
                words += [reason["fact"] for reason in card["reasons"]]
        return "\n".join(words)


@contextmanager
def running(folder: Path) -> Iterator[Live]:
    """Run the whole product in a folder: app, assistant, demo school."""
    clock = Clock()
    app_port, rasa_port = free_port(), free_port()
    settings = Settings(
        database_url=f"sqlite:///{folder}/milepost.db",
        var_dir=folder,
        gazetteer_path=folder / "gazetteer.json",
        tracker_url=f"sqlite:///{folder}/rasa.db",
        demo_password=PASSWORD,
        channel_secret="kV3r-9tQz_Lw2pXm8aBn5cYd7eHf0gJi",
        action_token="Zq4x-8uRt_Mv1oWk6bCj3dPe9fGh2aSy",
        session_secret="Tn7b-2eYc_Kd5iUl0gFs4hVw6jXo1pQz",
        rasa_urls=f"http://127.0.0.1:{rasa_port}",
        action_url=f"http://127.0.0.1:{app_port}/internal/actions",
        port=app_port,
        now=START,
        turn_timeout_seconds=10,
        log_level="ERROR",
    )
    upgrade(settings.database_url)
    demo.load(settings)
    milepost = build(settings, clock)
    with serving(milepost, app_port):
        live = Live(
            f"http://127.0.0.1:{app_port}",
            milepost,
            clock,
            settings,
            rasa_port,
            folder,
        )
        try:
            live.start_assistant()
            yield live
        finally:
            live.kill_assistant()
    milepost.engine.dispose()


@contextmanager
def serving(milepost: Milepost, port: int) -> Iterator[None]:
    """Serve the app in a thread of this process."""
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(milepost),
            host="127.0.0.1",
            port=port,
            log_level="error",
            timeout_graceful_shutdown=2,
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + READY_SECONDS
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
