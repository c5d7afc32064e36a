"""What the commands share: the product, the terminal, errors in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from sqlalchemy.exc import DBAPIError

from pathways.app import Milepost, build
from pathways.formats.problems import FormatError
from pathways.formats.report import Report
from pathways.services.errors import MilepostError
from pathways.services.imports_job import Progress as Tick
from pathways.settings import Settings, SettingsError
from pathways.store.sealing import KeysMissing

SchoolOption = Annotated[
    str | None,
    typer.Option("--school", help="Code of the school; the only one if left out."),
]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Check everything, save nothing.")
]
PartialOption = Annotated[
    bool, typer.Option("--partial", help="Save the good rows when some are rejected.")
]


def console() -> Console:
    """Return the terminal as it is now."""
    return Console(highlight=False)


def complain(message: str) -> None:
    """Write an error for the person at the terminal."""
    Console(stderr=True, highlight=False).print(message, style="red", markup=False)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what people can act on into one message and exit code 1."""
    try:
        yield
    except (MilepostError, FormatError, SettingsError) as error:
        complain(str(error))
        raise typer.Exit(1) from error
    except KeysMissing as error:
        complain(str(error))
        raise typer.Exit(1) from error
    except DBAPIError as error:
        complain("The database can't be used. Try: milepost db upgrade")
        complain(str(error.orig))
        raise typer.Exit(1) from error


@contextmanager
def product() -> Iterator[Milepost]:
    """Open the product with this machine's settings, and close it again."""
    with plain_errors():
        milepost = build(Settings.load())
        try:
            yield milepost
        finally:
            milepost.engine.dispose()


@contextmanager
def bar(what: str) -> Iterator[Tick]:
    """Show a progress bar on a terminal; yield what moves it."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    screen = Console(stderr=True)
    with Progress(
        *columns, console=screen, transient=True, disable=not screen.is_terminal
    ) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(
            task, completed=done, total=total or None
        )


def show(report: Report) -> None:
    """Print a report: tables on a terminal, plain lines elsewhere.

    Raises:
        typer.Exit: with 1 where a row was rejected.
    """
    show_all([report])


def show_all(reports: Sequence[Report]) -> None:
    """Print several reports, one after the other.

    Raises:
        typer.Exit: with 1 where a row was rejected.
    """
    for report in reports:
        _print(report)
    if any(report.rejected for report in reports):
        raise typer.Exit(1)


def _print(report: Report) -> None:
    screen = console()
    if screen.is_terminal:
        screen.print(report.table())
        for note in report.notes:
            screen.print(note, markup=False)
        for line in report.foreseen:
            screen.print(line, markup=False)
        if report.rejected:
            screen.print(report.rejected_table())
        if report.beyond:
            screen.print(f"{report.beyond} more rejected rows are not listed.")
        screen.print(report.closing)
    else:
        for line in report.as_lines():
            typer.echo(line)
