"""The small pattern language of the rule files.

A pattern is words divided by spaces. ``(a|b c)`` is a choice, ``?`` after a word or
a choice makes it optional, ``*`` at a word's end stands for any ending, ``{name}`` is
a named list from ``macros.yml``, ``..`` is up to three words of the same sentence,
``...`` up to eight, and ``#`` a number.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_PIECE = re.compile(r"\{\w+\}\??|\(|\)\??|\||\.\.\.?|[^\s(){}|]+")
_COMMON = frozenset(
    [
        "i",
        "me",
        "my",
        "to",
        "a",
        "the",
        "and",
        "is",
        "it",
        "was",
        "am",
        "have",
        "has",
        "be",
        "do",
        "not",
        "in",
        "of",
        "for",
        "that",
        "he",
        "she",
        "they",
        "you",
        "him",
        "her",
        "his",
        "them",
        "who",
        "no",
        "de",
        "la",
        "el",
        "que",
        "se",
        "en",
        "un",
        "una",
        "si",
        "ya",
        "te",
        "lo",
        "want",
        "going",
        "so",
        "this",
        "with",
        "on",
        "at",
        "we",
        "us",
        "our",
        "will",
        "would",
        "can",
        "are",
        "want",
        "feel",
        "get",
        "got",
        "go",
        "make",
        "makes",
        "all",
        "im",
        "mi",
        "by",
        "from",
        "about",
        "if",
        "when",
        "know",
        "because",
        "but",
        "out",
        "up",
        "school",
        "said",
        "says",
        "don",
        "like",
        "someone",
        "anyone",
        "people",
        "thing",
        "things",
        "life",
        "time",
        "friend",
        "mom",
        "dad",
        "home",
        "yo",
    ]
)
_GAPS = {"..": "(?:[^ .?]+ ){0,3}", "...": "(?:[^ .?]+ ){0,8}"}
Words = frozenset[str]


class PatternError(ValueError):
    """A pattern in a rule file that cannot be read."""


@dataclass(frozen=True)
class Pattern:
    """A compiled pattern and the words of which a message must hold one."""

    regex: re.Pattern[str]
    anchors: Words
    source: str

    def possible(self, words: Words) -> bool:
        """Tell cheaply whether the pattern can match a text with these words."""
        return not self.anchors or not self.anchors.isdisjoint(words)


@dataclass
class _Part:
    regex: str
    anchors: Words | None


class Compiler:
    """Turns patterns into regular expressions, with the named lists at hand."""

    def __init__(self, macros: Mapping[str, Sequence[str]]) -> None:
        self._macros = macros
        self._done: dict[str, _Part] = {}

    def pattern(self, source: str, *, tail: str = "") -> Pattern:
        """Compile one pattern; ``tail`` is raw expression added at the end."""
        part = self._sequence_of(source)
        regex = re.compile(f"(?<= ){part.regex}{tail}")
        return Pattern(regex, part.anchors or frozenset(), source)

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
            return _Part(_GAPS[piece], None)
        if piece == "#":
            return _Part(r"\d+ ", None)
        if piece.endswith("?") and piece != "?":
            return _maybe(self._single(piece[:-1]))
        if piece.startswith("{"):
            return self._macro(piece.strip("{}"))
        if piece.endswith("*"):
            return _Part(re.escape(piece[:-1]) + "[^ ]* ", None)
        return _Part(re.escape(piece) + " ", frozenset({piece}))

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
    sets = [part.anchors for part in options]
    if any(words is None for words in sets):
        return _Part(regex, None)
    return _Part(regex, frozenset().union(*(words or frozenset() for words in sets)))


def _maybe(part: _Part) -> _Part:
    return _Part(f"(?:{part.regex})?", None)


def _in_order(parts: list[_Part]) -> _Part:
    known = [part.anchors for part in parts if part.anchors]
    best = min(known, key=lambda a: (len(a & _COMMON), len(a)), default=None)
    return _Part("".join(part.regex for part in parts), best)
