"""What several folders of tests share."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

from databases import server
from door import Door, opened
from little_school import (
    Filled,
    LittleSchool,
    Record,
    build_filled,
    build_template,
    open_filled,
    open_school,
)
from live import Live, running

# A busy machine must not fail what is right: slowness is no finding of a test.
settings.register_profile(
    "busy", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("busy")

REAL_CLOCKS = frozenset({"browser", "conversations", "faults", "integration", "web"})
LONGEST_FIRST = frozenset({"browser", "conversations", "faults", "nlu"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no worker ends long after the others.

    A failed test of processes and clocks is tried once more; the summary lists it.
    """

    def room(item: pytest.Item) -> str:
        return item.path.relative_to(Path(__file__).parent).parts[0]

    items.sort(key=lambda item: room(item) not in LONGEST_FIRST)
    for item in items:
        if room(item) in REAL_CLOCKS:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session", autouse=True)
def database_server() -> Iterator[None]:
    """Run PostgreSQL for the whole run where `TEST_DATABASE` asks for it."""
    with server():
        yield


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The running product with its real assistant, one for the whole run."""
    with running(tmp_path_factory.mktemp("live")) as live:
        yield live


@pytest.fixture(scope="session")
def two_schools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of two small schools, made once."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("MILEPOST_")]:
            patch.delenv(name)
        return build_template(tmp_path_factory.mktemp("two-schools"))


@pytest.fixture(scope="session")
def filled(two_schools: Path, tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """The two schools once more, the first student with one of everything."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("MILEPOST_")]:
            patch.delenv(name)
        return build_filled(two_schools, tmp_path_factory.mktemp("filled"))


@pytest.fixture
def little(
    request: pytest.FixtureRequest,
    two_schools: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[LittleSchool]:
    """Two small schools of the test's own, with people in every role.

    A test that also asks for `record` finds the first student's record filled.
    """
    for name in [name for name in os.environ if name.startswith("MILEPOST_")]:
        monkeypatch.delenv(name)
    if "record" in request.fixturenames:
        found = open_filled(request.getfixturevalue("filled"), tmp_path)
    else:
        found = open_school(two_schools, tmp_path)
    yield found
    found.milepost.engine.dispose()


@pytest.fixture
def record(little: LittleSchool, filled: Filled) -> Record:
    """The ids of everything that the first student of `little` has."""
    return filled.record


@pytest.fixture
def forgotten(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stand in for an assistant that is there; return what it was told to forget."""
    told: list[str] = []

    def forget(settings: object, conversation_id: str) -> int:
        told.append(conversation_id)
        return 1

    monkeypatch.setattr("pathways.services.deletion.forget", forget)
    return told


@pytest.fixture
def door(little: LittleSchool) -> Iterator[Door]:
    """The app on two small schools, with a coach that says what a test wants."""
    with opened(little) as found:
        yield found
