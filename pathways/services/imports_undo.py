"""Takes back the last import of a kind (features P1, A4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pathways.app import Milepost
from pathways.domain.catalog import Entry, Status
from pathways.formats.report import Report
from pathways.services.access import Actor, Role, require, school_of
from pathways.services.catalog_publish import publish
from pathways.services.errors import Invalid
from pathways.services.imports_job import AnyRow, columns_of, plain
from pathways.store.catalog_cache import entry_of
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
LATER = "{} were changed by something else since; they stay as they are."
IN_USE = "{} people have used Milepost since; their accounts are closed, not deleted."
TAKEN = "{} rows could not be put back: the record holds another one now."


def undo_import(
    milepost: Milepost, actor: Actor, kind: str, *, dry_run: bool = False
) -> Report:
    """Take back the last import of a kind, for the administrator of a school.

    Raises:
        NotFound: the actor is no administrator.
        Invalid: there is no such import that can be undone.
    """
    require(actor, Role.ADMIN)
    with milepost.work() as work:
        code = school_of(work, actor).code
    return undo_last(milepost, code, kind, actor_id=actor.id, dry_run=dry_run)


def undo_last(
    milepost: Milepost,
    school_code: str,
    kind: str,
    *,
    actor_id: str | None = None,
    dry_run: bool = False,
) -> Report:
    """Put a school's rows back as they were before the last import of a kind.

    What something else changed in the meantime stays as it is and is counted.
    Only the last import that changed anything can be undone, and only once.

    Raises:
        Invalid: there is no such school, or no such import.
    """
    with milepost.work() as work:
        school = work.people.school_by_code(school_code)
        if school is None:
            raise Invalid(f"There is no school with the code {school_code}.")
        run = UndoRepository(work.session).last_run(school.id, kind)
        if run is None:
            raise Invalid(f"There is no import of {kind} that can be undone.")
        report = Report(f"undo {kind}", run.file, dry_run=dry_run)
        if run.catalog_version is not None:
            wanted = _former_entries(work, run, report)
        else:
            _Undo(work, run, report).all_rows()
        if dry_run:
            return report
        run.undone_at, run.undoable = milepost.clock(), False
        if run.catalog_version is not None and wanted:
            note = f"Undone: {run.file}"
            publish(milepost, work, school.id, wanted, note, actor_id)
        work.commit()
        report.saved = True
        return report


class _Undo:
    """Undoes one run's rows of people and records, the newest change first."""

    def __init__(self, work: UnitOfWork, run: ImportRun, report: Report) -> None:
        self.work, self.run, self.report = work, run, report
        self.rows = UndoRepository(work.session)
        self.later = self.in_use = self.taken = 0

    def all_rows(self) -> None:
        for batch in self.rows.changes(self.run.id):
            self._forget([one for one in batch if not one.before])
            for change in batch:
                if not change.after:
                    self._put_back(change)
                elif change.before:
                    self._restore(change)
            self.work.session.flush()
        self.report.changed += self.rows.delete_results(self.run.id)
        for number, words in (
            (self.later, LATER),
            (self.in_use, IN_USE),
            (self.taken, TAKEN),
        ):
            if number:
                self.report.notes.append(words.format(number))

    def _restore(self, change: ImportChange) -> None:
        row = self.rows.row(TABLES[change.table_name], change.row_id)
        if row is None or not _is_as(row, change.after):
            self.later += 1
            self.report.skipped += 1
            return
        for name, value in typed(type(row), change.before).items():
            setattr(row, name, value)
        self.report.changed += 1

    def _put_back(self, change: ImportChange) -> None:
        model = TABLES[change.table_name]
        columns = typed(model, change.before)
        if self.rows.has_equal(model, columns):
            self.taken += 1
            self.report.skipped += 1
            return
        self.work.session.add(model(**columns))
        self.report.changed += 1

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
                    self.report.changed += 1
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
        self.report.changed += len(used)
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


def _former_entries(work: UnitOfWork, run: ImportRun, report: Report) -> list[Entry]:
    """Return entries as they were before a version; new ones as retired."""
    version = run.catalog_version or 0
    former = {
        row.id: entry_of(row.kind, row.code, revision)
        for row, revision in work.catalog.content(run.school_id, version - 1)
    }
    found, later = [], 0
    for row, revision in work.catalog.content(run.school_id, 2**31 - 1):
        entry = entry_of(row.kind, row.code, revision)
        before = former.get(row.id) or entry.model_copy(
            update={"status": Status.RETIRED}
        )
        if revision.version == version:
            report.changed += 1
            report.foresee("changed back", f"{entry.kind} {entry.code}")
            found.append(before)
        elif revision.version > version and former.get(row.id) != entry:
            later += 1
    if later:
        report.skipped += later
        report.notes.append(LATER.format(f"{later} entries"))
    return found
