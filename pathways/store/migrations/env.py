"""Alembic's entry: runs migrations on the database that was passed in."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from pathways.store import (  # noqa: F401
    alert_models,
    catalog_models,
    consent_models,
    credit_models,
    identity_models,
    import_models,
    meeting_models,
    models,
    pilot_models,
    privacy_models,
    wish_models,
)
from pathways.store.base import Base, open_engine
from pathways.store.types import Moment


def render_item(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Write our own column type by its name."""
    if kind != "type" or not isinstance(item, Moment):
        return False
    autogen.imports.add("from pathways.store.types import Moment")
    return "Moment()"


def migrate(connection: Connection) -> None:
    """Run what is missing, all of it or nothing.

    SQLite changes a table by copying it and dropping the old one. Rows elsewhere point
    to it in that moment, so its keys are checked at the end, before anything is kept.

    Raises:
        IntegrityError: a row would point to nothing.
    """
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()
    if is_sqlite:
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if lost:
            told = f"{len(lost)} rows would point to nothing, as in {lost[0][0]}"
            raise IntegrityError(told, None, ValueError(told))
    connection.commit()


engine = open_engine(context.config.attributes["url"])
with engine.connect() as connection:
    migrate(connection)
engine.dispose()
