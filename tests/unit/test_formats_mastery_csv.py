from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pathways.domain.facts import CourseState
from pathways.domain.mastery import Level
from pathways.formats.course_history import CourseReading, read_course_history
from pathways.formats.mastery import MasteryReading
from pathways.formats.mastery_csv import SOURCE, read_mastery_csv
from pathways.formats.problems import FormatError

OHIO = ZoneInfo("America/New_York")
HEADER = "student_id,competency,level,points,mastery_points,date,assessment,attempt"


def read(folder: Path, *lines: str, header: str = HEADER) -> MasteryReading:
    path = folder / "shop.csv"
    path.write_text("\n".join((header, *lines)) + "\n")
    return read_mastery_csv(path, OHIO)


@pytest.mark.parametrize(
    ("written", "level"),
    [
        ("1", Level.BEGINNING),
        ("2.0", Level.DEVELOPING),
        ("Proficient", Level.PROFICIENT),
        ("exceeds", Level.ADVANCED),
    ],
)
def test_a_level_is_a_number_or_a_word(
    tmp_path: Path, written: str, level: Level
) -> None:
    [result] = read(tmp_path, f"S1,HAB.TIME,{written},,,10/5/2026,Check,").results

    assert result.level is level
    assert (result.attempt, result.source) == (1, SOURCE)
    assert result.earned_on == date(2026, 10, 5)


def test_points_need_the_points_for_mastery(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        "S1,CTE.SAFETY,,8,8,2026-10-05,Safety test,2",
        "S1,CTE.SAFETY,,8,,2026-10-05,Safety test,3",
        "S1,CTE.SAFETY,,,,2026-10-05,Safety test,4",
    )

    assert [result.level for result in reading.results] == [Level.PROFICIENT]
    assert [error.column for error in reading.rejected] == ["mastery_points"]
    assert reading.skipped == 1


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (",HAB.TIME,2,,,2026-10-05,Check,1", "student_id"),
        ("S1,,2,,,2026-10-05,Check,1", "competency"),
        ("S1,HAB.TIME,5,,,2026-10-05,Check,1", "level"),
        ("S1,HAB.TIME,2,,,,Check,1", "date"),
        ("S1,HAB.TIME,2,,,2026-10-05,,1", "assessment"),
        ("S1,HAB.TIME,2,,,2026-10-05,Check,first", "attempt"),
    ],
)
def test_an_unusable_cell_is_rejected(tmp_path: Path, line: str, column: str) -> None:
    reading = read(tmp_path, line)

    assert [(error.line, error.column) for error in reading.rejected] == [(2, column)]


def test_levels_or_points_must_have_a_column(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="a column level, or points"):
        read(tmp_path, header="student_id,competency,date,assessment,points")


def read_courses(folder: Path, *lines: str) -> CourseReading:
    path = folder / "history.csv"
    header = "student_id,course,state,mark,credit"
    path.write_text("\n".join((header, *lines)) + "\n")
    return read_course_history(path)


def test_course_history_rows(tmp_path: Path) -> None:
    reading = read_courses(
        tmp_path, "S1,MTH-ALG1,Completed,B+,1.0", "S1,MTH-GEO,in progress,,"
    )

    done, now = reading.courses
    assert (done.course, done.state) == ("MTH-ALG1", CourseState.COMPLETED)
    assert (done.mark, done.credits) == ("B+", 1.0)
    assert (now.state, now.mark, now.credits) == (CourseState.IN_PROGRESS, None, None)


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (",MTH-ALG1,completed,B,1", "student_id"),
        ("S1,,completed,B,1", "course"),
        ("S1,MTH-ALG1,passed,B,1", "state"),
        ("S1,MTH-ALG1,completed,very good work,1", "mark"),
        ("S1,MTH-ALG1,completed,B,one", "credit"),
        ("S1,MTH-ALG1,completed,B,9", "credit"),
    ],
)
def test_unusable_course_cells_are_rejected(
    tmp_path: Path, line: str, column: str
) -> None:
    reading = read_courses(tmp_path, line)

    assert [(error.line, error.column) for error in reading.rejected] == [(2, column)]
    assert reading.read == 1
