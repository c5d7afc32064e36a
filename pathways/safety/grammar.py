"""The small pattern language of the rule files.

A pattern is words divided by spaces. ``(a|b c)`` is a choice, ``?`` after a word or
a choice makes it optional, ``*`` at a word's end stands for any ending, ``{name}`` is
a named list from ``macros.yml``, ``..`` is up to three words of the same sentence,
``...`` up to eight, and ``#`` a number.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

_PIECE = re.compile(r"\{\w+\}\??|\(|\)\??|\||\.\.\.?|[^\s(){}|]+")
_COMMON_WORDS = """
i me my to a the and is it was am have has be do not in of for that he she they
you him her his them who no de la el que se en un una si ya te lo want going so
this with on at we us our will would can are feel get got go make makes all im
mi by from about if when know because but out up school said says don like
someone anyone people thing things life time friend mom dad home yo
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_GAPS = {"..": "(?:[^ .?]+ ){0,3}", "...": "(?:[^ .?]+ ){0,8}"}
Words = frozenset[str]


class PatternError(ValueError):
    """A pattern in a rule file that cannot be read."""


class Line:
    """A text in plain form, with its words and where each of them begins."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def words(self) -> Words:
        """The words of the text."""
        return frozenset(self.places)

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Each word with its beginnings, in order."""
        found: dict[str, list[int]] = {}
        place = 0
        for word in self.text.split(" "):
            if word:
                found.setdefault(word, []).append(place)
            place += len(word) + 1
        return found


@dataclass(frozen=True)
class Pattern:
    """A compiled pattern and what a text must hold to match it.

    Attributes:
        needs: sets of words; a text that matches holds a word of each.
        starts: the words that a match may begin with (``kill*`` for any ending,
            ``#`` for a number); None where any word may.
    """

    regex: re.Pattern[str]
    needs: tuple[Words, ...]
    starts: Words | None
    source: str

    def possible(self, words: Words) -> bool:
        """Tell cheaply whether the pattern can match a text with these words."""
        return not any(map(words.isdisjoint, self.needs))

    def spans(self, line: Line) -> Iterator[re.Match[str]]:
        """Give every match, tried only where a word stands that can begin one."""
        if self.starts is None:
            yield from self.regex.finditer(line.text)
            return
        done = 0
        for place in self._beginnings(self.starts, line):
            found = self.regex.match(line.text, place) if place >= done else None
            if found:
                yield found
                done = found.end()

    def _beginnings(self, starts: Words, line: Line) -> list[int]:
        words = starts & line.words
        if self._endings:
            words |= {word for word in line.words if word.startswith(self._endings)}
        if "#" in starts:
            words |= {word for word in line.words if word.isdecimal()}
        return sorted(place for word in words for place in line.places[word])

    @cached_property
    def _endings(self) -> tuple[str, ...]:
        return tuple(w.rstrip("*") for w in self.starts or () if w.endswith("*"))


class Patterns:
    """Patterns in their order, found by the words of which each needs one."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._all = tuple(patterns)
        self._by_word: dict[str, list[int]] = {}
        self._always: list[int] = []
        self._further = [pattern.needs[1:] for pattern in self._all]
        for number, pattern in enumerate(self._all):
            for word in pattern.needs[0] if pattern.needs else ():
                self._by_word.setdefault(word, []).append(number)
            if not pattern.needs:
                self._always.append(number)

    def __iter__(self) -> Iterator[Pattern]:
        return iter(self._all)

    def __getitem__(self, number: int) -> Pattern:
        return self._all[number]

    def possible(self, words: Words) -> list[Pattern]:
        """Return those that can match a text with these words, in their order."""
        return [self._all[number] for number in self.numbers(words)]

    def numbers(self, words: Words) -> list[int]:
        """Return the places of those that can match a text with these words."""
        near = set(self._always)
        for word in self._by_word.keys() & words:
            near.update(self._by_word[word])
        absent, further = words.isdisjoint, self._further
        return [one for one in sorted(near) if not any(map(absent, further[one]))]


@dataclass
class _Part:
    regex: str
    needs: tuple[Words, ...] = ()
    starts: Words | None = None
    optional: bool = False


class Compiler:
    """Turns patterns into regular expressions, with the named lists at hand."""

    def __init__(self, macros: Mapping[str, Sequence[str]]) -> None:
        self._macros = macros
        self._done: dict[str, _Part] = {}

    def pattern(self, source: str, *, tail: str = "") -> Pattern:
        """Compile one pattern; ``tail`` is raw expression added at the end."""
        part = self._sequence_of(source)
        regex = re.compile(f"(?<= ){part.regex}{tail}")
        needs = tuple(sorted(set(part.needs), key=_ease))
        starts = None if part.optional else part.starts
        return Pattern(regex, needs, starts, source)

    def _sequence_of(self, source: str) -> _Part:
        pieces = _PIECE.findall(source)
        part, rest = self._choice(pieces, source)
        if rest:
            raise PatternError(f"unbalanced pattern: {source}")
        return part

    def _choice(self, pieces: list[str], source: str) -> tuple[_Part, list[str]]:
        options: list[_Part] = []
        while True:
            part, pieces = self._sequence(pieces, source)
            options.append(part)
            if not pieces or pieces[0] != "|":
                return _any_of(options), pieces
            pieces = pieces[1:]

    def _sequence(self, pieces: list[str], source: str) -> tuple[_Part, list[str]]:
        parts: list[_Part] = []
        while pieces and pieces[0] not in ("|", ")", ")?"):
            head, pieces = pieces[0], pieces[1:]
            if head == "(":
                inner, pieces = self._choice(pieces, source)
                if not pieces or not pieces[0].startswith(")"):
                    raise PatternError(f"missing ')': {source}")
                head, pieces = pieces[0], pieces[1:]
                parts.append(_maybe(inner) if head == ")?" else inner)
            else:
                parts.append(self._single(head))
        return _in_order(parts), pieces

    def _single(self, piece: str) -> _Part:
        if piece in _GAPS:
            return _Part(_GAPS[piece], optional=True)
        if piece == "#":
            return _Part(r"\d+ ", starts=frozenset("#"))
        if piece.endswith("?") and piece != "?":
            return _maybe(self._single(piece[:-1]))
        if piece.startswith("{"):
            return self._macro(piece.strip("{}"))
        if piece.endswith("*"):
            begin = frozenset({piece}) if len(piece) > 1 else None
            return _Part(re.escape(piece[:-1]) + "[^ ]* ", starts=begin)
        word = frozenset({piece})
        return _Part(re.escape(piece) + " ", (word,), word)

    def _macro(self, name: str) -> _Part:
        if name not in self._done:
            if name not in self._macros:
                raise PatternError(f"no list named {name}")
            options = [self._sequence_of(source) for source in self._macros[name]]
            self._done[name] = _any_of(options)
        return self._done[name]


def _any_of(options: list[_Part]) -> _Part:
    if len(options) == 1:
        return options[0]
    regex = "(?:" + "|".join(part.regex for part in options) + ")"
    needs: tuple[Words, ...] = ()
    if all(part.needs for part in options):
        needs = (_union(min(part.needs, key=_ease) for part in options),)
    optional = any(part.optional for part in options)
    return _Part(regex, needs, _joined([part.starts for part in options]), optional)


def _maybe(part: _Part) -> _Part:
    return _Part(f"(?:{part.regex})?", starts=part.starts, optional=True)


def _in_order(parts: list[_Part]) -> _Part:
    first: list[Words | None] = []
    for part in parts:
        first.append(part.starts)
        if not part.optional:
            break
    return _Part(
        "".join(part.regex for part in parts),
        tuple(need for part in parts for need in part.needs),
        _joined(first),
        all(part.optional for part in parts),
    )


def _ease(need: Words) -> tuple[int, int]:
    """Rank a set of words by how many texts hold one of them."""
    return len(need & _COMMON), len(need)


def _union(sets: Iterable[Words]) -> Words:
    return frozenset().union(*sets)


def _joined(sets: Sequence[Words | None]) -> Words | None:
    known = [words for words in sets if words is not None]
    return _union(known) if len(known) == len(sets) else None
