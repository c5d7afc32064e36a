"""Imports scores, points and seals toward graduation from a plain table (O10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pathways.app import Milepost
from pathways.formats import values
from pathways.formats.report import Report, RowError
from pathways.formats.tables import Row, open_table
from pathways.services.graduation_notes import LONGEST, MOST, item_titles
from pathways.services.imports_job import Job, Options, begin, students_by_name
from pathways.services.policy import policy_for
from pathways.store.credit_models import GraduationItem
from pathways.store.models import Person
from pathways.texts import FALLBACK

KIND = "graduation"
NEEDED = ("student_id", "item", "value", "source")
Key = tuple[str, str]


@dataclass(frozen=True)
class Score:
    """One value of one student, and the row that it stands in."""

    row: Row
    value: float
    source: str


def import_graduation(
    milepost: Milepost,
    school_code: str,
    path: Path,
    *,
    actor_id: str | None = None,
    dry_run: bool = False,
    partial: bool = False,
) -> Report:
    """Note what a table says of scores, credential points and seals.

    Each row has student_id, item, value and source; an item is a name or title of
    those that a counselor can note. A new value of the same item counts instead of
    the old one, which stays in the history. A second time changes nothing.

    Raises:
        FormatError: the file can't be used at all.
        Invalid: there is no such school.
    """
    table = open_table(path)
    table.need(NEEDED)
    options = Options(actor_id, dry_run, partial)
    with milepost.work() as work:
        job = begin(milepost, work, school_code, KIND, path, options)
        names = _names(item_titles(policy_for(work, job.school), FALLBACK))
        students = students_by_name(job.rows.people(job.school.id))
        planned: dict[Key, Score] = {}
        rows = list(table.rows(job.report.rejected))
        job.report.read = len(rows) + len(job.report.rejected)
        for row in rows:
            _plan(row, students, names, planned, job)
        _save(job, planned)
        return job.finish()


def _names(titles: Mapping[str, str]) -> dict[str, str]:
    found = {title.casefold(): name for name, title in titles.items()}
    return found | {name.casefold(): name for name in titles}


def _plan(
    row: Row,
    students: Mapping[str, Person],
    names: Mapping[str, str],
    planned: dict[Key, Score],
    job: Job,
) -> None:
    found = _score(row, students, names)
    if isinstance(found, RowError):
        job.report.rejected.append(found)
        return
    key, score = found
    if key in planned:
        reason = f"line {planned[key].row.line} has the same item and student"
        job.report.rejected.append(row.error("item", reason))
    else:
        planned[key] = score


def _score(
    row: Row, students: Mapping[str, Person], names: Mapping[str, str]
) -> tuple[Key, Score] | RowError:
    student = students.get(row.get("student_id").casefold())
    if student is None:
        return row.error("student_id", "no student of this school has this id")
    name = names.get(row.get("item").casefold())
    if name is None:
        return row.error("item", "write a name such as act_math or seal_science")
    try:
        value = values.number(row.get("value"))
    except ValueError as error:
        return row.error("value", str(error))
    if value is None or not 0 <= value <= MOST:
        return row.error("value", f"write a number from 0 to {MOST:g}")
    if not row.get("source"):
        return row.error("source", "this cell is needed")
    return (student.id, name), Score(row, value, row.get("source")[:LONGEST])


def _newest(job: Job) -> dict[Key, GraduationItem]:
    found: dict[Key, GraduationItem] = {}
    for row in job.work.credits.items_of_school(job.school.id):
        found.setdefault((row.student_id, row.name), row)
    return found


def _save(job: Job, planned: Mapping[Key, Score]) -> None:
    before = _newest(job)
    wanted = {}
    for key, score in planned.items():
        old = before.get(key)
        if old is not None and (old.value, old.source) == (score.value, score.source):
            job.report.unchanged += 1
            continue
        wanted[key] = score
        change = "created" if old is None else "changed"
        setattr(job.report, change, getattr(job.report, change) + 1)
        job.report.foresee(change, f"{score.row.get('student_id')} {key[1]}")
    if not job.may_save:
        return
    job.record()
    for (student, name), score in wanted.items():
        job.added(
            GraduationItem(
                school_id=job.school.id,
                student_id=student,
                name=name,
                value=score.value,
                source=score.source,
                noted_by=job.options.actor_id,
                noted_at=job.milepost.clock(),
            )
        )
