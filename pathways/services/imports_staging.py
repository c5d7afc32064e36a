"""Planned rows on disk, so that a file of any length needs little memory."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from types import TracebackType
from typing import Any, Self, TypeVar

AT_ONCE = 500
SCHEMA = "create table planned (key text primary key, line int, row text, action text)"
Item = TypeVar("Item")
Planned = dict[str, Any]


def in_batches(items: Iterable[Item], size: int = AT_ONCE) -> Iterator[list[Item]]:
    """Yield the items in lists of at most `size`."""
    stream = iter(items)
    while batch := list(islice(stream, size)):
        yield batch


class Staging:
    """What an import is going to write, by source key.

    SQLite keeps it in a file that has no name and goes with the connection.
    """

    def __enter__(self) -> Self:
        """Open it, empty."""
        self._database = sqlite3.connect("")
        self._database.execute(SCHEMA)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Forget everything."""
        self._database.close()

    def known(self, keys: Sequence[str]) -> dict[str, tuple[int, Planned]]:
        """Return line and columns of those keys that were planned before."""
        marks = ",".join("?" * len(keys))
        rows = self._database.execute(
            f"select key, line, row from planned where key in ({marks})", keys
        )
        return {key: (line, _read(row)) for key, line, row in rows}

    def add(self, planned: Iterable[tuple[str, int, Planned, str]]) -> None:
        """Add (key, line, columns, what to do with it)."""
        self._database.executemany(
            "insert into planned values (?, ?, ?, ?)",
            ((key, line, _write(row), action) for key, line, row, action in planned),
        )

    def rows(self, action: str) -> Iterator[list[Planned]]:
        """Yield the columns of all rows with which one thing is to be done."""
        rows = self._database.execute(
            "select row from planned where action = ? order by rowid", (action,)
        )
        yield from in_batches(_read(row) for (row,) in rows)


def _write(row: Planned) -> str:
    return json.dumps({**row, "earned_on": row["earned_on"].isoformat()})


def _read(text: str) -> Planned:
    row: Planned = json.loads(text)
    return {**row, "earned_on": date.fromisoformat(row["earned_on"])}
