"""Reads and deletes all that is kept about one student, by the register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, Table, cast, delete, or_, select
from sqlalchemy.orm import Session

from pathways.store.access_chain import AccessChain
from pathways.store.base import Base
from pathways.store.import_models import ImportChange
from pathways.store.models import AccessLog, Conversation, Person
from pathways.store.register import Entry, personal, register, rows_of

BATCH = 500
IMPORTS = ImportChange.__tablename__
Found = Mapping[str, Any]


class PersonalData:
    """One student's data in every table."""

    def __init__(self, session: Session, school_id: str, student_id: str) -> None:
        """Work within the given session; it never commits."""
        self.session = session
        self.school_id = school_id
        self.student_id = student_id

    def parts(self) -> Iterator[tuple[Entry, Iterator[Found]]]:
        """Yield what is exported: an entry of the register, and its rows."""
        for table, entry in personal():
            if entry.exported:
                yield entry, self._rows(table, entry)

    def _rows(self, table: Table, entry: Entry) -> Iterator[Found]:
        names = [name for name in entry.columns if name not in entry.hidden]
        query = select(*(table.c[name] for name in names))
        query = query.where(rows_of(table, self.student_id))
        order = [
            table.c[one]
            for one in ("place", "made_at", "received_at", "at", "id")
            if one in table.c
        ]
        for row in self.session.execute(query.order_by(*order)).mappings():
            yield dict(row)

    def names(self, ids: Sequence[str]) -> dict[str, str]:
        """Return people's names by their ids."""
        found: dict[str, str] = {}
        for start in range(0, len(ids), BATCH):
            chosen = Person.id.in_(ids[start : start + BATCH])
            for person in self.session.scalars(select(Person).where(chosen)):
                name = f"{person.given_name} {person.family_name}".strip()
                found[person.id] = name
        return found

    @property
    def conversation_id(self) -> str | None:
        """The pseudonym that Rasa knows; None before the first talk."""
        mine = Conversation.student_id == self.student_id
        return self.session.scalars(select(Conversation.id).where(mine)).first()

    def steps(self) -> list[str]:
        """Return the tables in an order in which nothing points to what is gone."""
        return [IMPORTS, *(table.name for table, _ in reversed(personal()))]

    def delete(self, name: str) -> int:
        """Delete the student's rows of a table, or empty them; return how many."""
        if name == IMPORTS:
            return self._delete_import_changes()
        table = Base.metadata.tables[name]
        if register()[name].delete == "blank":
            chain = AccessChain(self.session)
            return chain.empty(AccessLog.student_id == self.student_id)
        gone = self.session.execute(
            delete(table).where(rows_of(table, self.student_id))
        )
        return int(getattr(gone, "rowcount", 0))

    def _delete_import_changes(self) -> int:
        """Delete what imports remember of the student's rows, to be undone.

        Rows name the student, or are one of theirs.
        """
        table = ImportChange.__table__
        mine: list[ColumnElement[bool]] = [
            cast(table.c[name], String).contains(self.student_id, autoescape=True)
            for name in ("before", "after")
        ]
        for theirs, _ in personal():
            if "id" in theirs.c:
                ids = select(theirs.c.id).where(rows_of(theirs, self.student_id))
                mine.append(
                    (table.c.table_name == theirs.name) & table.c.row_id.in_(ids)
                )
        gone = self.session.execute(
            delete(ImportChange).where(
                ImportChange.school_id == self.school_id, or_(*mine)
            ),
            execution_options={"synchronize_session": False},
        )
        return int(getattr(gone, "rowcount", 0))
