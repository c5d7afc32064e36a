"""Imports course history: what each student finished and takes now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from pathways.app import Milepost
from pathways.domain.catalog import Catalog, Course
from pathways.formats.course_history import CourseRow, read_course_history
from pathways.formats.report import Report, RowError
from pathways.services.imports_job import (
    Job,
    Options,
    Progress,
    begin,
    students_by_name,
)
from pathways.store.models import CourseTaken, Person

Key = tuple[str, str]


def import_courses(
    milepost: Milepost,
    school_code: str,
    path: Path,
    *,
    actor_id: str | None = None,
    dry_run: bool = False,
    partial: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Bring the students' course records up to what the file says.

    Raises:
        FormatError: the file can't be used at all.
        Invalid: there is no such school.
    """
    reading = read_course_history(path)
    options = Options(actor_id, dry_run, partial, progress=progress)
    with milepost.work() as work:
        job = begin(milepost, work, school_code, "courses", path, options)
        job.report.read = reading.read
        job.report.rejected += reading.rejected
        catalog = milepost.catalogs.current(work, job.school.id)
        planned = _plan(job, reading.courses, catalog)
        _compare_and_save(job, planned)
        return job.finish()


def courses_by_name(catalog: Catalog) -> dict[str, str]:
    """Return course codes by code and title, without case; a code wins."""
    courses = catalog.entries.get(Course.kind, {}).values()
    found = {course.title.casefold(): course.code for course in courses}
    found |= {course.code.casefold(): course.code for course in courses}
    return found


def _plan(job: Job, rows: list[CourseRow], catalog: Catalog) -> dict[Key, CourseRow]:
    students = students_by_name(job.rows.people(job.school.id))
    courses = courses_by_name(catalog)
    planned: dict[Key, CourseRow] = {}
    for row in job.options.watched(rows):
        key = _key(row, students, courses)
        if isinstance(key, RowError):
            job.report.rejected.append(key)
        elif key in planned:
            reason = f"line {planned[key].row.line} has the same course and student"
            job.report.rejected.append(row.row.error("course", reason))
        else:
            planned[key] = row
    return planned


def _key(
    row: CourseRow, students: Mapping[str, Person], courses: Mapping[str, str]
) -> Key | RowError:
    student = students.get(row.student_source_id.casefold())
    if student is None:
        return row.row.error("student_id", "no student of this school has this id")
    course = courses.get(row.course.casefold())
    if course is None:
        reason = f'no course "{row.course}"; add it to the catalog'
        return row.row.error("course", reason)
    return student.id, course


def _compare_and_save(job: Job, planned: dict[Key, CourseRow]) -> None:
    before = job.rows.courses(job.school.id)
    new = {key: row for key, row in planned.items() if key not in before}
    changed = {
        key: row
        for key, row in planned.items()
        if key in before and _differs(row, before[key])
    }
    job.report.created = len(new)
    job.report.changed = len(changed)
    job.report.unchanged = len(planned) - len(new) - len(changed)
    _foresee(job, "created", new.values())
    _foresee(job, "changed", changed.values())
    if not job.may_save:
        return
    job.record()
    for key, row in new.items():
        taken = CourseTaken(school_id=job.school.id, student_id=key[0], course=key[1])
        for name, value in _columns(job, row).items():
            setattr(taken, name, value)
        job.added(taken)
    for key, row in changed.items():
        job.changed(before[key], _columns(job, row))


def _differs(row: CourseRow, taken: CourseTaken) -> bool:
    wanted = (row.state.value, row.mark, row.credits, row.source)
    return wanted != (taken.state, taken.mark, taken.credits, taken.source)


def _columns(job: Job, row: CourseRow) -> dict[str, object]:
    return {
        "state": row.state.value,
        "mark": row.mark,
        "credits": row.credits,
        "source": row.source,
        "import_id": job.run.id,
    }


def _foresee(job: Job, change: str, rows: Iterable[CourseRow]) -> None:
    for row in rows:
        what = f"{row.student_source_id} {row.course} {row.state.value}"
        job.report.foresee(change, what)
