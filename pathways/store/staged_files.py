"""Files that staff brought in and nobody confirmed yet: one private folder each.

A folder holds the file, what is known about it (`stage.json`), how far a run is
(`progress.json`) and a lock. Whoever works on the file holds the lock; the system
lets go of it when that process ends, however it ends.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

FOLDER = "staging"
IDS = re.compile(r"[0-9a-f]{32}")
KEPT_FOR = timedelta(hours=24)
LONGEST_NAME = 120
ODD = re.compile(r"[\x00-\x1f\x7f/\\:]")


class State(StrEnum):
    """Where a file stands."""

    WAITING = "waiting"
    CHECKING = "checking"
    CHECKED = "checked"
    REFUSED = "refused"
    SAVING = "saving"
    SAVED = "saved"
    STOPPED = "stopped"


@dataclass
class Staged:
    """A file that was brought in, and what became of it.

    Attributes:
        given: what the person chose, by the name of the field.
        problem: why it was refused as a whole, in words.
        report: counts and rows of the last check or save.
        began_at: when the last check or save began; finds its import afterwards.
        run: the import that came of it.
    """

    id: str
    school_id: str
    actor_id: str
    kind: str
    file: str
    size: int
    made_at: str
    state: State = State.WAITING
    given: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    report: dict[str, Any] = field(default_factory=dict)
    began_at: str = ""
    run: str = ""

    @property
    def is_running(self) -> bool:
        """Whether it is being checked or saved, as far as is known."""
        return self.state in (State.CHECKING, State.SAVING)

    @property
    def is_saved(self) -> bool:
        """Whether its rows stand in the records."""
        return self.state is State.SAVED


class Busy(Exception):
    """Somebody works on this file already."""


def safe_name(name: str) -> str:
    """Return the last part of a file's name, without anything a path could use."""
    last = ODD.sub(" ", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .")
    stem, dot, suffix = last.rpartition(".")
    if not dot:
        stem, suffix = last, ""
    return f"{(stem or 'file')[:LONGEST_NAME]}{dot}{suffix[:10]}"


class StagingFolder:
    """The folder of all files that wait, beside the logs of the installation."""

    def __init__(self, var_dir: Path) -> None:
        """Look into an installation's folder; nothing is made before it is used."""
        self._root = var_dir / FOLDER

    def make(self, staged: Staged) -> Path:
        """Make the folder of a new file; return where its content goes."""
        folder = self._root / staged.id
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / "file").mkdir(mode=0o700, parents=True)
        folder.chmod(0o700)
        path = self.content(staged)
        path.touch(mode=0o600)
        self.write(staged)
        return path

    def content(self, staged: Staged) -> Path:
        """Return where a file's content lies."""
        return self._root / staged.id / "file" / staged.file

    def find(self, key: str) -> Staged | None:
        """Return what is known about a file; None where there is no such file."""
        if not IDS.fullmatch(key):
            return None
        try:
            found = json.loads(
                (self._root / key / "stage.json").read_text(encoding="utf-8")
            )
        except (OSError, ValueError):
            return None
        return Staged(**{**found, "state": State(found["state"])})

    def every(self) -> Iterator[Staged]:
        """Yield all files that are known."""
        if self._root.is_dir():
            for folder in sorted(self._root.iterdir()):
                if (found := self.find(folder.name)) is not None:
                    yield found

    def write(self, staged: Staged) -> None:
        """Keep what is known, whole or not at all."""
        self._replace(staged.id, "stage.json", asdict(staged))

    def tell(self, key: str, done: int, about: int) -> None:
        """Keep how far a run is."""
        self._replace(key, "progress.json", [done, about])

    def progress(self, key: str) -> tuple[int, int]:
        """Return how far a run is: rows done, rows in all."""
        path = self._root / key / "progress.json"
        try:
            done, about = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return 0, 0
        return int(done), int(about)

    def _replace(self, key: str, name: str, value: object) -> None:
        folder = self._root / key
        part = folder / f"{name}.part"
        with open(part, "w", encoding="utf-8", opener=_private) as stream:
            json.dump(value, stream)
        os.replace(part, folder / name)

    @contextmanager
    def held(self, key: str) -> Iterator[int]:
        """Hold a file's lock; yields the descriptor that holds it.

        Raises:
            Busy: another holds it.
            FileNotFoundError: there is no such file.
        """
        descriptor = os.open(
            self._root / key / "lock", os.O_RDWR | os.O_CREAT, mode=0o600
        )
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Busy from None
            yield descriptor
        finally:
            os.close(descriptor)

    def is_held(self, key: str) -> bool:
        """Tell whether somebody works on a file at this moment."""
        try:
            with self.held(key):
                return False
        except Busy:
            return True

    def forget_content(self, staged: Staged) -> None:
        """Delete a file's content; what is known about it stays."""
        shutil.rmtree(self._root / staged.id / "file", ignore_errors=True)

    def drop(self, key: str) -> None:
        """Delete a file and all that is known about it."""
        if IDS.fullmatch(key):
            shutil.rmtree(self._root / key, ignore_errors=True)

    def sweep(self, now: datetime) -> int:
        """Delete what lies here for longer than a day; return how many."""
        old = [
            one.id
            for one in self.every()
            if now - datetime.fromisoformat(one.made_at) > KEPT_FOR
            and not self.is_held(one.id)
        ]
        for key in old:
            self.drop(key)
        return len(old)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
