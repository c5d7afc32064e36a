"""How well the coach understands, and how long it learns, beside stock Rasa.

Both sides train on the same seeded sample and read the same held-out messages.
Stock takes long, so its model and times are kept in `var/bench/nlu`, by the hash
of what it learned from; a ratio of times always comes from one and the same run.
"""

from __future__ import annotations

import json
import shutil
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.figures import Outcome, Row, compared
from bench.messages import (
    Answer,
    HeldOut,
    accuracies,
    examples,
    held_out,
    parts,
    read_answers,
    sample,
    scope_auroc,
    write_training,
)
from bench.stock import LOCK, QUIET, Stock
from setup.layout import Layout
from setup.model import file_sha256
from setup.report import Report
from setup.runner import Runner

SEED = 7
ERRORS = 0.5
TRAINING = 0.02


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
    """One side's answers; seconds of the whole training command, 0 if it was kept."""

    answers: list[Answer]
    seconds: float


@dataclass(frozen=True)
class Kept:
    """The stock side's answers, and both times of the run that it trained in."""

    answers: list[Answer]
    stock_seconds: float
    ours_seconds: float
    trained_at: str
    cached: bool


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
    made_from = [learned, file_sha256(stock.config), file_sha256(LOCK)]
    folder = bench.folder / "-".join(["stock", *(part[:8] for part in made_from)])
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
    if not cached:
        moment = bench.now.isoformat(timespec="seconds")
        pair = {"stock_seconds": side.seconds, "ours_seconds": ours.seconds}
        content = json.dumps(pair | {"trained_at": moment}, indent=2)
        times.write_text(content, encoding="utf-8")
    found: dict[str, Any] = json.loads(times.read_text(encoding="utf-8"))
    return Kept(side.answers, cached=cached, **found)


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
    return Side(read_answers(out), found.get("whole_seconds", 0.0))


def _compare(messages: Sequence[HeldOut], ours: Side, other: Kept | None) -> list[Row]:
    mine = accuracies(messages, ours.answers)
    theirs = accuracies(messages, other.answers) if other else {}
    mistakes = 1 - theirs["overall"] if other else None
    count = len(messages)
    return [
        compared("errors", 1 - mine["overall"], mistakes, "share", ERRORS, count),
        *(
            Row(f"accuracy, {name}", mine[name], theirs.get(name), n=len(places))
            for name, places in parts(messages).items()
        ),
        Row(
            "AUROC, out of scope",
            scope_auroc(messages, ours.answers),
            scope_auroc(messages, other.answers) if other else None,
            n=count,
        ),
        compared(
            "understanding one message, median",
            _median_ms(ours.answers),
            _median_ms(other.answers) if other else None,
            "ms",
            n=count,
        ),
        compared(
            "training",
            other.ours_seconds if other else ours.seconds,
            other.stock_seconds if other else None,
            "s",
            TRAINING,
        ),
    ]


def _alone(messages: Sequence[HeldOut], ours: Side, count: int) -> list[Row]:
    """Return what ours reaches with all of its examples; no ratio."""
    mine = accuracies(messages, ours.answers)
    named = f"all {count} examples: "
    return [
        *(
            Row(f"{named}accuracy, {name}", mine[name], n=len(places))
            for name, places in parts(messages).items()
        ),
        Row(f"{named}AUROC", scope_auroc(messages, ours.answers), n=len(messages)),
        Row(f"{named}training", ours.seconds, unit="s"),
    ]


def _median_ms(answers: Sequence[Answer]) -> float:
    return statistics.median(one.seconds for one in answers) * 1000


def _when(other: Kept, ours: Side) -> str:
    if not other.cached:
        return "The stock side was trained in this run."
    return (
        f"The stock side was trained on {other.trained_at}; both training times are "
        f"of that run. Ours took {ours.seconds:.1f} s in this one."
    )
