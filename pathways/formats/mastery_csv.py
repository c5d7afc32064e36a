"""A plain table of results, as a teacher's spreadsheet has it."""

from __future__ import annotations

from datetime import tzinfo
from pathlib import Path

from pathways.domain.mastery import Level
from pathways.formats import values
from pathways.formats.mastery import (
    MasteryReading,
    MasteryRow,
    MasteryStream,
    cell,
    each_row,
    gathered,
    level_from,
    needed_text,
)
from pathways.formats.tables import FormatError, Row, Unreadable, open_table
from pathways.formats.values import unprotected

SOURCE = "School records"
NEEDED = ("student_id", "competency", "date", "assessment")


def read_mastery_csv(path: Path, zone: tzinfo) -> MasteryReading:
    """Read a whole table of results into memory; see `stream_mastery_csv`."""
    return gathered(stream_mastery_csv(path, zone))


def stream_mastery_csv(path: Path, zone: tzinfo) -> MasteryStream:
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
    return MasteryStream(each_row(table, lambda row: _result(row, zone)), table.about)


def _result(row: Row, zone: tzinfo) -> MasteryRow | None:
    stated = _level(row)
    points = cell(row, values.number, "points")
    if stated is None and points is None:
        return None
    mastery_points = cell(row, values.number, "mastery_points")
    if stated is None and not mastery_points:
        reason = "points mean nothing without the points for mastery"
        raise Unreadable("mastery_points", reason)
    earned_on = cell(row, lambda text: values.day(text, zone), "date")
    if earned_on is None:
        raise Unreadable("date", "without a date the result can't be placed")
    attempt = cell(row, values.whole, "attempt")
    assessment = unprotected(needed_text(row, "assessment"))
    return MasteryRow(
        row=row,
        student_source_id=needed_text(row, "student_id"),
        competency=(needed_text(row, "competency"),),
        assessment=assessment,
        assessment_id=assessment,
        attempt=1 if attempt is None else attempt,
        earned_on=earned_on,
        source=unprotected(row.get("source")) or SOURCE,
        points=points,
        mastery_points=mastery_points,
        possible=cell(row, values.number, "possible"),
        stated=stated,
    )


def _level(row: Row) -> Level | None:
    text = row.get("level")
    return None if values.is_blank(text) else cell(row, level_from, "level")
