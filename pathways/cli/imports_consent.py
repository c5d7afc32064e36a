"""`milepost import consent`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathways.cli.common import DryRunOption, PartialOption, SchoolOption, product, show
from pathways.services.accounts import school_called
from pathways.services.imports_consent import import_consent as bring


def import_consent(
    path: Annotated[Path, typer.Argument(help="CSV or XLSX file.")],
    school: SchoolOption = None,
    dry_run: DryRunOption = False,
    partial: PartialOption = False,
) -> None:
    """Note consent of many students: student_id, consent, given_by, date.

    Example: milepost import consent consent.csv --dry-run
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
