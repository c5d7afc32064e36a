"""Entries of the catalog as one table to download: CSV, or Excel (A4)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

import xlsxwriter

from pathways.domain.catalog import KINDS, Entry
from pathways.formats.catalog_csv import cell_text, columns_of

MADE_BY = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def as_csv(kind: str, entries: Iterable[Entry]) -> bytes:
    """Return entries as CSV; no cell is a formula, and Excel reads the letters."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(_rows(kind, entries))
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(kind: str, entries: Iterable[Entry]) -> bytes:
    """Return entries as an Excel file; every cell is a text."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, MADE_BY) as book:
        sheet = book.add_worksheet(kind[:31])
        sheet.freeze_panes(1, 1)
        for line, row in enumerate(_rows(kind, entries)):
            for place, text in enumerate(row):
                sheet.write_string(line, place, text)
    return content.getvalue()


def _rows(kind: str, entries: Iterable[Entry]) -> Iterator[list[str]]:
    model = KINDS[kind]
    names = {one.alias or name: name for name, one in model.model_fields.items()}
    columns = columns_of(model)
    yield list(columns)
    for entry in entries:
        yield [cell_text(getattr(entry, names[key])) for key in columns.values()]
