"""Opens the tables that schools have: CSV in any dialect, and Excel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pathways.formats.excel_tables import excel_table
from pathways.formats.problems import FormatError
from pathways.formats.rows import Row, Table, Unreadable, key_of
from pathways.formats.text_tables import refuse_large, text_table

__all__ = ["FormatError", "Row", "Table", "Unreadable", "key_of", "open_table"]
TEXT_SUFFIXES = frozenset({".csv", ".tsv", ".txt"})


def open_table(
    path: Path,
    *,
    columns: Iterable[str] = (),
    quoted: bool = True,
    more_cells: bool = False,
) -> Table:
    """Open a CSV or an Excel file.

    Args:
        path: the file.
        columns: an Excel file's first sheet with these columns is opened; where
            none has them, or none are named, its first sheet.
        quoted: whether quotation marks around a text belong to the format.
        more_cells: rows may have more cells than the header has columns.

    Raises:
        FormatError: it is missing, too large, of another kind, or unreadable.
    """
    if not path.is_file():
        raise FormatError(f"{path}: there is no such file.")
    size = path.stat().st_size
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        refuse_large(path.name, size)
        return excel_table(path, {key_of(name) for name in columns})
    if suffix not in TEXT_SUFFIXES:
        raise FormatError(f"{path.name}: only .csv, .tsv, .txt and .xlsx can be read.")
    table = text_table(path.name, size, lambda: path.open("rb"), quoted=quoted)
    return replace(table, more_cells=more_cells)
