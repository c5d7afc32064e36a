"""What the trained model makes of messages, and the figures that follow from it."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from live import ROOT, model_file
from rasa_side import model_reads

from pathways.demo.generate import STARTER
from pathways.domain.catalog import catalog_of
from pathways.formats.catalog_csv import read_folder
from pathways.services.gazetteer import gazetteer_of

HERE = Path(__file__).parent
GROUPS = ["control", "goals", "careers", "options", "record", "faq", "safety", "other"]
NOTHING, ELSEWHERE = "nlu_fallback", "out_of_scope"


@dataclass(frozen=True)
class Heard:
    """A held-out message, what it should mean, and what the model made of it."""

    text: str
    intent: str
    group: str
    difficulty: str
    ranking: dict[str, float]
    acted_on: str

    @cached_property
    def first(self) -> str:
        """What the classifier holds most likely, however sure it is."""
        known = {name: p for name, p in self.ranking.items() if name != NOTHING}
        return max(known, key=lambda name: known[name])

    @property
    def right(self) -> bool:
        return self.first == self.intent


@dataclass(frozen=True)
class Marked:
    """An entity as a reader marked it, and what was found at its place."""

    entity: str
    words: str
    value: str | None
    found: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Read:
    """All that the model answered."""

    messages: tuple[Heard, ...]
    entities: tuple[Marked, ...]
    left_out: int = 0


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower().replace("'", "")))


def trained_on() -> set[str]:
    """Return every example of the training data, without case and punctuation."""
    return {
        _plain(line.strip().removeprefix("-"))
        for file in sorted((ROOT / "data" / "nlu").glob("*.yml"))
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]
        for line in block["examples"].splitlines()
    }


def held_out(kind: str) -> tuple[list[dict[str, Any]], int]:
    """Return the messages that nothing was trained on, and how many were left out.

    Some short messages ("yes", "is this private") come to every mind; where the
    training data holds one, it would flatter the figures.
    """
    known = trained_on()
    every = [
        {**message, "group": group}
        for group in GROUPS
        for message in _yaml(kind, group)["messages"]
    ]
    kept = [message for message in every if _plain(message["text"]) not in known]
    return kept, len(every) - len(kept)


def _yaml(kind: str, name: str) -> Any:
    return yaml.safe_load((HERE / f"{kind}_{name}.yml").read_text(encoding="utf-8"))


def answers_to(texts: list[str], folder: Path) -> list[dict[str, Any]]:
    """Let a process of the assistant's environment read texts with today's model."""
    entries = [one.entry for one in read_folder(STARTER).placed]
    gazetteer = folder / "gazetteer.json"
    words = {"entries": list(gazetteer_of(catalog_of(1, entries)))}
    gazetteer.write_text(json.dumps(words), encoding="utf-8")
    environ = {"MILEPOST_GAZETTEER_PATH": str(gazetteer)}
    return model_reads(model_file(), texts, environ)


def _marked(message: dict[str, Any], answer: dict[str, Any]) -> Iterable[Marked]:
    for marked in message["entities"]:
        start = message["text"].index(marked["text"])
        end = start + len(marked["text"])
        found = tuple(
            one
            for one in answer["entities"]
            if one["entity"] == marked["entity"]
            and one["start"] < end
            and start < one["end"]
        )
        yield Marked(marked["entity"], marked["text"], marked.get("value"), found)


def read(kind: str, folder: Path) -> Read:
    """Let the model read every message of a kind ("heldout", "fresh") and report it."""
    messages, left_out = held_out(kind)
    with_entities = _yaml(kind, "entities")["messages"]
    texts = [message["text"] for message in (*messages, *with_entities)]
    answers = answers_to(texts, folder)
    assert len(answers) == len(texts)
    heard = tuple(
        Heard(**message, ranking=answer["ranking"], acted_on=answer["intent"])
        for message, answer in zip(messages, answers, strict=False)
    )
    later = answers[len(messages) :]
    marked = tuple(
        one
        for message, answer in zip(with_entities, later, strict=True)
        for one in _marked(message, answer)
    )
    found = Read(heard, marked, left_out)
    _report(found, ROOT / "var" / f"nlu_report_{kind}.txt")
    return found


def share(rights: Sequence[bool]) -> float:
    return sum(rights) / len(rights)


def by(messages: Iterable[Heard], field: str) -> dict[str, float]:
    """Return the share of right answers for each value of a field."""
    kept: dict[str, list[bool]] = defaultdict(list)
    for one in messages:
        kept[getattr(one, field)].append(one.right)
    return {name: share(rights) for name, rights in kept.items()}


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return how often a positive one scores above a negative one; ties count half."""
    wins = sum(
        (one > other) + 0.5 * (one == other) for one in positive for other in negative
    )
    return wins / (len(positive) * len(negative))


def out_of_scope_auroc(messages: Sequence[Heard]) -> float:
    def score(one: Heard) -> float:
        return 1 - max(
            p for name, p in one.ranking.items() if name not in (ELSEWHERE, NOTHING)
        )

    elsewhere = [score(one) for one in messages if one.intent == ELSEWHERE]
    ours = [score(one) for one in messages if one.intent != ELSEWHERE]
    return auroc(elsewhere, ours)


def wrongly_acted_on(messages: Sequence[Heard]) -> float:
    return share(
        [
            one.acted_on not in (ELSEWHERE, NOTHING)
            for one in messages
            if one.intent == ELSEWHERE
        ]
    )


def wrongly_turned_away(messages: Sequence[Heard]) -> float:
    return share(
        [one.acted_on == ELSEWHERE for one in messages if one.intent != ELSEWHERE]
    )


def recall(marked: Sequence[Marked]) -> dict[str, float]:
    kept: dict[str, list[bool]] = defaultdict(list)
    for one in marked:
        kept[one.entity].append(bool(one.found))
    return {name: share(found) for name, found in kept.items()}


def right_values(marked: Sequence[Marked], entity: str) -> float:
    return share(
        [
            any(found["value"] == one.value for found in one.found)
            for one in marked
            if one.entity == entity
        ]
    )


def _report(read: Read, path: Path) -> None:
    """Write every figure, and for each intent what it is taken for."""
    lines = [
        f"accuracy {share([one.right for one in read.messages]):.3f}"
        f" of {len(read.messages)}",
        f"out of scope: AUROC {out_of_scope_auroc(read.messages):.3f},"
        f" acted on {wrongly_acted_on(read.messages):.3f},"
        f" ours turned away {wrongly_turned_away(read.messages):.3f}",
    ]
    for field in ("group", "difficulty"):
        found = by(read.messages, field).items()
        lines.append(", ".join(f"{name} {figure:.3f}" for name, figure in found))
    for name, figure in sorted(recall(read.entities).items()):
        lines.append(f"entity {name}: recall {figure:.3f}")
    for entity in ("date", "duration"):
        lines.append(f"value of {entity}: {right_values(read.entities, entity):.3f}")
    totals = Counter(one.intent for one in read.messages)
    for name, figure in sorted(by(read.messages, "intent").items(), key=lambda x: x[1]):
        lines.append(f"\n{figure:.2f} of {totals[name]}  {name}")
        lines += [
            f"      {one.first} ({one.ranking[one.first]:.2f}), {one.difficulty}: "
            f"{one.text}"
            for one in read.messages
            if one.intent == name and not one.right
        ]
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
