"""Canvas outcome reports: "Student Competency" and "Outcome Results".

Headers as canvas-lms writes them, in any case; the two reports differ in the
assignment or assessment columns and in whether each question has a row.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, tzinfo
from pathlib import Path
from typing import TypeVar

from pathways.formats import values
from pathways.formats.mastery import MasteryReading, MasteryRow
from pathways.formats.tables import FormatError, Row, Table, Unreadable, open_table

SOURCE = "Canvas outcomes"
NEEDED = ("student sis id", "learning outcome name", "outcome score", "submission date")
ASSESSMENTS = ("assessment_title", "assignment_title")
ASSESSMENT_IDS = ("assessment_id", "assignment_id")
Value = TypeVar("Value")


def read_canvas(path: Path, zone: tzinfo) -> MasteryReading:
    """Read an outcome report; moments in it become days in `zone`.

    Raises:
        FormatError: the file is not a Canvas outcome report.
    """
    table = open_table(path)
    table.need(NEEDED)
    _need_assessment(table)
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


def _need_assessment(table: Table) -> None:
    if not set(ASSESSMENTS) & set(table.columns):
        raise FormatError(
            f"{table.file}: no column assessment title or assignment title. "
            "Take the Student Competency or the Outcome Results report of Canvas."
        )


def _result(row: Row, zone: tzinfo) -> MasteryRow | None:
    """Return the row's result; None where it is not scored yet."""
    points = _cell(row, values.number, "outcome score")
    if points is None:
        points = _cell(row, values.number, "learning outcome rating points")
    mastered = _cell(row, values.flag, "learning outcome mastered")
    if points is None and mastered is None:
        return None
    mastery_points = _cell(row, values.number, "learning outcome mastery score")
    if not mastery_points and mastered is None:
        raise Unreadable(
            "learning outcome mastery score",
            "points mean nothing without the mastery score",
        )
    attempt = _cell(row, values.whole, "attempt")
    return MasteryRow(
        row=row,
        student_source_id=_text(row, "student sis id"),
        competency=_outcome(row),
        assessment=_assessment(row),
        assessment_id=_assessment_id(row),
        attempt=1 if attempt is None else attempt,
        earned_on=_day(row, zone),
        source=SOURCE,
        points=points,
        mastery_points=mastery_points,
        possible=_cell(row, values.number, "learning outcome points possible"),
        mastered=mastered,
    )


def _cell(row: Row, read: Callable[[str], Value], column: str) -> Value:
    try:
        return read(row.get(column.replace(" ", "_")))
    except ValueError as error:
        raise Unreadable(column, str(error)) from error


def _text(row: Row, column: str) -> str:
    text = row.get(column.replace(" ", "_"))
    if values.is_blank(text):
        raise Unreadable(column, "this cell is needed")
    return text


def _outcome(row: Row) -> tuple[str, ...]:
    names = (
        _text(row, "learning outcome name"),
        row.get("learning_outcome_friendly_name"),
    )
    return tuple(name for name in names if not values.is_blank(name))


def _assessment(row: Row) -> str:
    question = row.get("assessment_question")
    title = row.get(*ASSESSMENTS) or "Not named"
    return title if values.is_blank(question) else f"{title}: {question}"


def _assessment_id(row: Row) -> str:
    """Canvas' ids: of the assessment and, in "Outcome Results", of the question."""
    parts = (row.get(*ASSESSMENT_IDS), row.get("assessment_question_id"))
    ids = [part for part in parts if not values.is_blank(part)]
    return "/".join(ids) or _assessment(row)


def _day(row: Row, zone: tzinfo) -> date:
    try:
        found = values.day(row.get("submission_date"), zone)
    except ValueError as error:
        raise Unreadable("submission date", str(error)) from error
    if found is None:
        raise Unreadable("submission date", "without a date the result can't be placed")
    return found
