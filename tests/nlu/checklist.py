"""Changes to a message that must not change what it means, the same each time."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
SEED = 7
LONG = 5
NAMES = ("Ms. Ortiz", "Mr. Lee", "mrs patel", "Coach Davis", "Ms. Nguyen", "mr okafor")
BEFORE = ("please ", "hey coach, ", "um ", "excuse me, ", "so ")
MARKS = ("...", "!!!", " .", ".")
AFTER = (" please", " pls", " thanks", "!!", " lol")


@dataclass(frozen=True)
class Case:
    """A message, what it must be understood as, and the group it is counted in."""

    group: str
    text: str
    intent: str


def cases() -> list[Case]:
    """Return every case of the suite: the plain ones, the changed ones, the pairs."""
    suite: dict[str, Any] = yaml.safe_load(
        (HERE / "checklist.yml").read_text(encoding="utf-8")
    )
    plain = [
        Case("minimum", text, intent)
        for intent, texts in suite["minimum"].items()
        for text in texts
    ]
    pairs = [
        Case("direction", text, intent)
        for before, first, after, second in suite["direction"]
        for text, intent in ((before, first), (after, second))
    ]
    return [*plain, *pairs, *_changed(plain)]


def name_texts() -> list[list[str]]:
    """Return each sentence with a name, once for every name."""
    suite = yaml.safe_load((HERE / "checklist.yml").read_text(encoding="utf-8"))
    return [[text.replace("{name}", name) for name in NAMES] for text in suite["names"]]


def _changed(plain: Iterable[Case]) -> Iterable[Case]:
    chosen = random.Random(SEED)
    for one in plain:
        for group, change in CHANGES.items():
            text = change(one.text, chosen)
            if text != one.text:
                yield Case(group, text, one.intent)


def with_typo(text: str, chosen: random.Random) -> str:
    """Return a text where one long word has two letters swapped or one missing."""
    words = [match.span() for match in re.finditer(rf"[a-z]{{{LONG},}}", text)]
    if not words:
        return text
    start, end = chosen.choice(words)
    place = chosen.randrange(start + 1, end - 1)
    if chosen.random() < 0.5:
        return text[:place] + text[place + 1 :]
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def _other_case(text: str, chosen: random.Random) -> str:
    return text.upper() if chosen.random() < 0.5 else text.lower()


def _politely(text: str, chosen: random.Random) -> str:
    if chosen.random() < 0.5:
        return chosen.choice(BEFORE) + text
    return text + chosen.choice(AFTER)


def _with_other_marks(text: str, chosen: random.Random) -> str:
    bare = re.sub(r"[^\w\s]", "", text)
    return bare if bare != text else text + chosen.choice(MARKS)


CHANGES: dict[str, Callable[[str, random.Random], str]] = {
    "typos": with_typo,
    "case": _other_case,
    "politeness": _politely,
    "punctuation": _with_other_marks,
}
