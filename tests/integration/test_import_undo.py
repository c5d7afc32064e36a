"""The last import of each kind can be taken back (A4, P1)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from importing import add_person, courses_of, people_of, results_of
from oneroster_files import base_tables, enrollment, write_zip
from sqlalchemy import select

from pathways.app import Milepost
from pathways.services.access import actor_of
from pathways.services.catalog import edit
from pathways.services.errors import Invalid, NotFound
from pathways.services.imports import (
    import_catalog,
    import_courses,
    import_mastery,
    import_people,
    undo_import,
    undo_last,
)
from pathways.store.base import Base
from pathways.store.import_models import ImportChange
from pathways.store.models import Conversation, Person, School

HEADER = "student_id,competency,points,mastery_points,date,assessment,attempt\n"
LOGS = {"import_run", "import_change"}


def everything(milepost: Milepost) -> dict[str, set[tuple[Any, ...]]]:
    """Return every row of every table but the import's own log."""
    with milepost.engine.connect() as connection:
        return {
            table.name: {
                tuple(map(str, row)) for row in connection.execute(select(table))
            }
            for table in Base.metadata.sorted_tables
            if table.name not in LOGS
        }


def load_results(milepost: Milepost, folder: Path, *lines: str) -> None:
    path = folder / "results.csv"
    path.write_text(HEADER + "\n".join(lines) + "\n")
    assert import_mastery(milepost, "riverbend", path, "csv").saved


def load_courses(milepost: Milepost, folder: Path, *lines: str) -> None:
    path = folder / "history.csv"
    path.write_text("student_id,course,state,mark,credit\n" + "\n".join(lines) + "\n")
    assert import_courses(milepost, "riverbend", path).saved


def load_people(milepost: Milepost, folder: Path, change: bool) -> None:
    tables = base_tables()
    if change:
        tables["users"][4]["familyName"] = "Brooks-Lee"
        tables["users"][4]["agentSourcedIds"] = ""
        tables["users"][5]["status"] = "tobedeleted"
        tables["enrollments"] = [enrollment("E5", "L2", "S2", "student")]
        tables["users"].append({**tables["users"][4], "sourcedId": "S9"})
        tables["users"][-1]["username"] = "new"
    path = write_zip(folder / "roster.zip", tables)
    assert import_people(milepost, "riverbend", path).saved


Load = Callable[[Milepost, Path], None]
TWICE: dict[str, tuple[Load, Load]] = {
    "mastery": (
        lambda m, p: load_results(m, p, "S1,SCI.INQ,2,3,2026-10-05,Lab,1"),
        lambda m, p: load_results(
            m,
            p,
            "S1,SCI.INQ,3,3,2026-10-06,Lab,1",
            "S1,SCI.INQ,3,3,2026-10-12,Lab,2",
        ),
    ),
    "courses": (
        lambda m, p: load_courses(m, p, "S1,MTH-ALG1,in_progress,,"),
        lambda m, p: load_courses(
            m, p, "S1,MTH-ALG1,completed,B,1", "S1,MTH-GEO,in_progress,,"
        ),
    ),
    "people": (
        lambda m, p: load_people(m, p, change=False),
        lambda m, p: load_people(m, p, change=True),
    ),
}


@pytest.mark.parametrize("kind", TWICE)
def test_everything_is_as_it_was_before(
    kind: str, milepost: Milepost, student: Person, tmp_path: Path
) -> None:
    first, second = TWICE[kind]
    empty = everything(milepost)
    if kind == "people":
        with milepost.work() as work:
            work.session.delete(work.session.merge(student))
            for one in work.session.scalars(select(Person)):
                work.session.delete(one)
            work.commit()
        empty = everything(milepost)
    first(milepost, tmp_path)
    before = everything(milepost)
    second(milepost, tmp_path)
    assert everything(milepost) != before
    preview = undo_last(milepost, "riverbend", kind, dry_run=True)
    assert (preview.saved, preview.skipped) == (False, 0)

    report = undo_last(milepost, "riverbend", kind)

    assert (report.saved, report.skipped, report.notes) == (True, 0, [])
    assert report.changed == preview.changed > 0
    assert everything(milepost) == before
    with pytest.raises(Invalid, match=f"no import of {kind} that can be undone"):
        undo_last(milepost, "riverbend", kind)
    assert before != empty


def test_the_first_import_can_be_undone_too(
    milepost: Milepost, school: School, catalog: None, tmp_path: Path
) -> None:
    before = everything(milepost)
    load_people(milepost, tmp_path, change=False)

    undo_last(milepost, "riverbend", "people")

    assert everything(milepost) == before


def test_an_import_that_changed_nothing_does_not_stand_in_the_way(
    milepost: Milepost, student: Person, tmp_path: Path
) -> None:
    TWICE["mastery"][0](milepost, tmp_path)
    TWICE["mastery"][0](milepost, tmp_path)

    undo_last(milepost, "riverbend", "mastery")

    assert results_of(milepost, student) == []


def test_what_changed_since_stays_and_is_counted(
    milepost: Milepost, student: Person, tmp_path: Path
) -> None:
    for load in TWICE["courses"]:
        load(milepost, tmp_path)
    with milepost.work() as work:
        row = work.session.merge(courses_of(milepost, student)[0])
        row.mark = "A"
        work.commit()

    report = undo_last(milepost, "riverbend", "courses")

    assert "1 were changed by something else since" in report.notes[0]
    assert [(one.course, one.mark) for one in courses_of(milepost, student)] == [
        ("MTH-ALG1", "A")
    ]


def test_an_account_in_use_is_closed_and_not_deleted(
    milepost: Milepost, school: School, catalog: None, tmp_path: Path
) -> None:
    load_people(milepost, tmp_path, change=False)
    maya = people_of(milepost, school)["S1"]
    with milepost.work() as work:
        work.session.add(Conversation(school_id=school.id, student_id=maya.id))
        work.commit()

    report = undo_last(milepost, "riverbend", "people")

    assert {key: one.active for key, one in people_of(milepost, school).items()} == {
        "S1": False
    }
    assert "1 people have used Milepost since" in report.notes[0]


def test_a_catalog_goes_back_as_a_new_version(
    milepost: Milepost, school: School, tmp_path: Path
) -> None:
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "clusters.csv").write_text("code,title\na,A\nb,B\n")
    import_catalog(milepost, "riverbend", folder)
    (folder / "clusters.csv").write_text("code,title\na,Other\nb,Changed\nc,C\n")
    import_catalog(milepost, "riverbend", folder)
    counselor = actor_of(add_person(milepost, school, "counselor", "bell", "K1"))
    edit(milepost, counselor, "cluster", {"code": "b", "title": "By hand"}, 2)

    report = undo_last(milepost, "riverbend", "catalog")

    with milepost.work() as work:
        found = milepost.catalogs.current(work, school.id)
    entries = found.entries["cluster"].values()
    assert found.version == 4
    assert [(one.code, one.title, one.status.value) for one in entries] == [
        ("a", "A", "active"),
        ("b", "By hand", "active"),
        ("c", "C", "retired"),
    ]
    assert (report.changed, report.skipped) == (2, 1)


def test_another_school_s_rows_are_out_of_reach(
    milepost: Milepost, student: Person, other_school: School, tmp_path: Path
) -> None:
    TWICE["mastery"][0](milepost, tmp_path)
    far = actor_of(add_person(milepost, other_school, "admin", "far", "A9"))

    with pytest.raises(Invalid, match="no import"):
        undo_import(milepost, far, "mastery")
    with pytest.raises(NotFound):
        undo_import(milepost, actor_of(student), "mastery")
    with pytest.raises(Invalid, match="no school"):
        undo_last(milepost, "nowhere", "mastery")
    assert len(results_of(milepost, student)) == 1


def test_only_the_last_import_is_remembered(
    milepost: Milepost, student: Person, tmp_path: Path
) -> None:
    for load in TWICE["courses"]:
        load(milepost, tmp_path)

    with milepost.work() as work:
        runs = {one.import_id for one in work.session.scalars(select(ImportChange))}

    assert len(runs) == 1
