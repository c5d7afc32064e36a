"""Published facts in the store, beside the school's own catalog (A4, A5, O1)."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from little_school import LittleSchool
from published_files import (
    NURSE,
    SHARED,
    WAGES,
    case_package,
    files_of,
    onet_tables,
    write,
    write_case,
    write_folder,
)
from sqlalchemy import func, select

from pathways.app import Milepost
from pathways.domain.catalog import Status
from pathways.domain.fact_sorts import FactSort
from pathways.formats.problems import FormatError
from pathways.formats.report import Report
from pathways.services import careers, catalog, imports
from pathways.services.errors import Invalid
from pathways.services.imports_job import Options
from pathways.services.occupation_drafts import draft_occupation, facts_about
from pathways.store.catalog_models import CatalogFact
from pathways.store.models import ImportRun, School

FILES = int(os.environ.get("MANGLED_FILES", "25"))
SMALL = WAGES + (
    "29-1141,Registered Nurses,Ohio,1,1,1,82510,1,\n"
    "29-1141,Registered Nurses,US,1,1,1,97550,1,\n"
)
Call = Callable[[Milepost, str, Path, Options], Report]
REAL: tuple[tuple[Call, str, int], ...] = (
    (imports.import_onet, "onet_29_3", 6445),
    (imports.import_oews, "bls/oews_may2025.csv", 3515),
    (imports.import_ooh, "bls/bls_ooh_2024_34.csv", 290),
    (imports.import_sced, "sced", 1793),
    (
        imports.import_clusters,
        "advancecte/SOC_Career_Clusters_Crosswalk.xlsx",
        851,
    ),
    (
        imports.import_case,
        "case/opensalt-framework-20c5134f-423d-4097-a971-3dd5152bf507.json",
        16,
    ),
    (imports.import_case, "case/sample_case.csv", 10),
)


def count(milepost: Milepost, table: Any = CatalogFact) -> int:
    with milepost.work() as work:
        return work.session.scalar(select(func.count()).select_from(table)) or 0


def newest(milepost: Milepost, school_id: str) -> int:
    with milepost.work() as work:
        return milepost.catalogs.current(work, school_id).version


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real files are not here")
@pytest.mark.timeout(400)
def test_all_real_files_load_once_and_the_second_time_nothing_changes(
    milepost: Milepost, school: School
) -> None:
    for call, name, facts in REAL:
        report = call(milepost, school.code, SHARED / name, Options())
        assert (report.saved, report.rejected) == (True, [])
        assert (report.created, report.changed) == (facts, 0)
    version = newest(milepost, school.id)
    assert count(milepost) == sum(facts for _, _, facts in REAL)

    for call, name, facts in REAL:
        report = call(milepost, school.code, SHARED / name, Options())
        assert (report.created, report.changed, report.unchanged) == (0, 0, facts)
    assert newest(milepost, school.id) == version
    assert count(milepost, ImportRun) == 2 * len(REAL)

    with milepost.work() as work:
        every = list(work.facts.all_of(school.id, version, FactSort.OCCUPATION))
        skilled = list(work.facts.all_of(school.id, version, FactSort.SKILLS))
        nurse = facts_about(milepost, work, school, "29-1141")
    assert len(every) == 1016
    assert sum(bool(one.data["interests"]) for one in every) == 923
    assert len(skilled) == 879
    [ohio] = [one for one in nurse if (one.sort, one.area) == ("wage", "Ohio")]
    assert (ohio.data["median"], ohio.as_of) == (82510, date(2025, 5, 1))
    assert ohio.source == "BLS OEWS"


@pytest.fixture
def onet(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "onet", files_of(onet_tables(), "text"))


@pytest.fixture
def wages(tmp_path: Path) -> Path:
    return write(tmp_path / "oews_may2025.csv", SMALL)


def test_a_new_release_changes_adds_and_retires(
    milepost: Milepost, school: School, onet: Path, tmp_path: Path
) -> None:
    imports.import_onet(milepost, school.code, onet, Options())
    first = newest(milepost, school.id)
    tables = onet_tables()
    tables["Occupation Data"] = tables["Occupation Data"][:3]
    newer = files_of(tables, "csv", "30.1")
    newer["Read Me.txt"] = b"O*NET 30.1 Database\nNovember 2025 Release\n"

    report = imports.import_onet(
        milepost, school.code, write_folder(tmp_path / "new", newer), Options()
    )

    # All but the sailor, who is gone.
    assert (report.created, report.changed) == (0, 9)
    assert "1 facts that are no longer published were retired." in report.notes
    with milepost.work() as work:
        now = list(
            work.facts.all_of(
                school.id, newest(milepost, school.id), FactSort.OCCUPATION
            )
        )
        then = list(work.facts.all_of(school.id, first, FactSort.OCCUPATION))
    assert {one.source for one in now} == {"O*NET 30.1 Database"}
    # A version never changes.
    assert (len(now), len(then)) == (2, 3)
    assert {one.source for one in then} == {"O*NET 29.3 Database"}

    with pytest.raises(FormatError, match="29.3 Database is older than the O\\*NET 30"):
        imports.import_onet(milepost, school.code, onet, Options())
    back = imports.import_onet(milepost, school.code, onet, Options(overwrite=True))
    assert (back.saved, back.changed) == (True, 9)


def test_a_framework_joins_the_catalog_and_keeps_what_is_there(
    little: LittleSchool, tmp_path: Path
) -> None:
    package = case_package()
    package["CFItems"][2]["humanCodingScheme"] = "SCI.INQ"
    path = write_case(tmp_path, package)

    report = imports.import_case(little.milepost, "north", path, Options())

    now = catalog.current(little.milepost, little["counselor"])
    assert now.competencies["RB.1"].source == "Riverbend science"
    # A heading is no competency that a student can show.
    assert now.entries["competency"]["RB.0"].status is Status.DRAFT
    assert now.competencies["SCI.INQ"].source == "Milepost starter catalog"
    assert any("SCI.INQ is the school's and is kept" in one for one in report.notes)

    again = imports.import_case(little.milepost, "north", path, Options())
    assert (again.created, again.changed) == (0, 0)
    assert newest(little.milepost, little["counselor"].school_id) == now.version

    imports.import_case(little.milepost, "north", path, Options(overwrite=True))
    now = catalog.current(little.milepost, little["counselor"])
    assert now.competencies["SCI.INQ"].source == "Riverbend science"


def test_courses_with_an_unknown_sced_code_are_listed(
    little: LittleSchool, tmp_path: Path
) -> None:
    path = write(tmp_path / "sced.tsv", "notation\tlabel\tdefinition\n01001\tE\tR\n")

    report = imports.import_sced(little.milepost, "north", path, Options())

    [note] = [one for one in report.notes if "not in this list" in one]
    assert "CAR-EXPLORE (22151)" in note
    assert "ELA-1 " not in note


def test_an_imported_occupation_is_no_career_until_a_counselor_takes_it_in(
    little: LittleSchool, tmp_path: Path
) -> None:
    tables = onet_tables()
    tables["Occupation Data"] = (
        *tables["Occupation Data"],
        ("39-5093.00", "Shampooers", "Wash hair."),
    )
    onet = write_folder(tmp_path / "onet", files_of(tables, "text"))
    imports.import_onet(little.milepost, "north", onet, Options())
    student = little["student"]
    with little.milepost.work() as work:
        school = work.people.school(student.school_id)
        assert school is not None

    def known() -> bool:
        words = ["shampooers"]
        return careers.find_career(little.milepost, student, words) is not None

    assert not known()
    with pytest.raises(Invalid, match="--cluster"):
        draft_occupation(little.milepost, school, "39-5093")
    with pytest.raises(Invalid, match="has 29-1141 already"):
        draft_occupation(little.milepost, school, NURSE[:7])
    draft = draft_occupation(
        little.milepost, school, "39-5093", "hospitality_events_tourism"
    )
    assert (draft.status, draft.source) == (Status.DRAFT, "O*NET 29.3 Database")
    assert not known()
    catalog.edit(
        little.milepost,
        little["counselor"],
        "occupation",
        {"code": "39-5093", "status": "active"},
        newest(little.milepost, student.school_id),
    )
    assert known()
