"""A school's own table of courses or places, by a mapping of its columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import get_origin

from pathways.domain.catalog import KINDS, Entry
from pathways.domain.cells import SEPARATOR, show
from pathways.formats.catalog_csv import (
    CODE_COLUMN,
    Reading,
    Tick,
    columns_of,
    read_row,
    silent,
)
from pathways.formats.sheet_guard import look_into
from pathways.formats.tables import FormatError, Row, Table, key_of, open_table
from pathways.formats.values import unprotected

MOST_ROWS = 100_000
RANGE = re.compile(r"^(\d{1,2})\s*(?:-|to|\u2013)\s*(\d{1,2})$")
OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "code": ("course_number", "course_code", "course_id", "course_no", "number", "id"),
    "title": ("course_name", "course_title", "name", "course"),
    "sced_code": ("sced", "nces_code", "state_code", "state_course_code"),
    "subject": ("department", "dept", "subject_area"),
    "credits": ("credit", "units", "credit_value", "carnegie_units"),
    "level": ("course_level", "rigor"),
    "grades": ("grade_levels", "grade_level", "grade"),
    "prerequisites": ("prereq", "prereqs", "prerequisite"),
    "terms": ("term", "semester", "offered"),
    "seats": ("capacity", "max_seats", "class_size"),
    "description": ("course_description", "summary", "desc"),
    "organization": ("organisation", "company", "employer", "site", "provider"),
    "apply_by": ("deadline", "due_date", "application_deadline"),
    "starts": ("start_date", "start", "begins"),
    "ends": ("end_date", "end"),
    "place": ("location", "city", "town"),
    "hours_total": ("hours", "total_hours"),
}


@dataclass(frozen=True)
class ColumnMap:
    """How a school's table becomes entries of one kind.

    Attributes:
        columns: the table's column, as `key_of` writes it -> the catalog's column.
        fixed: the catalog's column -> what every row gets.
        values: the catalog's column -> the school's word in lower case -> ours.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def over(self, former: ColumnMap) -> ColumnMap:
        """Return a mapping that says this, and what the former one adds to it."""
        taken = set(self.columns.values())
        kept = {key: to for key, to in former.columns.items() if to not in taken}
        words = {**former.values}
        for column, pairs in self.values.items():
            words[column] = {**words.get(column, {}), **pairs}
        return ColumnMap(
            {**kept, **self.columns}, {**former.fixed, **self.fixed}, words
        )


def fitted(table: Table, kind: str, wanted: ColumnMap) -> ColumnMap:
    """Return the mapping for a table, guesses for what nobody named included.

    Raises:
        FormatError: the mapping names a column that is not there, or a column that
            every entry needs stays without one.
    """
    known = columns_of(KINDS[kind])
    for key, to in wanted.columns.items():
        if to and to not in known:
            raise FormatError(f"There is no catalog column {to}. {_choices(kind)}")
        if key not in table.columns:
            found = ", ".join(table.columns)
            raise FormatError(f"{table.file}: no column {key}. Found: {found}.")
    for name in (*wanted.fixed, *wanted.values):
        if name not in known:
            raise FormatError(f"There is no catalog column {name}. {_choices(kind)}")
    found_map = suggested(table, kind, wanted)
    _check_needed(table, kind, found_map)
    return found_map


def suggested(table: Table, kind: str, wanted: ColumnMap) -> ColumnMap:
    """Return a mapping with guesses for what nobody named, whole or not."""
    taken = {*wanted.columns.values(), *wanted.fixed}
    guessed = dict(_guesses(table, kind, taken, set(wanted.columns)))
    return replace(wanted, columns={**guessed, **wanted.columns})


def needed_columns(kind: str) -> tuple[str, ...]:
    """Return the catalog columns that every entry of a kind needs."""
    fields = KINDS[kind].model_fields
    needed = {one.alias or name for name, one in fields.items() if one.is_required()}
    return tuple(name for name, key in columns_of(KINDS[kind]).items() if key in needed)


def _guesses(
    table: Table, kind: str, taken: set[str], named: set[str]
) -> Iterator[tuple[str, str]]:
    code = CODE_COLUMN.get(kind, "code")
    for column in columns_of(KINDS[kind]):
        if column in taken:
            continue
        names = (column, *OTHER_NAMES.get("code" if column == code else column, ()))
        for name in names:
            if name in table.columns and name not in named:
                named.add(name)
                yield name, column
                break


def _check_needed(table: Table, kind: str, found: ColumnMap) -> None:
    have = {*found.columns.values(), *found.fixed}
    missing = [name for name in needed_columns(kind) if name not in have]
    if missing:
        free = [name for name in table.columns if name and name not in found.columns]
        raise FormatError(
            f"{table.file}: which column holds {', '.join(missing)}? Say it with "
            f'--map "COLUMN={missing[0]}", or --set "{missing[0]}=VALUE" for all rows. '
            f"Columns without a place: {', '.join(free) or 'none'}."
        )


def _choices(kind: str) -> str:
    return f"Columns of {KINDS[kind].file}: {', '.join(columns_of(KINDS[kind]))}."


def open_mapped(path: Path) -> tuple[Table, list[str]]:
    """Open a school's table; return it with what the counselor should know.

    Raises:
        FormatError: it can't be used: too many rows, formulas nobody calculated.
    """
    notes = []
    if path.suffix.lower() == ".xlsx" and path.is_file():
        sheets = look_into(path, MOST_ROWS)
        if sheets.uncalculated:
            raise FormatError(
                f"{path.name}: {sheets.uncalculated} cells hold formulas without a "
                "value. Open it in Excel, save it, and try again."
            )
        if sheets.formulas:
            notes.append(
                f"{sheets.formulas} cells hold formulas; their last values were read."
            )
    return open_table(path), notes


def read_mapped(
    table: Table,
    kind: str,
    found: ColumnMap,
    known: Mapping[str, Entry],
    tick: Tick = silent,
) -> Reading:
    """Read a table's rows as entries.

    What a row does not hold keeps the value that the entry of that code has.

    Args:
        table: the school's table.
        kind: the kind of entry.
        found: a mapping that fits the table.
        known: the entries that the catalog has, by code.
        tick: called with (rows read, about how many there are).

    Raises:
        FormatError: more rows than a catalog can have.
    """
    reading = Reading()
    first_lines: dict[tuple[str, str], int] = {}
    headers = {to: key for key, to in found.columns.items()}
    for number, row in enumerate(table.rows(reading.rejected), start=1):
        if number > MOST_ROWS:
            raise FormatError(
                f"{table.file}: more than {MOST_ROWS:,} rows. A catalog has a few "
                "thousand. Is this the right file?"
            )
        tick(number, table.about)
        before = len(reading.rejected)
        cells = _cells(row, kind, found)
        code = cells.get(CODE_COLUMN.get(kind, "code"), "")
        old = _old_cells(kind, known.get(code))
        merged = Row(row.file, row.line, {**old, **cells})
        read_row(kind, merged, reading, first_lines)
        reading.rejected[before:] = [
            replace(one, column=headers.get(one.column, one.column))
            for one in reading.rejected[before:]
        ]
    return reading


def _cells(row: Row, kind: str, found: ColumnMap) -> dict[str, str]:
    cells = dict(found.fixed)
    for key, to in found.columns.items():
        text = unprotected(row.cells.get(key, ""))
        if to and (text or to not in found.fixed):
            words = found.values.get(to, {})
            cells[to] = _listed(kind, to, words.get(text.casefold(), text))
    return cells


def _listed(kind: str, column: str, text: str) -> str:
    """Write "9-12" and "fall, spring" the way a catalog's lists are written."""
    keys = columns_of(KINDS[kind])
    fields = {
        one.alias or name: one.annotation
        for name, one in KINDS[kind].model_fields.items()
    }
    if get_origin(fields[keys[column]]) is not tuple or not text:
        return text
    span = RANGE.match(text)
    if span and column == "grades":
        return f"{SEPARATOR} ".join(
            str(grade) for grade in range(int(span[1]), int(span[2]) + 1)
        )
    if SEPARATOR not in text:
        text = text.replace(",", SEPARATOR)
    return text.casefold() if column == "terms" else text


def _old_cells(kind: str, entry: Entry | None) -> dict[str, str]:
    if entry is None:
        return {}
    names = {one.alias or name: name for name, one in KINDS[kind].model_fields.items()}
    keys = columns_of(KINDS[kind])
    return {column: show(getattr(entry, names[key])) for column, key in keys.items()}


def parsed(columns: list[str], fixed: list[str], values: list[str]) -> ColumnMap:
    """Read a mapping from "COLUMN=field", "field=value" and "field:word=value".

    Raises:
        FormatError: one of them has another form.
    """
    words: dict[str, dict[str, str]] = {}
    for one in values:
        left, value = _halves(one, "field:WORD=value")
        name, _, word = left.partition(":")
        words.setdefault(name.strip(), {})[word.strip().casefold()] = value
    return ColumnMap(
        {
            key_of(left): right
            for left, right in (_halves(c, "COLUMN=field") for c in columns)
        },
        dict(_halves(one, "field=value") for one in fixed),
        words,
    )


def _halves(text: str, form: str) -> tuple[str, str]:
    left, sign, right = text.rpartition("=") if form[0] == "C" else text.partition("=")
    if not sign or not left.strip():
        raise FormatError(f'Write "{form}", not "{text}".')
    return left.strip(), right.strip()
