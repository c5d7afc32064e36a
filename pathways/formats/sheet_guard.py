"""Looks at an Excel file before it is read: how many rows, and which formulas.

The sheet's text is scanned for tags and never parsed, so that no entity in it is
ever expanded and a huge one costs no memory.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pathways.formats.excel_limits import LARGEST_UNPACKED
from pathways.formats.problems import BROKEN_ZIP, FormatError

CHUNK = 1 << 20
OVERLAP = 1 << 12
ROW = re.compile(rb"<(?:\w+:)?row[ >/]")
FORMULA = re.compile(rb"<(?:\w+:)?f(?:>| |/)")
UNCALCULATED = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f(?: [^<>]*)?/>)\s*"
    rb"(?:<(?:\w+:)?v>\s*</(?:\w+:)?v>|<(?:\w+:)?v/>)?\s*</(?:\w+:)?c>"
)
SHEET = re.compile(r"^xl/worksheets/[^/]+\.xml$")


@dataclass
class Sheets:
    """What a workbook's sheets hold together."""

    rows: int = 0
    formulas: int = 0
    uncalculated: int = 0


def look_into(path: Path, most_rows: int) -> Sheets:
    """Count rows and formulas of a workbook.

    Raises:
        FormatError: it is no workbook, too large, or has more rows than `most_rows`.
    """
    found = Sheets()
    try:
        with zipfile.ZipFile(path) as parts:
            names = [part for part in parts.infolist() if SHEET.match(part.filename)]
            if sum(part.file_size for part in names) > LARGEST_UNPACKED:
                raise FormatError(f"{path.name}: this file is too large once unpacked.")
            for part in names:
                for text, fresh in _windows(parts, part):
                    _count(found, text, fresh)
                    _refuse_many(path, found.rows, most_rows)
    except BROKEN_ZIP as error:
        raise FormatError(f"{path.name}: this is not an Excel file.") from error
    return found


def _windows(
    parts: zipfile.ZipFile, part: zipfile.ZipInfo
) -> Iterator[tuple[bytes, int]]:
    """Yield the text in pieces that overlap, and where the new bytes begin."""
    kept = b""
    with parts.open(part) as stream:
        while chunk := stream.read(CHUNK):
            text = kept + chunk
            yield text, len(kept)
            kept = text[-OVERLAP:]


def _count(found: Sheets, text: bytes, fresh: int) -> None:
    """Count the tags that end within the new bytes."""
    for pattern, name in (
        (ROW, "rows"),
        (FORMULA, "formulas"),
        (UNCALCULATED, "uncalculated"),
    ):
        new = sum(1 for one in pattern.finditer(text) if one.end() > fresh)
        setattr(found, name, getattr(found, name) + new)


def _refuse_many(path: Path, rows: int, most: int) -> None:
    if rows > most:
        raise FormatError(
            f"{path.name}: more than {most:,} rows. A catalog has a few thousand. "
            "Is this the right file?"
        )
