"""`milepost school` and `milepost user`."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from pathways.cli.common import SchoolOption, console, product
from pathways.services import accounts
from pathways.services.access import Role

schools = typer.Typer(no_args_is_help=True, help="The schools of this installation.")
users = typer.Typer(
    no_args_is_help=True, help="Accounts of people who sign in with a password."
)
UsernameArgument = Annotated[str, typer.Argument(help="The user name.")]
STDIN = "Read the password from standard input, one line."


@schools.command("add")
def add_school(
    code: Annotated[str, typer.Argument(help="A short code, like riverbend.")],
    name: Annotated[str, typer.Option(help="Name as people say it.")],
    safety_adult: Annotated[
        str, typer.Option(help="Whom crisis replies name, with their role.")
    ],
    state: Annotated[str, typer.Option(help="Two letters, for its rules.")] = "OH",
    timezone: Annotated[
        str | None, typer.Option(help="Time zone; MILEPOST_TIMEZONE if left out.")
    ] = None,
) -> None:
    """Add a school.

    Example: milepost school add riverbend --name "Riverbend Local Schools"
    --safety-adult "Ms. Rivera, the school counselor"
    """
    with product() as milepost:
        added = accounts.add_school(
            milepost,
            code=code,
            name=name,
            state=state,
            timezone=timezone or milepost.settings.timezone,
            safety_adult=safety_adult,
        )
    typer.echo(f"Added {added.name} ({added.code}).")


@schools.command("list")
def list_schools() -> None:
    """List the schools.

    Example: milepost school list
    """
    with product() as milepost:
        for school in accounts.schools(milepost):
            typer.echo(f"{school.code}  {school.name}, {school.state}")


@users.command("add")
def add_user(
    username: UsernameArgument,
    role: Annotated[Role, typer.Option(help="What the person is to the school.")],
    given_name: Annotated[str, typer.Option(help="First name.")],
    family_name: Annotated[str, typer.Option(help="Last name.")],
    grade: Annotated[int | None, typer.Option(help="Students: 7 to 12.")] = None,
    born: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Students: birthday.")
    ] = None,
    school: SchoolOption = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help=STDIN)
    ] = False,
) -> None:
    """Add a person who is not in the school's own system.

    Example: milepost user add kim --role counselor --given-name Kim --family-name Lee
    """
    with product() as milepost:
        added = accounts.add_user(
            milepost,
            accounts.school_called(milepost, school),
            username=username,
            role=role,
            given_name=given_name,
            family_name=family_name,
            grade=grade,
            born=born.date() if born else None,
            password=_password(password_stdin),
        )
    typer.echo(f"Added {added.username}, {added.role}.")


@users.command("password")
def set_password(
    username: UsernameArgument,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help=STDIN)
    ] = False,
    one_time: Annotated[
        bool, typer.Option("--one-time", help="A random one; they choose their own.")
    ] = False,
) -> None:
    """Give a person a new password.

    Example: milepost user password bell --one-time
    """
    with product() as milepost:
        if one_time:
            made = accounts.give_one_time(milepost, username)
            typer.echo(f"{username} signs in once with {made}, within three days.")
            return
        accounts.set_password(milepost, username, _password(password_stdin))
    typer.echo(f"{username} has a new password.")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


@users.command("list")
def list_users(
    role: Annotated[Role | None, typer.Option(help="One role only.")] = None,
    school: SchoolOption = None,
) -> None:
    """List a school's people, by role and name.

    Example: milepost user list --role advisor
    """
    with product() as milepost:
        found = accounts.users(milepost, accounts.school_called(milepost, school), role)
    rows = [
        (
            one.username,
            one.role,
            f"{one.given_name} {one.family_name}",
            str(one.grade or ""),
            "yes" if one.password_hash else "no",
        )
        for one in found
    ]
    screen = console()
    if not screen.is_terminal:
        for row in rows:
            typer.echo("\t".join(row))
        return
    table = Table("user name", "role", "name", "grade", "has a password")
    for row in rows:
        table.add_row(*row)
    screen.print(table)


@users.command("mark")
def mark(username: UsernameArgument) -> None:
    """Print what stands for a person in the log, at sign-ins and when signed in.

    Example: milepost user mark bell | grep -f - var/log/app.log
    """
    with product() as milepost:
        typer.echo("\n".join(accounts.marks(milepost, username)))


@users.command("conversation")
def conversation(username: UsernameArgument) -> None:
    """Print the id by which Rasa knows a student, for `rasa shell`.

    Example: rasa shell --conversation-id $(milepost user conversation maya)
    """
    with product() as milepost:
        typer.echo(accounts.conversation_id(milepost, username))
