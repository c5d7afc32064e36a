"""From measured figures to a school, a district and a state: `docs/capacity.md`.

    .venv/bin/python -m bench.capacity             # writes the tables into the page
    .venv/bin/python -m bench.capacity --core-hour 0.05 --gb-month 0.10   # prints cost

Every figure comes from bench/results; what is assumed stands in `Assumed`. Prices
are the reader's own: nothing is multiplied with a price that is not given.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results")
PAGE = Path(__file__).parents[1] / "docs" / "capacity.md"
BEGIN, END = "<!-- computed: begin -->", "<!-- computed: end -->"
SIZES = (1_000, 50_000, 1_000_000)
HOURS_A_MONTH = 730
MILLISECONDS_AN_HOUR = 3_600_000


@dataclass(frozen=True)
class Assumed:
    """What nobody measured here; a district knows better and changes it.

    Attributes:
        busy: share of students who talk in the busiest minute, one message each.
        headroom: share of a core or worker that may be used at that time.
        messages: a student's messages in a year.
        record_mb: a student's record without the conversation, in MB.
        apps_least: apps, so that one may fail.
    """

    busy: float = 0.05
    headroom: float = 0.5
    messages: int = 200
    record_mb: float = 0.5
    apps_least: int = 2


@dataclass(frozen=True)
class Measured:
    """What bench/results hold, of a district's processes.

    Attributes:
        app, rasa, database: core-milliseconds of a turn.
        rasa_mb, app_mb: memory of one process (Pss).
        turn_kb: growth of both databases with a turn.
        when: the days on which it was measured.
    """

    app: float
    rasa: float
    database: float
    rasa_mb: float
    app_mb: float
    turn_kb: float
    when: str


@dataclass(frozen=True)
class Need:
    """What so many students need at their busiest."""

    students: int
    turns: float
    workers: int
    apps: int
    database_cores: float
    cores: int
    memory_gb: float
    disk_gb: float

    @property
    def core_hours(self) -> float:
        """Hours of a core for a student and year, idle nights included."""
        return self.cores * HOURS_A_MONTH * 12 / self.students


def measured(results: Path = RESULTS) -> Measured:
    """Read the figures that the sheet rests on.

    Raises:
        KeyError: one is missing: run `make bench` with PostgreSQL and nginx there.
    """
    shards, turn = _rows(results / "shards.json"), _rows(results / "turn.json")
    rasa_mb = _value(turn, "memory of Rasa (Pss)")
    days = sorted({_day(results / f"{name}.json") for name in ("shards", "turn")})
    return Measured(
        app=_value(shards, "nginx, app: core-milliseconds"),
        rasa=_value(shards, "nginx, rasa: core-milliseconds"),
        database=_value(shards, "nginx, database: core-milliseconds"),
        rasa_mb=rasa_mb,
        app_mb=_value(turn, "memory of Rasa and pages (Pss)") - rasa_mb,
        turn_kb=_value(shards, "database grows a turn"),
        when=" and ".join(days),
    )


def need(students: int, found: Measured, assumed: Assumed) -> Need:
    """Return what a number of students needs at the busiest minute of the year."""
    turns = students * assumed.busy / 60

    def busy_cores(milliseconds: float) -> float:
        return turns * milliseconds / 1000 / assumed.headroom

    workers = max(1, math.ceil(busy_cores(found.rasa)))
    least = assumed.apps_least if students > SIZES[0] else 1
    apps = max(least, math.ceil(busy_cores(found.app)))
    database = busy_cores(found.database)
    cores = max(2, math.ceil(busy_cores(found.app + found.rasa) + database))
    memory = (workers * found.rasa_mb + apps * found.app_mb) / 1024
    year = assumed.messages * found.turn_kb / 1024 + assumed.record_mb
    return Need(
        students,
        turns,
        workers,
        apps,
        database,
        cores,
        memory,
        students * year / 1024,
    )


def limits(found: Measured, assumed: Assumed) -> list[tuple[str, float]]:
    """Return what breaks, first things first: the students at which it does."""
    each = 60 / assumed.busy * assumed.headroom * 1000
    both = found.app + found.rasa + found.database
    named = {
        "two cores for everything (one machine, `make run`)": 2 * each / both,
        "one Rasa worker (one core)": each / found.rasa,
        "one app (one core: Python runs one thread at a time)": each / found.app,
        "16 Rasa workers, the most that one supervisor starts": 16 * each / found.rasa,
        "a PostgreSQL with 16 cores": 16 * each / found.database,
        "a PostgreSQL with 64 cores": 64 * each / found.database,
    }
    return sorted(named.items(), key=lambda one: one[1])


def text(found: Measured, assumed: Assumed) -> str:
    """Return the computed part of the page, as Markdown."""
    needs = [need(size, found, assumed) for size in SIZES]
    lines = [
        f"Measured on {found.when}; core-milliseconds of a turn: app {found.app:.1f}, "
        f"Rasa {found.rasa:.1f}, PostgreSQL {found.database:.1f}; memory: Rasa "
        f"{found.rasa_mb:.0f} MB, app {found.app_mb:.0f} MB; a turn adds "
        f"{found.turn_kb:.1f} KB to the databases.",
        "",
        f"Assumed: {assumed.busy:.0%} of the students write in the busiest minute, one "
        f"message each; {assumed.headroom:.0%} of a core is used then; "
        f"{assumed.messages} messages a student and year; {assumed.record_mb:g} MB of "
        "record a student.",
        "",
        _line("students", [f"{one.students:,}" for one in needs]),
        _line("---", ["---:"] * len(needs)),
        _line("turns a second, busiest", [f"{one.turns:,.1f}" for one in needs]),
        _line("Rasa workers", [f"{one.workers:,}" for one in needs]),
        _line("apps", [f"{one.apps:,}" for one in needs]),
        _line("cores of PostgreSQL", [f"{one.database_cores:,.1f}" for one in needs]),
        _line("cores in all", [f"{one.cores:,}" for one in needs]),
        _line(
            "memory of apps and Rasa, GB", [f"{one.memory_gb:,.1f}" for one in needs]
        ),
        _line("disk after a year, GB", [f"{one.disk_gb:,.0f}" for one in needs]),
        _line("core-hours a student and year", [f"{o.core_hours:.2f}" for o in needs]),
        "",
        "What breaks first, in this order, with the same assumptions:",
        "",
        "| limit | students |",
        "|---|---:|",
        *(f"| {name} | {count:,.0f} |" for name, count in limits(found, assumed)),
    ]
    return "\n".join(lines)


def page(before: str, computed: str) -> str:
    """Return the page with the computed part replaced."""
    head, _, rest = before.partition(BEGIN)
    tail = rest.partition(END)[2]
    return f"{head}{BEGIN}\n{computed}\n{END}{tail}"


def write_page(results: Path = RESULTS, file: Path = PAGE) -> bool:
    """Write the page anew; False where figures for it are missing."""
    try:
        computed = text(measured(results), Assumed())
    except (KeyError, OSError):
        return False
    file.write_text(page(file.read_text(encoding="utf-8"), computed), encoding="utf-8")
    return True


def cost(one: Need, core_hour: float, gb_month: float) -> float:
    """Return the cost of a student and year in the currency of the two prices."""
    memory = one.memory_gb + one.disk_gb
    return one.core_hours * core_hour + 12 * gb_month * memory / one.students


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page; print the cost where prices are given."""
    parser = argparse.ArgumentParser(prog="python -m bench.capacity")
    parser.add_argument("--core-hour", type=float, help="price of a core for an hour")
    parser.add_argument("--gb-month", type=float, help="price of a GB for a month")
    given = parser.parse_args(arguments)
    if not write_page():
        print("Figures are missing: run `python -m bench turn shards` first.")
        return 1
    if given.core_hour is not None and given.gb_month is not None:
        found = measured()
        for size in SIZES:
            each = cost(need(size, found, Assumed()), given.core_hour, given.gb_month)
            print(f"{size:>9,} students: {each:.4f} for a student and year")
    return 0


def _rows(path: Path) -> dict[str, Any]:
    rows = json.loads(path.read_text(encoding="utf-8"))["rows"]
    return {row["name"]: row["ours"] for row in rows}


def _value(rows: dict[str, Any], part: str) -> float:
    return float(
        next((rows[name] for name in rows if part in name), None) or rows[part]
    )


def _day(path: Path) -> str:
    return str(json.loads(path.read_text(encoding="utf-8"))["measured_at"])[:10]


def _line(name: str, cells: Sequence[str]) -> str:
    return f"| {name} | {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
