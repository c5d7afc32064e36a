"""Imports results from the files in which schools have them (feature P1)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pathways.app import Milepost
from pathways.domain.catalog import Catalog, Competency
from pathways.domain.mastery import Level
from pathways.formats.canvas import stream_canvas
from pathways.formats.credentials import stream_badges, stream_clr
from pathways.formats.mastery import Found, Given, MasteryRow, MasteryStream
from pathways.formats.mastery_csv import stream_mastery_csv
from pathways.formats.oneroster_results import stream_oneroster
from pathways.formats.report import Report, RowError
from pathways.services.imports_job import (
    Job,
    Options,
    Progress,
    begin,
    students_by_name,
)
from pathways.services.imports_staging import Planned, Staging, in_batches
from pathways.store.models import MasteryResult, Person

LONGEST = 200
MOST_NOTES = 20
CREATED, CHANGED, UNCHANGED = "created", "changed", "unchanged"


@dataclass(frozen=True)
class Placed:
    """A result whose student and competency are known, as columns."""

    result: MasteryRow
    columns: Planned

    @property
    def key(self) -> str:
        """What names this attempt, whenever it is imported."""
        return str(self.columns["source_key"])

    @property
    def shown(self) -> str:
        """The result in words, for a preview."""
        level = Level(self.columns["level"]).word
        who, day = self.result.student_source_id, self.result.earned_on
        return f"{who} {self.columns['competency']} {level}, {day}"


class MasteryFormat(StrEnum):
    """The files that results come in."""

    CANVAS = "canvas"
    ONEROSTER = "oneroster"
    CLR = "clr"
    OPENBADGES = "openbadges"
    CSV = "csv"


READERS: dict[MasteryFormat, Callable[[Path, Given], MasteryStream]] = {
    MasteryFormat.CANVAS: lambda path, given: stream_canvas(path, given.zone),
    MasteryFormat.ONEROSTER: stream_oneroster,
    MasteryFormat.CLR: stream_clr,
    MasteryFormat.OPENBADGES: stream_badges,
    MasteryFormat.CSV: lambda path, given: stream_mastery_csv(path, given.zone),
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
    mastery_percent: float | None = None,
    student: str = "",
    keys: Mapping[str, Any] | None = None,
) -> Report:
    """Add results to the students' mastery records; each attempt counts once.

    Args:
        milepost: the product.
        school_code: the school whose students they are.
        path: the file.
        format: what it is.
        actor_id: who imports, if somebody is signed in.
        dry_run: only look what would change.
        partial: save the good rows even when others were rejected.
        progress: called with (rows done, rows in all) now and then.
        mastery_percent: see `Given`.
        student: see `Given`.
        keys: see `Given`.

    Raises:
        FormatError: the file can't be used at all.
        Invalid: there is no such school.
    """
    options = Options(actor_id, dry_run, partial, progress=progress)
    with milepost.work() as work:
        job = begin(milepost, work, school_code, "mastery", path, options)
        zone = ZoneInfo(job.school.timezone)
        students = students_by_name(job.rows.people(job.school.id))
        given = Given(
            zone,
            milepost.clock(),
            mastery_percent,
            student,
            keys or {},
            _names_of(students.values()),
        )
        stream = READERS[MasteryFormat(format)](path, given)
        catalog = milepost.catalogs.current(work, job.school.id)
        with Staging() as staging:
            names = Names(students, competencies_by_name(catalog))
            _plan(job, stream, names, staging)
            _save(job, staging)
        return job.finish()


def _names_of(students: Iterable[Person]) -> tuple[str, ...]:
    return tuple(name for one in students for name in (one.source_id, one.username))


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


@dataclass(frozen=True)
class Names:
    """Who and what the words of a file can mean."""

    students: Mapping[str, Person]
    competencies: Mapping[str, set[str]]


def _plan(job: Job, stream: MasteryStream, names: Names, staging: Staging) -> None:
    """Stage what is to be written, compared with what the record holds."""
    job.options.tick(0, stream.about)
    for batch in in_batches(stream.items):
        found = [_resolve(job, one, names) for one in batch]
        job.report.read += len(batch)
        job.report.skipped += sum(one is None for one in found)
        job.report.rejected += [one for one in found if isinstance(one, RowError)]
        new = _once(job, [one for one in found if isinstance(one, Placed)], staging)
        _compare(job, new, staging)
        job.options.tick(job.report.read, stream.about)
    job.report.notes += stream.notes


def _once(job: Job, placed: list[Placed], staging: Staging) -> list[Placed]:
    """Return what the file had not said before; reject what it says otherwise."""
    known = staging.known([one.key for one in placed])
    new: dict[str, Placed] = {}
    for one in placed:
        if one.key in new:
            known[one.key] = (new[one.key].result.line, new[one.key].columns)
        line, before = known.get(one.key, (0, None))
        if before is None:
            new[one.key] = one
        elif before == one.columns:
            job.report.skipped += 1
        else:
            reason = f"line {line} says otherwise about the same attempt"
            job.report.rejected.append(one.result.row.error("attempt", reason))
    return list(new.values())


def _compare(job: Job, placed: list[Placed], staging: Staging) -> None:
    before = job.rows.results(job.school.id, [one.key for one in placed])
    planned = []
    for one in placed:
        action = _action(before.get(one.key), one.columns)
        planned.append((one.key, one.result.line, one.columns, action))
        job.report.created += action == CREATED
        job.report.changed += action == CHANGED
        job.report.unchanged += action == UNCHANGED
        if action != UNCHANGED:
            job.report.foresee(action, one.shown)
    staging.add(planned)


def _action(row: MasteryResult | None, columns: Planned) -> str:
    if row is None:
        return CREATED
    differs = any(getattr(row, name) != value for name, value in columns.items())
    return CHANGED if differs else UNCHANGED


def _resolve(job: Job, result: Found, names: Names) -> Placed | RowError | None:
    if not isinstance(result, MasteryRow):
        return result
    student = names.students.get(result.student_source_id.casefold())
    if student is None:
        reason = "no student of this school has this id"
        return result.row.error("student", reason, result.student_source_id)
    known = names.competencies
    words = [word for word in result.competency if word.casefold() in known]
    if not words and not result.is_sure:
        note = f'No competency "{result.competency[-1]}"; skipped.'
        if note not in job.report.notes and len(job.report.notes) < MOST_NOTES:
            job.report.notes.append(note)
        return None
    if not words:
        name = result.competency[0]
        reason = f'no competency "{name}"; add it to the catalog'
        return result.row.error("competency", reason, name)
    codes = known[words[0].casefold()]
    if len(codes) > 1:
        reason = f"this could be {' or '.join(sorted(codes))}; use the code"
        return result.row.error("competency", reason, words[0])
    if result.earned_on > job.today:
        reason = "this day has not come yet"
        return result.row.error("date", reason, result.earned_on.isoformat())
    return Placed(result, _columns(job, result, student, next(iter(codes))))


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
        "possible": result.possible,
        "proof": result.proof,
        "assessment": result.assessment[:LONGEST],
        "attempt": result.attempt,
        "earned_on": result.earned_on,
        "source": result.source[:LONGEST],
        "source_key": hashlib.sha256("|".join(parts).encode()).hexdigest(),
    }


def _save(job: Job, staging: Staging) -> None:
    """Write what was staged, many rows at a time."""
    if not job.may_save:
        return
    job.record()
    for rows in staging.rows(CREATED):
        job.rows.add_results([{**columns, "import_id": job.run.id} for columns in rows])
    for rows in staging.rows(CHANGED):
        wanted = {columns["source_key"]: columns for columns in rows}
        for key, row in job.rows.results(job.school.id, list(wanted)).items():
            job.changed(row, {**wanted[key], "import_id": job.run.id})
        job.work.people.flush()
