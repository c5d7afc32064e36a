"""Everything that must stand before Milepost can run or be tested."""

from __future__ import annotations

import fcntl
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from setup.environments import (
    app_environment,
    build,
    install_dev,
    is_dev_good,
    is_good,
    rasa_environment,
)
from setup.frontend import ensure_frontend
from setup.layout import Layout
from setup.local import ensure_local_env
from setup.model import ensure_model
from setup.own_code import compile_packages, link_app, link_rasa
from setup.report import Report
from setup.runner import Runner


def prepare(
    layout: Layout, runner: Runner, report: Report, *, dev: bool = False
) -> None:
    """Make what is missing or outdated; a second call takes a fraction of a second.

    Args:
        layout: The checkout.
        runner: Runs pip, npm and Rasa.
        report: Tells the person what happens.
        dev: With what tests and checks need.

    Raises:
        SetupError: a step failed; the message says what to do.
    """
    with one_at_a_time(layout, report):
        ensure_environments(layout, runner, report, dev=dev)
        ensure_frontend(layout, Path(sys.executable), runner, report)
        ensure_model(layout, datetime.now(UTC), runner, report)


def ensure_environments(
    layout: Layout, runner: Runner, report: Report, *, dev: bool = False
) -> None:
    """Build both environments side by side where they are not complete.

    Raises:
        SetupError: pip failed.
    """
    if ensure_local_env(layout.local_env):
        report.say(f"Made secrets for this machine in {layout.local_env}")
    app, rasa = app_environment(layout), rasa_environment(layout)
    python = Path(sys.executable)
    tools = layout.requirements / "dev.txt"

    def ensure_app() -> None:
        if not is_good(app):
            build(app, python, runner, report)
        if dev and not is_dev_good(app, tools):
            install_dev(app, tools, runner, report)

    def ensure_rasa() -> None:
        if not is_good(rasa):
            build(rasa, python, runner, report)

    _side_by_side([ensure_app, ensure_rasa], runner)
    link_app(layout, app)
    link_rasa(layout, rasa)
    compile_packages(layout)


def _side_by_side(tasks: Sequence[Callable[[], None]], runner: Runner) -> None:
    """Run tasks at the same time; the first that fails ends the others."""
    with ThreadPoolExecutor(len(tasks)) as pool:
        futures = [pool.submit(task) for task in tasks]
        try:
            for future in futures:
                future.result()
        except BaseException:
            runner.stop_all()
            raise


@contextmanager
def one_at_a_time(layout: Layout, report: Report) -> Iterator[None]:
    """Wait until no other make sets this folder up."""
    layout.make_private()
    with (layout.run / "setup.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            report.say("Another make sets this folder up; waiting for it ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
