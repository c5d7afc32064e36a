"""The database of a test: a SQLite file, or one of a throwaway PostgreSQL server.

`TEST_DATABASE=postgresql` runs the tests of integration and web on PostgreSQL. Each
folder has one database there, made from a template at the newest schema.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

import psycopg
import pytest

from pathways.store.migrate import upgrade

ON_POSTGRESQL = os.environ.get("TEST_DATABASE") == "postgresql"
TEMPLATE = "newest"
FILE = "milepost.db"
_server: list[Path] = []


def url_in(folder: Path) -> str:
    """Return the address of a folder's database; it is made on PostgreSQL."""
    if not ON_POSTGRESQL:
        return f"sqlite:///{folder}/{FILE}"
    name = _name(folder)
    if name not in _known():
        _create(name, TEMPLATE)
    return _address(name)


def newest_in(folder: Path) -> str:
    """Return the address of a folder's new database, at the newest schema."""
    if not ON_POSTGRESQL:
        (folder / FILE).write_bytes(_newest())
    return url_in(folder)


@cache
def _newest() -> bytes:
    """Take all migrations once; a file at the newest schema is copied then."""
    with tempfile.TemporaryDirectory() as folder:
        upgrade(f"sqlite:///{folder}/{FILE}")
        return Path(folder, FILE).read_bytes()


def file_behind(url: str) -> Path:
    """Return a database's own file; a test that reads it is skipped on PostgreSQL."""
    if not url.startswith("sqlite"):
        pytest.skip("reads SQLite's own file")
    return Path(url.removeprefix("sqlite:///"))


def copy_database(origin: Path, to: Path) -> None:
    """Give a folder a copy of another folder's database; nobody may be using that."""
    if ON_POSTGRESQL:
        with closing(_connect()) as connection:
            drop = f'DROP DATABASE IF EXISTS "{_name(to)}" WITH (FORCE)'
            connection.execute(drop.encode())
        _create(_name(to), _name(origin))
        return
    for name in (FILE, f"{FILE}-wal"):
        if (origin / name).exists():
            shutil.copy(origin / name, to / name)


@contextmanager
def server() -> Iterator[None]:
    """Run the throwaway server where it is asked for; it ends with the block."""
    if not ON_POSTGRESQL:
        yield
        return
    folder = Path(tempfile.mkdtemp(prefix="milepost-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data = str(folder / "data")
    _as_server("initdb", "-D", data, "-U", "milepost", "-A", "trust", "-E", "UTF8")
    given = f"-c listen_addresses='' -k {folder} -c fsync=off -c max_connections=400"
    _as_server("pg_ctl", "-D", data, "-o", given, "-l", f"{data}/log", "-w", "start")
    _server.append(folder)
    try:
        _create(TEMPLATE, "template0")
        upgrade(_address(TEMPLATE))
        yield
    finally:
        _server.clear()
        _as_server("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _name(folder: Path) -> str:
    return "t_" + hashlib.sha256(str(folder).encode()).hexdigest()[:20]


def _address(name: str) -> str:
    return f"postgresql+psycopg://milepost@/{name}?host={_server[0]}"


def _known() -> set[str]:
    with closing(_connect()) as connection:
        rows = connection.execute("SELECT datname FROM pg_database").fetchall()
    return {str(row[0]) for row in rows}


def _create(name: str, origin: str) -> None:
    with closing(_connect()) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [origin],
        )
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{origin}"'.encode())


def _connect() -> psycopg.Connection:
    given = f"host={_server[0]} user=milepost dbname=postgres"
    return psycopg.connect(given, autocommit=True)


def _as_server(*command: str) -> None:
    """Run a server program; root may not, so it runs as `postgres` then."""
    switch = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    prefix = switch if os.geteuid() == 0 else []
    done = subprocess.run([*prefix, *command], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
