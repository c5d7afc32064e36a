"""`milepost import graduation`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathways.cli.common import DryRunOption, PartialOption, SchoolOption, product, show
from pathways.services.accounts import school_called
from pathways.services.imports_graduation import import_graduation as bring


def import_graduation(
    path: Annotated[Path, typer.Argument(help="CSV or XLSX file.")],
    school: SchoolOption = None,
    dry_run: DryRunOption = False,
    partial: PartialOption = False,
) -> None:
    """Import test scores, credential points, seals and GPA toward graduation.

    Example: milepost import graduation scores.csv --dry-run
    """
    with product() as milepost:
        report = bring(
            milepost,
            school_called(milepost, school).code,
            path,
            dry_run=dry_run,
            partial=partial,
        )
    show(report)
