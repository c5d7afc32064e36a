"""Facts that governments and frameworks publish, one by one, as files give them."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any, TypeVar

from pathways.domain.fact_sorts import FactSort
from pathways.formats.problems import FormatError
from pathways.formats.report import RowError
from pathways.formats.tables import Row, Table, Unreadable, key_of

MOST_REJECTED = 1000
BATCH = 2000
Value = TypeVar("Value")
Names = tuple[str, ...]


@dataclass(frozen=True)
class Fact:
    """One thing that a source says about one code.

    Attributes:
        code: what it is about: a SOC, SCED or O*NET-SOC code, a CASE identifier.
        area: where it holds; empty means everywhere.
        period: when it was counted, like "2025-05"; empty means the newest release.
        as_of: the day it was true; None where the file names no day.
        row: where it was read, if one row holds it.
    """

    sort: FactSort
    code: str
    title: str
    data: Mapping[str, Any]
    source: str
    area: str = ""
    period: str = ""
    as_of: date | None = None
    row: Row | None = field(default=None, compare=False)

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What names one fact among a school's facts."""
        return self.sort.value, self.code, self.area, self.period


@dataclass
class Tally:
    """What a reader counts and refuses on its way through a file.

    Attributes:
        progress: called with (rows read, 0) now and then; 0 means that nobody knows
            how many there are.
    """

    read: int = 0
    skipped: int = 0
    rejected: list[RowError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    progress: Callable[[int, int], None] | None = None

    def count(self) -> None:
        """Count a row; say now and then how many there were."""
        self.read += 1
        if self.progress and self.read % BATCH == 0:
            self.progress(self.read, 0)

    def rows(self, table: Table) -> Iterator[Row]:
        """Yield a table's rows and count them, refused ones included.

        Raises:
            FormatError: so many rows were refused that it is another kind of file.
        """
        for row in table.rows(self.rejected):
            self.count()
            yield row
            if len(self.rejected) > MOST_REJECTED:
                raise FormatError(
                    f"{row.file}: more than {MOST_REJECTED} rows can't be used. "
                    f"The first: {self.rejected[0]}"
                )

    def reject(self, row: Row, error: Unreadable) -> None:
        """Note a row that can't be used."""
        self.rejected.append(row.refused(error))


def need(table: Table, wanted: Mapping[str, Names]) -> None:
    """Refuse a table that lacks a column under each of its names.

    Raises:
        FormatError: naming what is missing and what is there.
    """
    missing = [
        shown for shown, names in wanted.items() if not set(names) & {*table.columns}
    ]
    if missing:
        found = ", ".join(table.columns)
        raise FormatError(
            f"{table.file}: no column {', '.join(missing)}. Found: {found}. "
            "Was a column renamed? Use the file as it was published."
        )


def cell(
    row: Row, names: Names, shown: str, read: Callable[[str], Value | None]
) -> Value:
    """Read a cell that must hold something.

    Raises:
        Unreadable: it is empty or something else.
    """
    found = maybe(row, names, shown, read)
    if found is None or found == "":
        raise Unreadable(shown, "this cell is needed")
    return found


def maybe(row: Row, names: Names, shown: str, read: Callable[[str], Value]) -> Value:
    """Read a cell that may be empty.

    Raises:
        Unreadable: it holds something else.
    """
    text = row.get(*names)
    try:
        return read(text)
    except ValueError as error:
        column = next((one for one in names if one in row.cells), shown)
        raise Unreadable(column, str(error)) from error


def matched(pattern: re.Pattern[str], advice: str) -> Callable[[str], str]:
    """Return a reader of cells that must match a pattern as a whole."""

    def read(text: str) -> str:
        if text and not pattern.fullmatch(text):
            raise ValueError(advice)
        return text

    return read


def names_of(*names: str) -> Names:
    """Return column names as tables hold them."""
    return tuple(key_of(name) for name in names)


class Sorted:
    """Values by code, kept on disk, so that a file of any order needs no memory."""

    def __init__(self) -> None:
        """Open a private database that is gone when it is closed."""
        # An empty name is SQLite's own temporary file, in memory while small.
        self._rows = sqlite3.connect("", check_same_thread=False)
        self._rows.execute("CREATE TABLE one (code TEXT, value TEXT)")
        self._waiting: list[tuple[str, str]] = []

    def put(self, code: str, value: Sequence[Any]) -> None:
        """Keep a value."""
        self._waiting.append((code, json.dumps(value)))
        if len(self._waiting) >= BATCH:
            self._write()

    def _write(self) -> None:
        self._rows.executemany("INSERT INTO one VALUES (?, ?)", self._waiting)
        self._waiting.clear()

    def groups(self) -> Iterator[tuple[str, list[Any]]]:
        """Yield each code with its values, in the order in which they came."""
        self._write()
        found: Iterable[tuple[str, str]] = self._rows.execute(
            "SELECT code, value FROM one ORDER BY code, rowid"
        )
        for code, values in groupby(found, key=lambda one: one[0]):
            yield code, [json.loads(value) for _, value in values]

    def close(self) -> None:
        """Let go of the file."""
        self._rows.close()
