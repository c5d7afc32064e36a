"""`milepost audit` and `milepost replay`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pathways.cli.common import SchoolOption, complain, console, plain_errors, product
from pathways.domain.equity import LEAST
from pathways.services.accounts import school_called
from pathways.services.equity import Audit, groups_from
from pathways.services.equity import audit as audit_equity
from pathways.services.errors import Invalid
from pathways.services.replay import replay as replay_suggestion

app = typer.Typer(no_args_is_help=True, help="Look at how suggestions fall.")


@app.callback()
def _group() -> None:
    """Look at how suggestions fall."""


@app.command("equity")
def equity(
    by: Annotated[str, typer.Option("--by", help="grade or language.")] = "grade",
    groups: Annotated[
        Path | None,
        typer.Option("--groups", help="A CSV with student and group; not stored."),
    ] = None,
    least: Annotated[
        int, typer.Option("--least", help="Hide groups smaller than this.")
    ] = LEAST,
    grade: Annotated[
        list[int] | None, typer.Option("--grade", help="Only this grade; repeatable.")
    ] = None,
    school: SchoolOption = None,
) -> None:
    """Say who is offered what, by group; exits with 1 where an alert is raised.

    Younger grades always see lower levels: compare groups within some grades.

    Example: milepost audit equity --groups groups.csv --grade 11 --grade 12
    """
    with product() as milepost, plain_errors():
        chosen = school_called(milepost, school)
        named = _groups(groups) if groups else None
        grades = frozenset(grade) if grade else None
        found = audit_equity(milepost, chosen, by, named, least, grades)
    _print(found)
    if found.alerts or found.differing:
        raise typer.Exit(1)


def _groups(path: Path) -> dict[str, str]:
    """Read groups by student.

    Raises:
        Invalid: the file can't be read or lacks a column.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{path.name} can't be read as a CSV file.") from error
    return groups_from(text)


def _print(found: Audit) -> None:
    screen = console()
    day, version = found.as_of.isoformat(), found.catalog_version
    screen.print(f"{found.students} students, catalog version {version}, {day}")
    for row in found.rows:
        if not row.shares:
            screen.print(
                f"{row.group}: too few students to show", markup=False, soft_wrap=True
            )
            continue
        shares = ", ".join(
            f"{name} {value:.1f}" if name == "families" else f"{name} {value:.0%}"
            for name, value in row.shares.items()
        )
        screen.print(
            f"{row.group} (n = {row.students}): {shares}", markup=False, soft_wrap=True
        )
    for one in found.alerts:
        against = f", best group {one.best:.0%}" if one.best else ""
        line = f"ALERT {one.group}: {one.what} {one.share:.0%}{against}"
        screen.print(line, markup=False, soft_wrap=True)
    screen.print(
        f"{found.swapped} pairs swapped names, accounts and languages: "
        f"{found.differing} differ"
    )


def replay(
    suggestion: Annotated[str, typer.Argument(help="The id of a suggestion.")],
) -> None:
    """Make a logged suggestion again, to the byte; exits with 1 where it differs.

    Example: milepost replay 0192f0c1
    """
    with product() as milepost:
        found = replay_suggestion(milepost, suggestion)
    sys.stdout.write(found.said.decode() + "\n")
    verdict = "the same bytes" if found.same else "NOT the same bytes"
    complain(
        f"{verdict}; catalog version {found.catalog_version}, "
        f"policy {found.policy_version}, inputs {found.inputs_hash}"
    )
    if not found.same:
        raise typer.Exit(1)
