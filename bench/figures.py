"""What a benchmark found, as a table for people and as JSON."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results")
HEAD = ("", "ours", "other", "ratio", "target", "met", "n")


@dataclass(frozen=True)
class Row:
    """One figure of ours, beside the same figure of the other side where it has one.

    Attributes:
        ratio: ours to the other's, from one and the same run.
        target: the largest ratio that is good enough; None where none was set.
        n: how many times it was measured, or messages it rests on.
    """

    name: str
    ours: float | None
    other: float | None = None
    unit: str = ""
    target: float | None = None
    n: int = 1
    ratio: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without target or measurement."""
        if self.target is None or self.ratio is None:
            return None
        return self.ratio <= self.target


@dataclass
class Outcome:
    """The rows of one benchmark, and what a reader must know beside them."""

    name: str
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)


def compared(
    name: str,
    ours: float | None,
    other: float | None,
    unit: str,
    target: float | None = None,
    n: int = 1,
) -> Row:
    """Return a row with the ratio of two figures; no ratio where one is missing."""
    ratio = None if ours is None or not other else ours / other
    return Row(name, ours, other, unit, target, n, ratio)


def p95(values: Sequence[float]) -> float:
    """Return the 95th percentile (linear between neighbours), at least two values."""
    return statistics.quantiles(values, n=20, method="inclusive")[18]


def machine() -> dict[str, Any]:
    """Return what the figures depend on; nothing that names the machine."""
    load = os.getloadavg()
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": _memory_gb(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load_before": [round(value, 2) for value in load],
    }


def table(outcome: Outcome) -> str:
    """Return an outcome as lines of text, its columns aligned."""
    lines = [HEAD, *(_cells(row) for row in outcome.rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEAD))]
    text = [f"== {outcome.name}"]
    for line in lines:
        first = line[0].ljust(widths[0])
        rest = [
            cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)
        ]
        text.append("  ".join([first, *rest]).rstrip())
    return "\n".join([*text, *(f"   {note}" for note in outcome.notes)])


def write(outcome: Outcome, facts: dict[str, Any], now: datetime) -> Path:
    """Write an outcome as JSON, whole or not at all; return its file.

    Args:
        outcome: what was found.
        facts: the machine, as `machine` returns it.
        now: the moment, in UTC.
    """
    content = {
        "benchmark": outcome.name,
        "measured_at": now.isoformat(timespec="seconds"),
        "machine": facts,
        "settings": outcome.settings,
        "rows": [asdict(row) | {"met": row.met} for row in outcome.rows],
        "notes": outcome.notes,
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{outcome.name}.json"
    half = path.with_suffix(".half")
    half.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    half.replace(path)
    return path


def _cells(row: Row) -> tuple[str, ...]:
    met = {None: "", True: "yes", False: "NO"}[row.met]
    target = "" if row.target is None else f"<= {row.target:g}"
    ratio = "" if row.ratio is None else f"{row.ratio:.3g}"
    name = f"{row.name} ({row.unit})" if row.unit else row.name
    shown = (number(row.ours), number(row.other))
    return (name, *shown, ratio, target, met, str(row.n))


def number(value: float | None) -> str:
    """Return a figure with four digits, "-" where there is none."""
    if value is None:
        return "-"
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = (line.partition(":")[2].strip() for line in lines if "model name" in line)
    return next(named, platform.machine())


def _memory_gb() -> float | None:
    try:
        pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return None
    return round(pages / 2**30, 1)
