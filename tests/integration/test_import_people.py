from pathlib import Path

import pytest
from importing import add_person, people_of
from oneroster_files import Rows, base_tables, enrollment, person, write_zip

from pathways.app import Milepost
from pathways.formats.report import Report
from pathways.services.imports import import_courses, import_people
from pathways.store.imports import ImportRepository
from pathways.store.models import CourseTaken, School


@pytest.fixture
def tables(catalog: None) -> dict[str, Rows]:
    return base_tables()


def run(
    milepost: Milepost, folder: Path, tables: dict[str, Rows], **options: bool
) -> Report:
    path = write_zip(folder / "roster.zip", tables)
    return import_people(milepost, "riverbend", path, **options)


def ties_of(milepost: Milepost, school: School) -> set[tuple[str, str]]:
    names = {one.id: key for key, one in people_of(milepost, school).items()}
    with milepost.work() as work:
        rows = ImportRepository(work.session).relations(school.id)
    return {(names[row.adult_id], names[row.student_id]) for row in rows}


def all_courses(milepost: Milepost, school: School) -> list[CourseTaken]:
    with milepost.work() as work:
        return list(ImportRepository(work.session).courses(school.id).values())


def test_people_ties_and_running_courses_come_from_one_zip(
    milepost: Milepost, school: School, tables: dict[str, Rows], tmp_path: Path
) -> None:
    report = run(milepost, tmp_path, tables)

    assert (report.saved, report.rejected) == (True, [])
    # Six people, two ties, one running course.
    assert report.created == 9
    assert report.notes == ["Courses that the catalog lacks: MS-7."]
    people = people_of(milepost, school)
    assert set(people) == {"T1", "K1", "A1", "F1", "S1", "S2"}
    assert people["S1"].username == "maya"
    assert all(one.password_hash is None for one in people.values())
    assert ties_of(milepost, school) == {("F1", "S1"), ("T1", "S1")}
    [course] = all_courses(milepost, school)
    assert (course.course, course.state) == ("MTH-GEO", "in_progress")


def test_the_second_import_changes_nothing(
    milepost: Milepost, school: School, tables: dict[str, Rows], tmp_path: Path
) -> None:
    run(milepost, tmp_path, tables)

    report = run(milepost, tmp_path, tables)

    assert (report.created, report.changed, report.unchanged) == (0, 0, 9)


def test_a_dry_run_counts_the_same_and_saves_nothing(
    milepost: Milepost, school: School, tables: dict[str, Rows], tmp_path: Path
) -> None:
    report = run(milepost, tmp_path, tables, dry_run=True)

    assert (report.created, report.saved) == (9, False)
    assert people_of(milepost, school) == {}


def test_changes_in_the_school_system_arrive(
    milepost: Milepost, school: School, tables: dict[str, Rows], tmp_path: Path
) -> None:
    run(milepost, tmp_path, tables)
    tables["users"][4]["familyName"] = "Brooks-Lee"
    tables["users"][5]["status"] = "tobedeleted"
    tables.pop("demographics")

    report = run(milepost, tmp_path, tables)

    people = people_of(milepost, school)
    assert report.changed == 2
    assert people["S1"].family_name == "Brooks-Lee"
    assert people["S1"].born is not None
    assert people["S2"].active is False


def test_ties_and_courses_end_when_a_complete_roster_drops_them(
    milepost: Milepost, school: School, tables: dict[str, Rows], tmp_path: Path
) -> None:
    run(milepost, tmp_path, tables)
    tables["users"][4]["agentSourcedIds"] = ""
    tables["enrollments"] = [enrollment("E5", "L2", "S2", "student")]

    report = run(milepost, tmp_path, tables)

    assert ties_of(milepost, school) == set()
    assert all_courses(milepost, school) == []
    assert "2 caseload or family ties ended." in report.notes
    assert "1 running courses ended." in report.notes


def test_a_delta_ends_nothing(
    milepost: Milepost, school: School, tables: dict[str, Rows], tmp_path: Path
) -> None:
    run(milepost, tmp_path, tables)
    tables["manifest"][2]["value"] = "delta"
    tables["users"][4]["agentSourcedIds"] = ""
    tables["enrollments"] = [enrollment("E5", "L2", "S2", "student")]

    run(milepost, tmp_path, tables)

    assert ties_of(milepost, school) == {("F1", "S1"), ("T1", "S1")}
    assert len(all_courses(milepost, school)) == 1


def test_a_finished_course_is_not_reopened_by_the_roster(
    milepost: Milepost, school: School, tables: dict[str, Rows], tmp_path: Path
) -> None:
    run(milepost, tmp_path, tables)
    history = tmp_path / "history.csv"
    history.write_text(
        "student_id,course,state,mark,credit\nS1,Geometry,completed,A,1\n"
    )
    import_courses(milepost, "riverbend", history)

    run(milepost, tmp_path, tables)

    [course] = all_courses(milepost, school)
    assert (course.state, course.mark, course.credits) == ("completed", "A", 1.0)


def test_one_bad_row_keeps_everything_out_unless_partial(
    milepost: Milepost, school: School, tables: dict[str, Rows], tmp_path: Path
) -> None:
    tables["users"].append(person("S7", "student", "x", "", "Nameless", grades="9"))

    refused = run(milepost, tmp_path, tables)

    assert (refused.saved, len(refused.rejected)) == (False, 1)
    assert people_of(milepost, school) == {}

    partly = run(milepost, tmp_path, tables, partial=True)

    assert (partly.saved, len(partly.rejected)) == (True, 1)
    assert len(people_of(milepost, school)) == 6


def test_a_user_name_of_another_school_is_rejected(
    milepost: Milepost,
    school: School,
    other_school: School,
    tables: dict[str, Rows],
    tmp_path: Path,
) -> None:
    add_person(milepost, other_school, "student", "maya", "S1")

    report = run(milepost, tmp_path, tables, partial=True)

    [error] = report.rejected
    assert (error.file, error.line, error.column) == ("users.csv", 6, "username")
    assert "S1" not in people_of(milepost, school)
    assert people_of(milepost, other_school)["S1"].family_name == "Brooks"


def test_people_who_are_missing_from_the_zip_stay_and_are_counted(
    milepost: Milepost, school: School, tables: dict[str, Rows], tmp_path: Path
) -> None:
    run(milepost, tmp_path, tables)
    tables["users"] = [row for row in tables["users"] if row["sourcedId"] != "K1"]

    report = run(milepost, tmp_path, tables)

    assert people_of(milepost, school)["K1"].active
    assert "1 active people are not in this zip; they stay as they are." in report.notes
