"""Bad files of every kind, the command that is tried on each, and what it says."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from credentials import badge
from importing import COURSES
from oneroster_files import base_tables
from oneroster_files import write_zip as write_roster
from published_files import (
    OUTLOOK,
    WAGES,
    case_package,
    files_of,
    onet_tables,
    write,
    write_zip,
)
from workbooks import Formula, workbook

RESULTS = "student_id,competency,level,date,assessment\nS1,SCI.INQ,3,2026-10-05,Lab\n"
CANVAS = (
    "student sis id,assignment title,submission date,learning outcome name,attempt,"
    "outcome score,learning outcome mastery score\nS1,Lab,2026-10-05,SCI.INQ,1,3,3\n"
)
HISTORY = "student_id,course,state\nS1,MTH-GEO,completed\n"
OUTCOMES = "object_type,title,calculation_method,calculation_int\noutcome,SCI.INQ,\n"
WAGE = "29-1141,Nurses,Ohio,1,1,1,82510,1,\n"
CROSSWALK = ("SOC Code", "Occupation Title", "Career Cluster", "Sub-Cluster")
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1 or str()};" * 10}">' for n in range(1, 12))
    + "]>"
)
Make = Callable[[Path], Path]


@dataclass(frozen=True)
class Bad:
    """A bad file: the command that is tried on it, and what is said."""

    command: str
    make: Make
    said: str


def text(name: str, content: str | bytes) -> Make:
    """Write a file."""

    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return make


def in_folder(name: str, content: str) -> Make:
    """Write a catalog folder of one file."""

    def make(folder: Path) -> Path:
        (folder / "ours").mkdir()
        return write(folder / "ours" / name, content).parent

    return make


def release(changes: Mapping[str, bytes], version: str = "29.3") -> Make:
    """Write an O*NET release with some files changed."""
    files = {**files_of(onet_tables(), "text", version), **changes}
    return lambda folder: write_zip(folder / "db.zip", files)


def half(make: Make) -> Make:
    """Cut a file in two."""

    def cut(folder: Path) -> Path:
        path = make(folder)
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
        return path

    return cut


def roster(folder: Path) -> Path:
    return write_roster(folder / "roster.zip", base_tables())


def zipped(**members: bytes) -> Make:
    """Write a zip."""
    named = {name.replace("__", "/"): content for name, content in members.items()}
    return lambda folder: write_zip(folder / "a.zip", named)


def with_path(name: str) -> Make:
    """Write a zip that holds a file of this path."""
    return lambda folder: write_zip(folder / "a.zip", {name: b"sourcedId\n"})


def changed_sheet(head: str = "", old: str = "", new: str = "") -> Make:
    """Write the crosswalk as a workbook whose sheet was changed as text."""

    def make(folder: Path) -> Path:
        path = workbook(
            folder / "a.xlsx", CROSSWALK, ("29-1141", "Nurses", "Nowhere", "x")
        )
        with zipfile.ZipFile(path) as archive:
            parts = {one: archive.read(one) for one in archive.namelist()}
        sheet = next(name for name in parts if "sheet1" in name)
        parts[sheet] = head.encode() + parts[sheet].replace(old.encode(), new.encode())
        return write_zip(path, parts)

    return make


def guide(*rows: tuple[str | Formula, ...]) -> Make:
    """Write a school's own course guide as a workbook."""
    return lambda folder: workbook(folder / "guide.xlsx", *rows)


def with_keys(folder: Path) -> Path:
    path = folder / "a.json"
    nested = "[" * 100_000 + "]" * 100_000
    path.write_text(json.dumps(badge()).replace('"Young scientist"', nested))
    return path


BOMB = b"sourcedId\n" + b"0" * (8 << 20)
MILLION = 1_000_000
BAD: dict[str, Bad] = {
    # Another kind of file
    "a PDF as results": Bad("mastery --format csv", text("a.csv", b"%PDF-1"), "a PDF"),
    "a PDF by its name": Bad("oews", text("a.pdf", b"%PDF-1.7"), "only .csv"),
    "an Excel file as CSV": Bad("courses", text("a.csv", b"PK\3\4"), "an Excel or zip"),
    "an old Excel file": Bad("oews", text("a.csv", b"\xd0\xcf\x11\xe0"), "(.xls)"),
    "text as Excel": Bad("clusters", text("a.xlsx", "a,b\n"), "not an Excel file"),
    "text as a roster": Bad("people", text("a.zip", "a,b\n"), "download it again"),
    "a file as a release": Bad("onet", text("a.csv", "a,b\n"), "a folder or as a zip"),
    "a file as a catalog": Bad("catalog", text("a.csv", COURSES), "no such folder"),
    "words as CASE": Bad("case", text("a.json", "hello"), "this is not whole JSON"),
    "words as a badge": Bad(
        "mastery --format openbadges", text("a.json", "hello"), "a.json"
    ),
    "UTF-16": Bad("ooh", text("a.csv", OUTLOOK.encode("utf-16")), "text in UTF-16"),
    # Zip bombs
    "a bomb as a roster": Bad("people", zipped(**{"users.csv": BOMB}), "unlikely way"),
    "a bomb as a release": Bad("onet", release({"Skills.txt": BOMB}), "unlikely way"),
    "a bomb of badges": Bad(
        "mastery --format openbadges", zipped(**{"a.json": BOMB}), "unlikely way"
    ),
    "many files": Bad(
        "people", zipped(**{f"{n}.csv": b"a\n" for n in range(300)}), "more than 200"
    ),
    "a sheet of two cells far apart": Bad(
        "clusters", changed_sheet(old='r="A2"', new='r="XFD1048576"'), "too large"
    ),
    # Paths that lead elsewhere
    "a path upward": Bad("people", with_path("../users.csv"), "leads elsewhere"),
    "a path from the root": Bad("people", with_path("/tmp/users.csv"), "elsewhere"),
    "a path of Windows": Bad("people", with_path("C:\\users.csv"), "leads elsewhere"),
    "a release upward": Bad("onet", release({"../../x.txt": b"x"}), "leads elsewhere"),
    # Formulas
    "a formula in results": Bad(
        "mastery --format csv", text("a.csv", f"{RESULTS}=A1,b,3,x,y\n"), "a formula"
    ),
    "a formula in wages": Bad(
        "oews --year 2025", text("a.csv", f"{WAGES}=1+1{WAGE[7:]}"), "a formula"
    ),
    "a formula in a catalog": Bad(
        "catalog",
        in_folder("clusters.csv", "code,title\na,=HYPERLINK(1)\n"),
        "a formula",
    ),
    "a formula that was never counted": Bad(
        "table",
        guide(
            ("code", "title", "sced_code", "subject", "credits", "level"),
            ("MUS-1", Formula("A1"), "05101", "arts", "1", "core"),
        ),
        "formula",
    ),
    # Too much
    "a million courses taken": Bad(
        "courses",
        text("a.csv", HISTORY + HISTORY.partition("\n")[2] * MILLION),
        "more than 500,000 rows",
    ),
    # A column by another name
    "renamed in results": Bad(
        "mastery --format csv",
        text("a.csv", RESULTS.replace("date", "dates")),
        'Is "dates" the column "date"',
    ),
    "renamed by Canvas": Bad(
        "mastery --format canvas",
        text("a.csv", CANVAS.replace("outcome score", "outcome points")),
        "no column",
    ),
    "renamed in a history": Bad(
        "courses",
        text("a.csv", HISTORY.replace("state", "status")),
        'Is "status" the column "state"',
    ),
    "renamed in outcomes": Bad(
        "outcomes", text("a.csv", OUTCOMES.replace("calculation_", "x")), "no column"
    ),
    "renamed in a catalog": Bad(
        "catalog",
        in_folder("clusters.csv", "code,titel\na,A\n"),
        'Is "titel" the column "title"',
    ),
    "renamed in wages": Bad(
        "oews --year 2025",
        text("a.csv", WAGES.replace("annual_median", "middle")),
        "no column annual_median",
    ),
    "renamed in a release": Bad(
        "onet",
        release({"Interests.txt": b"O*NET-SOC Code\tRating\n"}),
        "Was a column renamed",
    ),
    # Too old
    "an old release": Bad("onet", release({}, "26.3"), "Milepost reads 27.0 and later"),
    "old wages": Bad("oews", text("oews_may2020.csv", WAGES + WAGE), "May 2021 or"),
    "an old outlook": Bad(
        "ooh", text("a.csv", OUTLOOK.replace("_2024", "_2018") + "\n"), "too old"
    ),
    # Cut off on its way
    "half a roster": Bad("people", half(roster), "download it again"),
    "half a release": Bad("onet", half(release({})), "Download it again"),
    "half a framework": Bad(
        "case", half(text("a.json", json.dumps(case_package()))), "Download it again"
    ),
    "half a workbook": Bad("clusters", half(changed_sheet()), "Download it again"),
    "half a row": Bad(
        "mastery --format csv", text("a.csv", RESULTS[:-16]), "Download the file again"
    ),
    # JSON and XML that mean harm
    "a list in a list, 100,000 deep": Bad(
        "case", text("a.json", "[" * 100_000), "nested too deeply"
    ),
    "a table 100,000 deep": Bad(
        "onet",
        release({"work_values.json": b'{"row": [' + b"[" * 100_000}),
        "nested too deeply",
    ),
    "a badge 100,000 deep": Bad("mastery --format openbadges", with_keys, "a.json"),
    "a number of a million digits": Bad(
        "case", text("a.json", '{"CFItems": [' + "9" * MILLION + "]}"), "a.json"
    ),
    "entities within entities": Bad(
        "clusters", changed_sheet(LAUGHS, "Nowhere", "&a11;"), "a.xlsx"
    ),
    "an entity that names a file": Bad(
        "clusters",
        changed_sheet(
            '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>', "Nowhere", "&f;"
        ),
        "a.xlsx",
    ),
}
