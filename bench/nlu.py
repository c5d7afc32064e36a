"""How well the coach understands, and how long it learns, beside stock Rasa.

Both sides train on the same seeded sample and read the same held-out messages.
Stock takes long, so its model and times are kept in `var/bench/nlu`, by the hash
of what it learned from; a ratio of times always comes from one and the same run.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.figures import Outcome, Row, compared
from bench.messages import (
    LEVELS,
    OUT_OF_SCOPE,
    Answer,
    HeldOut,
    accuracy,
    auroc,
    examples,
    held_out,
    read_answers,
    sample,
    write_training,
)
from bench.nlu_side import NAME
from bench.stock import QUIET, Stock
from setup.layout import Layout
from setup.model import file_sha256
from setup.report import Report
from setup.runner import Runner

SEED = 7
ERRORS_TARGET = 0.5
TRAINING_TARGET = 0.05


@dataclass(frozen=True)
class Bench:
    """What every step of this benchmark works with."""

    layout: Layout
    runner: Runner
    report: Report
    now: datetime

    @property
    def folder(self) -> Path:
        """Where models and times are kept."""
        return self.layout.var / "bench" / "nlu"


@dataclass(frozen=True)
class Side:
    """One side's answers to all messages, and its times if it trained just now."""

    answers: list[Answer]
    times: dict[str, float] | None


def measure(
    bench: Bench, stock: Stock | None, per_intent: int | None, fresh: bool
) -> Outcome:
    """Train both sides and read the held-out messages.

    Args:
        bench: folders and tools.
        stock: the stock side; None leaves the comparison out.
        per_intent: examples of each intent both sides learn from; None for all.
        fresh: train the stock side again even where it is kept.
    """
    root = bench.layout.root
    full = examples(root / "data" / "nlu")
    messages = held_out(root / "tests" / "nlu")
    chosen = sample(full, per_intent, SEED)
    count = sum(map(len, chosen.values()))
    outcome = Outcome("nlu")
    outcome.settings = {"per_intent": per_intent, "examples": count, "seed": SEED}
    outcome.settings |= {"intents": len(chosen), "held_out": len(messages)}
    ours = _ours(bench, chosen, messages)
    other = None
    if stock is not None:
        other = _stock(bench, stock, chosen, messages, ours, fresh)
        outcome.notes.append(_when(other, ours))
    outcome.rows += _compare(messages, ours, other)
    if per_intent is not None:
        everything = _ours(bench, full, messages)
        outcome.rows += _alone(messages, everything, sum(map(len, full.values())))
    outcome.notes.append(
        f"Both sides learn from the same {count} examples of {len(chosen)} intents; "
        "training time is the whole command, with loading Rasa."
    )
    return outcome


@dataclass(frozen=True)
class Kept:
    """The stock side's answers, and the pair of times of the run it trained in."""

    answers: list[Answer]
    stock_seconds: float
    ours_seconds: float
    trained_at: str
    cached: bool


def _ours(
    bench: Bench, chosen: dict[str, list[str]], messages: Sequence[HeldOut]
) -> Side:
    folder = bench.folder / "ours"
    shutil.rmtree(folder, ignore_errors=True)
    write_training(chosen, folder / "training.yml")
    shutil.copy(bench.layout.root / "config.yml", folder / "config.yml")
    python = bench.layout.venv_rasa / "bin" / "python"
    count = sum(map(len, chosen.values()))
    return _run(bench, python, folder, messages, f"Ours, {count} examples")


def _stock(
    bench: Bench,
    stock: Stock,
    chosen: dict[str, list[str]],
    messages: Sequence[HeldOut],
    ours: Side,
    fresh: bool,
) -> Kept:
    """Train the stock side, or take the one that learned from the same before."""
    half = bench.folder / "next.yml"
    learned = write_training(chosen, half)
    made_from = learned[:12] + file_sha256(Path(stock.config))[:6]
    folder = bench.folder / f"stock-{made_from}"
    times = folder / "times.json"
    if fresh or not times.is_file():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    cached = times.is_file()
    shutil.copy(half, folder / "training.yml")
    shutil.copy(stock.config, folder / "config.yml")
    count = sum(map(len, chosen.values()))
    title = f"Stock, {count} examples" + (" (trained before)" if cached else "")
    side = _run(bench, stock.python, folder, messages, title)
    if side.times is not None and ours.times is not None:
        pair = {"stock": side.times, "ours": ours.times}
        moment = {"trained_at": bench.now.isoformat(timespec="seconds")}
        times.write_text(json.dumps(pair | moment, indent=2), encoding="utf-8")
    found: dict[str, Any] = json.loads(times.read_text(encoding="utf-8"))
    seconds = found["stock"]["whole_seconds"], found["ours"]["whole_seconds"]
    return Kept(side.answers, *seconds, found["trained_at"], cached)


def _run(
    bench: Bench, python: Path, folder: Path, messages: Sequence[HeldOut], title: str
) -> Side:
    texts, out = folder / "messages.json", folder / "out.json"
    texts.write_text(json.dumps([one.text for one in messages]), encoding="utf-8")
    command: list[str | Path] = [python, "-m", "bench.nlu_side"]
    command += [folder / "config.yml", folder / "training.yml", texts, folder, out]
    with bench.report.step(title):
        bench.runner.run(command, "nlu", extra=QUIET)
    found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    times = {name: found[name] for name in found if name.endswith("_seconds")}
    trained = "whole_seconds" in times and (folder / f"{NAME}.tar.gz").is_file()
    return Side(read_answers(out), times if trained else None)


def _compare(messages: Sequence[HeldOut], ours: Side, other: Kept | None) -> list[Row]:
    theirs = other.answers if other else None
    rows = []
    for name, keep in _parts():
        places = [place for place, one in enumerate(messages) if keep(one)]
        pair = _pair(messages, places, ours.answers, theirs)
        rows.append(Row(f"accuracy, {name}", *pair, n=len(places)))
    mistakes = [None if one is None else 1 - one for one in (rows[0].ours, rows[0].other)]
    rows.insert(0, compared("errors", *mistakes, "share", ERRORS_TARGET, len(messages)))
    rows.append(_auroc_row(messages, ours.answers, theirs))
    seconds = ours.times["whole_seconds"] if ours.times else None
    if other is None:
        return [*rows, Row("training", seconds, unit="s")]
    pair_of_times = other.ours_seconds, other.stock_seconds
    return [*rows, compared("training", *pair_of_times, "s", TRAINING_TARGET)]


def _alone(messages: Sequence[HeldOut], ours: Side, count: int) -> list[Row]:
    """Return what ours reaches with all of its examples; no ratio."""
    found = [accuracy(messages, ours.answers)]
    inside = [m.intent != OUT_OF_SCOPE for m in messages]
    places = [place for place, kept in enumerate(inside) if kept]
    found += [one for one in _pair(messages, places, ours.answers, None) if one]
    seconds = ours.times["whole_seconds"] if ours.times else None
    prefix = f"all {count} examples:"
    return [
        Row(f"{prefix} accuracy, overall", found[0], n=len(messages)),
        Row(f"{prefix} accuracy, in scope", found[1], n=len(places)),
        Row(f"{prefix} AUROC", _auroc(messages, ours.answers), n=len(messages)),
        Row(f"{prefix} training", seconds, unit="s"),
    ]


def _parts() -> list[tuple[str, Any]]:
    def level(name: str) -> Any:
        return lambda one: one.difficulty == name

    return [
        ("overall", lambda one: True),
        ("in scope", lambda one: one.intent != OUT_OF_SCOPE),
        *((name, level(name)) for name in LEVELS),
    ]


def _pair(
    messages: Sequence[HeldOut],
    places: list[int],
    ours: list[Answer],
    theirs: list[Answer] | None,
) -> tuple[float | None, float | None]:
    def share(answers: list[Answer] | None) -> float | None:
        if answers is None:
            return None
        kept = [messages[place] for place in places]
        return accuracy(kept, [answers[place] for place in places])

    return share(ours), share(theirs)


def _auroc(messages: Sequence[HeldOut], answers: list[Answer]) -> float:
    pairs = list(zip(messages, answers, strict=True))
    inside = [a.in_scope for m, a in pairs if m.intent != OUT_OF_SCOPE]
    outside = [a.in_scope for m, a in pairs if m.intent == OUT_OF_SCOPE]
    return auroc(inside, outside)


def _auroc_row(
    messages: Sequence[HeldOut], ours: list[Answer], theirs: list[Answer] | None
) -> Row:
    other = None if theirs is None else _auroc(messages, theirs)
    return Row("AUROC, out of scope", _auroc(messages, ours), other, n=len(messages))


def _when(other: Kept, ours: Side) -> str:
    if not other.cached:
        return "The stock side was trained in this run."
    now = ours.times["whole_seconds"] if ours.times else float("nan")
    return (
        f"The stock side was trained on {other.trained_at}; both training times are "
        f"of that run. Ours took {now:.1f} s in this one."
    )
