"""`milepost privacy`, `keys`, `retention`, `backup`, `restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathways.app import Milepost
from pathways.cli.common import bar, complain, plain_errors, product
from pathways.services import backup as backups
from pathways.services import keys as key_files
from pathways.services.access import Actor, Role, actor_of
from pathways.services.access_audit import verify as verify_log
from pathways.services.data_copy import copy_for
from pathways.services.deletion import (
    MEMORY,
    delete_student,
    open_deletions,
    run_due,
)
from pathways.services.errors import Invalid
from pathways.services.retention import retain
from pathways.settings import Settings

privacy = typer.Typer(no_args_is_help=True, help="A student's own data.")
keys = typer.Typer(no_args_is_help=True, help="The keys that seal what people wrote.")
StudentArgument = Annotated[str, typer.Argument(help="User name of the student.")]
ByOption = Annotated[
    str, typer.Option("--by", help="Your user name: a counselor or administrator.")
]


def _people(milepost: Milepost, by: str, student: str) -> tuple[Actor, str]:
    """Return who acts, and the student's id, deactivated ones included."""
    with milepost.work() as work:
        keeper = work.people.by_username(by.strip().lower())
        found = work.people.by_username(student.strip().lower())
    if keeper is None or keeper.role not in (Role.COUNSELOR, Role.ADMIN):
        raise Invalid(f"{by} is neither a counselor nor an administrator.")
    if found is None or found.school_id != keeper.school_id:
        raise Invalid(f"Nobody at this school has the user name {student}.")
    return actor_of(keeper), found.id


@privacy.command("export")
def export(
    student: StudentArgument,
    path: Annotated[Path, typer.Argument(help="The zip to write.")],
    by: ByOption,
) -> None:
    """Write all that is kept about a student; the student sees that you did.

    Example: milepost privacy export maya maya.zip --by bell
    """
    with product() as milepost:
        actor, student_id = _people(milepost, by, student)
        found = copy_for(milepost, actor, student_id)
        path.touch(mode=0o600)
        path.write_bytes(found.content)
    typer.echo(path)


@privacy.command("delete")
def delete(
    student: StudentArgument,
    by: ByOption,
    sure: Annotated[
        bool, typer.Option("--sure", help="Delete now, without days of grace.")
    ] = False,
) -> None:
    """Delete all that is kept about a student, for good.

    If it is cut off, the app goes on with it, or: milepost privacy resume

    Example: milepost privacy delete maya --by bell --sure
    """
    with product() as milepost:
        actor, student_id = _people(milepost, by, student)
        if not sure:
            raise Invalid("This can't be taken back. Add --sure to go on.")
        done = delete_student(milepost, actor, student_id)
    typer.echo(f"Deleted: {sum(n for name, n in done.items() if name != MEMORY)} rows.")
    if MEMORY not in done:
        typer.echo("The assistant is away. It is told to forget once it is back.")


@privacy.command("resume")
def resume() -> None:
    """Go on with deletions that were cut off, and begin those that are due.

    Example: milepost privacy resume
    """
    with product() as milepost:
        ended, left = run_due(milepost), open_deletions(milepost)
    typer.echo(f"{ended} deletions ended, {left} can't go on now.")
    if left:
        raise typer.Exit(1)


def retention(
    apply: Annotated[
        bool, typer.Option("--apply", help="Take it out; otherwise count only.")
    ] = False,
) -> None:
    """Take out what is older than the district lets it stay; the app does so daily.

    Example: milepost retention --apply
    """
    with product() as milepost:
        found = retain(milepost, apply=apply)
    for code, counts in found.items():
        for name, number in counts.items():
            typer.echo(f"{code}\t{name}\t{number}")
    typer.echo("Taken out." if apply else "Dry run: nothing was taken out.")


def verify() -> None:
    """Check that the log of looks is as it was written; exits with 1 where not.

    Example: milepost audit verify
    """
    with product() as milepost:
        found = verify_log(milepost)
    for code, verdict in found.items():
        typer.echo(
            f"{code}: {verdict.rows} rows in the chain, {verdict.erased} of them "
            f"emptied, {verdict.before} from before the chain"
        )
        for problem in verdict.problems:
            complain(f"{code}: {problem}")
    if any(verdict.problems for verdict in found.values()):
        raise typer.Exit(1)


@keys.command("new")
def new() -> None:
    """Make the key file, once; keep a copy of it apart from the backups.

    Example: milepost keys new
    """
    with product() as milepost:
        typer.echo(key_files.make_keys(milepost))


@keys.command("rotate")
def rotate() -> None:
    """Add a new key and seal every row with it, while the app may run.

    Example: milepost keys rotate
    """
    with product() as milepost, bar("Sealing") as tick:
        changed = key_files.rotate(milepost, tick)
    typer.echo(f"{changed} rows sealed anew. Next: milepost keys retire")


@keys.command("seal")
def seal() -> None:
    """Seal rows from before; safe to run again.

    Example: milepost keys seal
    """
    with product() as milepost, bar("Sealing") as tick:
        changed = key_files.seal(milepost, tick)
    typer.echo(f"{changed} rows sealed.")


@keys.command("retire")
def retire() -> None:
    """Drop the older keys, once nothing needs them.

    Example: milepost keys retire
    """
    with product() as milepost:
        gone = key_files.retire(milepost)
    typer.echo(f"{gone} keys dropped.")


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write, like monday.tgz.")],
) -> None:
    """Write the database into one file; the keys are not in it.

    Example: milepost backup monday.tgz
    """
    with product() as milepost:
        made = backups.back_up(milepost, file)
    typer.echo(f"{file}: {made.total} rows in {len(made.rows)} tables.")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")],
) -> None:
    """Bring a backup into an empty database, and check it.

    Example: milepost restore monday.tgz
    """
    with plain_errors():
        made = backups.restore(Settings.load(), file)
    typer.echo(f"{made.total} rows in {len(made.rows)} tables, as of {made.made_at}.")
