import zipfile
from datetime import date
from pathlib import Path

import pytest
from oneroster_files import Rows, base_tables, person, write_zip

from pathways.formats.oneroster import Roster, open_oneroster, read_people
from pathways.formats.oneroster_classes import Classes, read_classes
from pathways.formats.problems import FormatError

TODAY = date(2026, 11, 21)


def read(folder: Path, tables: dict[str, Rows]) -> tuple[Roster, Classes]:
    opened = open_oneroster(write_zip(folder / "roster.zip", tables))
    roster = read_people(opened, "riverbend")
    return roster, read_classes(opened, roster, TODAY)


def test_people_of_1_1(tmp_path: Path) -> None:
    roster, _ = read(tmp_path, base_tables())

    found = {one.source_id: one for one in roster.people.values()}
    assert {key: one.role for key, one in found.items()} == {
        "T1": "advisor",
        "K1": "counselor",
        "A1": "admin",
        "F1": "family",
        "S1": "student",
        "S2": "student",
    }
    assert found["S1"].born == date(2011, 3, 14)
    assert (found["S1"].grade, found["S2"].grade) == (10, 10)
    assert [found[key].username for key in ("S1", "F1")] == ["maya", "f1"]
    assert roster.rejected == []
    assert "S3" in roster.others


def test_nothing_protected_is_kept(tmp_path: Path) -> None:
    roster, _ = read(tmp_path, base_tables())

    kept = vars(roster.people["S1"])
    assert set(kept) == {
        "row",
        "source_id",
        "role",
        "username",
        "given_name",
        "family_name",
        "grade",
        "born",
        "active",
        "agents",
        "consent",
    }
    assert "female" not in str(kept)


def test_families_and_caseloads(tmp_path: Path) -> None:
    roster, classes = read(tmp_path, base_tables())

    assert set(roster.families()) == {("F1", "S1")}
    assert classes.caseloads() == {("T1", "S1")}


def test_running_courses_leave_out_what_has_ended(tmp_path: Path) -> None:
    roster, classes = read(tmp_path, base_tables())

    assert [(one.student, one.course_code) for one in classes.enrolled] == [
        ("S1", "mth-geo"),
        ("S2", "MS-7"),
    ]
    # Grade 6, a teacher of no advisory, an ended enrollment.
    assert roster.skipped == 3


def test_roles_of_1_2_come_from_their_own_file(tmp_path: Path) -> None:
    tables = base_tables()
    for row in tables["users"]:
        row.pop("role")
        row.pop("metadata.role")
        row["preferredGivenName"] = "May" if row["sourcedId"] == "S1" else ""
    tables["roles"] = [
        role("T1", "teacher", "secondary"),
        role("T1", "counselor", "primary"),
        role("K1", "teacher", "primary", org="O2"),
        role("S1", "student", "primary"),
        role("A1", "systemAdministrator", "primary"),
        role("F1", "proctor", "primary"),
    ]

    roster, _ = read(tmp_path, tables)

    assert {key: one.role for key, one in roster.people.items()} == {
        "T1": "counselor",
        "A1": "admin",
        "S1": "student",
    }
    assert roster.people["S1"].given_name == "May"


def role(user: str, name: str, sort: str, org: str = "O1") -> dict[str, str]:
    return {
        "userSourcedId": user,
        "roleType": sort,
        "role": name,
        "orgSourcedId": org,
        "status": "",
    }


def test_one_school_of_a_district_is_chosen_by_its_code(tmp_path: Path) -> None:
    tables = base_tables()
    other = {"sourcedId": "O2", "name": "Hilltop", "type": "school", "identifier": "h"}
    tables["orgs"].append(other)
    tables["users"].append(
        person("S9", "student", "sky", "Sky", "Hill", grades="9", org="O2")
    )

    roster, _ = read(tmp_path, tables)

    assert "S9" in roster.others
    assert "S1" in roster.people

    tables["orgs"][1]["name"] = "Elsewhere"
    with pytest.raises(FormatError, match="no school has the identifier riverbend"):
        read(tmp_path, tables)


def test_people_who_left_are_not_active(tmp_path: Path) -> None:
    tables = base_tables()
    tables["users"][4]["status"] = "tobedeleted"
    tables["users"][5]["enabledUser"] = "FALSE"

    roster, _ = read(tmp_path, tables)

    assert [roster.people[key].active for key in ("T1", "S1", "S2")] == [
        True,
        False,
        False,
    ]


def test_a_delta_does_not_tell_everything(tmp_path: Path) -> None:
    tables = base_tables()
    tables["manifest"][2]["value"] = "delta"

    roster, _ = read(tmp_path, tables)

    assert roster.complete is False


def test_unusable_people_and_enrollments_are_rejected_with_their_place(
    tmp_path: Path,
) -> None:
    tables = base_tables()
    tables["users"] += [
        person("S4", "student", "x", "", "Nameless", grades="9"),
        person("S1", "student", "y", "Twice", "Here", grades="9"),
        person("S5", "student", "MAYA", "Other", "Maya", grades="9"),
    ]
    tables["demographics"].append({"sourcedId": "S2", "birthDate": "long ago"})
    tables["enrollments"] += [
        {"sourcedId": "E7", "classSourcedId": "L1", "userSourcedId": "S4"},
        {"sourcedId": "E8", "classSourcedId": "L1", "userSourcedId": "nobody"},
        {"sourcedId": "E9", "classSourcedId": "L9", "userSourcedId": "S1"},
    ]

    roster, _ = read(tmp_path, tables)

    assert [(e.file, e.line, e.column) for e in roster.rejected] == [
        ("demographics.csv", 3, "birthDate"),
        ("users.csv", 9, "givenName"),
        ("users.csv", 10, "sourcedId"),
        ("users.csv", 11, "username"),
        ("enrollments.csv", 9, "userSourcedId"),
        ("enrollments.csv", 10, "classSourcedId"),
    ]
    assert roster.rejected[0].value == "long ago"
    assert roster.people["S1"].given_name == "Maya"


def test_another_zip_is_refused(tmp_path: Path) -> None:
    tables = base_tables()
    tables.pop("users")

    with pytest.raises(FormatError, match="there is no users.csv"):
        read(tmp_path, tables)


def test_a_damaged_name_in_the_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("über.csv", "sourcedId\n")
    # The name stands twice; the first one is read when the file is opened.
    path.write_bytes(path.read_bytes().replace("ü".encode(), b"\xc3(", 1))

    with pytest.raises(FormatError, match="download it again"):
        open_oneroster(path)
