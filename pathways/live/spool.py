"""Keeps what was fetched so far, so that a broken fetch goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pathways.live.client import Client, Page

FRESH = timedelta(hours=12)
STATE = "state.json"
Items = Callable[[Any], list[Any]]
Next = Callable[[str, Page, int], str | None]


class Spool:
    """A folder of the fetch under way, for its owner's eyes only.

    One line of JSON for each thing fetched; `state.json` holds, for each stream,
    the next page and how long its file was when that page was due.
    """

    def __init__(self, root: Path, name: str, now: datetime) -> None:
        """Open the folder of a fetch; one that is too old starts again."""
        key = hashlib.sha256(name.encode()).hexdigest()[:16]
        self.folder = root / key
        if self.folder.is_dir() and not self._is_fresh(now):
            shutil.rmtree(self.folder)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._state = self._load() or {"began": now.isoformat(), "streams": {}}

    def fetch(
        self, client: Client, stream: str, first: str, items: Items, following: Next
    ) -> Iterator[int]:
        """Fetch the pages of a stream that are missing; yield how many things.

        Raises:
            LiveError: the system gave no good answer; the pages so far are kept.
        """
        done = self._streams.setdefault(stream, {"next": first, "size": 0, "count": 0})
        while done["next"] is not None:
            page = client.page(done["next"])
            found = items(page.body)
            done["size"] = self._write(stream, done["size"], found)
            done["count"] += len(found)
            done["next"] = following(done["next"], page, len(found))
            self._save()
            yield done["count"]

    def read(self, stream: str) -> Iterator[Any]:
        """Yield the things of a stream."""
        path = self._path(stream)
        if path.is_file():
            with path.open(encoding="utf-8") as lines:
                yield from map(json.loads, lines)

    def remove(self) -> None:
        """Delete everything that was fetched."""
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _streams(self) -> dict[str, Any]:
        streams: dict[str, Any] = self._state["streams"]
        return streams

    def _path(self, stream: str) -> Path:
        return self.folder / f"{stream}.jsonl"

    def _write(self, stream: str, size: int, found: list[Any]) -> int:
        path = self._path(stream)
        path.touch(mode=0o600)
        with path.open("r+b") as file:
            file.truncate(size)
            file.seek(size)
            for one in found:
                file.write(json.dumps(one).encode() + b"\n")
            return file.tell()

    def _load(self) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = json.loads((self.folder / STATE).read_bytes())
        except (OSError, ValueError):
            return None
        return found

    def _save(self) -> None:
        part = self.folder / f"{STATE}.part"
        part.write_text(json.dumps(self._state))
        os.replace(part, self.folder / STATE)

    def _is_fresh(self, now: datetime) -> bool:
        state = self._load()
        began = datetime.fromisoformat(state["began"]) if state else None
        return began is not None and timedelta() <= now - began < FRESH
