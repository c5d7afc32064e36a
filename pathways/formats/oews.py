"""Wages by occupation and area (OEWS) of the Bureau of Labor Statistics.

They come as a plain table or as the bureau's own workbook (`OCC_CODE`,
`A_MEDIAN`, ...). A wage that is not there has a reason: `#` or footnote 5 is above
the highest figure given, `*` or footnote 8 was not released, footnote 4 is a job
without a full year's work.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path

from pathways.domain.fact_sorts import FactSort
from pathways.formats import values
from pathways.formats.facts import (
    Fact,
    Tally,
    cell,
    matched,
    maybe,
    names_of,
    need,
)
from pathways.formats.problems import FormatError
from pathways.formats.tables import Row, Unreadable, open_table

SOC = names_of("soc_code", "OCC_CODE", "SOC Code")
TITLE = names_of("title", "OCC_TITLE", "Occupation Title")
AREA = names_of("AREA_TITLE", "area")
MEDIAN = names_of("annual_median", "A_MEDIAN")
FIGURES = {
    "mean": names_of("annual_mean", "A_MEAN"),
    "p10": names_of("annual_p10", "A_PCT10"),
    "p25": names_of("annual_p25", "A_PCT25"),
    "p75": names_of("annual_p75", "A_PCT75"),
    "p90": names_of("annual_p90", "A_PCT90"),
    "employment": names_of("employment", "TOT_EMP"),
}
HOURLY_MEDIAN = names_of("hourly_median", "H_MEDIAN")
FOOTNOTE = names_of("median_footnote")
HOURLY_ONLY = names_of("HOURLY")
INDUSTRY = names_of("NAICS")
GROUP = names_of("I_GROUP")
# Of the bureau's own files: total, major, minor, broad or detailed. A code that is
# both broad and detailed stands there twice.
OCCUPATION_GROUP = names_of("O_GROUP", "OCC_GROUP")
YEAR = names_of("year", "OEWS year")
ABSENT = frozenset({"#", "*", "**", "~", "-", ""})
FOOTNOTES = {"4": "hourly_only", "5": "top_coded", "8": "not_released"}
SOC_CODE = re.compile(r"\d{2}-\d{4}")
YEAR_IN_NAME = re.compile(r"(?:may|[_-]m|^m)[ _-]?(20\d\d)|oesm(\d\d)", re.IGNORECASE)
LONGEST_AREA = 80
YEAR_ONLY = re.compile(r"20\d\d")
# May 2021 is the first release in which every code is one of the 2018 SOC.
OLDEST_YEAR = 2021
NATION = frozenset({"us", "u.s.", "national", "united states", "u.s. total"})
soc = matched(SOC_CODE, "write a SOC code like 29-1141")


def oews_facts(
    path: Path,
    tally: Tally,
    year: int | None = None,
    areas: Collection[str] = (),
) -> Iterator[Fact]:
    """Yield a wage fact for each occupation and area, in dollars a year.

    Args:
        path: a table of wages, CSV or Excel.
        tally: what is counted and refused.
        year: the release, where neither a column nor the file's name says it.
        areas: names of the areas that are wanted, "US" for the nation; all if none.

    Raises:
        FormatError: it is no table of wages, of no known year, or too old.
    """
    table = open_table(path, columns=(SOC[0], TITLE[0]))
    need(table, {"soc_code": SOC, "area": AREA, "annual_median": MEDIAN})
    if not set(YEAR) & {*table.columns}:
        year = _release_year(path, year)
    wanted = {one.casefold() for one in areas}
    top_coded = unreleased = 0
    for row in tally.rows(table):
        try:
            fact = _wage(row, year)
        except Unreadable as error:
            tally.reject(row, error)
            continue
        if fact is None or (wanted and fact.area.casefold() not in wanted):
            tally.skipped += 1
            continue
        reason = fact.data["median_absent"]
        top_coded += reason == "top_coded"
        unreleased += reason == "not_released"
        yield fact
    tally.notes.append(
        f"{top_coded} medians above the highest figure given, "
        f"{unreleased} not released; both are kept as such."
    )


def _release_year(path: Path, year: int | None) -> int:
    found = YEAR_IN_NAME.search(path.stem)
    if year is None and found is None:
        raise FormatError(
            f"{path.name}: which year is it? Name it with --year 2025, or keep the "
            "name under which it was published."
        )
    if year is None and found is not None:
        year = int(found[1] or f"20{found[2]}")
    return _fresh(path.name, year or 0)


def _fresh(file: str, year: int) -> int:
    if year < OLDEST_YEAR:
        raise FormatError(
            f"{file}: the wages of {year} are too old. Take May {OLDEST_YEAR} or later "
            "from bls.gov/oes."
        )
    return year


def _wage(row: Row, year: int | None) -> Fact | None:
    """Return the wage of a row; None for a group of occupations or one industry."""
    industry = row.get(*INDUSTRY).strip("0")
    if industry or row.get(*GROUP) not in ("", "cross-industry"):
        return None
    if row.get(*OCCUPATION_GROUP) not in ("", "detailed"):
        return None
    code = cell(row, SOC, "soc_code", soc)
    if code.endswith("000"):
        return None
    if year is None:
        text = cell(row, YEAR, "year", matched(YEAR_ONLY, "write a year like 2025"))
        year = _fresh(row.file, int(text))
    median = maybe(row, MEDIAN, "annual_median", dollars)
    data: dict[str, float | int | str | None] = {
        "median": median,
        "median_absent": "" if median is not None else _reason(row),
        "hourly_median": maybe(row, HOURLY_MEDIAN, "hourly_median", money),
        **{name: maybe(row, names, name, dollars) for name, names in FIGURES.items()},
    }
    return Fact(
        FactSort.WAGE,
        code,
        cell(row, TITLE, "title", str),
        data,
        "BLS OEWS",
        area=_area(cell(row, AREA, "area", str)),
        period=f"{year}-05",
        as_of=date(year, 5, 1),
        row=row,
    )


def _reason(row: Row) -> str:
    sign, note = row.get(*MEDIAN), row.get(*FOOTNOTE)
    if sign == "#":
        return "top_coded"
    if note in FOOTNOTES:
        return FOOTNOTES[note]
    if row.get(*HOURLY_ONLY).casefold() in ("true", "yes", "1"):
        return "hourly_only"
    return "not_released"


def money(text: str) -> float | None:
    """Read an amount like 82,510; None for the signs of a missing one.

    Raises:
        ValueError: it is something else.
    """
    plain = text.replace(",", "").removeprefix("$")
    return None if plain in ABSENT else values.number(plain)


def dollars(text: str) -> int | None:
    """Read an amount in whole dollars, or a count; see `money`."""
    amount = money(text)
    return None if amount is None else round(amount)


def _area(text: str) -> str:
    if text.casefold() in NATION:
        return "US"
    if len(text) > LONGEST_AREA:
        raise Unreadable("area", f"write at most {LONGEST_AREA} characters")
    return text
