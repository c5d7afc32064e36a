"""Bad files are refused with the reason and what to do; the store stays as it was.

The variable MANGLED_FILES sets how many files each import gets; 60 if not set.
"""

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from importing import results_of
from oneroster_files import base_tables, write_zip

from pathways.app import Milepost
from pathways.formats import text_tables
from pathways.formats.problems import FormatError
from pathways.formats.report import MOST_REJECTED
from pathways.services.imports import (
    import_courses,
    import_mastery,
    import_outcomes,
    import_people,
)
from pathways.store.models import Person

FILES = int(os.environ.get("MANGLED_FILES", "60"))
PLAIN = "student_id,competency,level,date,assessment\n"
ROW = "S1,SCI.INQ,3,2026-10-05,Lab\n"
CANVAS = (
    "student name,student sis id,assignment title,assignment id,submission date,"
    "learning outcome name,attempt,outcome score,learning outcome mastery score\n"
    "Maya,S1,Lab,7,2026-10-05,SCI.INQ,1,3,3\n"
)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7", "this is a PDF"),
        (b"PK\x03\x04", "Excel or zip"),
        (b"", "column names"),
        (PLAIN.replace("date", "dates").encode(), 'Is "dates" the column "date"'),
        ((PLAIN + ROW + "S1,SCI.INQ,3,2026").encode(), "Download the file again"),
        ((PLAIN + 'S1,"SCI.INQ').encode(), "not closed"),
        (PLAIN.encode() + b"\x00", "NUL"),
    ],
)
def test_a_file_that_can_not_be_used_says_why(
    milepost: Milepost, student: Person, tmp_path: Path, data: bytes, said: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)

    for partial in (False, True):
        with pytest.raises(FormatError, match=said):
            import_mastery(milepost, "riverbend", path, "csv", partial=partial)

    assert results_of(milepost, student) == []


@pytest.mark.parametrize(
    "cell", ["=1+1", "=HYPERLINK(1)", "+cmd|' /C calc'!A0", "@SUM(A1)", "-SUM(A1)"]
)
def test_a_formula_is_rejected(
    milepost: Milepost, student: Person, tmp_path: Path, cell: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(PLAIN + ROW + f"S1,SCI.INQ,3,2026-10-05,{cell}\n")

    report = import_mastery(milepost, "riverbend", path, "csv")

    [error] = report.rejected
    assert (error.line, error.column, report.saved) == (3, "assessment", False)
    assert "formula" in error.reason


@pytest.mark.parametrize("cell", ["-5 points", "+1 614 555 0100", "'=1+1", "@maya"])
def test_a_text_that_only_starts_like_one_is_kept(
    milepost: Milepost, student: Person, tmp_path: Path, cell: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(PLAIN + f"S1,SCI.INQ,3,2026-10-05,{cell}\n" + ROW)

    assert import_mastery(milepost, "riverbend", path, "csv").saved


def test_too_many_rows_are_refused_before_anything_is_saved(
    milepost: Milepost,
    student: Person,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(text_tables, "MOST_ROWS", 600)
    path = tmp_path / "a.csv"
    rows = (f"S1,SCI.INQ,3,2026-10-05,Lab {n}\n" for n in range(601))
    path.write_text(PLAIN + "".join(rows))

    with pytest.raises(FormatError, match="more than 600 rows"):
        import_mastery(milepost, "riverbend", path, "csv", partial=True)

    assert results_of(milepost, student) == []


def test_many_rejected_rows_are_counted_and_the_first_ones_listed(
    milepost: Milepost, student: Person, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(PLAIN + "S9,SCI.INQ,3,2026-10-05,Lab\n" * 1500)

    report = import_mastery(milepost, "riverbend", path, "csv")

    assert (report.counts["rejected"], len(report.rejected)) == (1500, MOST_REJECTED)
    assert "rejected: 500 more rows, not listed" in report.as_lines()


def test_a_dry_run_shows_the_first_changes(
    milepost: Milepost, student: Person, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sep=,\n" + PLAIN + ROW)

    report = import_mastery(milepost, "riverbend", path, "csv", dry_run=True)

    line = "would be created: S1 SCI.INQ proficient, 2026-10-05"
    assert line in report.as_lines()


def test_a_damaged_roster_is_refused(
    milepost: Milepost, student: Person, tmp_path: Path
) -> None:
    path = write_zip(tmp_path / "a.zip", base_tables())
    whole = path.read_bytes()
    place = whole.index(b"enabledUser") + 4
    for data in (whole[: len(whole) // 2], whole[:place] + b"XX" + whole[place + 2 :]):
        path.write_bytes(data)
        with pytest.raises(FormatError, match="download it again"):
            import_people(milepost, "riverbend", path)


OUTCOMES = (
    "vendor_guid,object_type,title,calculation_method,calculation_int,ratings\n"
    "g,group,All,,,\n"
    "x,outcome,SCI.INQ,n_mastery,3,4,Exceeds,3,Mastery\n"
    "y,outcome,HAB.TIME,weighted_average,70,\n"
)


def test_outcomes_bring_the_methods_of_counting(
    milepost: Milepost, student: Person, tmp_path: Path
) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_text(OUTCOMES)

    first = import_outcomes(milepost, "riverbend", path)
    again = import_outcomes(milepost, "riverbend", path)
    path.write_text(OUTCOMES.replace("n_mastery,3", "highest,"))
    changed = import_outcomes(milepost, "riverbend", path)

    assert (first.created, first.skipped, again.unchanged) == (2, 1, 2)
    assert (changed.changed, changed.unchanged) == (1, 1)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("x,outcome,SCI.FLY,latest,,", "title"),
        ("x,outcome,planning,latest,,", "title"),
        ("x,outcome,SCI.INQ,magic,,", "calculation_method"),
        ("x,outcome,SCI.INQ,n_mastery,11,", "calculation_int"),
        ("x,outcome,SCI.INQ,decaying_average,100,", "calculation_int"),
        ("x,outcome,SCI.INQ,decaying_average,half,", "calculation_int"),
    ],
)
def test_an_outcome_that_can_not_be_used_is_rejected(
    milepost: Milepost, student: Person, tmp_path: Path, row: str, column: str
) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_text(OUTCOMES.partition("g,")[0] + row + "\n")

    [error] = import_outcomes(milepost, "riverbend", path).rejected

    assert (error.line, error.column) == (2, column)


def zipped(folder: Path) -> bytes:
    return write_zip(folder / "seed.zip", base_tables()).read_bytes()


Import = Callable[[Milepost, Path], object]
SEEDS: dict[str, tuple[str, Callable[[Path], bytes], Import]] = {
    "csv": (
        "a.csv",
        lambda folder: (PLAIN + ROW * 2 + "S1,HAB.PLAN,1,2026-10-06,Lab\n").encode(),
        lambda m, path: import_mastery(m, "riverbend", path, "csv"),
    ),
    "canvas": (
        "a.csv",
        lambda folder: CANVAS.encode(),
        lambda m, path: import_mastery(m, "riverbend", path, "canvas"),
    ),
    "courses": (
        "a.csv",
        lambda folder: b"student_id,course,state\nS1,MTH-GEO,completed\n",
        lambda m, path: import_courses(m, "riverbend", path),
    ),
    "outcomes": (
        "a.csv",
        lambda folder: OUTCOMES.encode(),
        lambda m, path: import_outcomes(m, "riverbend", path),
    ),
    "people": (
        "a.zip",
        zipped,
        lambda m, path: import_people(m, "riverbend", path),
    ),
}
EDITS = st.lists(
    st.tuples(st.integers(0, 1 << 16), st.integers(0, 4), st.binary(max_size=4)),
    min_size=1,
    max_size=4,
)


def mangled(data: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    """Return bytes with parts cut out, replaced or put in."""
    for place, cut, new in edits:
        at = place % (len(data) + 1)
        data = data[:at] + new + data[at + cut :]
    return data


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", SEEDS)
@settings(
    max_examples=FILES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(edits=EDITS)
def test_a_mangled_file_is_read_rejected_or_refused_and_never_half_saved(
    kind: str,
    edits: list[tuple[int, int, bytes]],
    milepost: Milepost,
    student: Person,
    tmp_path: Path,
) -> None:
    name, seed, load = SEEDS[kind]
    path = tmp_path / name
    path.write_bytes(mangled(seed(tmp_path), edits))
    with milepost.engine.connect() as connection:
        before = connection.exec_driver_sql("select count(*) from import_run").scalar()

    try:
        report = load(milepost, path)
    except FormatError as error:
        assert str(error)
        saved = False
    else:
        saved = bool(getattr(report, "saved", False))
        assert saved != bool(getattr(report, "rejected", []))

    with milepost.engine.connect() as connection:
        after = connection.exec_driver_sql("select count(*) from import_run").scalar()
    assert (after == before) is not saved


def test_a_bomb_inside_a_roster_is_refused(
    milepost: Milepost, student: Person, tmp_path: Path
) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("users.csv", "sourcedId\n" + "0" * (4 << 20))

    with pytest.raises(FormatError, match="unlikely"):
        import_people(milepost, "riverbend", path)
