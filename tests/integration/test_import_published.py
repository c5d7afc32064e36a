"""Published facts in the store, beside the school's own catalog (A4, A5, O1)."""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from little_school import LittleSchool
from published_files import (
    NURSE,
    OUTLOOK,
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
from pathways.formats.facts import Tally
from pathways.formats.oews import oews_facts
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


def test_a_dry_run_saves_nothing(
    milepost: Milepost, school: School, onet: Path
) -> None:
    report = imports.import_onet(milepost, school.code, onet, Options(dry_run=True))

    assert (report.created, report.saved) == (9, False)
    assert count(milepost) == count(milepost, ImportRun) == 0


def test_a_row_that_can_not_be_used_keeps_everything_out_unless_partial(
    milepost: Milepost, school: School, wages: Path
) -> None:
    write(wages, SMALL + "29-1141,Registered Nurses,US,1,1,1,5,1,\n")

    refused = imports.import_oews(milepost, school.code, wages, Options())

    assert not refused.saved
    [error] = refused.rejected
    assert (error.line, error.value) == (4, "29-1141")
    assert error.reason == "an earlier row has this code in US"
    assert count(milepost) == count(milepost, ImportRun) == 0

    partly = imports.import_oews(milepost, school.code, wages, Options(partial=True))
    assert (partly.saved, partly.created) == (True, 2)


def test_a_file_that_breaks_off_leaves_the_store_as_it_was(
    milepost: Milepost, school: School, onet: Path
) -> None:
    imports.import_onet(milepost, school.code, onet, Options())
    before, version = count(milepost), newest(milepost, school.id)
    (onet / "Skills.txt").write_bytes(b"PK\x03\x04")

    with pytest.raises(FormatError, match="an Excel or zip file"):
        imports.import_onet(milepost, school.code, onet, Options())

    assert (count(milepost), newest(milepost, school.id)) == (before, version)


def test_an_unknown_school_is_said(milepost: Milepost, wages: Path) -> None:
    with pytest.raises(Invalid, match="no school with the code nowhere"):
        imports.import_oews(milepost, "nowhere", wages, Options())


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


def test_each_year_of_wages_stays_and_the_newest_counts(
    little: LittleSchool, wages: Path, tmp_path: Path
) -> None:
    older = write(tmp_path / "oews_may2024.csv", SMALL.replace("97550", "93600"))
    imports.import_oews(little.milepost, "north", wages, Options())
    imports.import_oews(little.milepost, "north", older, Options())

    job = told(little, "nurse")

    assert (job.median_pay_us, job.pay_as_of) == (97550, "2025-05")


def told(little: LittleSchool, words: str, who: str = "student") -> Any:
    found = careers.find_career(little.milepost, little[who], [words])
    assert found is not None
    return found.occupation


def test_published_pay_and_outlook_replace_the_starter_s(
    little: LittleSchool, wages: Path, tmp_path: Path
) -> None:
    before = told(little, "nurse")
    write(wages, SMALL.replace("82510", "90001"))
    outlook = write(
        tmp_path / "a.csv",
        f"{OUTLOOK},outlook_desc\nNurses,29-1141,1,2,7,Much faster than average\n",
    )
    imports.import_oews(little.milepost, "north", wages, Options())
    imports.import_ooh(little.milepost, "north", outlook, Options())

    job = told(little, "nurse")

    assert (job.median_pay_ohio, job.pay_source, job.pay_as_of) == (
        90001,
        "BLS OEWS",
        "2025-05",
    )
    assert (job.outlook_percent, job.outlook_words, job.outlook_source) == (
        7,
        "growing much faster than average",
        "BLS OOH 2024-34",
    )
    assert (job.title, job.description) == (before.title, before.description)
    # Another school keeps its own.
    assert told(little, "nurse", "far_student") == before
    # The catalog's own entry stays as the school wrote it.
    now = catalog.current(little.milepost, little["counselor"])
    assert now.occupations["29-1141"] == before


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("29-1141,Nurses,US,1,1,1,#,1,\n", "In the US, half earn more than $239,200"),
        ("29-1141,Nurses,US,1,1,1,*,1,\n", "did not release a figure for the US"),
        ("29-1141,Nurses,US,1,1,1,-,1,4\n", "gives no yearly pay for the US"),
        ("29-1140,All nurses,US,1,1,1,5,1,\n", "with others, as “All nurses”"),
    ],
)
def test_a_missing_figure_is_said_as_what_it_is(
    little: LittleSchool, wages: Path, line: str, words: str
) -> None:
    write(wages, WAGES + line)
    imports.import_oews(little.milepost, "north", wages, Options())

    job = told(little, "nurse")

    assert words in job.pay_note
    # No Ohio figure of the starter's under the date of another source.
    assert job.median_pay_ohio is None


def edit(little: LittleSchool, **cells: str) -> None:
    actor = little["counselor"]
    seen = catalog.history(little.milepost, actor, "occupation", "29-1141")[0].version
    catalog.edit(
        little.milepost, actor, "occupation", {"code": "29-1141", **cells}, seen
    )


def test_pay_that_a_counselor_set_is_kept_and_listed_until_overwritten(
    little: LittleSchool, wages: Path
) -> None:
    edit(little, median_pay_ohio="70000", pay_source="our hospital")

    kept = imports.import_oews(little.milepost, "north", wages, Options())

    note = "29-1141 Registered nurse: wage set by hand is kept; --overwrite"
    assert any(one.startswith(note) for one in kept.notes)
    assert told(little, "nurse").median_pay_ohio == 70000

    again = imports.import_oews(
        little.milepost, "north", wages, Options(overwrite=True)
    )

    assert any("set by hand was cleared" in one for one in again.notes)
    assert told(little, "nurse").median_pay_ohio == 82510
    past = catalog.history(
        little.milepost, little["counselor"], "occupation", "29-1141"
    )
    assert past[1].entry.median_pay_ohio == 70000  # type: ignore[attr-defined]


def test_another_edit_by_hand_does_not_keep_an_old_figure(
    little: LittleSchool, wages: Path
) -> None:
    edit(little, description="You care for people who are sick.")

    report = imports.import_oews(little.milepost, "north", wages, Options())

    assert not any("by hand" in one for one in report.notes)
    job = told(little, "nurse")
    assert job.median_pay_ohio == 82510
    assert job.description == "You care for people who are sick."


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


@pytest.mark.timeout(3600)
def test_no_damaged_file_loads_in_part(
    milepost: Milepost, school: School, wages: Path
) -> None:
    good = SMALL.encode()

    @settings(
        max_examples=FILES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, len(good) - 1), st.binary(max_size=6))
    def tried(at: int, junk: bytes) -> None:
        wages.write_bytes(good[:at] + junk + good[at + len(junk) :])
        before, version = count(milepost), newest(milepost, school.id)
        try:
            report = imports.import_oews(milepost, school.code, wages, Options())
        except FormatError:
            saved = False
        else:
            saved = report.saved
            assert saved is not bool(report.rejected)
            changed = report.created + report.changed
            assert count(milepost) == before + changed * saved
        if not saved:
            assert (count(milepost), newest(milepost, school.id)) == (before, version)

    tried()


def test_reading_needs_no_more_memory_for_more_rows(tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        lines = "".join(
            f"29-1141,Nurses,Area {number},1,1,1,82510,1,\n" for number in range(rows)
        )
        path = write(tmp_path / "oews_may2025.csv", WAGES + lines)
        del lines
        tracemalloc.start()
        try:
            assert sum(1 for _ in oews_facts(path, Tally())) == rows
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    small = peak(1000)
    # A file is looked at in parts of one MB.
    assert peak(40_000) < small + 6 * (1 << 20)
