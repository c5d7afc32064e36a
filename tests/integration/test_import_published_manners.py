"""Published facts come in whole or not at all (A4, A5)."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from published_files import (
    WAGES,
    files_of,
    onet_tables,
    write,
    write_folder,
)
from sqlalchemy import func, select

from pathways.app import Milepost
from pathways.formats.facts import Tally
from pathways.formats.oews import oews_facts
from pathways.formats.problems import FormatError
from pathways.services import imports
from pathways.services.errors import Invalid
from pathways.services.imports_job import Options
from pathways.store.catalog_models import CatalogFact
from pathways.store.models import ImportRun, School

FILES = int(os.environ.get("MANGLED_FILES", "25"))
SMALL = WAGES + (
    "29-1141,Registered Nurses,Ohio,1,1,1,82510,1,\n"
    "29-1141,Registered Nurses,US,1,1,1,97550,1,\n"
)


def count(milepost: Milepost, table: Any = CatalogFact) -> int:
    with milepost.work() as work:
        return work.session.scalar(select(func.count()).select_from(table)) or 0


def newest(milepost: Milepost, school_id: str) -> int:
    with milepost.work() as work:
        return milepost.catalogs.current(work, school_id).version


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
