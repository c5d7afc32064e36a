"""Mends one wrong letter in the catalog's words: "electrican", "nusre"."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

SHORTEST = 5
LONGEST_FORM = 24


def _shortened(word: str) -> Iterator[str]:
    yield word
    yield from (word[:place] + word[place + 1 :] for place in range(len(word)))


class Spelling:
    """Finds the catalog's word that a misspelled one stands for.

    Two words are taken for one where a letter is missing, added or another, or two
    neighbours changed places (Damerau-Levenshtein distance 1). Deleting a letter on
    both sides finds them by look-up, whatever the size of the catalog.

    Args:
        words: the catalog's words; short ones are never guessed at.
        is_known: tells words that are right as they stand.
    """

    def __init__(self, words: Iterable[str], is_known: Callable[[str], bool]) -> None:
        """Index the words by their forms with one letter less."""
        self._is_known = is_known
        self._words = {word for word in words if len(word) >= SHORTEST}
        self._by_form: dict[str, set[str]] = defaultdict(set)
        for word in self._words:
            for form in _shortened(word):
                self._by_form[form].add(word)

    def mend(self, word: str) -> str:
        """Return the word that is meant, or the word itself in doubt.

        A letter left out is likelier than a wrong one.
        """
        if not SHORTEST <= len(word) <= LONGEST_FORM or not word.isalpha():
            return word
        if word in self._words or self._is_known(word):
            return word
        found: set[str] = set()
        for form in _shortened(word):
            found |= self._by_form.get(form, set())
        near = {one for one in found if one[0] == word[0] and _is_near(word, one)}
        missing = {one for one in near if len(one) > len(word)}
        likely = missing or near
        return likely.pop() if len(likely) == 1 else word


def _is_near(word: str, other: str) -> bool:
    """Tell whether one edit makes one word of the other."""
    if len(word) != len(other):
        short, long = sorted((word, other), key=len)
        return len(long) - len(short) == 1 and short in set(_shortened(long))
    places = [place for place in range(len(word)) if word[place] != other[place]]
    if len(places) == 1:
        return True
    if len(places) != 2 or places[1] - places[0] != 1:
        return False
    first, second = places
    return word[first] == other[second] and word[second] == other[first]
