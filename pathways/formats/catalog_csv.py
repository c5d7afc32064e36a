"""The catalog as a folder of tables: reading, checking, writing."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pathways.domain.catalog import (
    KINDS,
    Catalog,
    Course,
    Entry,
    Occupation,
    Phrase,
    catalog_of,
)
from pathways.domain.cells import show
from pathways.domain.references import (
    broken_references,
    courses_of,
    prerequisite_circles,
)
from pathways.formats.plain_errors import plain_reason
from pathways.formats.report import RowError
from pathways.formats.tables import FormatError, Row, Table, open_table
from pathways.formats.values import protected, unprotected

CODE_COLUMN = {Occupation.kind: "soc_code", Phrase.kind: "phrase"}
SUFFIXES = (".csv", ".xlsx")
FIRST = ("code", "title")
LAST = ("source", "as_of", "review_by", "status")

Tick = Callable[[int, int], None]


@dataclass(frozen=True)
class Placed:
    """An entry and where it was read."""

    entry: Entry
    row: Row

    @property
    def key(self) -> tuple[str, str]:
        """Kind and code, which name one entry of a catalog."""
        return self.entry.kind, self.entry.code


@dataclass
class Reading:
    """What a catalog folder holds: entries, rejected rows, rows read."""

    placed: list[Placed] = field(default_factory=list)
    rejected: list[RowError] = field(default_factory=list)

    @property
    def read(self) -> int:
        """Number of rows below the headers, the rejected ones included."""
        bad = {(error.file, error.line) for error in self.rejected if error.line > 1}
        return len(self.placed) + len(bad)


def columns_of(kind: type[Entry]) -> dict[str, str]:
    """Return the columns of a kind's file in order, each with its field's key."""
    fields = kind.model_fields
    own = [name for name in fields if name not in (*FIRST, *LAST)]
    keys = {name: found.alias or name for name, found in fields.items()}
    named = {keys[name]: keys[name] for name in (*FIRST, *own, *LAST)}
    code = CODE_COLUMN.get(kind.kind, "code")
    return {(code if name == "code" else name): key for name, key in named.items()}


def catalog_files(folder: Path) -> dict[str, Path]:
    """Return the file of each kind that the folder has.

    Raises:
        FormatError: there is no such folder, or nothing of a catalog in it.
    """
    if not folder.is_dir():
        raise FormatError(f"{folder}: there is no such folder.")
    found: dict[str, Path] = {}
    for kind, model in KINDS.items():
        names = [Path(model.file).with_suffix(suffix) for suffix in SUFFIXES]
        there = [folder / name for name in names if (folder / name).is_file()]
        if len(there) > 1:
            raise FormatError(
                f"{folder}: keep one of {there[0].name}, {there[1].name}."
            )
        if there:
            found[kind] = there[0]
    if not found:
        wanted = ", ".join(model.file for model in KINDS.values())
        raise FormatError(f"{folder}: none of {wanted} is in this folder.")
    return found


def silent(done: int, about: int) -> None:
    """Say nothing of how far a reader is."""


def read_folder(folder: Path, tick: Tick = silent) -> Reading:
    """Read a catalog folder; kinds without a file are left out.

    Args:
        folder: the folder.
        tick: called with (rows read, about how many there are).

    Raises:
        FormatError: the folder or one of its files can't be used at all.
    """
    reading = Reading()
    first_lines: dict[tuple[str, str], int] = {}
    tables = {kind: open_table(path) for kind, path in catalog_files(folder).items()}
    done, about = 0, sum(table.about for table in tables.values())
    for kind, table in tables.items():
        _check_columns(table, KINDS[kind], reading)
        for row in table.rows(reading.rejected):
            read_row(kind, row, reading, first_lines)
            done += 1
            tick(done, about)
    return reading


def _check_columns(table: Table, kind: type[Entry], reading: Reading) -> None:
    known = columns_of(kind)
    fields = kind.model_fields
    needed = {found.alias or name for name, found in fields.items() if _needed(found)}
    if kind is Phrase:
        needed.discard("title")
    table.need(column for column, key in known.items() if key in needed)
    reading.rejected += [
        RowError(table.file, 1, name, name, "there is no such column in this file")
        for name in table.columns
        if name and name not in known
    ]


def _needed(found: Any) -> bool:
    return bool(found.is_required())


def read_row(
    kind: str, row: Row, reading: Reading, first_lines: dict[tuple[str, str], int]
) -> None:
    """Add the entry of a row to a reading, or what is wrong with the row."""
    keys = columns_of(KINDS[kind])
    cells = {
        keys[column]: unprotected(value)
        for column, value in row.cells.items()
        if column in keys
    }
    if kind == Phrase.kind:
        cells["title"] = cells.get("title") or cells["code"]
    try:
        entry = KINDS[kind].model_validate(filled(cells, KINDS[kind]))
    except ValidationError as error:
        reading.rejected += _row_errors(error, row, kind)
        return
    first = first_lines.setdefault((kind, entry.code), row.line)
    if first != row.line:
        code = CODE_COLUMN.get(kind, "code")
        reading.rejected.append(row.error(code, f"line {first} has the same code"))
        return
    reading.placed.append(Placed(entry, row))


def filled(cells: dict[str, str], kind: type[Entry]) -> dict[str, str]:
    """Drop empty cells whose field has a value of its own: empty means that one."""
    fields = {found.alias or name: found for name, found in kind.model_fields.items()}
    return {
        key: value for key, value in cells.items() if value or fields[key].is_required()
    }


def _row_errors(error: ValidationError, row: Row, kind: str) -> Iterator[RowError]:
    seen: set[str] = set()
    for problem in error.errors(include_url=False):
        key = str(problem["loc"][0]) if problem["loc"] else ""
        column = CODE_COLUMN.get(kind, "code") if key == "code" else key
        if column not in seen:
            seen.add(column)
            yield row.error(column, plain_reason(problem))


def check(placed: Iterable[Placed], base: Catalog) -> list[RowError]:
    """Return what does not fit together once the entries join a catalog.

    Args:
        placed: entries that were read.
        base: the catalog that they would change; an empty one to check a folder
            on its own.
    """
    by_key = {one.key: one for one in placed}
    old = [entry for group in base.entries.values() for entry in group.values()]
    catalog = catalog_of(0, [*old, *(one.entry for one in by_key.values())])
    rejected = []
    for broken in broken_references(catalog):
        found = by_key.get((broken.entry.kind, broken.entry.code))
        if found is not None:
            rejected.append(found.row.error(broken.column, broken.reason, broken.value))
    for circle in prerequisite_circles(courses_of(catalog)):
        reason = f"prerequisites go in a circle: {' -> '.join(circle)}"
        places = (by_key.get((Course.kind, code)) for code in circle[:-1])
        rejected += [one.row.error("prerequisites", reason) for one in places if one]
    return rejected


def write_folder(catalog: Catalog, folder: Path) -> list[Path]:
    """Write a catalog as a folder that `read_folder` reads back as the same."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _write_file(
            folder / kind.file, kind, catalog.entries.get(kind.kind, {}).values()
        )
        for kind in KINDS.values()
    ]


def _write_file(path: Path, kind: type[Entry], entries: Iterable[Entry]) -> Path:
    columns = columns_of(kind)
    names = {found.alias or name: name for name, found in kind.model_fields.items()}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for entry in entries:
            writer.writerow(
                cell_text(getattr(entry, names[key])) for key in columns.values()
            )
    return path


def cell_text(value: Any) -> str:
    """Write a value so that a spreadsheet takes no text for a formula."""
    if isinstance(value, float):
        return str(value).removesuffix(".0")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    text = show(value)
    return protected(text)
