"""Reads hours a week and places out of what a student says (O5)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pathways.domain.lexicon import fold

FIGURES = {
    word: number
    for names in (
        "zero one two three four five six seven eight nine ten",
        "cero uno dos tres cuatro cinco seis siete ocho nueve diez",
    )
    for number, word in enumerate(names.split())
}
FIGURE = rf"(?:\d{{1,2}}(?:[.,]\d)?|{'|'.join(FIGURES)}|a couple(?: of)?|una?)"
HOURS = re.compile(
    rf"\b(?:(?P<low>{FIGURE})\s?(?:-|–|to|or|a|o)\s?)?(?P<most>{FIGURE})\s*"
    r"(?:hours?|hrs?|h|horas?)\b(?P<each>\s*(?:(?:a|per|each|every|al|por|cada)\s*)?"
    r"(?:day|night|weekday|d[ií]a|noche|month|mes)\b)?",
    re.IGNORECASE,
)
BARE = re.compile(r"^\W*(?:about |like |maybe |como |unas )?(\d{1,2})\b(?!\w)", re.I)
AT_HOME = re.compile(
    r"\b(?:online|remote(?:ly)?|virtual(?:ly)?|(?:from|at) home|en l[ií]nea|desde casa"
    r"|en casa|a distancia)\b",
    re.IGNORECASE,
)


def hours_in(words: str) -> float | None:
    """Return the hours a week that words name, the most of a span; None without any.

    Hours a day or a month are no hours a week, so they are left alone.
    """
    found = HOURS.search(words)
    if found is not None:
        return None if found["each"] else _number(found["most"])
    bare = BARE.match(words)
    return float(bare[1]) if bare else None


def places_in(words: str, known: Sequence[str]) -> tuple[str, ...] | None:
    """Return which of the known places words name; None where they name none.

    Who can only take part from home can come to no place at all.
    """
    said = f" {fold(words)} "
    found = tuple(one for one in known if f" {fold(one)} " in said)
    return found if found or AT_HOME.search(words) else None


def _number(word: str) -> float:
    plain = word.lower().replace(",", ".")
    if plain.startswith("a couple"):
        return 2.0
    if plain in ("un", "una"):
        return 1.0
    return float(FIGURES[plain]) if plain in FIGURES else float(plain)
