"""The register of personal data, and the rows of a student by it (`register.yml`).

Export, deletion and retention work from the register alone, so what is not in it is
neither exported nor deleted; a test fails on a column that it lacks.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import ColumnElement, Table, select

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
    reach_models,
    wish_models,
)
from pathways.store.base import Base

FILE = Path(__file__).with_name("register.yml")
SORTS = ("keys", "facts", "words", "plain", "staff", "hidden")
NOBODY, ROWS = "nobody", "rows"
IS_NULL = " is null"
Names = tuple[str, ...]


class Keep(BaseModel):
    """How long a row stays.

    Attributes:
        kind: the name in the district's retention setting.
        since: the column that tells a row's age.
        unless: `column is null`: rows that are still open stay; `table.column`: rows
            to which that column points stay and lose their words.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: str
    since: Annotated[str, Field(alias="from")]
    unless: Names = ()


class Entry(BaseModel):
    """One table of the register; see the head of `register.yml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    holds: str
    of: str
    why: str = ""
    seen_by: Names = ()
    keep: Keep | str = ""
    export: str = ""
    delete: Literal["rows", "blank"] | str = ""
    keys: Names = ()
    facts: Names = ()
    words: Names = ()
    plain: Names = ()
    staff: Names = ()
    hidden: Names = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.of != NOBODY and not (self.why and self.keep and self.export):
            raise ValueError("say why, how long, and how it is exported")
        if self.of != NOBODY and self.delete not in ("rows", "blank"):
            raise ValueError("say what deletion does: rows or blank")
        return self

    @property
    def columns(self) -> Names:
        """Every column, in the order of the sorts."""
        return tuple(name for sort in SORTS for name in getattr(self, sort))

    @property
    def exported(self) -> bool:
        """Tell whether rows are exported."""
        return self.of != NOBODY and not self.export.startswith("no: ")


@cache
def register() -> Mapping[str, Entry]:
    """Return the register by table."""
    content: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {name: Entry.model_validate(one) for name, one in content.items()}


def personal() -> list[tuple[Table, Entry]]:
    """Return the tables with rows of students, those that others point to first."""
    return [
        (table, register()[table.name])
        for table in Base.metadata.sorted_tables
        if register()[table.name].of not in (NOBODY, ROWS)
    ]


def rows_of(table: Table, student_id: str) -> ColumnElement[bool]:
    """Return the condition for a student's rows of a table."""
    path = register()[table.name].of
    own, _, further = path.partition(" > ")
    if not further:
        return table.c[own] == student_id
    name, _, column = further.partition(".")
    parent = Base.metadata.tables[name]
    theirs = select(parent.c.id).where(parent.c[column] == student_id)
    return table.c[own].in_(theirs)
