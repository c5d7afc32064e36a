"""`milepost import` and `milepost export`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from pathways.cli.common import (
    DryRunOption,
    PartialOption,
    SchoolOption,
    bar,
    product,
    show,
)
from pathways.cli.imports_published import COMMANDS
from pathways.formats.case_export import case_package
from pathways.formats.catalog_csv import write_folder
from pathways.formats.catalog_mapping import parsed
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
export = typer.Typer(no_args_is_help=True, help="Write what Milepost holds to files.")


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
    with product() as milepost:
        report = imports.import_catalog(
            milepost,
            school_called(milepost, school).code,
            path,
            dry_run=dry_run,
            partial=partial,
            overwrite=overwrite,
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
    with product() as milepost:
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
            help="canvas: an outcome report of Canvas; csv: a plain table.",
        ),
    ],
    school: SchoolOption = None,
    dry_run: DryRunOption = False,
    partial: PartialOption = False,
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


@export.command("catalog")
def export_catalog(
    folder: Annotated[Path, typer.Argument(help="Folder to write; made if needed.")],
    school: SchoolOption = None,
) -> None:
    """Write the newest catalog as a folder that can be imported again.

    Example: milepost export catalog backup/
    """
    with product() as milepost:
        chosen = school_called(milepost, school)
        with milepost.work() as work:
            catalog = milepost.catalogs.current(work, chosen.id)
        for path in write_folder(catalog, folder):
            typer.echo(path)
        typer.echo(f"Version {catalog.version} of {chosen.name}.")


@export.command("case")
def export_case(
    file: Annotated[Path, typer.Argument(help="The JSON file to write.")],
    school: SchoolOption = None,
) -> None:
    """Write the school's competencies as a CASE 1.0 package.

    Example: milepost export case competencies.json
    """
    with product() as milepost:
        chosen = school_called(milepost, school)
        with milepost.work() as work:
            newest = work.catalog.newest(chosen.id)
            catalog = milepost.catalogs.current(work, chosen.id)
        at = newest.published_at if newest else milepost.clock()
        package = case_package(catalog, chosen.code, chosen.name, at)
        file.write_text(json.dumps(package, indent=1, ensure_ascii=False), "utf-8")
    typer.echo(f"{len(catalog.competencies)} competencies in {file}.")
