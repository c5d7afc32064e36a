"""Published pay and outlook are what the coach says, but for figures set by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from little_school import LittleSchool
from published_files import (
    OUTLOOK,
    WAGES,
    write,
)

from pathways.services import careers, catalog, imports
from pathways.services.imports_job import Options

SMALL = WAGES + (
    "29-1141,Registered Nurses,Ohio,1,1,1,82510,1,\n"
    "29-1141,Registered Nurses,US,1,1,1,97550,1,\n"
)


@pytest.fixture
def wages(tmp_path: Path) -> Path:
    return write(tmp_path / "oews_may2025.csv", SMALL)


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
