"""The real app on a throwaway school, and people who sign in to it."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from databases import copy_database, url_in
from fake_rasa import SECRET, FakeRasa

from pathways import demo
from pathways.app import Milepost, build
from pathways.services.access import Actor, actor_of
from pathways.settings import Settings
from pathways.store.migrate import upgrade
from web.app import create_app

PASSWORD = "a-password-for-tests"
START = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


SignIn = Callable[..., Any]


class Clock:
    """A clock that moves a thousandth of a second each time it is read."""

    def __init__(self) -> None:
        self._read = 0
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        with self._lock:
            self._read += 1
            return START + timedelta(milliseconds=self._read)


@dataclass
class Site:
    """A running app: where it is, what it runs on, its stand-in for Rasa."""

    url: str
    milepost: Milepost
    rasa: FakeRasa


def actor_called(site: Site, username: str) -> Actor:
    """Return somebody of the school, to act through services."""
    with site.milepost.work() as work:
        person = work.people.by_username(username)
        assert person is not None
        return actor_of(person)


def settings_in(folder: Path, **more: object) -> Settings:
    """Return settings that keep everything in a folder."""
    return Settings(
        database_url=url_in(folder),
        var_dir=folder,
        gazetteer_path=folder / "gazetteer.json",
        tracker_url=f"sqlite:///{folder / 'rasa.db'}",
        channel_secret=SECRET,
        action_token="an-action-token-for-tests-only-0123456789",
        session_secret="a-session-secret-for-tests-only-0123456789",
        demo_password=PASSWORD,
        turn_timeout_seconds=10,
        log_level="ERROR",
        **more,
    )


def make_school(folder: Path) -> Path:
    """Load the demo school once; each test works on a copy."""
    settings = settings_in(folder, now=START)
    upgrade(settings.database_url)
    demo.load(settings)
    return folder


@contextmanager
def running(school: Path, folder: Path) -> Iterator[Site]:
    """Run the app on a copy of the school, in a thread of its own."""
    copy_database(school, folder)
    for name in ("gazetteer.json", "keys.json"):
        if (school / name).exists():
            shutil.copy(school / name, folder / name)
    rasa = FakeRasa()
    rasa.start()
    milepost = build(settings_in(folder, rasa_urls=(rasa.url,)), Clock())
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(milepost),
            host="127.0.0.1",
            port=0,
            log_level="error",
            timeout_graceful_shutdown=2,
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield Site(f"http://127.0.0.1:{_port(server)}", milepost, rasa)
    finally:
        server.should_exit = True
        thread.join(10)
        rasa.stop()
        milepost.engine.dispose()


def _port(server: uvicorn.Server) -> int:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if server.started and server.servers:
            port: int = server.servers[0].sockets[0].getsockname()[1]
            return port
        time.sleep(0.01)
    raise TimeoutError("The app did not start.")
