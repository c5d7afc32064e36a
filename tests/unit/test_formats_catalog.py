import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from pathways.domain.catalog import (
    KINDS,
    Cluster,
    Competency,
    Course,
    Entry,
    Occupation,
    Phrase,
    Status,
    catalog_of,
)
from pathways.formats.catalog_csv import (
    Reading,
    check,
    columns_of,
    read_folder,
    write_folder,
)
from pathways.formats.problems import FormatError

STARTER = Path(__file__).parents[2] / "pathways" / "catalog" / "starter"
EMPTY = catalog_of(0, [])
CLUSTER = {"code": "building", "title": "Building"}
COURSE = {
    "code": "CTE-1",
    "title": "Carpentry",
    "sced_code": "17002",
    "subject": "career_technical",
    "credits": "1",
    "level": "core",
}


def write(folder: Path, file: str, *rows: dict[str, str]) -> None:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with (folder / file).open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, columns)
        writer.writeheader()
        writer.writerows(rows)


def entries_of(reading: Reading) -> Mapping[str, Mapping[str, Entry]]:
    assert reading.rejected == []
    return catalog_of(0, [one.entry for one in reading.placed]).entries


def reasons(reading: Reading) -> list[tuple[int, str, str]]:
    return [(error.line, error.column, error.reason) for error in reading.rejected]


def test_the_starter_catalog_fits_together() -> None:
    reading = read_folder(STARTER)

    assert reading.rejected == []
    assert check(reading.placed, EMPTY) == []
    assert reading.read == len(reading.placed) > 1000


def test_the_starter_catalog_survives_export_and_import(tmp_path: Path) -> None:
    before = read_folder(STARTER)

    write_folder(catalog_of(0, [one.entry for one in before.placed]), tmp_path)

    assert entries_of(read_folder(tmp_path)) == entries_of(before)


def test_every_oddity_survives_export_and_import(tmp_path: Path) -> None:
    entries: list[Entry] = [
        Cluster(code="-x", title="=SUM(A1:A9)", description="'=quoted\nsecond, line"),
        Cluster(code="b", title="@home", status=Status.RETIRED, source="+1"),
        Competency(
            code="C",
            title="'plain quote",
            statement='say "hello"; then go',
            subject="x",
            category="cognitive_skills",
            review_by=date(2027, 1, 31),
        ),
        Occupation(
            code="47-2031",
            title="Carpenter",
            cluster="b",
            description="-",
            outlook_percent=-7.125,
            median_pay_us=59310,
            everyday_names=("=wood", "-builder"),
        ),
        Phrase.model_validate(
            {"code": "wood, nails", "title": "Wood and nails", "kind": "interest"}
        ),
    ]
    before = catalog_of(0, entries)

    write_folder(before, tmp_path)

    assert entries_of(read_folder(tmp_path)) == before.entries
    text = (tmp_path / "clusters.csv").read_text()
    assert "'=SUM(A1:A9)" in text
    assert "'@home" in text
    assert ",-7.125," in (tmp_path / "occupations.csv").read_text()


def test_the_code_has_the_name_that_people_know() -> None:
    assert next(iter(columns_of(Occupation))) == "soc_code"
    assert list(columns_of(Phrase))[:3] == ["phrase", "title", "kind"]
    for kind in KINDS.values():
        assert list(columns_of(kind))[-4:] == ["source", "as_of", "review_by", "status"]


def test_bad_values_are_rejected_with_line_column_and_plain_reason(
    tmp_path: Path,
) -> None:
    write(
        tmp_path,
        "courses.csv",
        COURSE,
        COURSE | {"code": "A", "sced_code": "17", "credits": "nine", "level": "hard"},
        COURSE | {"code": "B", "credits": "9", "grades": "9; ten", "seats": "many"},
        COURSE | {"code": "C", "title": "", "as_of": "last week"},
        COURSE | {"code": "D", "prerequisites": "CTE-1 CTE-2"},
        COURSE | {"code": "<script>"},
    )

    reading = read_folder(tmp_path)

    assert reasons(reading) == [
        (3, "sced_code", "write the five digits of a SCED code"),
        (3, "credits", "write a number"),
        (3, "level", "write one of: foundational, core, advanced or college"),
        (4, "credits", "write a number that is at most 5"),
        (4, "grades", "write a whole number"),
        (4, "seats", "write a whole number"),
        (5, "title", "write something here"),
        (5, "as_of", "write a date like 2026-11-30"),
        (6, "prerequisites", "write & or | before 'CTE-2'"),
        (7, "code", "use letters, digits, spaces and . , ' / & + - only"),
    ]
    assert [one.entry.code for one in reading.placed] == ["CTE-1"]
    assert reading.read == 6


def test_the_same_code_twice_is_rejected(tmp_path: Path) -> None:
    write(tmp_path, "clusters.csv", CLUSTER, CLUSTER | {"title": "Again"})

    assert reasons(read_folder(tmp_path)) == [(3, "code", "line 2 has the same code")]


def test_an_unknown_column_is_rejected(tmp_path: Path) -> None:
    write(tmp_path, "clusters.csv", CLUSTER | {"colour": "blue"})

    reading = read_folder(tmp_path)

    assert reasons(reading) == [(1, "colour", "there is no such column in this file")]


def test_an_absent_column_refuses_the_file(tmp_path: Path) -> None:
    write(tmp_path, "occupations.csv", {"soc_code": "47-2031", "title": "Carpenter"})

    with pytest.raises(FormatError, match="no column description, cluster"):
        read_folder(tmp_path)


def test_a_folder_without_a_catalog_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"none of clusters.csv"):
        read_folder(tmp_path)
    with pytest.raises(FormatError, match="no such folder"):
        read_folder(tmp_path / "nowhere")


def test_broken_references_are_rejected_where_they_stand(tmp_path: Path) -> None:
    write(
        tmp_path,
        "courses.csv",
        COURSE | {"clusters": "building; mining"},
        COURSE | {"code": "CTE-2", "prerequisites": "CTE-1 & CTE-9"},
    )
    known = catalog_of(1, [Cluster(code="building", title="Building")])

    rejected = check(read_folder(tmp_path).placed, known)

    assert [(error.line, error.column, error.value) for error in rejected] == [
        (2, "clusters", "mining"),
        (3, "prerequisites", "CTE-9"),
    ]


def test_prerequisites_in_a_circle_are_rejected(tmp_path: Path) -> None:
    write(
        tmp_path,
        "courses.csv",
        COURSE | {"code": "A", "prerequisites": "B"},
        COURSE | {"code": "B", "prerequisites": "C | D"},
        COURSE | {"code": "C", "prerequisites": "A"},
        COURSE | {"code": "D", "prerequisites": ""},
        COURSE | {"code": "E", "prerequisites": "E"},
    )

    rejected = check(read_folder(tmp_path).placed, EMPTY)

    assert [(error.line, error.reason) for error in rejected] == [
        (2, "prerequisites go in a circle: A -> B -> C -> A"),
        (3, "prerequisites go in a circle: A -> B -> C -> A"),
        (4, "prerequisites go in a circle: A -> B -> C -> A"),
        (6, "prerequisites go in a circle: E -> E"),
    ]


def test_empty_cells_take_the_usual_value(tmp_path: Path) -> None:
    write(tmp_path, "courses.csv", COURSE | {"status": "", "source": "", "seats": ""})

    [one] = read_folder(tmp_path).placed

    assert isinstance(one.entry, Course)
    assert (one.entry.status, one.entry.source, one.entry.seats) == (
        Status.ACTIVE,
        "school",
        None,
    )
