"""The same product on PostgreSQL: a throwaway server, started when one is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pathways import demo
from pathways.app import Milepost, build
from pathways.domain.options import OptionKind
from pathways.services import catalog, conversation, goals, options
from pathways.services.access import Actor, actor_of
from pathways.services.messages import Lease
from pathways.settings import Settings
from pathways.store.migrate import upgrade

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
MISSING = "PostgreSQL's server programs (initdb, pg_ctl) are not on the PATH."


def as_server(*command: str) -> None:
    """Run a server program; root may not, so it runs as `postgres` then."""
    switch = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    prefix = switch if os.geteuid() == 0 else []
    done = subprocess.run([*prefix, *command], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    if not shutil.which("initdb") or not shutil.which("pg_ctl"):
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="milepost-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data, sockets = folder / "data", folder
    as_server("initdb", "-D", str(data), "-U", "milepost", "-A", "trust", "-E", "UTF8")
    options_ = f"-c listen_addresses='' -k {sockets} -c fsync=off"
    as_server(
        "pg_ctl", "-D", str(data), "-o", options_, "-l", f"{data}/log", "-w", "start"
    )
    try:
        yield f"postgresql+psycopg://milepost@/postgres?host={sockets}"
    finally:
        as_server("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def milepost(
    address: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Milepost]:
    folder = tmp_path_factory.mktemp("pg")
    settings = Settings(
        database_url=address,
        var_dir=folder,
        gazetteer_path=folder / "gazetteer.json",
        demo_password="river-stone-and-moss",
        channel_secret="kV3r-9tQz_Lw2pXm8aBn5cYd7eHf0gJi",
        action_token="Zq4x-8uRt_Mv1oWk6bCj3dPe9fGh2aSy",
        session_secret="Tn7b-2eYc_Kd5iUl0gFs4hVw6jXo1pQz",
        now=NOW,
    )
    upgrade(settings.database_url)
    demo.load(settings)
    built = build(settings, lambda: NOW)
    yield built
    built.engine.dispose()


def person(milepost: Milepost, username: str) -> Actor:
    with milepost.work() as work:
        found = work.people.by_username(username)
        assert found is not None
        return actor_of(found)


def test_the_demo_school_loads_once(milepost: Milepost) -> None:
    assert "created" not in demo.load(milepost.settings).lower()


def test_suggestions_come_with_reasons(milepost: Milepost) -> None:
    found = options.suggest(milepost, person(milepost, "maya"), OptionKind.COURSE, 5)
    assert len(found.items) == 5
    assert all(one.reasons for one in found.items)


def test_turns_are_stored_once_and_one_at_a_time(milepost: Milepost) -> None:
    maya = person(milepost, "maya")
    lease = Lease("a", timedelta(seconds=20))
    name = str(uuid.uuid4())
    first = conversation.receive(milepost, maya, name, "hi", lease)
    again = conversation.receive(milepost, maya, name, "hi")
    other = Lease("b", timedelta(seconds=20))
    second = conversation.receive(milepost, maya, str(uuid.uuid4()), "two", other)
    assert first.id == again.id
    assert (first.holder, second.holder) == ("a", None)
    conversation.answer(milepost, maya, first, [{"text": "Hello."}])
    assert conversation.hold(milepost, maya, second.id, other).holder == "b"


def test_a_goal_and_an_edit_are_kept(milepost: Milepost) -> None:
    maya, bell = person(milepost, "maya"), person(milepost, "bell")
    saved = goals.save_goal(
        milepost,
        maya,
        {
            "what": "finish five labs",
            "measure": "from two to five",
            "why": "biology",
            "confidence": "7",
            "due": "2026-12-18",
            "first_step": "ask for the list",
        },
    )
    assert [one.id for one in goals.active_goals(milepost, maya)] == [saved.id]
    seen = catalog.history(milepost, bell, "course", "SCI-BIO")[0].version
    catalog.edit(
        milepost, bell, "course", {"code": "SCI-BIO", "title": "Biology One"}, seen
    )
    now = catalog.current(milepost, bell)
    assert now.courses["SCI-BIO"].title == "Biology One"
