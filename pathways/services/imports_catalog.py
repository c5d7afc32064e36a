"""Imports a catalog folder (features A4, A5)."""

from __future__ import annotations

from pathlib import Path

from pathways.app import Milepost
from pathways.domain.catalog import Catalog
from pathways.formats.catalog_csv import Placed, Reading, check, read_folder
from pathways.formats.report import Report
from pathways.services.catalog_publish import Change, plan_changes, publish
from pathways.services.gazetteer import write_gazetteer
from pathways.services.imports_job import Job, Options, Progress, begin


def import_catalog(
    milepost: Milepost,
    school_code: str,
    folder: Path,
    *,
    actor_id: str | None = None,
    dry_run: bool = False,
    partial: bool = False,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Publish a folder's entries as one new version of the school's catalog.

    Entries that a counselor edited by hand are kept and noted, unless `overwrite`.
    Entries that the folder does not name stay as they are.

    Raises:
        FormatError: the folder can't be used at all.
        Invalid: there is no such school.
    """
    options = Options(actor_id, dry_run, partial, overwrite, progress)
    reading = read_folder(folder, options.tick)
    with milepost.work() as work:
        job = begin(milepost, work, school_code, "catalog", folder, options)
        base = milepost.catalogs.current(work, job.school.id)
        check_all(reading, base)
        job.report.read = reading.read
        job.report.rejected += reading.rejected
        changes = plan_changes(
            milepost, work, job.school.id, [one.entry for one in reading.placed]
        )
        wanted = sort_changes(job, reading.placed, changes)
        save_changes(job, wanted)
        return job.finish()


def check_all(reading: Reading, base: Catalog) -> None:
    """Reject rows that do not fit, then those that needed a rejected row."""
    while found := check(reading.placed, base):
        reading.rejected += found
        bad = {(error.file, error.line) for error in found}
        reading.placed = [
            one for one in reading.placed if (one.row.file, one.row.line) not in bad
        ]


def sort_changes(job: Job, placed: list[Placed], changes: list[Change]) -> list[Change]:
    """Count the changes; return those to publish."""
    wanted = []
    for one, change in zip(placed, changes, strict=True):
        if change.kind == "unchanged":
            job.report.unchanged += 1
        elif change.by_hand_before and not job.options.overwrite:
            job.report.skipped += 1
            job.report.notes.append(
                f"{one.row.file} line {one.row.line}: {change.entry.code} was edited "
                "by hand and is kept; --overwrite replaces it."
            )
        else:
            wanted.append(change)
            job.report.foresee(change.kind, f"{change.entry.kind} {change.entry.code}")
            job.report.created += change.kind == "created"
            job.report.changed += change.kind == "changed"
    return wanted


def save_changes(job: Job, wanted: list[Change]) -> None:
    """Publish the changes, or leave everything as it was."""
    if not job.may_save:
        return
    job.record()
    if wanted:
        number = publish(
            job.milepost,
            job.work,
            job.school.id,
            [change.entry for change in wanted],
            f"Imported {job.run.file}",
            job.options.actor_id,
        )
        job.run.catalog_version = number
        job.report.notes.append(f"Published as version {number}.")
    elif not job.milepost.settings.gazetteer_path.is_file():
        write_gazetteer(job.milepost, job.work)
