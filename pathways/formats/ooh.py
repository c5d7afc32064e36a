"""Outlook by occupation: the Occupational Outlook Handbook of the same bureau."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pathways.domain.fact_sorts import FactSort
from pathways.formats import values
from pathways.formats.facts import Fact, Tally, cell, maybe, names_of, need
from pathways.formats.oews import SOC, TITLE, dollars, soc
from pathways.formats.problems import FormatError
from pathways.formats.tables import Row, Table, Unreadable, open_table

CHANGE = names_of("outlook_pct", "percent change")
WORDS = names_of("outlook_desc")
ENTRY = names_of("entry_education")
JOBS_THEN = re.compile(r"num_jobs_(20\d\d)")
JOBS_LATER = re.compile(r"projected_employment_(20\d\d)")
OLDEST_BASE = 2022


def ooh_facts(path: Path, tally: Tally) -> Iterator[Fact]:
    """Yield the outlook of each occupation that has a SOC code; percent in ten years.

    "None" is a value here: no experience, no training needed.

    Raises:
        FormatError: it is no table of outlooks, or an old one.
    """
    table = open_table(path)
    need(table, {"soc_code": SOC, "title": TITLE, "outlook_pct": CHANGE})
    first, last = _years(table)
    without = 0
    for row in tally.rows(table):
        try:
            fact = _outlook(row, first, last)
        except Unreadable as error:
            tally.reject(row, error)
            continue
        if fact is None:
            tally.skipped += 1
            without += 1
        else:
            yield fact
    tally.notes.append(f"{without} rows name a group of occupations, or no outlook.")


def _years(table: Table) -> tuple[int, int]:
    then = [found for one in table.columns if (found := JOBS_THEN.fullmatch(one))]
    later = [found for one in table.columns if (found := JOBS_LATER.fullmatch(one))]
    if not then or not later:
        raise FormatError(
            f"{table.file}: no columns num_jobs_<year> and "
            "projected_employment_<year>. Was a column renamed?"
        )
    first, last = int(then[0][1]), int(later[0][1])
    if first < OLDEST_BASE:
        raise FormatError(
            f"{table.file}: the outlook {first}-{last} is too old. Take the newest."
        )
    return first, last


def _outlook(row: Row, first: int, last: int) -> Fact | None:
    percent = maybe(row, CHANGE, "outlook_pct", _signed)
    code = maybe(row, SOC, "soc_code", soc)
    if not code or percent is None:
        return None
    data = {
        "percent": percent,
        "words": row.get(*WORDS),
        "entry_education": row.get(*ENTRY),
        "work_experience": row.get("work_experience"),
        "training": row.get("training"),
        "jobs": maybe(row, (f"num_jobs_{first}",), f"num_jobs_{first}", dollars),
        "url": row.get("url"),
    }
    return Fact(
        FactSort.OUTLOOK,
        code,
        cell(row, TITLE, "title", str),
        data,
        f"BLS OOH {first}-{last % 100:02}",
        area="US",
        period=f"{first}-{last % 100:02}",
        as_of=date(first, 12, 31),
        row=row,
    )


def _signed(text: str) -> float | None:
    plain = text.replace(",", "").removesuffix("%")
    sign = -1 if plain.startswith("-") and len(plain) > 1 else 1
    found = values.number(plain.removeprefix("-") if sign < 0 else plain)
    return None if found is None else sign * found
