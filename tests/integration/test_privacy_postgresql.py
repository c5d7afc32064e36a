"""Sealing, the log, deletion, retention and backups on PostgreSQL, tracker too."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from canaries import Canaries
from little_school import settings_in
from live import Clock
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session
from test_postgresql import address  # noqa: F401

from pathways.app import Milepost, build, key_ring
from pathways.services import backup, conversation, data_copy, deletion, goals, keys
from pathways.services.access import Actor, Role, actor_of, note_look
from pathways.services.access_audit import verify
from pathways.services.retention import retain
from pathways.store.migrate import upgrade
from pathways.store.models import Person, School
from pathways.store.register import personal, rows_of
from pathways.store.resealing import left_behind
from pathways.store.tracker import Tracker

pytestmark = pytest.mark.usefixtures("forgotten")


@pytest.fixture
def databases(address: str) -> Iterator[list[str]]:  # noqa: F811
    """Three empty databases of their own: records, tracker, and one to restore into."""
    names = [f"m{uuid.uuid4().hex[:12]}" for _ in range(3)]
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name in names:
            connection.execute(text(f"CREATE DATABASE {name}"))
    yield [address.replace("/postgres?", f"/{name}?") for name in names]
    with engine.connect() as connection:
        for name in names:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def school(databases: list[str], tmp_path: Path) -> Iterator[Milepost]:
    settings = settings_in(
        tmp_path, database_url=databases[0], tracker_url=databases[1]
    )
    upgrade(settings.database_url)
    milepost = build(settings, Clock())
    with milepost.work() as work:
        north = work.people.add(
            School(
                code="north",
                name="North",
                state="OH",
                timezone="America/New_York",
                language="en",
                safety_adult="Ms. Bell",
            )
        )
        work.people.flush()
        for role in (Role.STUDENT, Role.ADMIN):
            work.people.add(
                Person(
                    school_id=north.id,
                    role=role,
                    username=role,
                    source_id=role,
                    given_name=role.title(),
                    family_name="Test",
                    language="en",
                    grade=10 if role == Role.STUDENT else None,
                )
            )
        work.commit()
    yield milepost
    milepost.engine.dispose()


def person(milepost: Milepost, role: str) -> Actor:
    with milepost.work() as work:
        found = work.people.by_username(role)
        assert found is not None
        return actor_of(found)


def typed(milepost: Milepost) -> Canaries:
    canaries, student = Canaries(), person(milepost, "student")
    for number in range(5):
        said = conversation.receive(
            milepost, student, f"m{number}", canaries(f"message {number}")
        )
        conversation.answer(
            milepost, student, said, [{"text": canaries(f"reply {number}")}]
        )
    goals.save_goal(
        milepost,
        student,
        {
            "what": f"Finish {canaries('goal')}",
            "measure": canaries("measure"),
            "why": canaries("why"),
            "confidence": "8",
            "due": "2026-12-18",
            "first_step": canaries("first step"),
        },
    )
    admin = person(milepost, "admin")
    with milepost.work() as work:
        for _ in range(3):
            note_look(
                work, admin, student.id, "chat", milepost.clock(), canaries("reason")
            )
    engine = create_engine(milepost.settings.tracker_url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "CREATE TABLE events (id SERIAL PRIMARY KEY, sender_id VARCHAR(255), "
                "type_name VARCHAR(255), timestamp FLOAT, data TEXT)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO events (sender_id, type_name, timestamp, data) "
                "VALUES (:sender, 'user', 1, 'words'), ('other', 'user', 1, 'words')"
            ),
            {"sender": said.conversation_id},
        )
    engine.dispose()
    return canaries


def all_texts(url: str) -> str:
    engine = create_engine(url)
    with engine.connect() as connection:
        names = connection.execute(
            text(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
                "ORDER BY tablename"
            )
        ).scalars()
        found = [
            str(connection.execute(text(f'SELECT * FROM "{name}"')).all())  # noqa: S608
            for name in names.all()
        ]
    engine.dispose()
    return "\n".join(found)


def test_all_of_it_on_postgresql(
    school: Milepost, databases: list[str], tmp_path: Path
) -> None:
    canaries, student = typed(school), person(school, "student")
    assert canaries.found_in(all_texts(databases[0])) == {}
    assert verify(school)["north"].problems == []

    copy = data_copy.copy_of(school, student)
    assert len(copy.content) > 1000
    keys.rotate(school, lambda done, whole: None)
    assert left_behind(school.engine, key_ring(school.settings)) == 0
    assert keys.retire(school) == 1
    assert "zqcanary" in conversation.messages(school, student)[0].text

    if shutil.which("pg_dump"):
        kept = tmp_path / "monday.tgz"
        made = backup.back_up(school, kept)
        target = school.settings.model_copy(update={"database_url": databases[2]})
        assert backup.restore(target, kept).rows == made.rows
        assert all_texts(databases[2]) == all_texts(databases[0])

    assert retain(school)["north"] == {}
    done = deletion.delete_student(school, person(school, "admin"), student.id)
    assert done["tracker"] == 1
    with Session(school.engine) as session:
        for table, _ in personal():
            mine = table.select().where(rows_of(table, student.id))
            assert session.execute(mine).first() is None, table.name
    assert student.id not in all_texts(databases[0])
    assert "other" in all_texts(databases[1])
    found = verify(school)["north"]
    assert (found.problems, found.erased) == ([], 3)


def test_retention_on_postgresql(school: Milepost) -> None:
    typed(school)
    moved = school.clock
    assert isinstance(moved, Clock)
    moved.now += timedelta(days=2000)
    found = retain(school, apply=True)
    assert found["north"] == {"turn": 5, "access_log": 3}
    assert found["all"]["tracker"] == 2
    assert retain(school)["north"] == {}
    assert Tracker(school.settings.tracker_url).purge("other") == 0
    with school.work() as work:
        assert work.session.scalars(select(Person)).all()
