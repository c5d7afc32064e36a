"""Imports a school's own table of courses, places or credit options (A4)."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from pathways.app import Milepost
from pathways.domain.catalog import KINDS
from pathways.formats.catalog_mapping import (
    ColumnMap,
    fitted,
    open_mapped,
    read_mapped,
)
from pathways.formats.problems import FormatError
from pathways.formats.report import Report
from pathways.services.catalog_publish import plan_changes
from pathways.services.imports_catalog import check_all, save_changes, sort_changes
from pathways.services.imports_job import Job, Options, Progress, begin
from pathways.store.catalog_models import CatalogMapping
from pathways.store.unit_of_work import UnitOfWork

NOTHING_GIVEN = ColumnMap()


def import_table(
    milepost: Milepost,
    school_code: str,
    kind: str,
    path: Path,
    mapping: ColumnMap = NOTHING_GIVEN,
    *,
    actor_id: str | None = None,
    dry_run: bool = False,
    partial: bool = False,
    overwrite: bool = False,
    forget: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Publish the rows of a school's own table as one new version of its catalog.

    The mapping of the last import of this kind is used where `mapping` says nothing,
    unless `forget`; what was used is remembered once it was saved. Columns without a
    place are left out and noted. An entry keeps what the table does not hold.

    Raises:
        FormatError: the table or the mapping can't be used at all.
        Invalid: there is no such school.
    """
    if kind not in KINDS:
        raise FormatError(f"There is no kind {kind}. Known: {', '.join(KINDS)}.")
    table, notes = open_mapped(path)
    options = Options(actor_id, dry_run, partial, overwrite, progress)
    with milepost.work() as work:
        job = begin(milepost, work, school_code, "catalog", path, options)
        former = NOTHING_GIVEN if forget else remembered(work, job.school.id, kind)
        kept = {key: to for key, to in former.columns.items() if key in table.columns}
        former = ColumnMap(kept, former.fixed, former.values)
        used = fitted(table, kind, mapping.over(former))
        base = milepost.catalogs.current(work, job.school.id)
        known = base.entries.get(kind, {})
        reading = read_mapped(table, kind, used, known, options.tick)
        check_all(reading, base)
        job.report.read = reading.read
        job.report.rejected += reading.rejected
        job.report.notes += [*notes, *_columns(table.columns, used)]
        entries = [one.entry for one in reading.placed]
        changes = plan_changes(milepost, work, job.school.id, entries)
        wanted = sort_changes(job, reading.placed, changes)
        if job.may_save:
            _remember(job, kind, used)
        save_changes(job, wanted)
        return job.finish()


def _columns(columns: tuple[str, ...], used: ColumnMap) -> list[str]:
    places = [f"{key} -> {to}" for key, to in used.columns.items() if to]
    places += [f"{name} is {value!r} everywhere" for name, value in used.fixed.items()]
    left = [name for name in columns if name and not used.columns.get(name)]
    notes = [f"Columns: {', '.join(places)}."]
    return [*notes, f"Left out: {', '.join(left)}."] if left else notes


def remembered(work: UnitOfWork, school_id: str, kind: str) -> ColumnMap:
    """Return the mapping of the last import of a kind; an empty one at first."""
    row = work.catalog.mapping(school_id, kind)
    return ColumnMap(**row.mapping) if row else NOTHING_GIVEN


def _remember(job: Job, kind: str, used: ColumnMap) -> None:
    row = job.work.catalog.mapping(job.school.id, kind)
    now = job.milepost.clock()
    if row is None:
        row = job.work.catalog.add(
            CatalogMapping(school_id=job.school.id, kind=kind, mapping={})
        )
    row.mapping, row.changed_at = asdict(used), now
    row.actor_id = job.options.actor_id
    job.work.catalog.flush()
