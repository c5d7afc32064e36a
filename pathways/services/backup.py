"""Backs the school's data up into one file, and brings it back (R15).

The file holds the database, what sums up to it, and the schema's number. It never
holds the keys: what people wrote stays sealed in it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import zlib
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import MetaData, create_engine, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from pathways.app import Milepost
from pathways.services.errors import Invalid
from pathways.settings import Settings
from pathways.store.migrate import upgrade

FACTS, SQLITE, POSTGRES = "backup.json", "milepost.db", "milepost.dump"
CHUNK = 1 << 20
DAMAGED = (tarfile.TarError, zlib.error)


@dataclass(frozen=True)
class Backup:
    """What a backup holds: rows by table, and the sum of the database's file."""

    made_at: str
    backend: str
    sha256: str
    rows: dict[str, int]

    @property
    def total(self) -> int:
        """How many rows there are in all."""
        return sum(self.rows.values())


def back_up(milepost: Milepost, file: Path) -> Backup:
    """Write a backup, while the app may run; the file is its owner's alone.

    Raises:
        Invalid: the file is there already, or the database's own tool failed.
    """
    if file.exists():
        raise Invalid(f"{file} is there already.")
    url = make_url(milepost.settings.database_url)
    is_sqlite = url.get_backend_name() == "sqlite"
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as place:
        copy = Path(place) / (SQLITE if is_sqlite else POSTGRES)
        if is_sqlite:
            _copy_sqlite(Path(url.database or ""), copy)
            rows = _rows(f"sqlite:///{copy}")
        else:
            rows = _rows(milepost.settings.database_url)
            _run("pg_dump", url, "--format=custom", "--file", str(copy))
        made = Backup(
            milepost.clock().isoformat(), url.get_backend_name(), _sum(copy), rows
        )
        facts = Path(place) / FACTS
        facts.write_text(json.dumps(vars(made), indent=1), encoding="utf-8")
        draft = Path(place) / "whole"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with (
            os.fdopen(handle, "wb") as stream,
            tarfile.open(fileobj=stream, mode="w:gz") as archive,
        ):
            archive.add(facts, FACTS)
            archive.add(copy, copy.name)
        draft.replace(file)
    _note(milepost, made)
    return made


def last_backup(milepost: Milepost) -> datetime | None:
    """Return when this installation last wrote a backup; None where nothing tells."""
    try:
        known = json.loads(_note_file(milepost).read_text(encoding="utf-8"))
        return datetime.fromisoformat(known["made_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _note(milepost: Milepost, made: Backup) -> None:
    """Remember when a backup was made, for the page of an administrator."""
    with suppress(OSError):
        _note_file(milepost).parent.mkdir(parents=True, exist_ok=True)
        words = json.dumps({"made_at": made.made_at, "rows": made.total})
        _note_file(milepost).write_text(words, encoding="utf-8")


def _note_file(milepost: Milepost) -> Path:
    return milepost.settings.var_dir / "run" / "backup.json"


def restore(settings: Settings, file: Path) -> Backup:
    """Bring a backup into an empty database, and check that every row is there.

    Raises:
        Invalid: the database holds something, or the backup is damaged.
    """
    url = make_url(settings.database_url)
    _refuse_full(settings.database_url)
    with tempfile.TemporaryDirectory(prefix="milepost-restore-") as place:
        made = _unpack(file, Path(place))
        if made.backend != url.get_backend_name():
            raise Invalid(f"This is a backup of {made.backend}.")
        if made.backend == "sqlite":
            target = Path(url.database or "")
            target.parent.mkdir(parents=True, exist_ok=True)
            draft = target.with_name(f".{target.name}.restored")
            shutil.copyfile(Path(place) / SQLITE, draft)
            draft.replace(target)
        else:
            dump = str(Path(place) / POSTGRES)
            _run("pg_restore", url, "--no-owner", "--exit-on-error", dump)
    found = _rows(settings.database_url)
    if found != made.rows:
        raise Invalid("The restored database does not hold what the backup says.")
    upgrade(settings.database_url)
    return made


def _unpack(file: Path, place: Path) -> Backup:
    try:
        with tarfile.open(file) as archive:
            archive.extractall(place, filter="data")
        made = Backup(**json.loads((place / FACTS).read_text(encoding="utf-8")))
        whole = _sum(place / (SQLITE if made.backend == "sqlite" else POSTGRES))
    except (*DAMAGED, OSError, EOFError, ValueError, TypeError) as error:
        raise Invalid(f"{file.name} can't be read as a backup.") from error
    if whole != made.sha256:
        raise Invalid(f"{file.name} is damaged: its sum is not as written.")
    return made


def _copy_sqlite(source: Path, target: Path) -> None:
    """Copy a database that may be in use, by SQLite's own backup."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)


def _rows(url: str) -> dict[str, int]:
    engine = create_engine(url)
    try:
        metadata = MetaData()
        metadata.reflect(engine)
        with engine.connect() as connection:
            return {
                name: connection.execute(
                    select(func.count()).select_from(table)
                ).scalar_one()
                for name, table in sorted(metadata.tables.items())
            }
    finally:
        engine.dispose()


def _refuse_full(url: str) -> None:
    place = make_url(url)
    is_file = place.get_backend_name() == "sqlite"
    if is_file and not Path(place.database or "").exists():
        return
    try:
        found = _rows(url)
    except SQLAlchemyError as error:
        raise Invalid("The database can't be reached.") from error
    if found:
        raise Invalid("The database is not empty. Restore into an empty one.")


def _sum(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _run(program: str, url: URL, *arguments: str) -> None:
    """Run a tool of PostgreSQL's; the password goes by the environment."""
    if shutil.which(program) is None:
        raise Invalid(f"{program} is not on this machine. Install PostgreSQL's client.")
    address = url.set(drivername="postgresql", password=None)
    whole = {**os.environ, **({"PGPASSWORD": url.password} if url.password else {})}
    done = subprocess.run(
        [program, "--dbname", address.render_as_string(), *arguments],
        capture_output=True,
        text=True,
        env={name: str(value) for name, value in whole.items()},
    )
    if done.returncode:
        raise Invalid(f"{program} failed: {done.stderr.strip()[:500]}")
