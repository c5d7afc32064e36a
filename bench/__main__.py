"""Entry point of `make bench`: all benchmarks, or those named."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property

from bench import capacity, flame, match, nlu, page, pages, paint, safety, turn
from bench.figures import Outcome, machine, table, write
from bench.load import measure as load
from bench.stock import Stock, ensure_stock
from setup.layout import Layout
from setup.report import Report, SetupError
from setup.runner import Runner

NAMES = ("safety", "match", "turn", "pages", "paint", "shards", "load", "flame", "nlu")
SHEET = ("turn", "shards")
PER_INTENT = 20


class Benchmarks:
    """The benchmarks by name, and what they share."""

    def __init__(self, options: argparse.Namespace, now: datetime) -> None:
        """Keep the options; nothing is made before the first benchmark needs it."""
        self.options = options
        self.now = now
        self.layout = Layout.find()
        self.report = Report(beat=60.0)
        log = self.layout.var / "bench" / "bench.log"
        self.runner = Runner(self.layout.root, log)
        self.by_name: dict[str, Callable[[], Outcome]] = {
            "safety": safety.measure,
            "match": self._match,
            "turn": self._turn,
            "pages": lambda: pages.measure(self.layout, self.options.turns),
            "paint": lambda: paint.measure(self.layout),
            "shards": lambda: load.shards(self.layout, self.report, self._plan()),
            "load": lambda: load.measure(self.layout, self.report, self._plan()),
            "flame": lambda: flame.measure(
                self.layout, self.report, self.options.turns
            ),
            "nlu": self._nlu,
        }

    @cached_property
    def stock(self) -> Stock | None:
        """The stock side; None where it is not wanted or can't be made."""
        if self.options.no_stock:
            return None
        try:
            return ensure_stock(self.layout, self.runner, self.report)
        except SetupError as error:
            self.report.say(str(error))
            return None

    def _match(self) -> Outcome:
        return match.measure(self.layout, self.now)

    def _turn(self) -> Outcome:
        options = self.options
        return turn.measure(
            self.layout, self.report, self.stock, options.turns, options.starts
        )

    def _plan(self) -> load.Plan:
        options = self.options
        return load.Plan(
            options.students,
            options.minutes,
            options.bursts,
            options.seconds,
            options.workers,
        )

    def _nlu(self) -> Outcome:
        options = self.options
        bench = nlu.Bench(self.layout, self.runner, self.report, self.now)
        per_intent = None if options.all else options.per_intent
        return nlu.measure(bench, self.stock, per_intent, options.fresh)


def main() -> int:
    """Run benchmarks, print their tables, write their results.

    Returns:
        Exit code: 0 when all ran, whether or not a target is met; 1 otherwise.
    """
    os.umask(0o077)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    found = Benchmarks(_options(), datetime.now(UTC))
    try:
        return _run(found)
    except KeyboardInterrupt:
        found.report.say("Stopped.")
        return 130
    finally:
        found.runner.stop_all()


def _run(found: Benchmarks) -> int:
    missed, failed = list[str](), list[str]()
    for name in found.options.names or NAMES:
        facts = machine()
        try:
            outcome = found.by_name[name]()
        except SetupError as error:
            found.report.say(f"{name}: {error}")
            failed.append(name)
            continue
        path = write(outcome, facts, found.now)
        page.write_page()
        found.report.say(
            f"\n{table(outcome)}\n   {path.relative_to(found.layout.root)}"
        )
        if name in SHEET and capacity.write_page():
            found.report.say("   docs/capacity.md is computed anew.")
        missed += [f"{name}: {row.name}" for row in outcome.rows if row.met is False]
    found.report.say(f"Targets not met: {'; '.join(missed) or 'none'}")
    if failed:
        found.report.say(f"Not run to its end: {', '.join(failed)}")
    return 1 if failed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="|".join(NAMES))
    add = parser.add_argument
    add("--no-stock", action="store_true", help="leave stock Rasa out")
    add("--fresh", action="store_true", help="train stock Rasa again, kept or not")
    add("--per-intent", type=int, default=PER_INTENT, help="examples both learn from")
    add("--all", action="store_true", help="both learn from all examples (hours)")
    add("--turns", type=int, default=200, help="turns of each side")
    add("--starts", type=int, default=3, help="starts of each side")
    add("--students", type=int, default=1000, help="load: open conversations")
    add("--minutes", type=float, default=10.0, help="load: how long")
    add("--bursts", type=int, default=5, help="load: bursts of 200")
    add("--workers", type=int, default=1, help="load: Rasa processes")
    add("--seconds", type=float, default=20.0, help="shards: how long each")
    options = parser.parse_args()
    for name in options.names:
        if name not in NAMES:
            parser.error(f"there is no benchmark {name}")
    return options


if __name__ == "__main__":
    sys.exit(main())
