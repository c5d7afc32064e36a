"""Reads sheets of Excel files as tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from pathways.formats.excel_limits import refuse_odd_workbook
from pathways.formats.problems import FormatError
from pathways.formats.rows import Table, key_of, with_header

MOST_EXCEL_ROWS = 200_000


def excel_table(path: Path, wanted: set[str]) -> Table:
    """Open the first sheet that has the wanted columns, else the first sheet.

    Raises:
        FormatError: it is no Excel file, damaged, or too large.
    """
    refuse_odd_workbook(path)
    with _opened(path) as book:
        names = book.sheet_names
        fitting = (name for name in names if wanted <= _header_keys(book, name))
        sheet = next(fitting, names[0]) if wanted and names[1:] else names[0]
        height = book.get_sheet_by_name(sheet).total_height
        if height > MOST_EXCEL_ROWS:
            raise FormatError(
                f"{path.name}: more than {MOST_EXCEL_ROWS:,} rows. "
                "Save it as CSV UTF-8."
            )

    def records() -> Iterator[tuple[int, list[str]]]:
        with _opened(path) as book:
            rows = book.get_sheet_by_name(sheet).iter_rows()
            for line, row in enumerate(rows, start=1):
                yield line, [excel_text(cell) for cell in row]

    return with_header(path.name, records, height)


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
