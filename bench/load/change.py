"""A model changes and changes back while students write (R16).

The real supervisor, pages and Rasa; the new model is the same file under another name.

    .venv/bin/python -m bench.load.change --times 1
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from bench import page
from bench.figures import Outcome, Row, compared, machine, p95, table, write
from bench.load.crowd import Said, flat_out
from bench.load.people import kept, let_in
from bench.product import Product, prepare
from setup.child import Child, ChildSpec
from setup.layout import Layout
from setup.model import MANIFEST, Model, current, file_sha256, go_back
from setup.ports import first_free
from setup.report import Report, SetupError
from setup.rollout import Rollout, Wanted
from setup.supervise import ADDRESSES, RASA_HOST, rasa_spec
from setup.supervisor import Supervisor, utc_now

LIMIT, PATIENCE, AT_ONCE, DRAIN = 60.0, 120.0, 3, 6.0
NAMES = ("one.tar.gz", "two.tar.gz")


@dataclass
class Change:
    """The running product, its two models, and what the students met."""

    layout: Layout
    product: Product
    models: Path
    report: Report
    times: int
    said: list[Said] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    back: list[float] = field(default_factory=list)
    failed: str = ""
    quiet: bool = False
    over: bool = False

    @property
    def addresses(self) -> Path:
        """The file in which the supervisor moves the worker."""
        return self.product.settings.var_dir / ADDRESSES

    def name_first(self, *names: str) -> None:
        """Write the manifest: the first model is the one to run."""
        rows = []
        for name in names:
            file = self.models / name
            rows.append(vars(Model(name, file_sha256(file), name, "")))
        half = self.models / "manifest.half"
        half.write_text(json.dumps({**rows[0], "earlier": rows[1:]}), encoding="utf-8")
        half.replace(self.models / MANIFEST)

    def supervise(self) -> None:
        """Run the supervisor as `make run` does, until the story has ended."""
        settings, one = self.product.settings, self.models / NAMES[0]
        rasa = rasa_spec(
            self.layout, 0, _port(settings.rasa_urls[0]), one, self._environ()
        )
        Supervisor(
            [self._pages(), rasa],
            run_folder=settings.var_dir,
            port=settings.port,
            address="",
            welcome=[],
            report=self.report,
            sleep=self._sleep,
            rollout=Rollout(
                self._spare,
                Wanted(self.models, one, self.report),
                one,
                settings.rasa_urls,
                self.addresses,
                self.report,
                drain=DRAIN,
                clock=time.monotonic,
            ),
        ).run()

    def story(self) -> None:
        """Write without a pause; change the model and change it back."""
        try:
            tokens = let_in(self.product.settings, 12)
            self._until(self.product.app.answers)
            self._until(self.product.rasa.answers)
            writing = threading.Thread(target=self._write, args=(tokens,))
            writing.start()
            time.sleep(3)
            for _ in range(self.times):
                self.name_first(NAMES[1], NAMES[0])
                self.seconds.append(self._moved())
                go_back(self.models)
                self.back.append(self._moved())
            time.sleep(3)
            self.quiet = True
            writing.join()
        except (SetupError, TimeoutError, OSError) as error:
            self.failed = f"{type(error).__name__}: {error}"
        finally:
            self.quiet = self.over = True

    def _write(self, tokens: list[str]) -> None:
        while not self.quiet:
            url = self.product.url
            self.said += asyncio.run(flat_out(url, tokens, AT_ONCE, 2.0))

    def _moved(self) -> float:
        """Wait until the pages are told another address; return seconds."""
        begun, before = time.monotonic(), self.addresses.read_text()
        self._until(lambda: self.addresses.read_text() != before)
        return time.monotonic() - begun

    def _until(self, done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not done():
            if time.monotonic() > deadline:
                raise TimeoutError("a process does not answer")
            time.sleep(0.1)

    def _spare(self, number: int, model: Path) -> tuple[Child, str]:
        port = first_free(RASA_HOST, _port(self.product.settings.rasa_urls[0]))
        spec = rasa_spec(self.layout, number, port, model, self._environ())
        return Child(spec, time.monotonic, utc_now), f"http://{RASA_HOST}:{port}"

    def _pages(self) -> ChildSpec:
        return replace(self.product.app, environ=self._environ())

    def _environ(self) -> dict[str, str]:
        given = dict(self.product.app.environ)
        return given | {"MILEPOST_RASA_URLS_FILE": str(self.addresses)}

    def _sleep(self, seconds: float) -> None:
        time.sleep(seconds)
        if self.over:
            self.over = False
            os.kill(os.getpid(), signal.SIGTERM)


def _port(url: str) -> int:
    return int(url.rpartition(":")[2])


def measure(layout: Layout, report: Report, times: int) -> Outcome:
    """Change the model so many times, and back.

    Raises:
        SetupError: no model is trained, or a process does not come up.
    """
    outcome = Outcome("change")
    outcome.settings = {"times": times, "at_once": AT_ONCE}
    product = prepare(layout)
    models = product.settings.var_dir / "models"
    models.mkdir()
    for name in NAMES:
        shutil.copy(current(layout.models), models / name)
    change = Change(layout, product, models, report, times)
    change.name_first(NAMES[0])
    told = threading.Thread(target=change.story)
    told.start()
    change.supervise()
    told.join()
    if change.failed:
        raise SetupError(change.failed)
    record, said = kept(product.settings), change.said
    lost = sum(one.acknowledged and not record.times[one.key] for one in said)
    unanswered, n = sum(not one.answered for one in said), len(said)
    slowest = max(change.back)
    outcome.rows = [
        Row("messages lost", float(lost), float(n), "", 0.0, n, lost / n),
        Row("not answered", float(unanswered), float(n), "", 0.0, n, unanswered / n),
        Row("a message, p95", p95([one.seconds for one in said]), unit="s", n=n),
        Row("change, slowest", max(change.seconds), unit="s", n=times),
        compared("way back, slowest; other: 60 s", slowest, LIMIT, "s", 1.0, times),
    ]
    return outcome


def main() -> int:
    """Run it, print the table, write `bench/results/change.json`.

    Returns:
        Exit code: 0 when no message was lost or left without an answer.
    """
    os.umask(0o077)
    parser = argparse.ArgumentParser(prog="python -m bench.load.change")
    parser.add_argument("--times", type=int, default=3)
    report, facts = Report(beat=60.0), machine()
    try:
        outcome = measure(Layout.find(), report, parser.parse_args().times)
    except SetupError as error:
        report.say(str(error))
        return 1
    path = write(outcome, facts, datetime.now(UTC))
    page.write_page()
    report.say(f"\n{table(outcome)}\n   {path}")
    return 1 if any(row.met is False for row in outcome.rows) else 0


if __name__ == "__main__":
    sys.exit(main())
