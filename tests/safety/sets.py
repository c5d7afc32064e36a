"""Reads the written messages: single ones and templates."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from pathways.safety import Screening, screen

HERE = Path(__file__).parent
CHOICE = re.compile(r"\[([^\]]*)\]")
TEMPLATES_TUNED = "templates_tuned.yml"
TEMPLATES_UNTOUCHED = "templates_untouched.yml"
ROOT = HERE.parents[1]
NLU = "ordinary examples"
DISCLOSED = "disclose_crisis"
FRESH = tuple(sorted(f"fresh/{one.name}" for one in (HERE / "fresh").glob("*.yml")))
FRESH_2 = tuple(sorted(f"fresh2/{one.name}" for one in (HERE / "fresh2").glob("*.yml")))
FRESH_3 = tuple(sorted(f"fresh3/{one.name}" for one in (HERE / "fresh3").glob("*.yml")))
FRESH_4 = tuple(sorted(f"fresh4/{one.name}" for one in (HERE / "fresh4").glob("*.yml")))
BROAD = tuple(
    sorted(f"develop/{one.name}" for one in (HERE / "develop").glob("broad*_*.yml"))
)
DEVELOP = (
    "develop/self_harm.yml",
    "develop/friend.yml",
    "develop/routes.yml",
    "develop/calm.yml",
    "develop/more.yml",
    "develop/broad.yml",
    "develop/texting.yml",
    "develop/dialogues.yml",
    *BROAD,
    "cases_self_harm.yml",
    "cases_safeguarding.yml",
    "cases_calm.yml",
    "cases_harder.yml",
    "cases_untouched.yml",
    TEMPLATES_TUNED,
    TEMPLATES_UNTOUCHED,
)
# Where rules, readers and vocabulary were made.
LEARNED = (*DEVELOP, *FRESH, *FRESH_2, *FRESH_3)
LEET = {"a": "4", "e": "3", "i": "1", "o": "0", "s": "5", "t": "7"}
NEAR = dict(
    zip("qwertyuiopasdfghjklzxcvbnm", "wertyuiopasdfghjklzxcvbnmn", strict=True)
)
MARKED = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")
LEVELS = {
    "red": {"red"},
    "soft": {"soft"},
    "none": {"none"},
    "any": {"red", "soft"},
    "not_red": {"soft", "none"},
}


def expand(template: str) -> list[str]:
    """Return every message that a template stands for."""
    parts = CHOICE.split(template)
    ways = [
        part.split("|") if place % 2 else [part] for place, part in enumerate(parts)
    ]
    return ["".join(one) for one in itertools.product(*ways)]


def read(name: str) -> list[dict[str, Any]]:
    """Return the groups of one file as written."""
    groups: list[dict[str, Any]] = yaml.safe_load(
        (HERE / name).read_text(encoding="utf-8")
    )
    return groups


def nlu_examples() -> Iterator[str]:
    """Yield the ordinary examples that the understanding is trained on."""
    yield from (text for intent, text in _taught() if intent != DISCLOSED)


def disclosures() -> Iterator[str]:
    """Yield the examples of danger that the understanding is trained on."""
    yield from (text for intent, text in _taught() if intent == DISCLOSED)


def _taught() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "data" / "nlu").rglob("*.yml")):
        for part in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in part["examples"].splitlines() if "intent" in part else ():
                text = MARKED.sub(r"\1", line.strip().removeprefix("- "))
                yield part["intent"], text


def load_groups(*names: str) -> list[dict[str, Any]]:
    """Return the groups of some files, their templates written out."""
    groups = [group for name in names for group in read(name)]
    for group in groups:
        written = [one for t in group.get("templates", ()) for one in expand(t)]
        group["texts"] = [*group.get("texts", ()), *written]
    return groups


def screened(case: str | list[str]) -> Screening:
    """Screen one message; of several, give the first red one or the last."""
    if isinstance(case, str):
        return screen(case)
    found = screen("")
    for turn, text in enumerate(case):
        found = screen(text, history=case[:turn])
        if found.level == "red":
            break
    return found


def noisy(text: str, seed: int) -> str:
    """Write a message as a hurried student might: two to three slips, seeded."""
    hand = random.Random(f"{seed}{text}")
    letters = list(text.lower())
    for _ in range(hand.choice((2, 3))):
        places = [
            at
            for at in range(1, len(letters) - 1)
            if all(one.isalpha() for one in letters[at - 1 : at + 2])
        ]
        if places:
            _slip(letters, hand.choice(places), hand)
    return "".join(letters) + hand.choice(("", "", " idk", " 😭", " pls", "..."))


def _slip(letters: list[str], at: int, hand: random.Random) -> None:
    kind = hand.choice(("swap", "drop", "double", "leet", "near"))
    letter = letters[at]
    if kind == "swap":
        letters[at], letters[at + 1] = letters[at + 1], letter
    elif kind == "drop":
        letters[at] = ""
    elif kind == "double":
        letters[at] = letter * 2
    elif kind == "leet":
        letters[at] = LEET.get(letter, letter)
    else:
        letters[at] = NEAR.get(letter, letter)


def wrong(group: dict[str, Any]) -> Iterator[tuple[str | list[str], Screening]]:
    """Yield what is read otherwise than the group expects."""
    for case in group["texts"]:
        found = screened(case)
        if not is_right(group["expect"], found):
            yield case, found


def is_right(expect: str, seen: Screening) -> bool:
    """Tell whether a message got the level and the kind that it should."""
    level, _, category = expect.partition("/")
    return seen.level in LEVELS[level] and category in ("", seen.category)
