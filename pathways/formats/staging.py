"""Keeps what an import read on disk until all of it was read and compared."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from pathways.domain.fact_sorts import FactSort
from pathways.formats.facts import Fact
from pathways.formats.problems import FormatError

BATCH = 200
NUL, ESCAPED_NUL = "\0", "\\u0000"
COLUMNS = "sort, code, area, period, title, source, as_of, data"


class Stage:
    """Facts that were read; each key once, in the order of their codes.

    A file is read to its end before the store is touched, so that nobody waits for
    the database meanwhile, and the memory stays the same for any file.
    """

    def __init__(self) -> None:
        """Open a private database that is gone when it is closed."""
        # An empty name is SQLite's own temporary file, in memory while small.
        self._rows = sqlite3.connect("", check_same_thread=False)
        self._rows.execute(
            "CREATE TABLE fact (sort TEXT, code TEXT, area TEXT, period TEXT, "
            "title TEXT, source TEXT, as_of TEXT, data TEXT, wanted INTEGER DEFAULT 0, "
            "PRIMARY KEY (sort, code, area, period))"
        )

    def put(self, fact: Fact) -> bool:
        """Keep a fact; False where its key was kept before.

        Raises:
            FormatError: a text holds what no database keeps.
        """
        row = (
            *fact.key,
            fact.title,
            fact.source,
            fact.as_of.isoformat() if fact.as_of else None,
            json.dumps(fact.data, ensure_ascii=False),
        )
        if NUL in fact.title or NUL in fact.area or ESCAPED_NUL in row[-1]:
            raise FormatError(
                f"{fact.source}: the text about {fact.code} holds NUL characters. "
                "Download the file again."
            )
        done = self._rows.execute(
            f"INSERT OR IGNORE INTO fact ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            row,
        )
        return done.rowcount == 1

    @property
    def sorts(self) -> set[FactSort]:
        """The kinds of facts that were kept."""
        return {
            FactSort(row[0])
            for row in self._rows.execute("SELECT DISTINCT sort FROM fact")
        }

    def areas(self, sort: FactSort) -> set[str]:
        """The areas of the facts of a kind."""
        query = "SELECT DISTINCT area FROM fact WHERE sort = ?"
        return {row[0] for row in self._rows.execute(query, (sort.value,))}

    def __len__(self) -> int:
        """How many facts were kept."""
        return int(self._rows.execute("SELECT COUNT(*) FROM fact").fetchone()[0])

    def has(self, key: Sequence[str]) -> bool:
        """Tell whether a fact with this key was kept."""
        query = "SELECT 1 FROM fact WHERE (sort, code, area, period) = (?, ?, ?, ?)"
        return self._rows.execute(query, tuple(key)).fetchone() is not None

    def want(self, facts: Sequence[Fact]) -> None:
        """Mark facts as new or changed."""
        self._rows.executemany(
            "UPDATE fact SET wanted = 1 "
            "WHERE (sort, code, area, period) = (?, ?, ?, ?)",
            [fact.key for fact in facts],
        )

    def batches(self, wanted: bool = False) -> Iterator[list[Fact]]:
        """Yield all facts, or those that were marked, a few hundred at a time."""
        last: tuple[str, ...] = ("", "", "", "")
        query = (
            f"SELECT {COLUMNS} FROM fact WHERE (sort, code, area, period) > "
            f"(?, ?, ?, ?) AND wanted >= ? ORDER BY sort, code, area, period LIMIT ?"
        )
        while rows := self._rows.execute(query, (*last, int(wanted), BATCH)).fetchall():
            last = rows[-1][:4]
            yield [_fact(row) for row in rows]

    def close(self) -> None:
        """Let go of the file."""
        self._rows.close()


def _fact(row: Sequence[Any]) -> Fact:
    sort, code, area, period, title, source, as_of, data = row
    found = Fact(FactSort(sort), code, title, json.loads(data), source, area, period)
    return replace(found, as_of=date.fromisoformat(as_of)) if as_of else found
