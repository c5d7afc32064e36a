"""The same product on PostgreSQL: a throwaway server, started when one is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from published_files import WAGES, files_of, onet_tables, write, write_folder

from pathways import demo
from pathways.app import Milepost, build
from pathways.domain.options import OptionKind
from pathways.senders.watch import write_all_due
from pathways.services import (
    careers,
    catalog,
    conversation,
    duty,
    goals,
    imports,
    notices,
    options,
)
from pathways.services.access import Actor, actor_of
from pathways.services.accounts import school_called
from pathways.services.alerts import add_alert
from pathways.services.imports_job import Options
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


def test_published_facts_are_kept_once_and_told(
    milepost: Milepost, tmp_path: Path
) -> None:
    school = school_called(milepost, None)
    release = write_folder(tmp_path / "onet", files_of(onet_tables(), "csv"))
    wages = write(
        tmp_path / "oews_may2025.csv", f"{WAGES}29-1141,Nurses,Ohio,1,1,1,90001,1,\n"
    )

    first = imports.import_onet(milepost, school.code, release, Options())
    again = imports.import_onet(milepost, school.code, release, Options())
    imports.import_oews(milepost, school.code, wages, Options())

    assert (first.created, again.unchanged) == (9, 9)
    found = careers.find_career(milepost, person(milepost, "maya"), ["nurse"])
    assert found is not None
    assert found.occupation.median_pay_ohio == 90001


def test_notices_are_written_and_taken_once(milepost: Milepost) -> None:
    maya = person(milepost, "maya")
    with milepost.work() as work:
        made = [add_alert(work, maya, "abuse", "t", None, NOW).id for _ in range(5)]
        school = work.people.school(maya.school_id)
        assert school is not None
        bell = work.people.by_username("bell")
        assert bell is not None
        members = {bell.id: "bell@riverbend.example"}
        duty.save_duty(milepost, work, school, duty.Duty(members=members), None)
        work.commit()
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: write_all_due(milepost), range(12)))
        waiting = notices.waiting(milepost)
        taken = list(pool.map(lambda one: notices.take(milepost, one), waiting * 4))
    assert len(waiting) == len(made)
    assert sorted(one.id for one in taken if one) == sorted(waiting)
