"""The messages that understanding is measured with: to learn from, and held out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

import yaml

OUT_OF_SCOPE = "out_of_scope"
FALLBACK = "nlu_fallback"
LEVELS = ("easy", "medium", "hard")


@dataclass(frozen=True)
class HeldOut:
    """A message that no side has learned from, with its intent and difficulty."""

    text: str
    intent: str
    difficulty: str


@dataclass(frozen=True)
class Answer:
    """How a pipeline ranks the intents of one message, the likeliest first."""

    ranking: tuple[tuple[str, float], ...]
    seconds: float

    @property
    def intent(self) -> str:
        """The likeliest intent, the pipeline's own fallback left aside."""
        return next((name for name, _ in self.ranking if name != FALLBACK), "")

    @property
    def in_scope(self) -> float:
        """Confidence of the likeliest intent that is in scope, 0 to 1."""
        outside = (FALLBACK, OUT_OF_SCOPE)
        return max(
            (score for name, score in self.ranking if name not in outside), default=0.0
        )


def examples(folder: Path) -> dict[str, list[str]]:
    """Return the training examples of each intent, in the order of the files."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu") or []:
            if "intent" in block:
                lines = found.setdefault(block["intent"], [])
                lines += [line[2:] for line in block["examples"].splitlines() if line]
    return found


def sample(
    full: dict[str, list[str]], per_intent: int | None, seed: int
) -> dict[str, list[str]]:
    """Draw the same number of examples of each intent; None takes all of them."""
    if per_intent is None:
        return full
    draw = Random(seed)
    return {
        intent: draw.sample(full[intent], min(per_intent, len(full[intent])))
        for intent in sorted(full)
    }


def write_training(chosen: dict[str, list[str]], path: Path) -> str:
    """Write examples as a Rasa training file; return its SHA-256 in hex."""
    blocks = [
        {"intent": intent, "examples": "".join(f"- {line}\n" for line in lines)}
        for intent, lines in chosen.items()
    ]
    content = {"version": "3.1", "nlu": blocks}
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return hashlib.sha256(text.encode()).hexdigest()


def held_out(folder: Path) -> list[HeldOut]:
    """Return all held-out messages that have an intent."""
    return list(_held_out(folder))


def _held_out(folder: Path) -> Iterator[HeldOut]:
    for path in sorted(folder.glob("heldout_*.yml")):
        for one in yaml.safe_load(path.read_text(encoding="utf-8"))["messages"]:
            if "intent" in one:
                yield HeldOut(one["text"], one["intent"], one["difficulty"])


def read_answers(path: Path) -> list[Answer]:
    """Return what `bench.nlu_side` wrote, one answer for each message."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return [
        Answer(tuple((name, score) for name, score in one["ranking"]), one["seconds"])
        for one in found["answers"]
    ]


def parts(messages: Sequence[HeldOut]) -> dict[str, list[int]]:
    """Return the places of the messages that each accuracy is about."""
    everything = list(enumerate(messages))
    found = {"overall": [place for place, _ in everything]}
    found["in scope"] = [p for p, one in everything if one.intent != OUT_OF_SCOPE]
    for level in LEVELS:
        found[level] = [p for p, one in everything if one.difficulty == level]
    return found


def accuracies(
    messages: Sequence[HeldOut], answers: Sequence[Answer]
) -> dict[str, float]:
    """Return the share of messages whose intent was found, for each part."""
    right = [m.intent == a.intent for m, a in zip(messages, answers, strict=True)]
    return {
        name: sum(right[place] for place in places) / len(places)
        for name, places in parts(messages).items()
    }


def scope_auroc(messages: Sequence[HeldOut], answers: Sequence[Answer]) -> float:
    """Return how well the in-scope confidence tells in scope from out of scope."""
    inside, outside = list[float](), list[float]()
    for message, answer in zip(messages, answers, strict=True):
        side = outside if message.intent == OUT_OF_SCOPE else inside
        side.append(answer.in_scope)
    return auroc(inside, outside)


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float:
    """Return how often a score of `inside` beats one of `outside`; a tie counts half.

    This is the area under the ROC curve (Hanley and McNeil 1982).
    """
    ranked = sorted([(one, True) for one in inside] + [(one, False) for one in outside])
    total, below = 0.0, 0
    for _, group in groupby(ranked, key=lambda pair: pair[0]):
        kinds = [kind for _, kind in group]
        others = len(kinds) - sum(kinds)
        total += sum(kinds) * (below + others / 2)
        below += others
    return total / (len(inside) * len(outside))
