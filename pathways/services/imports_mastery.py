"""Imports results: Canvas outcome reports and plain tables (feature P1)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import tzinfo
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pathways.app import Milepost
from pathways.domain.catalog import Catalog, Competency
from pathways.formats.canvas import read_canvas
from pathways.formats.mastery import MasteryReading, MasteryRow
from pathways.formats.mastery_csv import read_mastery_csv
from pathways.formats.report import Report, RowError
from pathways.services.imports_job import (
    Job,
    Options,
    Progress,
    begin,
    students_by_name,
)
from pathways.store.models import MasteryResult, Person

LONGEST = 200
Planned = dict[str, Any]


class MasteryFormat(StrEnum):
    """The files that results come in."""

    CANVAS = "canvas"
    CSV = "csv"


READERS: dict[MasteryFormat, Callable[[Path, tzinfo], MasteryReading]] = {
    MasteryFormat.CANVAS: read_canvas,
    MasteryFormat.CSV: read_mastery_csv,
}


def import_mastery(
    milepost: Milepost,
    school_code: str,
    path: Path,
    format: MasteryFormat | str,
    *,
    actor_id: str | None = None,
    dry_run: bool = False,
    partial: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Add results to the students' mastery records; each attempt counts once.

    Raises:
        FormatError: the file can't be used at all.
        Invalid: there is no such school.
    """
    options = Options(actor_id, dry_run, partial, progress=progress)
    with milepost.work() as work:
        job = begin(milepost, work, school_code, "mastery", path, options)
        zone = ZoneInfo(job.school.timezone)
        reading = READERS[MasteryFormat(format)](path, zone)
        job.report.read = reading.read
        job.report.skipped = reading.skipped
        job.report.rejected += reading.rejected
        catalog = milepost.catalogs.current(work, job.school.id)
        planned = _plan(job, reading, catalog)
        _compare_and_save(job, planned)
        return job.finish()


def competencies_by_name(catalog: Catalog) -> dict[str, set[str]]:
    """Return the codes of competencies by code, title and everyday name.

    Without case; a code wins over a title, a title over everyday names.
    """
    everyday: dict[str, set[str]] = {}
    titles: dict[str, set[str]] = {}
    codes: dict[str, set[str]] = {}
    for entry in catalog.entries.get(Competency.kind, {}).values():
        if isinstance(entry, Competency):
            codes[entry.code.casefold()] = {entry.code}
            titles.setdefault(entry.title.casefold(), set()).add(entry.code)
            for name in entry.everyday_names:
                everyday.setdefault(name.casefold(), set()).add(entry.code)
    return everyday | titles | codes


def _plan(job: Job, reading: MasteryReading, catalog: Catalog) -> dict[str, Planned]:
    """Return the columns of each result by source key; reject what can't be."""
    students = students_by_name(job.rows.people(job.school.id))
    names = competencies_by_name(catalog)
    planned: dict[str, Planned] = {}
    lines: dict[str, int] = {}
    for result in job.options.watched(reading.results):
        found = _resolve(job, result, students, names)
        if isinstance(found, RowError):
            job.report.rejected.append(found)
            continue
        key = found["source_key"]
        first = lines.setdefault(key, result.line)
        if first == result.line:
            planned[key] = found
        elif planned[key] == found:
            job.report.skipped += 1
        else:
            reason = f"line {first} says otherwise about the same attempt"
            job.report.rejected.append(result.row.error("attempt", reason))
    return planned


def _resolve(
    job: Job,
    result: MasteryRow,
    students: Mapping[str, Person],
    names: Mapping[str, set[str]],
) -> Planned | RowError:
    student = students.get(result.student_source_id.casefold())
    if student is None:
        reason = "no student of this school has this id"
        return result.row.error("student", reason, result.student_source_id)
    words = [word for word in result.competency if word.casefold() in names]
    if not words:
        name = result.competency[0]
        reason = f'no competency "{name}"; add it to the catalog'
        return result.row.error("competency", reason, name)
    codes = names[words[0].casefold()]
    if len(codes) > 1:
        reason = f"this could be {' or '.join(sorted(codes))}; use the code"
        return result.row.error("competency", reason, words[0])
    if result.earned_on > job.today:
        reason = "this day has not come yet"
        return result.row.error("date", reason, result.earned_on.isoformat())
    return _columns(job, result, student, next(iter(codes)))


def _columns(job: Job, result: MasteryRow, student: Person, competency: str) -> Planned:
    parts = (
        result.source,
        result.assessment_id,
        competency,
        str(result.attempt),
        student.source_id,
    )
    return {
        "school_id": job.school.id,
        "student_id": student.id,
        "competency": competency,
        "level": int(result.level),
        "points": result.points,
        "mastery_points": result.mastery_points,
        "assessment": result.assessment[:LONGEST],
        "attempt": result.attempt,
        "earned_on": result.earned_on,
        "source": result.source[:LONGEST],
        "source_key": hashlib.sha256("|".join(parts).encode()).hexdigest(),
    }


def _compare_and_save(job: Job, planned: dict[str, Planned]) -> None:
    before = job.rows.results(job.school.id, list(planned))
    new = [columns for key, columns in planned.items() if key not in before]
    changed = [
        (row, planned[key])
        for key, row in before.items()
        if _differs(row, planned[key])
    ]
    job.report.created = len(new)
    job.report.changed = len(changed)
    job.report.unchanged = len(before) - len(changed)
    if not job.may_save:
        return
    job.record()
    job.rows.add_results([{**columns, "import_id": job.run.id} for columns in new])
    for row, columns in changed:
        for name, value in columns.items():
            setattr(row, name, value)
        row.import_id = job.run.id


def _differs(row: MasteryResult, columns: Planned) -> bool:
    return any(getattr(row, name) != value for name, value in columns.items())
