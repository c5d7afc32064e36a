"""What all repositories share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from pathways.store.base import Base

Row = TypeVar("Row", bound=Base)


def of_student(model: type[Row], *order: Any) -> Select[Row]:
    """Return the query for all rows of one student, built once at import.

    Args:
        model: a class of rows with the columns `school_id` and `student_id`.
        order: by what they are sorted.
    """
    columns = model.__table__.c
    return (
        select(model)
        .where(
            columns.school_id == bindparam("school_id"),
            columns.student_id == bindparam("student_id"),
        )
        .order_by(*order)
    )


class Repository:
    """Reads and writes rows in one session; it never commits."""

    def __init__(self, session: Session) -> None:
        """Work within the given session."""
        self.session = session

    def add(self, row: Row) -> Row:
        """Put a new row into the unit of work and return it."""
        self.session.add(row)
        return row

    def flush(self) -> None:
        """Send what was added so far, so that the database checks it now."""
        self.session.flush()

    def one(self, query: Select[Row]) -> Row | None:
        """Return the first row of a query, or None."""
        return self.session.scalars(query.limit(1)).first()

    def prepared(self, query: Select[Row], **values: object) -> Sequence[Row]:
        """Return every row of a query that was built once, at import.

        What each turn asks is built once: that costs more than asking.
        """
        return self.session.scalars(query, values).all()

    def first(self, query: Select[Row], **values: object) -> Row | None:
        """Return the first row of a query that was built once, or None."""
        return self.session.scalars(query, values).first()

    def all(self, query: Select[Row]) -> Sequence[Row]:
        """Return every row of a query."""
        return self.session.scalars(query).all()
