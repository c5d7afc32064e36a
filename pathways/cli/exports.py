"""`milepost export`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from pathways.cli.common import SchoolOption, product
from pathways.formats.case_export import case_package
from pathways.formats.catalog_csv import write_folder
from pathways.services.accounts import school_called
from pathways.services.record import RecordFormat, export_record_of

app = typer.Typer(no_args_is_help=True, help="Write what Milepost holds to files.")


@app.command("catalog")
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


@app.command("record")
def export_record(
    username: Annotated[str, typer.Argument(help="User name of the student.")],
    path: Annotated[Path, typer.Argument(help="File to write.")],
    format: Annotated[
        RecordFormat,
        typer.Option(
            "--format",
            help="json: the whole record; csv: the results; clr: CLR 2.0; "
            "openbadges: a zip of Open Badges 3.0.",
        ),
    ] = RecordFormat.JSON,
    school: SchoolOption = None,
) -> None:
    """Write a student's record to a file that only you can read.

    Example: milepost export record maya maya.json --format clr
    """
    with product() as milepost:
        code = school_called(milepost, school).code
        found = export_record_of(milepost, code, username, format)
        path.touch(mode=0o600)
        path.write_bytes(found.content)
    typer.echo(path)


@app.command("case")
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
