"""A table that was read: its rows, its columns, and what is wrong with a cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pathways.formats.problems import FormatError
from pathways.formats.report import RowError
from pathways.formats.table_checks import FORMULA, is_formula, nearest

TOO_MANY = (
    "there are more cells than columns in the header; "
    'a text with a comma needs "quotes" around it'
)


class Unreadable(ValueError):
    """A cell that can't be used: its column, and the reason as the message."""

    def __init__(self, column: str, reason: str) -> None:
        """Name the column and what to write instead."""
        super().__init__(reason)
        self.column = column


@dataclass(frozen=True)
class Row:
    """One row: the line it starts on (the header is 1), and its cells by column."""

    file: str
    line: int
    cells: dict[str, str]

    def get(self, *columns: str) -> str:
        """Return the first of the columns that holds something, else ""."""
        found = (self.cells.get(column, "") for column in columns)
        return next((value for value in found if value), "")

    def refused(self, error: Unreadable) -> RowError:
        """Return the error about a cell that could not be read."""
        return self.error(error.column, str(error))

    def error(self, column: str, reason: str, value: str | None = None) -> RowError:
        """Return an error about one of the row's cells."""
        shown = self.cells.get(key_of(column), "") if value is None else value
        return RowError(self.file, self.line, column, shown, reason)


@dataclass(frozen=True)
class Table:
    """A table that can be gone through again and again.

    Attributes:
        columns: the header as `key_of` writes it; other spellings count as equal.
        about: how many rows there are below the header, blank ones included.
    """

    file: str
    columns: tuple[str, ...]
    _records: Callable[[], Iterator[tuple[int, list[str]]]]
    header_line: int = 1
    about: int = 0
    more_cells: bool = False

    def rows(self, rejected: list[RowError]) -> Iterator[Row]:
        """Yield each row that holds anything, its cells stripped.

        Rows with more cells than the header has columns, and rows that hold a
        formula, go to `rejected`.
        """
        for line, record in self._records():
            cells = [cell.strip() for cell in record]
            if line <= self.header_line or not any(cells):
                continue
            error = self._unusable(line, cells)
            if error is not None:
                rejected.append(error)
                continue
            cells += [""] * (len(self.columns) - len(cells))
            pairs = zip(self.columns, cells, strict=False)
            yield Row(self.file, line, {key: cell for key, cell in pairs if key})

    def _unusable(self, line: int, cells: list[str]) -> RowError | None:
        extra = next((cell for cell in cells[len(self.columns) :] if cell), None)
        if extra is not None and not self.more_cells:
            return RowError(self.file, line, "", extra, TOO_MANY)
        for column, cell in zip(self.columns, cells, strict=False):
            if is_formula(cell):
                return RowError(self.file, line, column, cell, FORMULA)
        return None

    def need(self, columns: Iterable[str]) -> None:
        """Refuse the table where columns are absent.

        Raises:
            FormatError: naming what is missing, what is there, and which column
                may have been renamed.
        """
        missing = [name for name in columns if key_of(name) not in self.columns]
        if missing:
            found = ", ".join(self.columns) or "none"
            raise FormatError(
                f"{self.file}: no column {', '.join(missing)}. Found: {found}."
                + nearest([key_of(name) for name in missing], self.columns)
            )


def key_of(header: str) -> str:
    """Return a column's name without case; spaces and hyphens count as `_`."""
    return re.sub(r"[\s_-]+", "_", header.strip().casefold())


def with_header(
    file: str, records: Callable[[], Iterator[tuple[int, list[str]]]], lines: int = 0
) -> Table:
    """Make a table of records, the first of which holds the column names.

    Raises:
        FormatError: there are no column names, or one stands twice.
    """
    first, header = next(records(), (1, []))
    columns = tuple(key_of(name) for name in header)
    if not any(columns):
        raise FormatError(f"{file}: the first line must hold the column names.")
    twice = {name for name in columns if name and columns.count(name) > 1}
    if twice:
        names = ", ".join(sorted(twice))
        raise FormatError(f"{file}: more than one column is called {names}.")
    return Table(file, columns, records, first, max(0, lines - first))
