"""Whatever bytes a file holds: it is read, its rows are rejected, or it is refused.

Each case starts from a good file and damages it: cut off, bytes changed, taken out or
doubled. MILEPOST_MANGLED sets how many files each reader is tried on.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from published_files import (
    OUTLOOK,
    WAGES,
    case_package,
    excel_bytes,
    files_of,
    onet_tables,
    workbook,
    write_folder,
    write_zip,
)

from pathways.formats.case import case_facts
from pathways.formats.clusters import cluster_facts
from pathways.formats.facts import Fact, Tally
from pathways.formats.oews import oews_facts
from pathways.formats.onet import open_release
from pathways.formats.onet_facts import onet_facts
from pathways.formats.ooh import ooh_facts
from pathways.formats.problems import FormatError
from pathways.formats.sced import sced_facts

CASES = int(os.environ.get("MILEPOST_MANGLED", "40"))
CROSSWALK = (
    ("SOC Code", "Occupation Title", "Career Cluster", "Sub-Cluster"),
    ("29-1141", "Nurses", "Healthcare & Human Services", "Physical Health"),
)
Reader = Callable[[Path, Tally], Iterator[Fact]]


def onet(path: Path, tally: Tally) -> Iterator[Fact]:
    with open_release(path) as release:
        yield from onet_facts(release, tally)


WAGE = "29-1141,Nurses,Ohio,143730,87730,66980,82510,105290,\n"
GOOD: dict[str, tuple[Reader, str, bytes]] = {
    "oews": (oews_facts, "may2025.csv", (WAGES + WAGE * 2).encode()),
    "ooh": (ooh_facts, "a.csv", f"{OUTLOOK}\nNurses,29-1141,1,2,-7\n".encode()),
    "sced": (sced_facts, "a.tsv", b"notation\tlabel\tdefinition\n01001\tE\tRead.\n"),
    "clusters": (cluster_facts, "a.xlsx", excel_bytes("SOC", CROSSWALK)),
    "case": (case_facts, "a.json", json.dumps(case_package()).encode()),
}


@st.composite
def damage(draw: st.DrawFn, good: bytes) -> bytes:
    """Return the file with up to four kinds of damage."""
    found = bytearray(good)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(found) - 1, 0)))
        length = draw(st.integers(1, 40))
        sort = draw(st.sampled_from(("cut", "change", "take", "double", "put")))
        if sort == "cut":
            del found[at:]
        elif sort == "take":
            del found[at : at + length]
        elif sort == "double":
            found[at:at] = found[at : at + length]
        elif sort == "put":
            found[at:at] = draw(st.binary(max_size=12))
        elif found:
            found[at] = draw(st.integers(0, 255))
    return bytes(found)


def check(reader: Reader, path: Path) -> None:
    """Either facts that are whole, or a reason for a person."""
    tally = Tally()
    try:
        facts = list(reader(path, tally))
    except FormatError as error:
        assert str(error)
        return
    for fact in facts:
        assert fact.code
        assert len(fact.code) <= 80
        assert len(fact.title) <= 200
        assert len(fact.area) <= 80
        json.dumps(fact.data, allow_nan=False)
    for error in tally.rejected:
        assert error.reason
        assert error.line >= 1
    # What is neither a fact nor refused must have been counted as skipped.
    assert facts or tally.rejected or tally.skipped or tally.read == 0


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", GOOD)
def test_a_mangled_file_is_read_rejected_or_refused(
    kind: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    reader, name, good = GOOD[kind]
    path = tmp_path_factory.mktemp(kind) / name

    @settings(
        max_examples=CASES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(damage(good))
    def tried(content: bytes) -> None:
        path.write_bytes(content)
        check(reader, path)

    tried()


@pytest.mark.timeout(3600)
def test_a_mangled_sheet_in_a_whole_zip_is_read_rejected_or_refused(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("sheet") / "a.xlsx"
    good = {"SOC": CROSSWALK}
    workbook(path, good)
    with zipfile.ZipFile(path) as archive:
        parts = {one.filename: archive.read(one) for one in archive.infolist()}

    @settings(
        max_examples=CASES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(sorted(parts)), st.data())
    def tried(name: str, data: st.DataObject) -> None:
        write_zip(path, {**parts, name: data.draw(damage(parts[name]))})
        check(cluster_facts, path)

    tried()


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("layout", ["text", "csv", "json", "xlsx", "zip"])
def test_a_mangled_release_is_read_rejected_or_refused(
    layout: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp(layout)
    files = files_of(onet_tables(), "text" if layout == "zip" else layout)
    if layout == "zip":
        path = write_zip(folder / "db_29_3.zip", files)
        target, good = path, path.read_bytes()
    else:
        path = write_folder(folder / "release", files)
        target = sorted(path.glob("*kills.*"))[0]
        good = target.read_bytes()

    @settings(
        max_examples=CASES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(damage(good))
    def tried(content: bytes) -> None:
        target.write_bytes(content)
        check(onet, path)

    tried()
