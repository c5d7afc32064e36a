"""School Courses for the Exchange of Data (SCED): course codes and option sets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pathways.domain.fact_sorts import FactSort
from pathways.formats.facts import Fact, Tally, cell, names_of, need
from pathways.formats.problems import FormatError
from pathways.formats.tables import Row, Unreadable, open_table

CODE = names_of("notation", "SCED Course Code", "sced_code", "code")
TITLE = names_of("label", "SCED Course Title", "Course Title", "title")
TEXT = names_of("definition", "SCED Course Description", "Course Description")
FIVE_DIGITS = re.compile(r"\d{5}")
LOST_DASH = "\N{REPLACEMENT CHARACTER}"
SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".xlsx"})
SOURCE = "SCED"
# CEDS keeps these sets of codes beside the course codes, in files of their own.
OPTIONS = {
    "sced_level": "SCED course level",
    "credit_basis": "CEDS course credit basis",
    "clusters": "CEDS career cluster (16)",
}


def sced_facts(path: Path, tally: Tally) -> Iterator[Fact]:
    """Yield each course code; from a folder, the option sets beside them too.

    Raises:
        FormatError: there are no course codes.
    """
    for file in _files(path):
        table = open_table(file, columns=(CODE[0], TITLE[0]))
        need(table, {"notation": CODE, "label": TITLE, "definition": TEXT})
        option = OPTIONS.get(file.stem.lower())
        for row in tally.rows(table):
            try:
                yield _option(row, file.stem, option) if option else _course(row)
            except Unreadable as error:
                tally.reject(row, error)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(one for one in path.iterdir() if one.suffix.lower() in SUFFIXES)
    known = [one for one in found if one.stem.lower() in (*OPTIONS, "sced")]
    if not any(one.stem.lower() == "sced" for one in known):
        raise FormatError(f"{path}: there is no file sced.tsv or sced.csv in it.")
    return known


def _course(row: Row) -> Fact:
    code = cell(row, CODE, "notation", _five_digits)
    data = {"description": _repaired(row.get(*TEXT)), "subject_area": code[:2]}
    title = _repaired(cell(row, TITLE, "label", str))
    return Fact(FactSort.COURSE_CODE, code, title[:200], data, SOURCE, row=row)


def _option(row: Row, name: str, source: str) -> Fact:
    code = cell(row, CODE, "notation", str)
    title = cell(row, TITLE, "label", str)
    data = {"description": _repaired(row.get(*TEXT))}
    return Fact(
        FactSort.COURSE_OPTION,
        code[:80],
        title[:200],
        data,
        source,
        area=name.lower(),
        row=row,
    )


def _five_digits(text: str) -> str:
    # A spreadsheet takes the zero off 01001.
    padded = text.zfill(5) if text.isdigit() and len(text) == 4 else text
    if padded and not FIVE_DIGITS.fullmatch(padded):
        raise ValueError("write the five digits of a SCED code")
    return padded


def _repaired(text: str) -> str:
    """Put back the dash that the published table has lost."""
    return text.replace(LOST_DASH, "\N{EM DASH}")
