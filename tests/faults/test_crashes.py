"""Parts die in a stream of messages: nothing that was acknowledged is lost (R1, R2).

The short form; `make faults` runs the full one. Each part is a process of this test's
own and is killed by its id.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from crash_machine import APP, DATABASE, POSTGRESQL, Machine, has_postgresql, machine
from crash_stream import RED, Sent, Talker, let_students_in, run_stream

pytestmark = pytest.mark.timeout(600)
MESSAGES, DEATHS, STUDENTS = 80, 2, 8
WAIT_SECONDS, HELP_SECONDS, BACK_SECONDS = 2.0, 1.0, 10.0
with_postgresql = pytest.mark.skipif(
    not has_postgresql(), reason="PostgreSQL's server programs are not on the PATH."
)


@pytest.fixture(scope="module")
def one_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A Milepost on PostgreSQL, one for this file: its start takes long."""
    with machine(tmp_path_factory.mktemp("postgresql"), POSTGRESQL) as found:
        yield found


@pytest.fixture
def on_postgresql(one_machine: Machine) -> Machine:
    """The same, with its database up whatever a test before left."""
    if DATABASE not in one_machine.parts:
        one_machine.start(DATABASE)
    return one_machine


def is_whole_without(found: Machine, part: str) -> None:
    outcome = run_stream(found, part, MESSAGES, DEATHS, seed=1, students=STUDENTS)
    assert outcome.whole, outcome
    assert (outcome.acknowledged, outcome.deaths) == (MESSAGES, DEATHS)


def test_the_app_killed_in_a_stream_loses_doubles_and_mixes_up_nothing(
    tmp_path: Path,
) -> None:
    with machine(tmp_path) as found:
        is_whole_without(found, APP)


@with_postgresql
def test_postgresql_killed_in_a_stream_loses_doubles_and_mixes_up_nothing(
    on_postgresql: Machine,
) -> None:
    is_whole_without(on_postgresql, DATABASE)


@with_postgresql
def test_without_its_database_it_says_so_helps_and_comes_back(
    on_postgresql: Machine,
) -> None:
    found = on_postgresql
    others = let_students_in(found, STUDENTS + 2)[STUDENTS:]
    plain, danger = (
        Talker(found, name, person, red)
        for (name, person), red in zip(others, (False, True), strict=True)
    )
    plain.insist(Sent("0b0e7a52-0d5c-4c2a-9f0a-3f1a5c1b7a10", "hello"))
    danger.insist(Sent("0b0e7a52-0d5c-4c2a-9f0a-3f1a5c1b7a11", "hello"))
    found.kill(DATABASE)
    while_down = Sent("0b0e7a52-0d5c-4c2a-9f0a-3f1a5c1b7a12", "while it is down")
    red = Sent("0b0e7a52-0d5c-4c2a-9f0a-3f1a5c1b7a13", RED)
    for _ in range(10):
        begun = time.monotonic()
        answer = plain.once(while_down)
        assert answer is not None
        assert answer.status_code == 503
        assert time.monotonic() - begun < WAIT_SECONDS
        danger.once(red)
    assert not while_down.acknowledged
    assert len(red.help_seconds) == 10
    assert max(red.help_seconds) < HELP_SECONDS
    found.start(DATABASE)
    begun = time.monotonic()
    plain.insist(while_down)
    danger.insist(red)
    assert time.monotonic() - begun < BACK_SECONDS
    assert [one["text"] for one in plain.kept()] == ["hello", "while it is down"]
    plain.close()
    danger.close()
