"""Opens the tables that schools have: CSV in any dialect, and Excel."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import BinaryIO

from python_calamine import CalamineError, CalamineWorkbook

from pathways.formats.excel_limits import refuse_odd_workbook
from pathways.formats.problems import FormatError as FormatError
from pathways.formats.report import RowError

LARGEST = 100 * 1024 * 1024
CHUNK = 1 << 20
TOO_MANY = (
    "there are more cells than columns in the header; "
    'a text with a comma needs "quotes" around it'
)
DELIMITERS = (",", ";", "\t")
TEXT_SUFFIXES = frozenset({".csv", ".tsv", ".txt"})
OTHER_KINDS = {
    b"PK": "an Excel or zip file",
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an old Excel file (.xls)",
    codecs.BOM_UTF16_LE: "text in UTF-16",
    codecs.BOM_UTF16_BE: "text in UTF-16",
}


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
    """

    file: str
    columns: tuple[str, ...]
    _records: Callable[[], Iterator[tuple[int, list[str]]]]

    def rows(self, rejected: list[RowError]) -> Iterator[Row]:
        """Yield each row that holds anything, its cells stripped.

        Rows with more cells than the header has columns go to `rejected`.
        """
        for line, record in self._records():
            cells = [cell.strip() for cell in record]
            if line == 1 or not any(cells):
                continue
            extra = [cell for cell in cells[len(self.columns) :] if cell]
            if extra:
                rejected.append(RowError(self.file, line, "", extra[0], TOO_MANY))
                continue
            cells += [""] * (len(self.columns) - len(cells))
            pairs = zip(self.columns, cells, strict=False)
            yield Row(self.file, line, {key: cell for key, cell in pairs if key})

    def need(self, columns: Iterable[str]) -> None:
        """Refuse the table where columns are absent.

        Raises:
            FormatError: naming what is missing and what is there.
        """
        missing = [name for name in columns if key_of(name) not in self.columns]
        if missing:
            found = ", ".join(self.columns) or "none"
            raise FormatError(
                f"{self.file}: no column {', '.join(missing)}. Found: {found}."
            )


def key_of(header: str) -> str:
    """Return a column's name without case; spaces and hyphens count as `_`."""
    return re.sub(r"[\s_-]+", "_", header.strip().casefold())


def open_table(
    path: Path, *, columns: Iterable[str] = (), quoted: bool = True
) -> Table:
    """Open a CSV or an Excel file.

    Args:
        path: the file.
        columns: an Excel file's first sheet with these columns is opened; where
            none has them, or none are named, its first sheet.
        quoted: whether quotation marks around a text belong to the format.

    Raises:
        FormatError: it is missing, too large, of another kind, or unreadable.
    """
    if not path.is_file():
        raise FormatError(f"{path}: there is no such file.")
    size = path.stat().st_size
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        _refuse_large(path.name, size)
        return _excel(path, {key_of(name) for name in columns})
    if suffix not in TEXT_SUFFIXES:
        raise FormatError(f"{path.name}: only .csv, .tsv, .txt and .xlsx can be read.")
    return text_table(path.name, size, lambda: path.open("rb"), quoted=quoted)


def text_table(
    file: str, size: int, opened: Callable[[], BinaryIO], *, quoted: bool = True
) -> Table:
    """Open CSV text of `size` bytes that `opened` gives from its start each time."""
    _refuse_large(file, size)
    encoding = _encoding(file, opened)
    delimiter = _delimiter(opened, encoding)

    def records() -> Iterator[tuple[int, list[str]]]:
        with io.TextIOWrapper(opened(), encoding=encoding, newline="") as text:
            yield from _parsed(file, text, delimiter, quoted)

    return with_header(file, records)


def _parsed(
    file: str, text: Iterable[str], delimiter: str, quoted: bool
) -> Iterator[tuple[int, list[str]]]:
    """Yield (line on which the record starts, its cells)."""
    if quoted:
        reader = csv.reader(text, delimiter=delimiter, strict=True)
    else:
        reader = csv.reader(text, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    start = 1
    try:
        for record in reader:
            yield start, record
            start = reader.line_num + 1
    except csv.Error as error:
        raise FormatError(
            f"{file} line {start}: this row can't be read ({error}). "
            "Look for a quotation mark that is not closed."
        ) from error


def with_header(
    file: str, records: Callable[[], Iterator[tuple[int, list[str]]]]
) -> Table:
    """Make a table of records, the first of which holds the column names.

    Raises:
        FormatError: there are no column names, or one stands twice.
    """
    _, header = next(records(), (1, []))
    columns = tuple(key_of(name) for name in header)
    if not any(columns):
        raise FormatError(f"{file}: the first line must hold the column names.")
    twice = {name for name in columns if name and columns.count(name) > 1}
    if twice:
        names = ", ".join(sorted(twice))
        raise FormatError(f"{file}: more than one column is called {names}.")
    return Table(file, columns, records)


def _refuse_large(file: str, size: int) -> None:
    if size > LARGEST:
        raise FormatError(f"{file}: files over {LARGEST >> 20} MB can't be imported.")


def _encoding(file: str, opened: Callable[[], BinaryIO]) -> str:
    """Return utf-8-sig where it fits, else Windows-1252."""
    decoder: codecs.IncrementalDecoder | None
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    older = codecs.getincrementaldecoder("cp1252")()
    with opened() as stream:
        chunk = stream.read(CHUNK)
        _refuse_other_kinds(file, chunk)
        while chunk:
            if b"\0" in chunk:
                raise FormatError(
                    f"{file}: this is not plain text (it holds NUL bytes). "
                    "Save it as CSV UTF-8."
                )
            decoder = decoder if decoder and _fits(decoder, chunk) else None
            if decoder is None and not _fits(older, chunk):
                raise FormatError(f"{file}: unknown text encoding. Save it as UTF-8.")
            chunk = stream.read(CHUNK)
    return "utf-8-sig" if decoder and _fits(decoder, b"", final=True) else "cp1252"


def _fits(
    decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False
) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _refuse_other_kinds(file: str, start: bytes) -> None:
    for mark, name in OTHER_KINDS.items():
        if start.startswith(mark):
            raise FormatError(f"{file}: this is {name}. Save it as CSV UTF-8.")


def _delimiter(opened: Callable[[], BinaryIO], encoding: str) -> str:
    """Return the delimiter that stands most often in the header, outside quotes."""
    with io.TextIOWrapper(opened(), encoding=encoding, newline="") as text:
        header = re.sub(r'"[^"]*"', "", text.readline())
    return max(DELIMITERS, key=header.count)


def _excel(path: Path, wanted: set[str]) -> Table:
    refuse_odd_workbook(path)
    with _opened(path) as book:
        names = book.sheet_names
        fitting = (name for name in names if wanted <= _header_keys(book, name))
        sheet = next(fitting, names[0]) if wanted and names[1:] else names[0]

    def records() -> Iterator[tuple[int, list[str]]]:
        with _opened(path) as book:
            rows = book.get_sheet_by_name(sheet).iter_rows()
            for line, row in enumerate(rows, start=1):
                yield line, [excel_text(cell) for cell in row]

    return with_header(path.name, records)


@contextmanager
def _opened(path: Path) -> Iterator[CalamineWorkbook]:
    try:
        with CalamineWorkbook.from_path(path) as book:
            yield book
    except (CalamineError, OSError, IndexError) as error:
        raise FormatError(f"{path.name}: this Excel file can't be read.") from error


def _header_keys(book: CalamineWorkbook, sheet: str) -> set[str]:
    header = next(iter(book.get_sheet_by_name(sheet).iter_rows()), [])
    return {key_of(str(cell)) for cell in header}


def excel_text(cell: object) -> str:
    """Return what a cell of a sheet would be in a CSV file."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def unknown_columns(table: Table, known: Sequence[str]) -> list[str]:
    """Return the table's columns that are not among the known ones."""
    allowed = {key_of(name) for name in known}
    return [name for name in table.columns if name and name not in allowed]
