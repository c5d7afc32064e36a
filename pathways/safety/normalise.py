"""Bring a student's spelling to the plain form that the rules are written in."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from pathways.safety.files import load
from pathways.safety.language import language_of
from pathways.safety.spelling import LONGEST, Grave, grave, vocabulary

_ENDERS = re.compile(r"[.!?;:\n\r…¿¡]+")
_SPACED = re.compile(r"(?<![^\s])(?:[^\W_][\s.\-_*~|/,]{1,3}){2,}[^\W_](?![^\s.,!?])")
_EDGE = "\"'`.,!?;:()[]{}<>*_~-/\\|#&+=%^¿¡…"
_LONG_RUN = re.compile(r"(.)\1{2,}")
_SUFFIXES = (("n't", " not"), ("'ve", " have"), ("'re", " are"), ("'ll", " will"))
_IS_AFTER_WORDS = """
he she it that what there who everyone nobody someone everything life
"""
_IS_AFTER = frozenset(_IS_AFTER_WORDS.split())
_LETTERS = re.compile(r"[^\W_]{2,}")
_FIGURES_INSIDE = re.compile(r"[a-z]+[\d@$!]+[a-z][a-z\d]*")
_MAX_VARIANTS = 32
_STRAIGHT = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "—": " , ", "–": " , "}
)


@dataclass(frozen=True)
class Lexicon:
    """The reviewed spelling tables, ready for look-up."""

    words: dict[str, str]
    emoji: dict[str, str]
    homoglyphs: dict[int, str]
    leet: dict[str, str]
    fillers: frozenset[str]
    known: frozenset[str]
    core: frozenset[str]
    pieces: frozenset[str]
    near: dict[str, str]
    phrases: tuple[tuple[re.Pattern[str], str, list[str]], ...]
    grave: Grave
    mends: bool = True
    fears: bool = False


def _deletes(word: str) -> set[str]:
    return {word[:i] + word[i + 1 :] for i in range(len(word))} | {word}


def _near_table(words: Iterable[str]) -> dict[str, str]:
    return {variant: word for word in words for variant in _deletes(word)}


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Load the spelling tables once."""
    raw: dict[str, Any] = load("lexicon.yml")
    core, glue = frozenset(raw["core"]), frozenset(raw["glue"])
    spell, keep = frozenset(raw["spell"]), frozenset(raw["keep"])
    return Lexicon(
        words={str(k): str(v) for k, v in raw["words"].items()},
        emoji=raw["emoji"],
        homoglyphs={ord(k): v for k, v in raw["homoglyphs"].items()},
        leet=raw["leet"],
        fillers=frozenset(raw["fillers"]),
        known=core | glue | spell | keep | frozenset(map(str, raw["words"])),
        core=core,
        pieces=core | glue,
        near=_near_table(spell),
        grave=grave(raw["grave"]),
        phrases=tuple((re.compile(p), new, hints) for p, new, hints in raw["phrases"]),
    )


def normalise(text: str, *, fears: bool = False) -> str:
    """Return the plain form: lower case, one space around every token.

    ``.`` and ``?`` stand for sentence ends, ``,`` for a pause, ``"`` for a quote.
    Halves of a sign, as some programs send them, are left out. Who ``fears`` reads a
    word of no list as a word of danger that is near.
    """
    lex = lexicon()
    whole = text.encode("utf-8", "ignore").decode("utf-8")
    plain = _plain_letters(whole, lex)
    plain = _SPACED.sub(lambda found: _join_letters(found[0], lex), plain)
    mends = language_of(plain, "en") != "es"
    lex = replace(lex, mends=mends, fears=fears)
    tokens = [t for raw in plain.split() for t in _known_tokens(raw, lex)]
    line = " ".join(t for t in tokens if t not in lex.fillers)
    line = re.sub(r"(?<![^ ])([^ .,?]+) \. (?=[^ .,?]+ \.(?: |$))", r"\1 ", line)
    for pattern, new, hints in lex.phrases:
        if any(hint in line for hint in hints):
            line = pattern.sub(new, line)
    return f" {' '.join(line.split())} "


def may_hide_danger(text: str) -> bool:
    """Tell whether a word of no list is near a word of danger."""
    known, lex = vocabulary().rank, lexicon()
    words = set(_LETTERS.findall(text.lower()))
    return any(
        word not in known and word not in lex.known and _feared(word, lex)
        for word in words
    )


def _plain_letters(text: str, lex: Lexicon) -> str:
    folded = unicodedata.normalize("NFKC", text).lower().translate(_STRAIGHT)
    for mark, word in lex.emoji.items():
        if mark in folded:
            folded = folded.replace(mark, f" {word} ")
    if folded.isascii():
        return folded
    decomposed = unicodedata.normalize("NFD", folded).translate(lex.homoglyphs)
    marks = ("Mn", "Cf")
    kept = (c for c in decomposed if c < "\x80" or unicodedata.category(c) not in marks)
    return "".join(kept)


def _join_letters(run: str, lex: Lexicon) -> str:
    joined = "".join(c for c in run if c.isalnum())
    split = _split_run(joined, lex) or _split_run(_unleet(joined, lex), lex)
    if split:
        return f" {split} "
    return f" {joined} " if joined in lex.core else run


def _split_run(run: str, lex: Lexicon) -> str:
    """Split "iwanttodie" into known words; empty where it cannot be done."""
    if not 6 <= len(run) <= 60:
        return ""
    best: list[list[str] | None] = [[]] + [None] * len(run)
    for end in range(1, len(run) + 1):
        for start in range(max(0, end - 10), end):
            before, piece = best[start], run[start:end]
            if before is not None and piece in lex.pieces:
                best[end] = [*before, piece]
                break
    words = best[len(run)] or []
    return " ".join(words) if lex.core.intersection(words) else ""


def _known_tokens(raw: str, lex: Lexicon) -> list[str]:
    """Give the tokens of a word; those of the project's own words are remembered.

    What only a student wrote is not kept.
    """
    if raw not in vocabulary().rank:
        return _tokens(raw, lex)
    kept = _remembered(lex.mends)
    if raw not in kept:
        kept[raw] = _tokens(raw, lex)
    return kept[raw]


@lru_cache(maxsize=2)
def _remembered(mends: bool) -> dict[str, list[str]]:
    return {}


def _tokens(raw: str, lex: Lexicon) -> list[str]:
    if raw.strip(_EDGE) == "":
        return _marks(raw)
    core = raw.strip(_EDGE)
    start = raw.index(core)
    before, after = raw[:start], raw[start + len(core) :]
    if _ENDERS.search(core) or "," in core or '"' in core or "/" in core:
        return _split_inside(before, core, after, lex)
    return [*_marks(before), *_word(core, lex).split(), *_marks(after)]


def _split_inside(before: str, core: str, after: str, lex: Lexicon) -> list[str]:
    leet = _word(core, lex)
    if leet != core and leet in lex.known:
        return [*_marks(before), *leet.split(), *_marks(after)]
    parts = re.split(r"([.!?;:,\"/…¿¡]+)", core)
    inner = [t for p in parts if p for t in (_tokens(p, lex))]
    return [*_marks(before), *inner, *_marks(after)]


def _marks(raw: str) -> list[str]:
    found: list[str] = []
    if not raw:
        return found
    if '"' in raw:
        found.append('"')
    if "?" in raw:
        found.append("?")
    elif _ENDERS.search(raw):
        found.append("." if ":" not in raw else ",")
    elif any(c in ",()-/" for c in raw) and raw not in ("'", "#"):
        found.append(",")
    return found


def _word(core: str, lex: Lexicon) -> str:
    for variant in _variants(core, lex):
        if variant in lex.words:
            return lex.words[variant]
        if variant in lex.known:
            return variant
    word = _LONG_RUN.sub(r"\1", core)
    known = _contraction(word) or _nearest(word, lex) or _split_run(word, lex)
    known = known or (lex.fears and _feared(word, lex)) or ""
    return known or (lex.mends and _mended(word, lex)) or word


def _feared(word: str, lex: Lexicon) -> str:
    plain = _unleet(word, lex)
    if not (plain + word[0]).isalpha() or not 1 < len(plain) <= LONGEST:
        return ""
    if plain in vocabulary().rank:
        return ""
    meant = lex.grave.mend(plain)
    return lex.words.get(meant, meant)


def _mended(word: str, lex: Lexicon) -> str:
    plain = _unleet(word, lex) if not word.isalpha() else word
    if plain != word and _FIGURES_INSIDE.fullmatch(word) and plain in vocabulary().rank:
        return plain
    if plain in lex.known or len(plain) < len(word):
        return ""
    return vocabulary().mend(plain)


def _variants(core: str, lex: Lexicon) -> list[str]:
    """The word as written, then with repeats, digits and stars undone."""
    found = [core]
    if _LONG_RUN.search(core):
        found += [_LONG_RUN.sub(r"\1\1", core), _LONG_RUN.sub(r"\1", core)]
    if any(c in lex.leet for c in core) and any(c.isalpha() for c in core):
        found.append(_unleet(core, lex))
        found.append(_unleet(core.replace("1", "l"), lex))
    if "*" in core or "#" in core:
        found += _unmask(re.sub(r"[*#]", "*", core))
    if "-" in core or "_" in core:
        found.append(re.sub(r"[-_]", "", core))
    return found[:_MAX_VARIANTS]


def _unleet(core: str, lex: Lexicon) -> str:
    return "".join(lex.leet.get(c, c) for c in core)


def _unmask(core: str) -> list[str]:
    shape = re.compile(core.replace("*", "[a-z]"))
    return [word for word in _grave_words() if shape.fullmatch(word)]


@lru_cache(maxsize=1)
def _grave_words() -> tuple[str, ...]:
    lex = lexicon()
    pool = sorted(lex.core) + sorted(lex.near.values())
    return tuple(dict.fromkeys(pool))


def _contraction(word: str) -> str:
    for suffix, full in _SUFFIXES:
        if word.endswith(suffix):
            return word[: -len(suffix)] + full
    if word.endswith("'d"):
        return word[:-2] + " would"
    if word.endswith("'s"):
        stem = word[:-2]
        return f"{stem} is" if stem in _IS_AFTER else f"{stem} 's"
    return word.replace("'", "") if "'" in word else ""


def _nearest(word: str, lex: Lexicon) -> str:
    if len(word) < 5 or not word.isalpha() or word in lex.known:
        return ""
    for variant in sorted(_deletes(word), key=lambda v: (v != word, v)):
        target = lex.near.get(variant)
        if target and _one_edit(word, target):
            return target
    return ""


def _one_edit(word: str, target: str) -> bool:
    if abs(len(word) - len(target)) > 1 or word[0] != target[0]:
        return False
    if len(word) != len(target):
        return True
    wrong = [i for i, letter in enumerate(word) if letter != target[i]]
    if len(wrong) == 1:
        return True
    swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1
    return swapped and sorted(word) == sorted(target)
