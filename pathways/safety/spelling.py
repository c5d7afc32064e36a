"""Mends a misspelled word of a student's message with the project's own vocabulary.

``vocabulary.txt`` holds the words of the ordinary examples and of the sets that the
screen was developed on, the commonest first. A word that stands there is never changed.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

WORDS = Path(__file__).with_name("vocabulary.txt")
SHORTEST = 4
LONG, LONGEST = 6, 14
GRAVE = ("suicide", "suicidal", "myself", "overdose", "overdosing", "overdosed")


@dataclass(frozen=True)
class Vocabulary:
    """Words by rank, and by their forms with one letter less."""

    rank: dict[str, int]
    forms: dict[str, tuple[str, ...]]

    def mend(self, word: str) -> str:
        """Return the commonest word one slip away; empty where there is none."""
        if len(word) < SHORTEST or not word.isalpha() or word in self.rank:
            return ""
        shortened = {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}
        near = {
            one
            for form in shortened
            for one in self.forms.get(form, ())
            if one_slip(word, one)
        }
        if near:
            return min(near, key=lambda one: self.rank[one])
        return next((one for one in GRAVE if _two_slips(word, one)), "")


def _two_slips(word: str, meant: str) -> bool:
    """Tell whether two slips at most make one word of a grave one."""
    if word[0] != meant[0] or abs(len(word) - len(meant)) > 1:
        return False
    before = list(range(len(meant) + 1))
    for row, letter in enumerate(word, 1):
        now = [row]
        for at, other in enumerate(meant, 1):
            cost = before[at - 1] + (letter != other)
            now.append(min(cost, before[at] + 1, now[at - 1] + 1))
        before = now
    return before[-1] <= 2


@dataclass(frozen=True)
class Grave:
    """The words of danger, by their forms with up to two letters less."""

    forms: dict[str, tuple[str, ...]]

    def mend(self, word: str) -> str:
        """Return the word of danger that is meant; empty where none is near."""
        near: dict[str, int] = {}
        for form in _shortened(word, _slips_in(word)):
            for one in self.forms.get(form, ()):
                if one not in near:
                    near[one] = slips_between(word, one)
        likely = [one for one in near if near[one] <= _slips_in(one)]
        return min(likely, key=lambda one: (near[one], one[0] != word[0]), default="")


def grave(words: Iterable[str]) -> Grave:
    """Make the table of some words of danger."""
    forms: dict[str, list[str]] = defaultdict(list)
    for word in words:
        for form in _shortened(word, _slips_in(word)):
            forms[form].append(word)
    return Grave({form: tuple(found) for form, found in forms.items()})


def _slips_in(word: str) -> int:
    return 2 if len(word) >= LONG else 1


def _shortened(word: str, letters: int) -> set[str]:
    found = {word}
    for _ in range(letters):
        found |= {one[:i] + one[i + 1 :] for one in found for i in range(len(one))}
    return found


def slips_between(word: str, meant: str) -> int:
    """Count letters missing, added, other, or two that changed places."""
    last: list[int] = []
    before = list(range(len(meant) + 1))
    for row, letter in enumerate(word, 1):
        now = [row]
        for at, other in enumerate(meant, 1):
            least = min(before[at - 1] + (letter != other), before[at] + 1, now[-1] + 1)
            swapped = row > 1 and at > 1 and letter == meant[at - 2]
            if swapped and word[row - 2] == other:
                least = min(least, last[at - 2] + 1)
            now.append(least)
        last, before = before, now
    return before[-1]


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """Load the words once."""
    words = WORDS.read_text(encoding="utf-8").split()
    forms: dict[str, set[str]] = defaultdict(set)
    for word in words:
        if len(word) >= SHORTEST:
            for place in range(len(word)):
                forms[word[:place] + word[place + 1 :]].add(word)
            forms[word].add(word)
    return Vocabulary(
        rank={word: rank for rank, word in enumerate(words)},
        forms={form: tuple(sorted(found)) for form, found in forms.items()},
    )


def one_slip(word: str, meant: str) -> bool:
    """Tell whether a letter is missing, added, another, or two changed places."""
    if len(word) != len(meant):
        short, long = sorted((word, meant), key=len)
        at = next((i for i, one in enumerate(short) if one != long[i]), len(short))
        return len(long) - len(short) == 1 and short[at:] == long[at + 1 :]
    wrong = [i for i, letter in enumerate(word) if letter != meant[i]]
    if len(wrong) == 1:
        return True
    swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1
    return (
        swapped
        and word[wrong[0]] == meant[wrong[1]]
        and word[wrong[1]] == meant[wrong[0]]
    )
