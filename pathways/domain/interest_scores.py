"""Six interest scores that a student brings from elsewhere (O2).

The letters are Holland's six types (1959, 1997). Milepost gives no test of its own, and
none of its questions is one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

TYPES = {
    "R": "realistic",
    "I": "investigative",
    "A": "artistic",
    "S": "social",
    "E": "enterprising",
    "C": "conventional",
}
HIGHEST, STRONGEST = 100, 3
SCORE = re.compile(
    r"(?<![a-z])(?P<type>realistic|investigative|artistic|social|enterprising"
    r"|conventional|[riasec])\s{0,2}(?:is|was|[:=,-])?\s{0,2}(?P<score>\d{1,3})(?!\d)",
    re.IGNORECASE,
)


def scores_in(words: str) -> Mapping[str, int]:
    """Return the score of each of the six letters; empty unless all six are there.

    A letter that stands twice, or a score over 100, makes the whole unreadable.
    """
    found: dict[str, int] = {}
    for match in SCORE.finditer(words):
        letter, score = match["type"][0].upper(), int(match["score"])
        if letter in found or score > HIGHEST:
            return {}
        found[letter] = score
    return found if set(found) == set(TYPES) else {}


def strongest(scores: Mapping[str, int]) -> tuple[str, ...]:
    """Return the letters of the three highest scores, the highest first.

    Of equal scores the one that comes first in R, I, A, S, E, C stands first.
    """
    order = list(TYPES)
    ranked = sorted(scores, key=lambda one: (-scores[one], order.index(one)))
    return tuple(ranked[:STRONGEST])


def is_flat(scores: Mapping[str, int]) -> bool:
    """Tell whether all six scores are the same, so that no side is stronger."""
    return len({*scores.values()}) == 1


def in_words(scores: Mapping[str, int]) -> str:
    """Return scores as they are kept: "R 20, I 15, A 30, S 12, E 10, C 8"."""
    return ", ".join(f"{letter} {scores[letter]}" for letter in TYPES)
