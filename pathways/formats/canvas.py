"""Canvas outcome reports: "Student Competency" and "Outcome Results".

Headers as canvas-lms writes them, in any case; the two reports differ in the
assignment or assessment columns and in whether each question has a row.
"""

from __future__ import annotations

from datetime import date, tzinfo
from pathlib import Path

from pathways.domain.mastery import Level
from pathways.formats import values
from pathways.formats.mastery import (
    LEVEL_WORDS,
    MasteryReading,
    MasteryRow,
    MasteryStream,
    cell,
    each_row,
    gathered,
    needed_text,
)
from pathways.formats.tables import FormatError, Row, Table, Unreadable, open_table

SOURCE = "Canvas outcomes"
NEEDED = ("student sis id", "learning outcome name", "outcome score", "submission date")
ASSESSMENTS = ("assessment_title", "assignment_title")
ASSESSMENT_IDS = ("assessment_id", "assignment_id")


def read_canvas(path: Path, zone: tzinfo) -> MasteryReading:
    """Read a whole outcome report into memory; see `stream_canvas`."""
    return gathered(stream_canvas(path, zone))


def stream_canvas(path: Path, zone: tzinfo) -> MasteryStream:
    """Read an outcome report; moments in it become days in `zone`.

    Raises:
        FormatError: the file is not a Canvas outcome report.
    """
    table = open_table(path)
    table.need(NEEDED)
    _need_assessment(table)
    return MasteryStream(each_row(table, lambda row: _result(row, zone)), table.about)


def _need_assessment(table: Table) -> None:
    if not set(ASSESSMENTS) & set(table.columns):
        raise FormatError(
            f"{table.file}: no column assessment title or assignment title. "
            "Take the Student Competency or the Outcome Results report of Canvas."
        )


def _result(row: Row, zone: tzinfo) -> MasteryRow | None:
    """Return the row's result; None where it is not scored yet."""
    if _is_header(row):
        return None
    points = cell(row, values.number, "outcome score")
    if points is None:
        points = cell(row, values.number, "learning outcome rating points")
    mastered = cell(row, values.flag, "learning outcome mastered")
    mastery_points = cell(row, values.number, "learning outcome mastery score")
    stated = None if points is not None and mastery_points else _rating(row, mastered)
    if points is None and mastered is None and stated is None:
        return None
    if not mastery_points and mastered is None and stated is None:
        raise Unreadable(
            "learning outcome mastery score",
            "points mean nothing without the mastery score",
        )
    attempt = cell(row, values.whole, "attempt")
    return MasteryRow(
        row=row,
        student_source_id=needed_text(row, "student sis id"),
        competency=_outcome(row),
        assessment=_assessment(row),
        assessment_id=_assessment_id(row),
        attempt=1 if attempt is None else attempt,
        earned_on=_day(row, zone),
        source=SOURCE,
        points=points,
        mastery_points=mastery_points,
        possible=cell(row, values.number, "learning outcome points possible"),
        mastered=mastered,
        stated=stated,
    )


def _is_header(row: Row) -> bool:
    """Tell whether several exports were put one below the other."""
    return row.get("outcome_score").casefold() == "outcome score"


def _rating(row: Row, mastered: bool | None) -> Level | None:
    """Return the level that a rating's words name, for reports without points.

    Where the words and mastered 1 or 0 disagree, the words do not count.
    """
    level = LEVEL_WORDS.get(row.get("learning_outcome_rating").casefold())
    if level is None or mastered is None:
        return level
    return level if (level >= Level.PROFICIENT) is mastered else None


def _outcome(row: Row) -> tuple[str, ...]:
    names = (
        needed_text(row, "learning outcome name"),
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
