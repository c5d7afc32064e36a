"""Two edits of one entry, field by field: what clashes is a choice, nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Cells = Mapping[str, str]


@dataclass(frozen=True)
class Clash:
    """A field that both changed, each in another way."""

    column: str
    base: str
    theirs: str
    yours: str


@dataclass(frozen=True)
class Merged:
    """A field that one of them changed."""

    column: str
    base: str
    now: str
    by: str


@dataclass(frozen=True)
class Fields:
    """The fields to choose, and those that need no choice, with their texts."""

    open: tuple[Clash, ...]
    settled: tuple[tuple[str, str], ...]
    merged: tuple[Merged, ...]


def three_way(base: Cells, theirs: Cells, yours: Cells) -> Fields:
    """Compare what was, what another made of it, and what was typed.

    Args:
        base: the texts that the form was made from.
        theirs: the texts that stand now.
        yours: the texts as typed; fields that are not there were not changed.
    """
    clashes, settled, merged = [], [], []
    for column, now in theirs.items():
        was, own = base.get(column, ""), yours.get(column, base.get(column, "")).strip()
        if own not in (was, now) and now != was:
            clashes.append(Clash(column, was, now, own))
            continue
        kept = now if own == was else own
        settled.append((column, kept))
        if kept != was:
            by = "theirs" if now != was else "yours"
            merged.append(Merged(column, was, kept, by))
    return Fields(tuple(clashes), tuple(settled), tuple(merged))
