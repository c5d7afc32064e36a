"""What every import shares: its school, its record, and when it is saved."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Column

from pathways.app import Milepost
from pathways.formats.report import Report
from pathways.services.errors import Invalid
from pathways.store.base import new_id
from pathways.store.credit_models import GraduationItem
from pathways.store.import_models import ImportChange, MasteryRule
from pathways.store.imports import ImportRepository
from pathways.store.models import (
    CourseTaken,
    ImportRun,
    MasteryResult,
    Person,
    Relation,
    School,
)
from pathways.store.unit_of_work import UnitOfWork

CHUNK = 1 << 20
STEP = 200
MOST_REFUSED = 100
Item = TypeVar("Item")
AnyRow = Person | Relation | CourseTaken | MasteryResult | MasteryRule | GraduationItem
Row = TypeVar("Row", bound=AnyRow)
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Options:
    """How an import runs.

    Attributes:
        partial: save the good rows even when others were rejected.
        overwrite: replace catalog entries that a counselor edited by hand.
        progress: called with (rows done, rows in all) now and then.
    """

    actor_id: str | None = None
    dry_run: bool = False
    partial: bool = False
    overwrite: bool = False
    progress: Progress | None = None

    def watched(self, items: Sequence[Item]) -> Iterator[Item]:
        """Yield the items and report how far it is."""
        for done, item in enumerate(items):
            if self.progress and done % STEP == 0:
                self.progress(done, len(items))
            yield item
        if self.progress:
            self.progress(len(items), len(items))

    def tick(self, done: int, about: int) -> None:
        """Report how far a stream is of which the length is not sure."""
        if self.progress:
            self.progress(done, max(done, about))


@dataclass
class Job:
    """One import under way."""

    milepost: Milepost
    work: UnitOfWork
    school: School
    options: Options
    report: Report
    run: ImportRun
    undoable: bool = True

    @property
    def rows(self) -> ImportRepository:
        """Bulk reads and writes in this import's unit of work."""
        return ImportRepository(self.work.session)

    @property
    def today(self) -> date:
        """The day at the school."""
        return self.milepost.today(self.school)

    @property
    def may_save(self) -> bool:
        """Whether what was read is to be written."""
        refused = self.report.rejected and not self.options.partial
        return not self.options.dry_run and not refused

    def record(self) -> None:
        """Write down that this import took place."""
        self._note()
        self.work.people.add(self.run)
        self.work.people.flush()

    def _note(self) -> None:
        """Keep counts and refused rows; no values, since they may be personal."""
        self.run.counts = dict(self.report.counts)
        self.run.refused = [
            {
                "file": error.file,
                "line": error.line,
                "column": error.column,
                "reason": error.reason,
            }
            for error in self.report.rejected[:MOST_REFUSED]
        ]

    def added(self, row: Row) -> Row:
        """Add a row, and remember it for an undo."""
        row.id = row.id or new_id()
        self.work.people.add(row)
        self._remember(row, {}, {"id": row.id})
        return row

    def changed(self, row: AnyRow, wanted: Mapping[str, Any]) -> None:
        """Change a row's columns, and remember for an undo what they held."""
        before = {name: getattr(row, name) for name in wanted}
        differing = [name for name in wanted if before[name] != wanted[name]]
        self._remember(
            row,
            {name: before[name] for name in differing},
            {name: wanted[name] for name in differing},
        )
        for name in differing:
            setattr(row, name, wanted[name])

    def removed(self, row: Relation | CourseTaken) -> None:
        """Take a row out, and remember it for an undo."""
        columns = {column.key: getattr(row, column.key) for column in columns_of(row)}
        self._remember(row, columns, {})
        self.rows.remove(row)

    def _remember(
        self, row: AnyRow, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> None:
        self.work.people.add(
            ImportChange(
                school_id=self.school.id,
                import_id=self.run.id,
                table_name=row.__tablename__,
                row_id=row.id,
                before=plain(before),
                after=plain(after),
            )
        )

    def finish(self) -> Report:
        """Save everything, or leave everything as it was."""
        self.report.dry_run = self.options.dry_run
        self.report.rejected.sort(key=lambda error: (error.file, error.line))
        if self.may_save:
            self._note()
            if self.undoable and (self.report.created or self.report.changed):
                self.rows.make_undoable(self.run)
            self.work.commit()
            self.report.saved = True
        return self.report


def columns_of(row: AnyRow | type[AnyRow]) -> list[Column[Any]]:
    """Return the columns of a row's table."""
    return [one for one in row.__table__.columns if isinstance(one, Column)]


def plain(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return columns as JSON can hold them: days as text."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in columns.items()
    }


def begin(
    milepost: Milepost,
    work: UnitOfWork,
    school_code: str,
    kind: str,
    path: Path,
    options: Options,
) -> Job:
    """Start an import.

    Raises:
        Invalid: there is no such school.
    """
    school = work.people.school_by_code(school_code)
    if school is None:
        raise Invalid(f"There is no school with the code {school_code}.")
    run = ImportRun(
        school_id=school.id,
        kind=kind,
        file=path.name[:200],
        sha256=sha256_of(path),
        counts={},
        actor_id=options.actor_id,
        ran_at=milepost.clock(),
    )
    return Job(milepost, work, school, options, Report(kind, path.name), run)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, or of a folder's files with their names."""
    digest = hashlib.sha256()
    for file in sorted(path.iterdir()) if path.is_dir() else [path]:
        if file.is_file():
            if path.is_dir():
                digest.update(f"{file.name}\0".encode())
            with file.open("rb") as stream:
                while chunk := stream.read(CHUNK):
                    digest.update(chunk)
    return digest.hexdigest()


def students_by_name(people: Iterable[Person]) -> dict[str, Person]:
    """Return students by the school's own id and by user name, without case.

    Where one student's id is another's user name, the id wins.
    """
    students = [person for person in people if person.role == "student"]
    found = {student.username.casefold(): student for student in students}
    found |= {student.source_id.casefold(): student for student in students}
    return found
