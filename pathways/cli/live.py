"""`milepost import live`: from systems that answer over the network."""

from __future__ import annotations

import os
import time
from typing import Annotated

import typer

from pathways.cli.common import (
    DryRunOption,
    PartialOption,
    SchoolOption,
    bar,
    product,
    show_all,
)
from pathways.live.oneroster import Version
from pathways.services.accounts import school_called
from pathways.services.imports_live import (
    CANVAS_TOKEN,
    ONEROSTER_TOKEN,
    Live,
    import_canvas_live,
    import_oneroster_live,
)

app = typer.Typer(
    no_args_is_help=True,
    help="Import from Canvas or OneRoster over the network. The token comes from the "
    "environment. A fetch that breaks off goes on when it is run again.",
)
UrlArgument = Annotated[str, typer.Argument(help="Address, like https://x.example")]


@app.command("canvas")
def import_canvas(
    url: UrlArgument,
    course: Annotated[list[str] | None, typer.Option(help="Canvas id; again.")] = None,
    account: Annotated[str, typer.Option(help="All courses of an account.")] = "",
    school: SchoolOption = None,
    dry_run: DryRunOption = False,
    partial: PartialOption = False,
) -> None:
    """Import results and methods of counting from Canvas' Outcomes API.

    Example: milepost import live canvas https://ours.example --course 101
    """
    with product() as milepost, bar("Canvas") as progress:
        token = os.environ.get(CANVAS_TOKEN, "")
        reports = import_canvas_live(
            milepost,
            school_called(milepost, school).code,
            Live(url, token, time.sleep, dry_run, partial, progress),
            courses=course or (),
            account=account,
        )
    show_all(reports)


@app.command("oneroster")
def import_oneroster(
    url: UrlArgument,
    version: Annotated[
        Version, typer.Option("--oneroster", help="Version of OneRoster.")
    ] = Version.V1P2,
    mastery: Annotated[
        bool, typer.Option("--mastery", help="Results instead of people.")
    ] = False,
    mastery_percent: Annotated[
        float | None,
        typer.Option(min=1, max=100, help="Part of the points that is proficient."),
    ] = None,
    school: SchoolOption = None,
    dry_run: DryRunOption = False,
    partial: PartialOption = False,
) -> None:
    """Import people, or results with learning objectives, from OneRoster REST.

    Example: milepost import live oneroster https://sis.example --mastery
    """
    with product() as milepost, bar("OneRoster") as progress:
        token = os.environ.get(ONEROSTER_TOKEN, "")
        reports = import_oneroster_live(
            milepost,
            school_called(milepost, school).code,
            Live(url, token, time.sleep, dry_run, partial, progress),
            version=version,
            mastery=mastery,
            mastery_percent=mastery_percent,
        )
    show_all(reports)
