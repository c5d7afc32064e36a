"""`milepost import onet`, `oews`, `ooh`, `sced`, `clusters` and `case`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from pathways.app import Milepost
from pathways.cli.common import (
    DryRunOption,
    PartialOption,
    SchoolOption,
    bar,
    product,
    show,
)
from pathways.formats.report import Report
from pathways.services import imports
from pathways.services.accounts import school_called
from pathways.services.imports_job import Options

OverwriteOption = Annotated[
    bool,
    typer.Option("--overwrite", help="Replace what was set by hand or is newer."),
]
Import = Callable[[Milepost, str, Path, Options], Report]


def _run(
    what: str,
    call: Import,
    path: Path,
    school: str | None,
    dry_run: bool,
    partial: bool,
    overwrite: bool,
) -> None:
    with product() as milepost, bar(what) as progress:
        code = school_called(milepost, school).code
        options = Options(None, dry_run, partial, overwrite, progress)
        report = call(milepost, code, path, options)
    show(report)


def import_onet(
    path: Annotated[Path, typer.Argument(help="Release, as a folder or a zip.")],
    school: SchoolOption = None,
    dry_run: DryRunOption = False,
    partial: PartialOption = False,
    overwrite: OverwriteOption = False,
) -> None:
    """Import an O*NET release: occupations, interests, job zones, skills, titles.

    Example: milepost import onet db_29_3_excel.zip
    """
    _run("O*NET", imports.import_onet, path, school, dry_run, partial, overwrite)


def import_oews(
    path: Annotated[Path, typer.Argument(help="CSV or XLSX file.")],
    year: Annotated[
        int | None,
        typer.Option("--year", help="Year of the wages, where the file lacks it."),
    ] = None,
    area: Annotated[
        list[str] | None,
        typer.Option("--area", help="Only this area; may be given several times."),
    ] = None,
    school: SchoolOption = None,
    dry_run: DryRunOption = False,
    partial: PartialOption = False,
    overwrite: OverwriteOption = False,
) -> None:
    """Import wages by occupation and area (BLS OEWS).

    Example: milepost import oews all_data_M_2025.xlsx --area US --area Ohio
    """

    def call(milepost: Milepost, code: str, file: Path, options: Options) -> Report:
        return imports.import_oews(milepost, code, file, options, year, area or ())

    _run("Wages", call, path, school, dry_run, partial, overwrite)


def import_ooh(
    path: Annotated[Path, typer.Argument(help="CSV or XLSX file.")],
    school: SchoolOption = None,
    dry_run: DryRunOption = False,
    partial: PartialOption = False,
    overwrite: OverwriteOption = False,
) -> None:
    """Import the outlook of occupations (BLS OOH).

    Example: milepost import ooh bls_ooh_2024_34.csv
    """
    _run("Outlook", imports.import_ooh, path, school, dry_run, partial, overwrite)


def import_sced(
    path: Annotated[Path, typer.Argument(help="File, or folder with sced.tsv.")],
    school: SchoolOption = None,
    dry_run: DryRunOption = False,
    partial: PartialOption = False,
    overwrite: OverwriteOption = False,
) -> None:
    """Import SCED course codes and their option sets.

    Example: milepost import sced sced.tsv
    """
    _run("SCED", imports.import_sced, path, school, dry_run, partial, overwrite)


def import_clusters(
    path: Annotated[Path, typer.Argument(help="CSV or XLSX file.")],
    school: SchoolOption = None,
    dry_run: DryRunOption = False,
    partial: PartialOption = False,
    overwrite: OverwriteOption = False,
) -> None:
    """Import the crosswalk from SOC codes to career clusters.

    Example: milepost import clusters SOC_Career_Clusters_Crosswalk.xlsx
    """
    _run("Clusters", imports.import_clusters, path, school, dry_run, partial, overwrite)


def import_case(
    path: Annotated[Path, typer.Argument(help="CASE package (JSON), or CSV.")],
    school: SchoolOption = None,
    dry_run: DryRunOption = False,
    partial: PartialOption = False,
    overwrite: OverwriteOption = False,
) -> None:
    """Import a competency framework (CASE 1.0 or 1.1).

    Example: milepost import case framework.json --dry-run
    """
    _run("CASE", imports.import_case, path, school, dry_run, partial, overwrite)


COMMANDS: dict[str, Callable[..., None]] = {
    "onet": import_onet,
    "oews": import_oews,
    "ooh": import_ooh,
    "sced": import_sced,
    "clusters": import_clusters,
    "case": import_case,
}
