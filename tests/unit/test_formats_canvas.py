import csv
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pathways.domain.mastery import Level
from pathways.formats.canvas import SOURCE, read_canvas
from pathways.formats.mastery import MasteryReading, MasteryRow
from pathways.formats.problems import FormatError

OHIO = ZoneInfo("America/New_York")
SHARED = (
    "student name,student id,student sis id,{kind} title,{kind} id,submission date,"
    "submission score,learning outcome name,learning outcome id,attempt,outcome score,"
    "course name,course id,course sis id,section name,section id,section sis id,"
    "assignment url,learning outcome friendly name,learning outcome points possible,"
    "learning outcome mastery score,learning outcome mastered,learning outcome rating,"
    "learning outcome rating points,account id,account name,enrollment state"
)
COMPETENCY_REPORT = SHARED.format(kind="assignment").split(",")
RESULTS_REPORT = [
    *SHARED.format(kind="assessment").split(","),
    "assessment type",
    "assessment question",
    "assessment question id",
]
ROW = {
    "student name": "Osei, Amara",
    "student id": "5001",
    "student sis id": "S1",
    "assignment title": "Lab 1",
    "assignment id": "77",
    "assessment title": "Lab 1",
    "assessment id": "77",
    "submission date": "2026-10-06T02:30:00Z",
    "learning outcome name": "SCI.INQ",
    "learning outcome friendly name": "planning and running an experiment",
    "attempt": "2",
    "outcome score": "3.0",
    "learning outcome points possible": "4.0",
    "learning outcome mastery score": "3.0",
    "learning outcome mastered": "1",
    "learning outcome rating": "Proficient",
    "learning outcome rating points": "3",
    "enrollment state": "active",
}


def read(
    folder: Path, *changes: dict[str, str], columns: list[str] = COMPETENCY_REPORT
) -> MasteryReading:
    path = folder / "outcomes.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as stream:
        writer = csv.DictWriter(stream, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(ROW | change for change in changes)
    return read_canvas(path, OHIO)


def one(folder: Path, **change: str) -> MasteryRow:
    reading = read(folder, {name.replace("_", " "): v for name, v in change.items()})
    assert reading.rejected == []
    return reading.results[0]


def test_a_row_of_the_student_competency_report(tmp_path: Path) -> None:
    result = one(tmp_path)

    assert result.student_source_id == "S1"
    assert result.competency == ("SCI.INQ", "planning and running an experiment")
    assert (result.assessment, result.assessment_id, result.attempt) == (
        "Lab 1",
        "77",
        2,
    )
    assert result.earned_on == date(2026, 10, 5)  # the evening before, in Ohio
    assert (result.points, result.mastery_points, result.possible) == (3, 3, 4)
    assert result.level is Level.PROFICIENT
    assert result.source == SOURCE
    assert result.line == 2


def test_the_outcome_results_report_tells_questions_apart(tmp_path: Path) -> None:
    questions = [
        {"assessment question": "Q1", "assessment question id": "1"},
        {"assessment question": "Q2", "assessment question id": "2"},
    ]

    reading = read(tmp_path, *questions, columns=RESULTS_REPORT)

    assert [(row.assessment, row.assessment_id) for row in reading.results] == [
        ("Lab 1: Q1", "77/1"),
        ("Lab 1: Q2", "77/2"),
    ]


def test_headers_count_in_any_case(tmp_path: Path) -> None:
    columns = [name.title() for name in COMPETENCY_REPORT]
    path = tmp_path / "a.csv"
    cells = [ROW.get(name, "") for name in COMPETENCY_REPORT]
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([columns, cells])

    assert len(read_canvas(path, OHIO).results) == 1


@pytest.mark.parametrize(
    ("points", "mastery", "possible", "level"),
    [
        ("4", "3", "4", Level.ADVANCED),
        ("3.5", "3", "4", Level.PROFICIENT),
        ("2.0", "3.0", "4.0", Level.DEVELOPING),
        ("1.9", "3", "4", Level.BEGINNING),
        ("0", "3", "4", Level.BEGINNING),
        ("10", "7", "10", Level.ADVANCED),
        ("3", "3", "N/A", Level.PROFICIENT),
    ],
)
def test_points_become_a_level(
    tmp_path: Path, points: str, mastery: str, possible: str, level: Level
) -> None:
    result = one(
        tmp_path,
        outcome_score=points,
        learning_outcome_mastery_score=mastery,
        learning_outcome_points_possible=possible,
    )

    assert result.level is level


def test_hidden_points_are_taken_from_the_rating(tmp_path: Path) -> None:
    result = one(tmp_path, outcome_score="", learning_outcome_rating_points="2.5")

    assert (result.points, result.level) == (2.5, Level.DEVELOPING)


@pytest.mark.parametrize(
    ("mastered", "level"), [("1", Level.PROFICIENT), ("0", Level.DEVELOPING)]
)
def test_without_points_mastered_or_not_decides(
    tmp_path: Path, mastered: str, level: Level
) -> None:
    result = one(
        tmp_path,
        outcome_score="N/A",
        learning_outcome_rating_points="",
        learning_outcome_mastered=mastered,
    )

    assert (result.points, result.level) == (None, level)


def test_what_is_not_scored_yet_is_skipped(tmp_path: Path) -> None:
    blank = {
        "outcome score": "",
        "learning outcome rating points": "",
        "learning outcome rating": "",
        "learning outcome mastered": "",
    }

    reading = read(tmp_path, blank, {})

    assert (reading.skipped, len(reading.results), reading.read) == (1, 1, 2)


def test_a_former_student_keeps_the_history(tmp_path: Path) -> None:
    assert one(tmp_path, enrollment_state="deleted").points == 3


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("outcome score", "three", "write a number"),
        ("outcome score", "-1", "from 0 up"),
        ("submission date", "", "without a date"),
        ("submission date", "someday", "write a date"),
        ("student sis id", "", "needed"),
        ("learning outcome name", "N/A", "needed"),
        ("learning outcome mastered", "maybe", "1 or 0"),
        ("attempt", "1.5", "whole number"),
    ],
)
def test_an_unusable_cell_is_rejected_with_its_place(
    tmp_path: Path, column: str, value: str, reason: str
) -> None:
    reading = read(tmp_path, {}, {column: value})

    [error] = reading.rejected
    assert (error.file, error.line, error.column, error.value) == (
        "outcomes.csv",
        3,
        column,
        value,
    )
    assert reason in error.reason
    assert (len(reading.results), reading.read) == (1, 2)


def test_points_without_a_mastery_score_are_rejected(tmp_path: Path) -> None:
    blank = ("mastery score", "mastered", "rating")
    change = {f"learning outcome {name}": "" for name in blank}

    reading = read(tmp_path, change)

    assert reading.rejected[0].column == "learning outcome mastery score"


def test_another_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="assessment title or assignment title"):
        read(tmp_path, {}, columns=[c for c in COMPETENCY_REPORT if "title" not in c])
    with pytest.raises(FormatError, match="student sis id"):
        read(tmp_path, {}, columns=["student name", "outcome score"])


@pytest.mark.parametrize(
    ("rating", "mastered", "level"),
    [
        ("Exceeds Mastery", "", Level.ADVANCED),
        ("Near Mastery", "0", Level.DEVELOPING),
        ("Below Mastery", "0", Level.BEGINNING),
        ("No Evidence", "", Level.BEGINNING),
        ("Mastery", "0", Level.DEVELOPING),
        ("Splendid", "1", Level.PROFICIENT),
    ],
)
def test_without_points_the_rating_s_words_count_unless_they_disagree(
    tmp_path: Path, rating: str, mastered: str, level: Level
) -> None:
    result = one(
        tmp_path,
        outcome_score="",
        learning_outcome_rating_points="",
        learning_outcome_rating=rating,
        learning_outcome_mastered=mastered,
    )

    assert result.level is level


def test_a_second_header_within_the_file_is_skipped(tmp_path: Path) -> None:
    reading = read(tmp_path, {}, {name: name for name in ROW}, {"attempt": "3"})

    assert (len(reading.results), reading.skipped, reading.rejected) == (2, 1, [])
