"""The tables of `docs/performance.md`, as the last runs left them in bench/results.

.venv/bin/python -m bench.page     # writes them into the page
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.figures import RESULTS, number

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
HEAD = "| what | ours | other | ratio | target | n |\n|---|---|---|---|---|---|"
MET = {True: "met", False: "**not met**", None: ""}


def text(results: Path = RESULTS) -> str:
    """Return a heading, a sentence on the moment, and a table for each result."""
    found = sorted(results.glob("*.json"))
    return "\n\n".join(_section(json.loads(one.read_text("utf-8"))) for one in found)


def page(whole: str, measured: str) -> str:
    """Return the page with its tables replaced; the rest stays as it is.

    Raises:
        ValueError: the page has no place for them.
    """
    before, _, rest = whole.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"{PAGE.name} has no lines {BEGIN} and {END}.")
    return f"{before}{BEGIN}\n\n{measured}\n\n{END}{after}"


def write_page(results: Path = RESULTS, file: Path = PAGE) -> None:
    """Write the tables into the page."""
    whole = page(file.read_text(encoding="utf-8"), text(results))
    file.write_text(whole, encoding="utf-8")


def _section(found: dict[str, Any]) -> str:
    machine = found["machine"]
    when = datetime.fromisoformat(found["measured_at"]).strftime("%Y-%m-%d %H:%M UTC")
    said = ", ".join(f"{key} {value}" for key, value in found["settings"].items())
    first = (
        f"Measured {when}, {machine['cores']} cores ({machine['processor']}), load "
        f"before {machine['load_before'][0]}{f'; {said}' if said else ''}."
    )
    rows = [_line(row) for row in found["rows"]]
    notes = [f"- {note}" for note in found["notes"]]
    table = "\n".join([HEAD, *rows])
    return "\n\n".join(
        [f"### {found['benchmark']}", first, table, *(["\n".join(notes)] * bool(notes))]
    )


def _line(row: dict[str, Any]) -> str:
    unit = f" ({row['unit']})" if row["unit"] else ""
    target = "" if row["target"] is None else f"<= {row['target']:g}"
    met = MET[row["met"]]
    cells = (
        f"{row['name']}{unit}",
        number(row["ours"]),
        number(row["other"]),
        "" if row["ratio"] is None else f"{row['ratio']:.3g}",
        f"{target}, {met}" if target and met else target,
        str(row["n"]),
    )
    return f"| {' | '.join(cells)} |"


def main() -> int:
    """Write the page; return 0."""
    write_page()
    return 0


if __name__ == "__main__":
    sys.exit(main())
