"""What is odd about a table: formulas, a cut-off end, a column by another name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence

FORMULA = "this is a formula; put its value there as plain text"
FORMULAS = re.compile(r"^=|^[+\-@]\s*[A-Za-z_.]+\s*\(|^[+\-@].*\|.*!")
SEPARATOR = re.compile(r"^\ufeff?\"?sep=([,;\t])\"?\s*$", re.IGNORECASE)
CLOSE = 0.6


class Cut:
    """The lines of a text, and whether the last one had no line break."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Remember the lines; they are read once."""
        self._lines = lines
        self.is_open = False

    def __iter__(self) -> Iterator[str]:
        """Yield the lines as they are."""
        for line in self._lines:
            self.is_open = not line.endswith(("\n", "\r"))
            yield line


def is_formula(cell: str) -> bool:
    """Tell whether a spreadsheet would run a cell; "-", -5 and +1 614 are texts."""
    return bool(cell) and cell[0] in "=+-@" and FORMULAS.match(cell) is not None


def own_delimiter(line: str) -> str | None:
    """Return the delimiter of the line `sep=;` that Excel writes; else None."""
    found = SEPARATOR.match(line)
    return found[1] if found else None


def nearest(missing: Sequence[str], there: Sequence[str]) -> str:
    """Return a question about columns that may have been renamed; "" for none."""
    pairs = [
        (name, difflib.get_close_matches(name, there, 1, CLOSE)) for name in missing
    ]
    asked = [f'Is "{found[0]}" the column "{name}"?' for name, found in pairs if found]
    return " ".join(["", *asked, "Rename it and try again."]) if asked else ""
