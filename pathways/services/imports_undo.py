"""Takes back the last import of a kind (features P1, A4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pathways.app import Milepost
from pathways.formats.report import Report
from pathways.services.access import Actor, Role, school_of
from pathways.services.errors import Invalid, NotFound, Stale
from pathways.services.imports_job import AnyRow, columns_of, plain
from pathways.services.imports_undo_catalog import LATER, put_catalog_back
from pathways.store.credit_models import GraduationItem
from pathways.store.import_models import ImportChange, MasteryRule
from pathways.store.imports_undo import UndoRepository
from pathways.store.models import (
    CourseTaken,
    ImportRun,
    MasteryResult,
    Person,
    Relation,
)
from pathways.store.unit_of_work import UnitOfWork

TABLES: dict[str, type[AnyRow]] = {
    model.__tablename__: model
    for model in (
        *(Person, Relation, CourseTaken),
        *(MasteryResult, MasteryRule, GraduationItem),
    )
}
OF_THE_CATALOG = frozenset(
    {"catalog", "onet", "oews", "ooh", "sced", "clusters", "case"}
)
NEWER = "Another import came in since you looked. Look at it first."
WORDS = {
    Person.__tablename__: "people",
    Relation.__tablename__: "ties between adults and students",
    CourseTaken.__tablename__: "courses of students",
    MasteryResult.__tablename__: "results",
    MasteryRule.__tablename__: "methods of counting",
    GraduationItem.__tablename__: "scores and seals",
}
IN_USE = "{} people have used Milepost since; their accounts are closed, not deleted."
TAKEN = "{} rows could not be put back: the record holds another one now."


def may_undo(actor: Actor, kind: str) -> bool:
    """Tell who may: a counselor what belongs to the catalog, an administrator all."""
    counselor = actor.role is Role.COUNSELOR and kind in OF_THE_CATALOG
    return counselor or actor.role is Role.ADMIN


def undo_import(
    milepost: Milepost,
    actor: Actor,
    kind: str,
    *,
    seen: str = "",
    dry_run: bool = False,
) -> Report:
    """Take back the last import of a kind; see `undo_last`.

    Raises:
        NotFound: the actor may not, see `may_undo`.
        Invalid: there is no such import that can be undone.
        Stale: a newer import came in meanwhile.
    """
    if not may_undo(actor, kind):
        raise NotFound("The import")
    with milepost.work() as work:
        code = school_of(work, actor).code
    return undo_last(
        milepost, code, kind, actor_id=actor.id, seen=seen, dry_run=dry_run
    )


def undo_last(
    milepost: Milepost,
    school_code: str,
    kind: str,
    *,
    actor_id: str | None = None,
    seen: str = "",
    dry_run: bool = False,
) -> Report:
    """Put a school's rows back as they were before the last import of a kind.

    What something else changed in the meantime stays as it is and is counted.
    Only the last import that changed anything can be undone, and only once.

    Args:
        milepost: the product.
        school_code: whose import it was.
        kind: of the import.
        actor_id: who takes it back, if somebody is signed in.
        seen: the run that the person has in mind; any if empty.
        dry_run: only look what would change.

    Raises:
        Invalid: there is no such school, or no such import.
        Stale: a newer import came in meanwhile.
    """
    with milepost.work() as work:
        school = work.people.school_by_code(school_code)
        if school is None:
            raise Invalid(f"There is no school with the code {school_code}.")
        run = UndoRepository(work.session).last_run(school.id, kind)
        if run is None:
            raise Invalid(f"There is no import of {kind} that can be undone.")
        if seen and run.id != seen:
            raise Stale(NEWER)
        report = Report(f"undo {kind}", run.file, dry_run=dry_run)
        run.undone_at, run.undone_by = milepost.clock(), actor_id
        run.undoable = False
        if run.catalog_version is None:
            _Undo(work, run, report).all_rows()
        else:
            put_catalog_back(milepost, work, run, report)
        if not dry_run:
            work.commit()
            report.saved = True
        return report


class _Undo:
    """Undoes one run's rows of people and records, the newest change first."""

    def __init__(self, work: UnitOfWork, run: ImportRun, report: Report) -> None:
        self.work, self.run, self.report = work, run, report
        self.rows = UndoRepository(work.session)
        self.later = self.in_use = self.taken = 0
        self.touched: Counter[str] = Counter()

    def all_rows(self) -> None:
        for batch in self.rows.changes(self.run.id):
            self._forget([one for one in batch if not one.before])
            for change in batch:
                if not change.after:
                    self._put_back(change)
                elif change.before:
                    self._restore(change)
            self.work.session.flush()
        self._count(MasteryResult.__tablename__, self.rows.delete_results(self.run.id))
        for table, number in self.touched.items():
            if number:
                self.report.foresee("changed back", f"{number:,} {WORDS[table]}")
        for number, words in (
            (self.later, LATER),
            (self.in_use, IN_USE),
            (self.taken, TAKEN),
        ):
            if number:
                self.report.notes.append(words.format(number))

    def _count(self, table: str, number: int = 1) -> None:
        self.report.changed += number
        self.touched[table] += number

    def _restore(self, change: ImportChange) -> None:
        row = self.rows.row(TABLES[change.table_name], change.row_id)
        if row is None or not _is_as(row, change.after):
            self.later += 1
            self.report.skipped += 1
            return
        for name, value in typed(type(row), change.before).items():
            setattr(row, name, value)
        self._count(change.table_name)

    def _put_back(self, change: ImportChange) -> None:
        model = TABLES[change.table_name]
        columns = typed(model, change.before)
        if self.rows.has_equal(model, columns):
            self.taken += 1
            self.report.skipped += 1
            return
        self.work.session.add(model(**columns))
        self._count(change.table_name)

    def _forget(self, changes: Iterable[ImportChange]) -> None:
        """Delete added rows; people that others refer to are closed instead."""
        groups: dict[str, list[str]] = {}
        for change in changes:
            groups.setdefault(change.table_name, []).append(change.row_id)
        for table, keys in groups.items():
            for key in self._deletable(table, keys):
                row = self.rows.row(TABLES[table], key)
                if row is not None:
                    self.work.session.delete(row)
                    self._count(table)
        self.work.session.flush()

    def _deletable(self, table: str, keys: list[str]) -> list[str]:
        if table != Person.__tablename__:
            return keys
        used = self.rows.people_in_use(keys)
        for key in used:
            person = self.rows.row(Person, key)
            if isinstance(person, Person):
                person.active = False
        self.in_use += len(used)
        self._count(table, len(used))
        return [key for key in keys if key not in used]


def typed(model: type[AnyRow], columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return columns as a table holds them: days as days."""
    days = {one.key for one in columns_of(model) if one.type.python_type is date}
    return {
        name: date.fromisoformat(value) if name in days and value else value
        for name, value in columns.items()
    }


def _is_as(row: AnyRow, columns: Mapping[str, Any]) -> bool:
    return plain({name: getattr(row, name) for name in columns}) == columns
