"""What an undo of an import reads and deletes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import CursorResult, UniqueConstraint, delete, select

from pathways.store.base import Base
from pathways.store.import_models import ImportChange
from pathways.store.imports import AT_ONCE, in_parts
from pathways.store.models import ImportRun, MasteryResult, Person
from pathways.store.repository import Repository


class UndoRepository(Repository):
    """The rows of one import, by what it wrote down about them."""

    def last_run(self, school_id: str, kind: str) -> ImportRun | None:
        """Return the newest import of a kind that changed anything, if not undone."""
        return self.one(
            select(ImportRun).where(
                ImportRun.school_id == school_id,
                ImportRun.kind == kind,
                ImportRun.undoable,
            )
        )

    def changes(self, import_id: str) -> Iterator[Sequence[ImportChange]]:
        """Yield what an import changed in parts; people come last."""
        is_person = ImportChange.table_name == Person.__tablename__
        for condition in (~is_person, is_person):
            last = ""
            while part := self.all(
                select(ImportChange)
                .where(ImportChange.import_id == import_id, condition)
                .where(ImportChange.id > last)
                .order_by(ImportChange.id)
                .limit(AT_ONCE)
            ):
                last = part[-1].id
                yield part

    def row(self, model: type[Any], key: str) -> Any:
        """Return a row by its id, or None."""
        return self.session.get(model, key)

    def delete_results(self, import_id: str) -> int:
        """Delete the results that an import added; return how many."""
        kept = select(ImportChange.row_id).where(
            ImportChange.import_id == import_id,
            ImportChange.table_name == MasteryResult.__tablename__,
        )
        found = self.session.execute(
            delete(MasteryResult).where(
                MasteryResult.import_id == import_id, MasteryResult.id.not_in(kept)
            )
        )
        return cast("CursorResult[Any]", found).rowcount

    def has_equal(self, model: type[Any], columns: Mapping[str, Any]) -> bool:
        """Tell whether a row stands where another one may not stand beside it."""
        for rule in model.__table__.constraints:
            if isinstance(rule, UniqueConstraint):
                same = [column == columns[column.key] for column in rule.columns]
                if self.one(select(model).where(*same)) is not None:
                    return True
        return self.row(model, columns["id"]) is not None

    def people_in_use(self, keys: Sequence[str]) -> set[str]:
        """Return those people to whom any row of any table refers."""
        used: set[str] = set()
        person = Person.__table__.c.id
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if any(key.column is person for key in column.foreign_keys):
                    for part in in_parts(keys):
                        found = select(column).where(column.in_(part)).distinct()
                        used |= set(self.session.scalars(found))
        return used
