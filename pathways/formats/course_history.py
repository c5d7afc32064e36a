"""Course history as a plain table: what each student finished or takes now."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pathways.domain.facts import CourseState
from pathways.formats import values
from pathways.formats.report import RowError
from pathways.formats.tables import Row, open_table

NEEDED = ("student_id", "course", "state")
STATES = {
    "completed": CourseState.COMPLETED,
    "in_progress": CourseState.IN_PROGRESS,
    "in progress": CourseState.IN_PROGRESS,
}
MOST_CREDITS = 5
LONGEST_MARK = 10


@dataclass(frozen=True)
class CourseRow:
    """A course of one student; `credits` in Carnegie units, as earned."""

    row: Row
    student_source_id: str
    course: str
    state: CourseState
    mark: str | None
    credits: float | None
    source: str


@dataclass
class CourseReading:
    """What a course history holds."""

    courses: list[CourseRow] = field(default_factory=list)
    rejected: list[RowError] = field(default_factory=list)

    @property
    def read(self) -> int:
        """Number of rows below the header."""
        return len(self.courses) + len(self.rejected)


def read_course_history(path: Path) -> CourseReading:
    """Read student_id, course, state, and mark, credit and source where given.

    Raises:
        FormatError: a column is absent.
    """
    table = open_table(path)
    table.need(NEEDED)
    reading = CourseReading()
    for row in table.rows(reading.rejected):
        found = _course(row)
        if isinstance(found, RowError):
            reading.rejected.append(found)
        else:
            reading.courses.append(found)
    return reading


def _course(row: Row) -> CourseRow | RowError:
    for column in ("student_id", "course"):
        if not row.get(column):
            return row.error(column, "this cell is needed")
    state = STATES.get(row.get("state").casefold())
    if state is None:
        return row.error("state", "write completed or in_progress")
    mark = row.get("mark", "grade")
    if len(mark) > LONGEST_MARK:
        return row.error("mark", f"write at most {LONGEST_MARK} characters")
    try:
        earned = values.number(row.get("credit", "credits"))
    except ValueError as error:
        return row.error("credit", str(error), row.get("credit", "credits"))
    if earned is not None and earned > MOST_CREDITS:
        return row.error("credit", f"one course gives at most {MOST_CREDITS} credits")
    return CourseRow(
        row=row,
        student_source_id=row.get("student_id"),
        course=row.get("course"),
        state=state,
        mark=None if values.is_blank(mark) else mark,
        credits=earned,
        source=row.get("source") or "Course history",
    )
