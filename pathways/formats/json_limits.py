"""Looks through JSON before a reader takes it in, and refuses what would harm one.

A reader that names the place of each value from the top needs the square of the depth
in memory, and its C code does not survive a number that Python refuses to read.
"""

from __future__ import annotations

import re
from mmap import ACCESS_READ, mmap
from pathlib import Path

from pathways.formats.problems import FormatError

DEEPEST = 60
MOST_DIGITS = 1000
# Possessive, so that no text can make it go back: a string, a bracket, a number.
TOKEN = re.compile(
    rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|([\[{])|([\]}])|([0-9]++)', re.DOTALL
)
OPENS, CLOSES, NUMBER = 1, 2, 3


def refuse_odd_json(path: Path) -> None:
    """Refuse JSON that is nested too deeply or holds a number without end.

    Raises:
        FormatError: it is missing, or odd in this way.
    """
    if not path.is_file():
        raise FormatError(f"{path}: there is no such file.")
    if path.stat().st_size == 0:
        return
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as text:
        why = _odd(text)
    if why:
        raise FormatError(f"{path.name}: {why}. Is this the right file?")


def _odd(text: mmap) -> str:
    depth = 0
    for token in TOKEN.finditer(text):
        if token.lastindex == OPENS:
            depth += 1
            if depth > DEEPEST:
                return "this is nested too deeply"
        elif token.lastindex == CLOSES:
            depth -= 1
        elif token.lastindex == NUMBER and token.end() - token.start() > MOST_DIGITS:
            return f"a number has more than {MOST_DIGITS:,} digits"
    return ""
