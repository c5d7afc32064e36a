"""Looks into an Excel file before a reader unpacks it, and refuses the odd ones."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from pathways.formats.problems import BROKEN_ZIP, FormatError

LARGEST_UNPACKED = 500 * 1024 * 1024
MOST_CELLS = 12_000_000
CHUNK = 1 << 20
LONGEST_PLACE = 16
PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
SHEETS = "xl/worksheets/"


def refuse_odd_workbook(path: Path) -> None:
    """Refuse what would take too much memory, and what was cut off on its way.

    A reader keeps a sheet as a full rectangle: two cells far apart are enough to
    fill the memory. So the places of the cells are read first, a part at a time.

    Raises:
        FormatError: no Excel file, damaged, or too large once unpacked.
    """
    try:
        with zipfile.ZipFile(path) as parts:
            members = parts.infolist()
            if sum(part.file_size for part in members) > LARGEST_UNPACKED:
                raise FormatError(f"{path.name}: this file is too large once unpacked.")
            for part in members:
                _check(path.name, parts, part)
    except BROKEN_ZIP as error:
        raise FormatError(
            f"{path.name}: this is not an Excel file, or it is damaged. "
            "Download it again."
        ) from error


def _check(file: str, parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    if part.flag_bits & 0x1:
        raise FormatError(f"{file}: this file has a password. Take it off.")
    is_sheet = part.filename.startswith(SHEETS)
    columns = rows = 0
    for chunk in _chunks(parts, part):
        if is_sheet:
            for letters, number in PLACE.findall(chunk):
                columns = max(columns, _column(letters))
                rows = max(rows, int(number))
            if columns * rows > MOST_CELLS:
                raise FormatError(
                    f"{file}: a sheet of {rows} rows and {columns} columns is too "
                    "large. Delete what stands far outside the table."
                )


def _chunks(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a part in overlapping chunks; its end proves it whole (CRC)."""
    rest = b""
    with parts.open(part) as stream:
        while chunk := stream.read(CHUNK):
            yield rest + chunk
            rest = chunk[-LONGEST_PLACE:]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
