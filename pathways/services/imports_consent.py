"""Imports consent for many students at once: a plain table, or a roster's columns.

An import never opens what was closed later: a row counts only if its day is after the
one on record. It is not undone either; a mistake is mended by a newer entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pathways.app import Milepost
from pathways.formats.report import Report
from pathways.formats.rows import Row
from pathways.formats.tables import open_table
from pathways.services.consents import Said, put_down, read_said
from pathways.services.errors import Invalid
from pathways.services.imports_job import Job, Options, begin, students_by_name
from pathways.store.models import Person

KIND = "consent"
NEEDED = ("student_id", "consent", "given_by", "date")
COLUMNS = {"state": "consent", "given_by": "given_by", "dated": "date"}
OLDER = "{} rows are not newer than what is on record; the record stays as it is."


def import_consent(
    milepost: Milepost,
    school_code: str,
    path: Path,
    *,
    actor_id: str | None = None,
    dry_run: bool = False,
    partial: bool = False,
) -> Report:
    """Note what a table says of consent: student_id, consent, given_by and date.

    Raises:
        FormatError: the file can't be used at all.
        Invalid: there is no such school.
    """
    table = open_table(path)
    table.need(NEEDED)
    options = Options(actor_id, dry_run, partial)
    with milepost.work() as work:
        job = begin(milepost, work, school_code, KIND, path, options)
        job.undoable = False
        students = students_by_name(job.rows.people(job.school.id))
        wanted: dict[str, tuple[Person, Row, Said]] = {}
        rows = list(table.rows(job.report.rejected))
        job.report.read = len(rows) + len(job.report.rejected)
        for row in rows:
            _plan(job, row, students, wanted)
        counted = [
            (person, said)
            for person, _, said in wanted.values()
            if counts(job, person, said)
        ]
        if job.report.skipped:
            job.report.notes.append(OLDER.format(job.report.skipped))
        if job.may_save:
            job.record()
            for person, said in counted:
                put_down(job.work, person, said, actor_id, milepost.clock())
        return job.finish()


def _plan(
    job: Job,
    row: Row,
    students: Mapping[str, Person],
    wanted: dict[str, tuple[Person, Row, Said]],
) -> None:
    rejected = job.report.rejected
    student = students.get(row.get("student_id").casefold())
    if student is None:
        reason = "no student of this school has this id"
        rejected.append(row.error("student_id", reason))
        return
    if student.id in wanted:
        reason = f"line {wanted[student.id][1].line} is about the same student"
        rejected.append(row.error("student_id", reason))
        return
    state, given_by, dated = (row.get(name).casefold() for name in COLUMNS.values())
    try:
        said = read_said(state, given_by, dated, job.today)
        wanted[student.id] = student, row, said
    except Invalid as error:
        rejected.append(row.error(COLUMNS[error.field], str(error)))


def counts(job: Job, person: Person, said: Said) -> bool:
    """Tell whether a row is to be put down, and count it in the report."""
    if (person.consent, person.consent_on) == (said.state, said.dated):
        job.report.unchanged += 1
        return False
    if person.consent_on is not None and said.dated <= person.consent_on:
        job.report.skipped += 1
        return False
    change = "changed" if person.consent else "created"
    setattr(job.report, change, getattr(job.report, change) + 1)
    job.report.foresee(change, f"{person.source_id} consent {said.state}")
    return True
