"""Reads tables of text: CSV in any dialect, part by part."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import BinaryIO

from pathways.formats.problems import FormatError
from pathways.formats.rows import Table, with_header
from pathways.formats.table_checks import Cut, own_delimiter

LARGEST = 100 * 1024 * 1024
MOST_ROWS = 500_000
CHUNK = 1 << 20
ENCODINGS = ("utf-8-sig", "cp1252")
DELIMITERS = (",", ";", "\t")
OTHER_KINDS = {
    b"PK": "an Excel or zip file",
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an old Excel file (.xls)",
    codecs.BOM_UTF16_LE: "text in UTF-16",
    codecs.BOM_UTF16_BE: "text in UTF-16",
}


def text_table(
    file: str, size: int, opened: Callable[[], BinaryIO], *, quoted: bool = True
) -> Table:
    """Open CSV text of `size` bytes that `opened` gives from its start each time."""
    refuse_large(file, size)
    encoding, lines = _encoding(file, opened)
    first = _first_line(opened, encoding)
    given = own_delimiter(first)
    delimiter = given or _delimiter(first)

    def records() -> Iterator[tuple[int, list[str]]]:
        with io.TextIOWrapper(opened(), encoding=encoding, newline="") as text:
            if given:
                text.readline()
            yield from _parsed(file, text, delimiter, quoted, 2 if given else 1)

    return with_header(file, records, lines)


def _parsed(
    file: str, text: Iterable[str], delimiter: str, quoted: bool, start: int
) -> Iterator[tuple[int, list[str]]]:
    """Yield (line on which the record starts, its cells)."""
    lines = Cut(text)
    if quoted:
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
    else:
        reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    before, wanted, last = start - 1, 0, 0
    try:
        for count, record in enumerate(reader):
            if count > MOST_ROWS:
                raise FormatError(
                    f"{file}: more than {MOST_ROWS:,} rows. Split the file, or "
                    "export one school or one term only."
                )
            wanted, last = wanted or len(record), len(record)
            yield start, record
            start = before + reader.line_num + 1
    except csv.Error as error:
        raise FormatError(
            f"{file} line {start}: this row can't be read ({error}). "
            "Look for a quotation mark that is not closed."
        ) from error
    if lines.is_open and 0 < last < wanted:
        raise FormatError(
            f"{file}: the last row stops early, as in a download that was cut off. "
            "Download the file again."
        )


def refuse_large(file: str, size: int) -> None:
    """Refuse a file that is too large.

    Raises:
        FormatError: it is.
    """
    if size > LARGEST:
        raise FormatError(f"{file}: files over {LARGEST >> 20} MB can't be imported.")


def _encoding(file: str, opened: Callable[[], BinaryIO]) -> tuple[str, int]:
    """Return utf-8-sig where it fits, else Windows-1252; and the number of lines."""
    lines = 0
    fitting = {name: codecs.getincrementaldecoder(name)() for name in ENCODINGS}
    with opened() as stream:
        chunk = stream.read(CHUNK)
        _refuse_other_kinds(file, chunk)
        while chunk:
            lines += chunk.count(b"\n")
            if b"\0" in chunk:
                raise FormatError(
                    f"{file}: this is not plain text (it holds NUL bytes). "
                    "Save it as CSV UTF-8."
                )
            fitting = _those_that_fit(fitting, chunk)
            chunk = stream.read(CHUNK)
    fitting = _those_that_fit(fitting, b"", final=True)
    if not fitting:
        raise FormatError(f"{file}: unknown text encoding. Save it as UTF-8.")
    return next(iter(fitting)), lines


def _those_that_fit(
    decoders: Mapping[str, codecs.IncrementalDecoder], chunk: bytes, final: bool = False
) -> dict[str, codecs.IncrementalDecoder]:
    return {name: one for name, one in decoders.items() if _fits(one, chunk, final)}


def _fits(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _refuse_other_kinds(file: str, start: bytes) -> None:
    for mark, name in OTHER_KINDS.items():
        if start.startswith(mark):
            raise FormatError(f"{file}: this is {name}. Save it as CSV UTF-8.")


def _first_line(opened: Callable[[], BinaryIO], encoding: str) -> str:
    with io.TextIOWrapper(opened(), encoding=encoding, newline="") as text:
        return text.readline(CHUNK)


def _delimiter(header: str) -> str:
    """Return the delimiter that stands most often in the header, outside quotes."""
    plain = re.sub(r'"[^"]*"', "", header)
    return max(DELIMITERS, key=plain.count)
