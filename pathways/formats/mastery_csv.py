"""A plain table of results, as a teacher's spreadsheet has it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from pathlib import Path
from typing import TypeVar

from pathways.domain.mastery import Level
from pathways.formats import values
from pathways.formats.mastery import (
    MasteryReading,
    MasteryRow,
    level_from,
)
from pathways.formats.tables import FormatError, Row, Unreadable, open_table

SOURCE = "School records"
NEEDED = ("student_id", "competency", "date", "assessment")
Value = TypeVar("Value")


def read_mastery_csv(path: Path, zone: tzinfo) -> MasteryReading:
    """Read student_id, competency, date, assessment and a level or points.

    Raises:
        FormatError: a column is absent.
    """
    table = open_table(path)
    table.need(NEEDED)
    columns = set(table.columns)
    if "level" not in columns and not {"points", "mastery_points"} <= columns:
        raise FormatError(
            f"{table.file}: give a column level, or points and mastery_points."
        )
    reading = MasteryReading()
    for row in table.rows(reading.rejected):
        try:
            result = _result(row, zone)
        except Unreadable as error:
            reading.rejected.append(row.refused(error))
            continue
        if result is None:
            reading.skipped += 1
        else:
            reading.results.append(result)
    return reading


def _result(row: Row, zone: tzinfo) -> MasteryRow | None:
    stated = _level(row)
    points = _cell(row, values.number, "points")
    if stated is None and points is None:
        return None
    mastery_points = _cell(row, values.number, "mastery_points")
    if stated is None and not mastery_points:
        reason = "points mean nothing without the points for mastery"
        raise Unreadable("mastery_points", reason)
    earned_on = _cell(row, lambda text: values.day(text, zone), "date")
    if earned_on is None:
        raise Unreadable("date", "without a date the result can't be placed")
    attempt = _cell(row, values.whole, "attempt")
    assessment = _text(row, "assessment")
    return MasteryRow(
        row=row,
        student_source_id=_text(row, "student_id"),
        competency=(_text(row, "competency"),),
        assessment=assessment,
        assessment_id=assessment,
        attempt=1 if attempt is None else attempt,
        earned_on=earned_on,
        source=row.get("source") or SOURCE,
        points=points,
        mastery_points=mastery_points,
        possible=_cell(row, values.number, "possible"),
        stated=stated,
    )


def _level(row: Row) -> Level | None:
    text = row.get("level")
    return None if values.is_blank(text) else _cell(row, level_from, "level")


def _cell(row: Row, read: Callable[[str], Value], column: str) -> Value:
    try:
        return read(row.get(column))
    except ValueError as error:
        raise Unreadable(column, str(error)) from error


def _text(row: Row, column: str) -> str:
    text = row.get(column)
    if values.is_blank(text):
        raise Unreadable(column, "this cell is needed")
    return text
