"""What every import shares: its school, its record, and when it is saved."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from pathways.app import Milepost
from pathways.formats.report import Report
from pathways.services.errors import Invalid
from pathways.store.imports import ImportRepository
from pathways.store.models import ImportRun, Person, School
from pathways.store.unit_of_work import UnitOfWork

CHUNK = 1 << 20
STEP = 200
Item = TypeVar("Item")
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


@dataclass
class Job:
    """One import under way."""

    milepost: Milepost
    work: UnitOfWork
    school: School
    options: Options
    report: Report
    run: ImportRun

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
        self.run.counts = dict(self.report.counts)
        self.work.people.add(self.run)
        self.work.people.flush()

    def finish(self) -> Report:
        """Save everything, or leave everything as it was."""
        self.report.dry_run = self.options.dry_run
        self.report.rejected.sort(key=lambda error: (error.file, error.line))
        if self.may_save:
            self.run.counts = dict(self.report.counts)
            self.work.commit()
            self.report.saved = True
        return self.report


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
