"""Makes small Excel files, cell by cell."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.{}+xml".format


@dataclass(frozen=True)
class Formula:
    """A cell with a formula, and the value that it had when it was saved."""

    text: str
    value: str = ""


def workbook(path: Path, *rows: Sequence[str | Formula]) -> Path:
    """Write a workbook with one sheet of texts and formulas."""
    members = {
        "[Content_Types].xml": (
            f'<Types xmlns="{TYPES}">'
            '<Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/xl/workbook.xml" '
            f'ContentType="{SHEET_TYPE("sheet.main")}"/>'
            '<Override PartName="/xl/worksheets/sheet1.xml" '
            f'ContentType="{SHEET_TYPE("worksheet")}"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" '
            f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="One" sheetId="1" r:id="r1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" '
            f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
            "</Relationships>"
        ),
        "xl/worksheets/sheet1.xml": (
            f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(_rows(rows))}'
            "</sheetData></worksheet>"
        ),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def _rows(rows: Iterable[Sequence[str | Formula]]) -> Iterable[str]:
    for line, row in enumerate(rows, start=1):
        cells = (_cell(f"{chr(65 + at)}{line}", cell) for at, cell in enumerate(row))
        yield f'<row r="{line}">{"".join(cells)}</row>'


def _cell(place: str, cell: str | Formula) -> str:
    if isinstance(cell, Formula):
        value = f"<v>{escape(cell.value)}</v>" if cell.value else ""
        return f'<c r="{place}"><f>{escape(cell.text)}</f>{value}</c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
