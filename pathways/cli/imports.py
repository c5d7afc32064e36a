"""`milepost import`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathways.cli import live
from pathways.cli.common import (
    DryRunOption,
    PartialOption,
    SchoolOption,
    bar,
    product,
    show,
)
from pathways.cli.imports_consent import import_consent
from pathways.cli.imports_graduation import import_graduation
from pathways.cli.imports_published import COMMANDS
from pathways.formats.catalog_mapping import parsed
from pathways.formats.credential_keys import read_keys
from pathways.services import imports
from pathways.services.accounts import school_called
from pathways.services.imports import MasteryFormat

app = typer.Typer(
    no_args_is_help=True,
    help="Import the school's own files. Every import can be tried with --dry-run, "
    "saves all or nothing unless --partial, and changes nothing the second time.",
)
for name, command in COMMANDS.items():
    app.command(name)(command)
app.command("graduation")(import_graduation)
app.command("consent")(import_consent)
app.add_typer(live.app, name="live")


@app.command("catalog")
def import_catalog(
    path: Annotated[Path, typer.Argument(help="Folder with courses.csv and its kin.")],
    school: SchoolOption = None,
    dry_run: DryRunOption = False,
    partial: PartialOption = False,
    overwrite: Annotated[
        bool,
        typer.Option("--overwrite", help="Replace entries that were edited by hand."),
    ] = False,
) -> None:
    """Import a catalog folder and publish it as a new version.

    Example: milepost import catalog our-catalog/ --dry-run
    """
    with product() as milepost, bar("Catalog") as progress:
        report = imports.import_catalog(
            milepost,
            school_called(milepost, school).code,
            path,
            dry_run=dry_run,
            partial=partial,
            overwrite=overwrite,
            progress=progress,
        )
    show(report)


@app.command("table")
def import_table(
    path: Annotated[Path, typer.Argument(help="The school's own CSV or XLSX file.")],
    kind: Annotated[
        str, typer.Option("--kind", help="What it holds: course, opportunity, ...")
    ] = "course",
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", help='"COLUMN=field"; "COLUMN=" leaves one out.'),
    ] = None,
    fixed: Annotated[
        list[str] | None, typer.Option("--set", help='"field=value" for every row.')
    ] = None,
    values: Annotated[
        list[str] | None,
        typer.Option(
            "--value", help='"field:WORD=value", as in level:Honors=advanced.'
        ),
    ] = None,
    forget: Annotated[
        bool, typer.Option("--forget", help="Do not use the columns of last time.")
    ] = False,
    school: SchoolOption = None,
    dry_run: DryRunOption = False,
    partial: PartialOption = False,
    overwrite: Annotated[
        bool,
        typer.Option("--overwrite", help="Replace entries that were edited by hand."),
    ] = False,
) -> None:
    """Import a school's own table; its columns are remembered for the next time.

    Example: milepost import table courses.xlsx --map "Course No=code" --dry-run
    """
    with product() as milepost, bar("Table") as progress:
        report = imports.import_table(
            milepost,
            school_called(milepost, school).code,
            kind,
            path,
            parsed(columns or [], fixed or [], values or []),
            dry_run=dry_run,
            partial=partial,
            overwrite=overwrite,
            forget=forget,
            progress=progress,
        )
    show(report)


@app.command("people")
def import_people(
    path: Annotated[Path, typer.Argument(help="OneRoster 1.1 or 1.2 CSV zip.")],
    school: SchoolOption = None,
    dry_run: DryRunOption = False,
    partial: PartialOption = False,
) -> None:
    """Import people, caseloads and running courses from OneRoster.

    Example: milepost import people oneroster.zip
    """
    with product() as milepost, bar("People") as progress:
        report = imports.import_people(
            milepost,
            school_called(milepost, school).code,
            path,
            dry_run=dry_run,
            partial=partial,
            progress=progress,
        )
    show(report)


@app.command("mastery")
def import_mastery(
    path: Annotated[Path, typer.Argument(help="CSV or XLSX file.")],
    format: Annotated[
        MasteryFormat,
        typer.Option(
            "--format",
            help="canvas: an outcome report of Canvas; oneroster: a 1.2 zip with the "
            "gradebook; clr, openbadges: signed records; csv: a plain table.",
        ),
    ],
    school: SchoolOption = None,
    dry_run: DryRunOption = False,
    partial: PartialOption = False,
    mastery_percent: Annotated[
        float | None,
        typer.Option(
            min=1,
            max=100,
            help="oneroster: the part of the points that counts as proficient.",
        ),
    ] = None,
    student: Annotated[
        str, typer.Option(help="clr, openbadges: whose record it is.")
    ] = "",
    keys: Annotated[
        Path | None,
        typer.Option(help="clr, openbadges: JSON of issuer -> public key you trust."),
    ] = None,
) -> None:
    """Import results for competencies.

    Example: milepost import mastery outcomes.csv --format canvas --partial
    """
    with product() as milepost, bar("Results") as progress:
        report = imports.import_mastery(
            milepost,
            school_called(milepost, school).code,
            path,
            format,
            dry_run=dry_run,
            partial=partial,
            progress=progress,
            mastery_percent=mastery_percent,
            student=student,
            keys=read_keys(keys) if keys else None,
        )
    show(report)


@app.command("outcomes")
def import_outcomes(
    path: Annotated[Path, typer.Argument(help="Outcomes as Canvas exports them, CSV.")],
    school: SchoolOption = None,
    dry_run: DryRunOption = False,
    partial: PartialOption = False,
) -> None:
    """Import how Canvas turns several attempts at an outcome into one level.

    Example: milepost import outcomes canvas-outcomes.csv
    """
    with product() as milepost, bar("Outcomes") as progress:
        report = imports.import_outcomes(
            milepost,
            school_called(milepost, school).code,
            path,
            dry_run=dry_run,
            partial=partial,
            progress=progress,
        )
    show(report)


@app.command("courses")
def import_courses(
    path: Annotated[Path, typer.Argument(help="CSV or XLSX file.")],
    school: SchoolOption = None,
    dry_run: DryRunOption = False,
    partial: PartialOption = False,
) -> None:
    """Import course history: finished and running courses, marks, credits.

    Example: milepost import courses history.csv
    """
    with product() as milepost, bar("Courses") as progress:
        report = imports.import_courses(
            milepost,
            school_called(milepost, school).code,
            path,
            dry_run=dry_run,
            partial=partial,
            progress=progress,
        )
    show(report)


@app.command("undo")
def undo_import(
    kind: Annotated[
        str,
        typer.Argument(
            help="catalog, people, mastery, courses, outcomes, onet, oews, ooh, sced, "
            "clusters or case."
        ),
    ],
    school: SchoolOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Put everything back as it was before the last import of a kind.

    Example: milepost import undo mastery --dry-run
    """
    with product() as milepost:
        code = school_called(milepost, school).code
        show(imports.undo_last(milepost, code, kind, dry_run=dry_run))
