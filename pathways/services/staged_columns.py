"""The columns of a school's own table, and where each of them goes (A4)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from pathways.app import Milepost
from pathways.domain.catalog import KINDS
from pathways.formats.catalog_csv import columns_of
from pathways.formats.catalog_mapping import (
    ColumnMap,
    needed_columns,
    open_mapped,
    suggested,
)
from pathways.formats.problems import FormatError
from pathways.formats.report import Rejections, shorten
from pathways.formats.rows import Table
from pathways.services.access import Actor
from pathways.services.import_kinds import mapping_in
from pathways.services.imports_table import remembered
from pathways.services.staged_imports import folder_of, staged_file
from pathways.store.staged_files import Staged

EXAMPLES = 3


@dataclass(frozen=True)
class OwnColumn:
    """A column of the table, what stands in it, and the catalog column it fills."""

    name: str
    examples: tuple[str, ...]
    to: str


@dataclass(frozen=True)
class Mapped:
    """A table before the catalog.

    Attributes:
        columns: of the table.
        fields: of the catalog.
        missing: catalog columns that every entry needs and that nothing fills.
        fixed: catalog column -> what every row gets.
        problem: why the table can't be opened.
    """

    columns: tuple[OwnColumn, ...] = ()
    fields: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    fixed: tuple[tuple[str, str], ...] = ()
    problem: str = ""


def columns_for(milepost: Milepost, actor: Actor, staged: str) -> Mapped | None:
    """Return the columns of a table that was brought in; None for other kinds.

    What the form said counts first, then the last import of this kind, then guesses.
    """
    found = staged_file(milepost, actor, staged)
    if found.kind != "table":
        return None
    try:
        table, _ = open_mapped(folder_of(milepost).content(found))
    except FormatError as error:
        return Mapped(problem=str(error))
    return _mapped(table, found, _mapping(milepost, found, table))


def _mapping(milepost: Milepost, found: Staged, table: Table) -> ColumnMap:
    given, kind = mapping_in(found.given), found.given["entry"]
    with milepost.work() as work:
        former = remembered(work, found.school_id, kind)
    kept = {key: to for key, to in former.columns.items() if key in table.columns}
    known = columns_of(KINDS[kind])
    chosen = {
        key: to
        for key, to in given.columns.items()
        if key in table.columns and (not to or to in known)
    }
    fixed = {name: value for name, value in given.fixed.items() if name in known}
    wanted = ColumnMap(chosen, fixed).over(ColumnMap(kept, former.fixed, former.values))
    return suggested(table, kind, wanted)


def _mapped(table: Table, found: Staged, mapping: ColumnMap) -> Mapped:
    kind = found.given["entry"]
    try:
        rows = list(islice(table.rows(Rejections()), EXAMPLES))
    except FormatError as error:
        return Mapped(problem=str(error))
    have = {*mapping.columns.values(), *mapping.fixed}
    return Mapped(
        tuple(
            OwnColumn(
                name,
                tuple(shorten(text, 40) for row in rows if (text := row.cells[name])),
                mapping.columns.get(name, ""),
            )
            for name in table.columns
            if name
        ),
        tuple(columns_of(KINDS[kind])),
        tuple(name for name in needed_columns(kind) if name not in have),
        tuple(mapping.fixed.items()),
    )
