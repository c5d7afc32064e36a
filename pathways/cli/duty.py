"""`milepost duty`: who is told when a student may be in danger."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from pathways.cli.common import SchoolOption, product
from pathways.services import accounts, duty
from pathways.services.duty import Duty
from pathways.services.errors import Invalid
from pathways.store.unit_of_work import UnitOfWork

app = typer.Typer(no_args_is_help=True, help="Who is on duty for alerts, and when.")


@app.command("show")
def show(school: SchoolOption = None) -> None:
    """Show a school's duty list.

    Example: milepost duty show
    """
    with product() as milepost:
        found = accounts.school_called(milepost, school)
        with milepost.work() as work:
            listed = duty.duty_of(work, found.id)
            people = {one.id: one for one in duty.staff_of(work, found.id)}
    if not listed.is_set:
        typer.echo("No duty list is set. Counselors see alerts on their page.")
        return
    for place, (person_id, email) in enumerate(listed.members.items(), start=1):
        person = people.get(person_id)
        name = f"{person.name} ({person.username})" if person else "someone who left"
        typer.echo(f"{place}\t{name}\t{email or 'no e-mail'}")
    typer.echo(f"{','.join(listed.days)}\t{listed.opens}-{listed.closes}")
    typer.echo(f"closed\t{','.join(listed.closed) or 'no day'}")
    typer.echo(f"naming\t{listed.naming}")
    typer.echo(f"webhook\t{listed.webhook or 'none'}")


@app.command("set")
def set_list(
    person: Annotated[
        list[str] | None,
        typer.Option(help="User name, or name=address; once for each, in order."),
    ] = None,
    days: Annotated[str | None, typer.Option(help="Like mon,tue,wed,thu,fri.")] = None,
    opens: Annotated[str | None, typer.Option(help="Like 08:00.")] = None,
    closes: Annotated[str | None, typer.Option(help="Like 15:30.")] = None,
    closed: Annotated[
        str | None, typer.Option(help="Days off, like 2026-11-26,2026-11-27.")
    ] = None,
    naming: Annotated[
        str | None, typer.Option(help="A notice names none, initials or name.")
    ] = None,
    webhook: Annotated[
        str | None, typer.Option(help="https address; none for no webhook.")
    ] = None,
    school: SchoolOption = None,
) -> None:
    """Set a school's duty list; what is left out stays as it is.

    Example: milepost duty set --person bell=bell@riverbend.example --person ortiz
    --opens 07:45 --closes 15:15
    """
    with product() as milepost:
        found = accounts.school_called(milepost, school)
        with milepost.work() as work:
            row = work.people.school(found.id)
            if row is None:
                raise Invalid("No such school.", "school")
            new = duty.duty_of(work, row.id)
            new = replace(
                new,
                opens=opens or new.opens,
                closes=closes or new.closes,
                naming=naming or new.naming,
            )
            if days is not None:
                new = replace(new, days=duty.listed(days.split(",")))
            if closed is not None:
                new = replace(new, closed=duty.listed(closed.split(",")))
            if webhook is not None:
                new = replace(new, webhook="" if webhook == "none" else webhook)
            if person:
                new = replace(new, members=_members(work, row.id, person))
            duty.save_duty(milepost, work, row, new, None)
            work.commit()
    typer.echo(_said(new))


def _members(work: UnitOfWork, school_id: str, given: list[str]) -> dict[str, str]:
    staff = {one.username: one.id for one in duty.staff_of(work, school_id)}
    found = {}
    for one in given:
        username, _, email = one.partition("=")
        if username not in staff:
            raise Invalid(f"{username} is not among the staff of this school.")
        found[staff[username]] = email
    return found


def _said(saved: Duty) -> str:
    return f"On duty: {len(saved.members)}, {saved.opens} to {saved.closes}."
