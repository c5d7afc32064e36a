"""What imports read and write, many rows at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import delete, insert, select, update

from pathways.store.import_models import ImportChange, MasteryRule
from pathways.store.models import (
    CourseTaken,
    ImportRun,
    MasteryResult,
    Person,
    Relation,
)
from pathways.store.repository import Repository

AT_ONCE = 500


def in_parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the values in parts that fit into one query."""
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]


class ImportRepository(Repository):
    """Reads a school's rows in bulk; queries grow with parts, never with rows."""

    def people(self, school_id: str) -> Sequence[Person]:
        """Return everybody of a school, those who left included."""
        return self.all(select(Person).where(Person.school_id == school_id))

    def owners(self, usernames: Sequence[str]) -> dict[str, Person]:
        """Return who has each of these user names, in any school."""
        return {
            person.username: person
            for part in in_parts(usernames)
            for person in self.all(select(Person).where(Person.username.in_(part)))
        }

    def relations(self, school_id: str) -> Sequence[Relation]:
        """Return who looks after whom in a school."""
        return self.all(select(Relation).where(Relation.school_id == school_id))

    def courses(self, school_id: str) -> dict[tuple[str, str], CourseTaken]:
        """Return every course in a school's records by (student id, course)."""
        rows = self.all(select(CourseTaken).where(CourseTaken.school_id == school_id))
        return {(row.student_id, row.course): row for row in rows}

    def results(self, school_id: str, keys: Sequence[str]) -> dict[str, MasteryResult]:
        """Return the results of a school that have one of these source keys."""
        return {
            row.source_key: row
            for part in in_parts(keys)
            for row in self.all(
                select(MasteryResult).where(
                    MasteryResult.school_id == school_id,
                    MasteryResult.source_key.in_(part),
                )
            )
        }

    def add_results(self, rows: Sequence[dict[str, Any]]) -> None:
        """Add results given as column -> value."""
        if rows:
            self.session.execute(insert(MasteryResult), rows)

    def rules(self, school_id: str) -> dict[str, MasteryRule]:
        """Return how a school counts several attempts, by competency."""
        rows = self.all(select(MasteryRule).where(MasteryRule.school_id == school_id))
        return {row.competency: row for row in rows}

    def make_undoable(self, run: ImportRun) -> None:
        """Let a run be the one that can be undone; forget what older ones need."""
        older = (
            ImportRun.school_id == run.school_id,
            ImportRun.kind == run.kind,
            ImportRun.id != run.id,
        )
        self.session.execute(
            delete(ImportChange).where(
                ImportChange.school_id == run.school_id,
                ImportChange.import_id.in_(select(ImportRun.id).where(*older)),
            )
        )
        self.session.execute(update(ImportRun).where(*older).values(undoable=False))
        run.undoable = True

    def remove(self, row: Relation | CourseTaken) -> None:
        """Take out a row that the school's system no longer has."""
        self.session.delete(row)

    def last_run(self, school_id: str, kind: str, file: str) -> ImportRun | None:
        """Return the newest import of a file by its name."""
        return self.one(
            select(ImportRun)
            .where(
                ImportRun.school_id == school_id,
                ImportRun.kind == kind,
                ImportRun.file == file,
            )
            .order_by(ImportRun.ran_at.desc())
        )
