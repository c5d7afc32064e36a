"""Keeps what students asked for that the catalog does not know (A4)."""

from __future__ import annotations

from actions.shared import Turn
from pathways.domain.unmet import Kind, fits, unmet_words
from pathways.services import demand


async def note_unknown(turn: Turn, kind: Kind, words: str = "") -> None:
    """Keep the words that nothing was found for; a pressed button tells none.

    Args:
        turn: the message.
        kind: what was looked for.
        words: the words, where they are known; else they are read out of the message.
    """
    if turn.pressed:
        return
    found = words if words and fits(words.lower()) else ""
    if not words:
        found = unmet_words(turn.text, kind)
    if found:
        await turn.call(demand.note_unmet, kind, found)
