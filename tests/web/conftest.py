"""The app without a network, and people who sign in to its pages."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from databases import copy_database
from fake_rasa import FakeRasa
from fastapi.testclient import TestClient
from house import Clock, make_school, settings_in
from little_school import session_of

from pathways.app import build
from web.app import create_app
from web.deps import COOKIE

TOKEN = re.compile(r'name="csrf" value="([0-9a-f]{64})"')


@pytest.fixture(scope="session")
def pages_school(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo school, loaded once."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("MILEPOST_")]:
            patch.delenv(name)
        return make_school(tmp_path_factory.mktemp("pages_school"))


@pytest.fixture
def rasa() -> Iterator[FakeRasa]:
    """A stand-in for Rasa."""
    made = FakeRasa()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def pages(
    pages_school: Path,
    tmp_path: Path,
    rasa: FakeRasa,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[TestClient]:
    """A client of the app on its own copy of the school."""
    for name in [name for name in os.environ if name.startswith("MILEPOST_")]:
        monkeypatch.delenv(name)
    copy_database(pages_school, tmp_path)
    if (pages_school / "keys.json").exists():
        shutil.copy(pages_school / "keys.json", tmp_path / "keys.json")
    milepost = build(settings_in(tmp_path, rasa_urls=(rasa.url,)), Clock())
    with TestClient(create_app(milepost), base_url="http://127.0.0.1") as client:
        client.follow_redirects = False
        yield client
    milepost.engine.dispose()


def token_on(page: str) -> str:
    """Return the token that a page's forms carry."""
    found = TOKEN.search(page)
    assert found is not None
    return found[1]


@pytest.fixture
def enter(pages: TestClient) -> Callable[[str], str]:
    """Open a session without the password, whose check takes its time; return the
    token for the forms.
    """

    def sign_in(username: str) -> str:
        pages.cookies.clear()
        milepost = pages.app.state.milepost  # type: ignore[attr-defined]
        with milepost.work() as work:
            person = work.people.by_username(username)
            assert person is not None
        pages.cookies.set(COOKIE, session_of(milepost, person.id))
        return token_on(pages.get("/", follow_redirects=True).text)

    return sign_in
