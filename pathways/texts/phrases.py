"""Our own English words of an error, said in another language.

Services raise errors in English, for programs and the command line too. A page says
them in its reader's language: `errors.yml` names every wording in both languages, and
`kept.yml` those of the register of personal data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pathways.texts import FALLBACK, load

TOPICS = ("errors.", "kept.")
BLANK = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Phrases:
    """The wordings of a language: whole ones by their English, others by pattern."""

    whole: Mapping[str, str]
    patterns: tuple[tuple[re.Pattern[str], str], ...]


@cache
def phrases(language: str) -> Phrases:
    """Return the wordings of a language, the most particular pattern first."""
    names = [name for name in load(language) if name.startswith(TOPICS)]
    pairs = [(load(FALLBACK)[name], load(language)[name]) for name in names]
    whole = {english: text for english, text in pairs if not BLANK.search(english)}
    open_ones = [pair for pair in pairs if pair[0] not in whole]
    open_ones.sort(key=lambda pair: -len(BLANK.sub("", pair[0])))
    return Phrases(whole, tuple((_pattern(one), text) for one, text in open_ones))


def told(language: str, words: str) -> str:
    """Return words of ours in a language; what is not ours stays as it is."""
    if language == FALLBACK or not words:
        return words
    known = phrases(language)
    if words in known.whole:
        return known.whole[words]
    for pattern, text in known.patterns:
        found = pattern.fullmatch(words)
        if found:
            values = found.groupdict().items()
            return text.format_map({one: known.whole.get(v, v) for one, v in values})
    return words


def _pattern(english: str) -> re.Pattern[str]:
    parts = BLANK.split(english)
    made = [
        f"(?P<{part}>.+?)" if place % 2 else re.escape(part)
        for place, part in enumerate(parts)
    ]
    return re.compile("".join(made), re.DOTALL)
