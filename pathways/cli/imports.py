"""`milepost import` and `milepost export`."""

from __future__ import annotations

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
from pathways.formats.catalog_csv import write_folder
from pathways.services import imports
from pathways.services.accounts import school_called
from pathways.services.imports import MasteryFormat

app = typer.Typer(
    no_args_is_help=True,
    help="Import the school's own files. Every import can be tried with --dry-run, "
    "saves all or nothing unless --partial, and changes nothing the second time.",
)
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


@app.command("undo")
def undo_import(
    kind: Annotated[
        str, typer.Argument(help="catalog, people, mastery, courses or outcomes.")
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
