"""What a plain document on paper consists of; `pdf` writes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """A part of a document, in this order: heading, pairs, lines, a table.

    `rows` has its headings first; every row is as long as the first.
    """

    heading: str
    pairs: Sequence[tuple[str, str]] = ()
    lines: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
