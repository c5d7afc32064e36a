"""A school's database comes to the newest schema with all it holds, or not at all."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.operations import Operations
from sqlalchemy.exc import IntegrityError

from pathways.store.migrate import configuration, is_newest, upgrade

FIRST = "0002"  # the schema of the first version that schools could run
LAST = "account_event"
KEPT = """
INSERT INTO school VALUES
  ('s', 'north', 'North', 'OH', 'America/New_York', 'en', 'Ms. Bell');
INSERT INTO person VALUES
  ('p', 's', 'student', 'maya', 'S1', 'Maya', 'R', 'en', 10, '2011-03-02', NULL, 1);
INSERT INTO import_run VALUES
  ('i', 's', 'mastery', 'a.csv', 'x', '{}', 'p', '2026-11-20 10:00:00');
INSERT INTO mastery_result VALUES
  ('m', 's', 'p', 'SCI.INQ', 3, 3.0, 3.0, 'Lab', 1, '2026-10-05', 'Canvas', 'k', 'i');
INSERT INTO suggestion VALUES
  ('g', 's', 'p', 'course', 1, 'ohio', 'h', '[]', '2026-11-20 10:00:00');
"""


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A database of the first version, with a student's result in it."""
    path = tmp_path / "milepost.db"
    command.upgrade(configuration(f"sqlite:///{path}"), FIRST)
    with sqlite3.connect(path) as connection:
        connection.executescript(KEPT)
    return path


def held(path: Path) -> list[object]:
    with sqlite3.connect(path) as connection:
        return [
            connection.execute(
                f"SELECT {columns} FROM {table}"  # noqa: S608
            ).fetchall()
            for table, columns in (
                ("person", "id, username, born"),
                ("import_run", "id, file, actor_id"),
                ("mastery_result", "id, level, assessment, import_id"),
                ("suggestion", "id, ranking"),
            )
        ]


def test_nothing_that_a_school_holds_is_lost_on_the_way(older: Path) -> None:
    before = held(older)
    upgrade(f"sqlite:///{older}")
    assert held(older) == before
    assert is_newest(f"sqlite:///{older}")
    with sqlite3.connect(older) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    upgrade(f"sqlite:///{older}")
    assert held(older) == before


def test_a_step_that_fails_leaves_the_database_as_it_was(
    older: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def schema() -> list[object]:
        with sqlite3.connect(older) as connection:
            return connection.execute(
                "SELECT name, sql FROM sqlite_master ORDER BY name"
            ).fetchall()

    made, create = list[str](), Operations.create_table

    def broken(self: Operations, name: str, *given: Any, **more: Any) -> object:
        made.append(name)
        if name == LAST:
            raise OSError(f"the disk is full at {name}")
        return create(self, name, *given, **more)

    before, rows = schema(), held(older)
    with monkeypatch.context() as patch:
        patch.setattr(Operations, "create_table", broken, raising=False)
        with pytest.raises(OSError, match="the disk is full"):
            upgrade(f"sqlite:///{older}")
    assert (schema(), held(older)) == (before, rows)
    assert len(made) > 5
    upgrade(f"sqlite:///{older}")
    assert is_newest(f"sqlite:///{older}")


def test_a_row_that_points_to_nothing_stops_it(older: Path) -> None:
    with sqlite3.connect(older) as connection:
        connection.execute("UPDATE mastery_result SET import_id = 'gone'")
    with pytest.raises(IntegrityError, match="point to nothing"):
        upgrade(f"sqlite:///{older}")
    assert not is_newest(f"sqlite:///{older}")
