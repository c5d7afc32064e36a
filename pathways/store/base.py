"""The base of all tables, and how a database is opened."""

from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from sqlalchemy import (
    JSON,
    Engine,
    ForeignKey,
    MetaData,
    String,
    Text,
    create_engine,
    event,
)
from sqlalchemy.orm import DeclarativeBase, mapped_column

from pathways.store.sealing import SealedJSON, SealedText
from pathways.store.types import Moment

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_MILLISECONDS = 5000


def new_id() -> str:
    """Return a fresh random id (UUID 4, 36 characters)."""
    return str(uuid.uuid4())


Id = Annotated[str, mapped_column(String(36), primary_key=True, default=new_id)]
Short = Annotated[str, mapped_column(String(200))]
Code = Annotated[str, mapped_column(String(80))]
Long = Annotated[str, mapped_column(Text)]
Language = Annotated[str, mapped_column(String(10), default="en")]
Document = Annotated[dict[str, Any], mapped_column(JSON)]
Documents = Annotated[list[dict[str, Any]], mapped_column(JSON)]
Sealed = Annotated[str, mapped_column(SealedText)]
SealedDocument = Annotated[dict[str, Any], mapped_column(SealedJSON)]
SealedDocuments = Annotated[list[dict[str, Any]], mapped_column(SealedJSON)]
SchoolId = Annotated[str, mapped_column(ForeignKey("school.id"), index=True)]
PersonId = Annotated[str, mapped_column(ForeignKey("person.id"), index=True)]
MaybePersonId = Annotated[str | None, mapped_column(ForeignKey("person.id"))]


class Base(DeclarativeBase):
    """All tables of Milepost."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: Moment}


def _prepare_sqlite(connection: Any, record: Any) -> None:
    cursor = connection.cursor()
    for setting in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_MILLISECONDS}",
        "synchronous=FULL",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def open_engine(url: str) -> Engine:
    """Open a database by its SQLAlchemy address; nothing connects yet."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    file = url.partition(":///")[2]
    if file and not file.startswith((":memory:", "file:")):
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine
