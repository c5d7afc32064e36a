from datetime import date
from pathlib import Path

import pytest
from importing import courses_of, results_of
from sqlalchemy import Engine, event

from pathways.app import Milepost
from pathways.formats.report import Report
from pathways.services.imports import import_courses, import_mastery
from pathways.store.imports import ImportRepository
from pathways.store.models import Person, School

HEADER = "student_id,competency,points,mastery_points,possible,date,assessment,attempt"


def run(milepost: Milepost, folder: Path, *lines: str, **options: bool) -> Report:
    path = folder / "results.csv"
    path.write_text("\n".join((HEADER, *lines)) + "\n")
    return import_mastery(milepost, "riverbend", path, "csv", **options)


@pytest.mark.parametrize(
    "words", ["SCI.INQ", "sci.inq", "Running an Experiment", "LABS", "testing"]
)
def test_a_competency_is_found_by_code_title_or_everyday_name(
    milepost: Milepost, student: Person, tmp_path: Path, words: str
) -> None:
    report = run(milepost, tmp_path, f"S1,{words},3,3,4,2026-10-05,Lab,1")

    assert (report.saved, report.created) == (True, 1)
    [result] = results_of(milepost, student)
    assert (result.competency, result.level) == ("SCI.INQ", 3)
    assert (result.points, result.earned_on) == (3.0, date(2026, 10, 5))


@pytest.mark.parametrize("name", ["S1", "s1", "maya"])
def test_a_student_is_found_by_the_school_s_id_or_user_name(
    milepost: Milepost, student: Person, tmp_path: Path, name: str
) -> None:
    assert run(milepost, tmp_path, f"{name},SCI.INQ,3,3,4,2026-10-05,Lab,1").saved


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        (
            "S1,SCI.FLY,3,3,4,2026-10-05,Lab,1",
            "competency",
            'no competency "SCI.FLY"; add it to the catalog',
        ),
        (
            "S1,planning,3,3,4,2026-10-05,Lab,1",
            "competency",
            "this could be HAB.PLAN or HAB.TIME; use the code",
        ),
        ("S9,SCI.INQ,3,3,4,2026-10-05,Lab,1", "student", "no student"),
        ("T1,SCI.INQ,3,3,4,2026-10-05,Lab,1", "student", "no student"),
        ("S1,SCI.INQ,3,3,4,2026-11-22,Lab,1", "date", "has not come yet"),
    ],
)
def test_what_has_no_place_is_rejected_and_nothing_saved(
    milepost: Milepost,
    student: Person,
    tmp_path: Path,
    line: str,
    column: str,
    reason: str,
) -> None:
    report = run(milepost, tmp_path, "S1,SCI.INQ,3,3,4,2026-10-05,Lab,1", line)

    [error] = report.rejected
    assert (error.file, error.line, error.column) == ("results.csv", 3, column)
    assert reason in error.reason
    assert not report.saved
    assert results_of(milepost, student) == []


def test_partial_saves_the_good_rows(
    milepost: Milepost, student: Person, tmp_path: Path
) -> None:
    report = run(
        milepost,
        tmp_path,
        "S1,SCI.INQ,3,3,4,2026-10-05,Lab,1",
        "S9,SCI.INQ,3,3,4,2026-10-05,Lab,1",
        partial=True,
    )

    assert (report.saved, report.counts["rejected"]) == (True, 1)
    assert len(results_of(milepost, student)) == 1


def test_each_attempt_counts_once_and_the_second_import_changes_nothing(
    milepost: Milepost, student: Person, tmp_path: Path
) -> None:
    lines = [
        "S1,SCI.INQ,2,3,4,2026-10-05,Lab,1",
        "S1,SCI.INQ,3,3,4,2026-10-12,Lab,2",
        "S1,SCI.INQ,2,3,4,2026-10-05,Lab,1",
    ]

    first = run(milepost, tmp_path, *lines)
    second = run(milepost, tmp_path, *lines)

    assert (first.created, first.skipped) == (2, 1)
    assert (second.created, second.changed, second.unchanged) == (0, 0, 2)
    assert [row.level for row in results_of(milepost, student)] == [2, 3]


def test_one_attempt_with_two_results_is_rejected(
    milepost: Milepost, student: Person, tmp_path: Path
) -> None:
    report = run(
        milepost,
        tmp_path,
        "S1,SCI.INQ,2,3,4,2026-10-05,Lab,1",
        "S1,SCI.INQ,4,3,4,2026-10-05,Lab,1",
    )

    assert [(one.line, one.column) for one in report.rejected] == [(3, "attempt")]


def test_a_corrected_result_replaces_the_former_one(
    milepost: Milepost, student: Person, tmp_path: Path
) -> None:
    run(milepost, tmp_path, "S1,SCI.INQ,2,3,4,2026-10-05,Lab,1")

    report = run(milepost, tmp_path, "S1,SCI.INQ,4,3,4,2026-10-05,Lab,1")

    assert (report.changed, report.created) == (1, 0)
    assert [row.level for row in results_of(milepost, student)] == [4]


def test_a_dry_run_saves_nothing(
    milepost: Milepost, student: Person, tmp_path: Path
) -> None:
    line = "S1,SCI.INQ,2,3,4,2026-10-05,Lab,1"

    report = run(milepost, tmp_path, line, dry_run=True)

    assert (report.created, report.saved) == (1, False)
    assert results_of(milepost, student) == []


def test_a_student_of_another_school_is_unknown(
    milepost: Milepost, student: Person, other_school: School, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{HEADER}\nS1,SCI.INQ,2,3,4,2026-10-05,Lab,1\n")

    report = import_mastery(milepost, other_school.code, path, "csv")

    assert {one.column for one in report.rejected} == {"student"}


def count_statements(engine: Engine) -> list[str]:
    seen: list[str] = []
    event.listen(
        engine, "before_cursor_execute", lambda *args: seen.append(str(args[2]))
    )
    return seen


def test_many_rows_take_few_queries(
    milepost: Milepost, student: Person, tmp_path: Path
) -> None:
    lines = [f"S1,SCI.INQ,3,3,4,2026-10-05,Lab {n},1" for n in range(2000)]
    seen = count_statements(milepost.engine)
    ticks: list[tuple[int, int]] = []

    run(milepost, tmp_path, *lines)
    reads = [one for one in seen if one.startswith("SELECT")]
    path = tmp_path / "results.csv"
    import_mastery(
        milepost,
        "riverbend",
        path,
        "csv",
        progress=lambda done, total: ticks.append((done, total)),
    )

    assert len(reads) < 20
    assert ticks[0] == (0, 2000)
    assert ticks[-1] == (2000, 2000)


def test_course_history_is_added_changed_and_left_alone(
    milepost: Milepost, student: Person, tmp_path: Path
) -> None:
    header = "student_id,course,state,mark,credit\n"
    path = tmp_path / "history.csv"
    path.write_text(header + "S1,algebra i,completed,B,1\nmaya,MTH-GEO,in_progress,,\n")

    first = import_courses(milepost, "riverbend", path)
    second = import_courses(milepost, "riverbend", path)
    path.write_text(header + "S1,MTH-GEO,completed,A-,1\n")
    third = import_courses(milepost, "riverbend", path)

    assert (first.created, second.unchanged, third.changed) == (2, 2, 1)
    found = courses_of(milepost, student)
    assert [(row.course, row.state, row.mark, row.credits) for row in found] == [
        ("MTH-ALG1", "completed", "B", 1.0),
        ("MTH-GEO", "completed", "A-", 1.0),
    ]


def test_course_rows_without_a_place_are_rejected(
    milepost: Milepost, student: Person, tmp_path: Path
) -> None:
    path = tmp_path / "history.csv"
    path.write_text(
        "student_id,course,state\n"
        "S1,MTH-ALG1,completed\n"
        "S1,Algebra I,in_progress\n"
        "S1,MTH-CALC,completed\n"
        "S9,MTH-ALG1,completed\n"
    )

    report = import_courses(milepost, "riverbend", path)

    assert [(one.line, one.column) for one in report.rejected] == [
        (3, "course"),
        (4, "course"),
        (5, "student_id"),
    ]
    assert courses_of(milepost, student) == []
    with milepost.work() as work:
        rows = ImportRepository(work.session)
        assert rows.last_run(student.school_id, "courses", "history.csv") is None
