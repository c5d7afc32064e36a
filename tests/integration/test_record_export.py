"""A student takes their own record along, and it can be read again (P1, E3)."""

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from importing import (
    COMPETENCIES,
    COURSES,
    add_person,
    load_catalog,
    results_of,
)
from jsonschema import Draft4Validator

from pathways.app import Milepost
from pathways.formats.credentials import validated
from pathways.services.access import actor_of
from pathways.services.errors import Invalid, NotFound
from pathways.services.imports import import_catalog, import_courses, import_mastery
from pathways.services.record import RecordFormat, export_record, export_record_of
from pathways.store.models import Person, School

SHARED = Path(__file__).parents[3] / "shared" / "data" / "ob30"
HEADER = "student_id,competency,points,mastery_points,possible,date,assessment,attempt"
RESULTS = (
    HEADER,
    'S1,SCI.INQ,2,3,4,2026-10-05,"=SUM(A1), ""Lab""",1',
    "S1,SCI.INQ,4,3,4,2026-10-12,Lab,2",
    "S1,HAB.TIME,1,3,4,2026-10-12,Planner,1",
)


@pytest.fixture
def maya(milepost: Milepost, student: Person, tmp_path: Path) -> Person:
    """Maya with three results and a course."""
    path = tmp_path / "results.csv"
    path.write_text("\n".join(RESULTS).replace('"=SUM', "\"'=SUM") + "\n")
    assert import_mastery(milepost, "riverbend", path, "csv").saved
    path.write_text("student_id,course,state,mark\nS1,MTH-GEO,completed,A\n")
    assert import_courses(milepost, "riverbend", path).saved
    return student


def exported(milepost: Milepost, person: Person, format: str) -> bytes:
    return export_record(milepost, actor_of(person), format).content


def plain_results(milepost: Milepost, person: Person) -> list[tuple[Any, ...]]:
    return [
        (
            row.competency,
            row.level,
            row.points,
            row.mastery_points,
            row.possible,
            row.assessment,
            row.attempt,
            row.earned_on,
            row.source,
        )
        for row in results_of(milepost, person)
    ]


@pytest.fixture
def far_maya(milepost: Milepost, other_school: School, tmp_path: Path) -> Person:
    """The same id at another school with the same catalog."""
    load_catalog(milepost, tmp_path / "far", competencies=COMPETENCIES, courses=COURSES)
    assert import_catalog(milepost, "hilltop", tmp_path / "far").saved
    return add_person(milepost, other_school, "student", "maya2", "S1")


def test_json_holds_the_whole_record(milepost: Milepost, maya: Person) -> None:
    found = json.loads(exported(milepost, maya, "json"))

    assert found["student"]["id"] == "S1"
    assert [(one["competency"], one["level"]) for one in found["mastery"]] == [
        ("HAB.TIME", "beginning"),
        ("SCI.INQ", "advanced"),
    ]
    assert len(found["results"]) == 3
    assert found["courses"][0]["mark"] == "A"
    assert {"goals", "checkins", "interests", "choices"} <= found.keys()


def test_csv_comes_back_as_the_same_results(
    milepost: Milepost, maya: Person, far_maya: Person, tmp_path: Path
) -> None:
    path = tmp_path / "back.csv"
    path.write_bytes(exported(milepost, maya, "csv"))
    cells = {cell for row in csv.reader(io.StringIO(path.read_text())) for cell in row}

    report = import_mastery(milepost, "hilltop", path, "csv")

    assert report.saved
    assert plain_results(milepost, far_maya) == plain_results(milepost, maya)
    assert '\'=SUM(A1), "Lab"' in cells


@pytest.mark.parametrize("format", ["clr", "openbadges"])
def test_signed_formats_come_back_as_the_same_levels(
    format: str, milepost: Milepost, maya: Person, far_maya: Person, tmp_path: Path
) -> None:
    path = tmp_path / ("a.zip" if format == "openbadges" else "a.json")
    path.write_bytes(exported(milepost, maya, format))

    report = import_mastery(milepost, "hilltop", path, format)

    assert (report.saved, report.created) == (True, 1)
    [result] = results_of(milepost, far_maya)
    assert (result.competency, result.level) == ("SCI.INQ", 4)
    assert (str(result.earned_on), result.proof) == ("2026-10-12", "unverified")
    again = import_mastery(milepost, "hilltop", path, format)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 1)


def badges(milepost: Milepost, person: Person) -> list[dict[str, Any]]:
    packed = io.BytesIO(exported(milepost, person, "openbadges"))
    with zipfile.ZipFile(packed) as archive:
        return [json.loads(archive.read(name)) for name in archive.namelist()]


def test_the_files_are_as_our_schemas_say(milepost: Milepost, maya: Person) -> None:
    clr = json.loads(exported(milepost, maya, "clr"))

    validated(clr, "clr")
    nested = clr["credentialSubject"]["verifiableCredential"]
    for one in (*nested, *badges(milepost, maya)):
        validated(one, "openbadge")
    states = [one["credentialSubject"]["result"][0]["status"] for one in nested]
    assert states == ["InProgress", "Completed"]
    text = json.dumps(clr)
    assert "Maya" not in text
    assert '"S1"' not in text
    assert maya.id not in text


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is absent")
def test_the_files_are_as_the_official_schemas_say(
    milepost: Milepost, maya: Person
) -> None:
    def official(name: str) -> Draft4Validator:
        file = SHARED / f"schema__{name}_schema_draft4.json"
        return Draft4Validator(json.loads(file.read_text()))

    clr = json.loads(exported(milepost, maya, "clr"))
    nested = clr["credentialSubject"]["verifiableCredential"]

    assert [*official("clr_v2p0_clrcredential").iter_errors(clr)] == []
    for one in (*nested, *badges(milepost, maya)):
        assert [*official("ob_v3p0_achievementcredential").iter_errors(one)] == []


@pytest.mark.parametrize("format", RecordFormat)
def test_nobody_but_the_student_gets_it(
    format: RecordFormat, milepost: Milepost, school: School, maya: Person
) -> None:
    for role in ("advisor", "counselor", "family", "admin"):
        other = add_person(milepost, school, role, f"{role}-x", f"{role}-1")
        with pytest.raises(NotFound):
            export_record(milepost, actor_of(other), format)
    theo = add_person(milepost, school, "student", "theo", "S2")
    if format is RecordFormat.JSON:
        assert json.loads(exported(milepost, theo, format))["results"] == []
    elif format is RecordFormat.CSV:
        assert exported(milepost, theo, format).count(b"\n") == 1
    else:
        with pytest.raises(Invalid, match="no results"):
            exported(milepost, theo, format)


def test_the_command_line_names_a_student_of_the_school(
    milepost: Milepost, maya: Person, other_school: School
) -> None:
    assert export_record_of(milepost, "riverbend", "Maya", "csv").content
    for school, name in (("hilltop", "maya"), ("riverbend", "x"), ("none", "maya")):
        with pytest.raises(Invalid, match="Nobody"):
            export_record_of(milepost, school, name, "csv")
    with pytest.raises(Invalid, match="not a student"):
        export_record_of(milepost, "riverbend", "ortiz", "csv")
