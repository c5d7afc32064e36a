"""Reads the tables of an O*NET release, one fact for each occupation and table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

from pathways.domain.fact_sorts import FactSort
from pathways.formats import onet_columns as columns
from pathways.formats import values
from pathways.formats.facts import (
    Fact,
    Names,
    Sorted,
    Tally,
    cell,
    matched,
    maybe,
    need,
)
from pathways.formats.onet import Release
from pathways.formats.tables import Row, Unreadable

SOC_DETAIL = re.compile(r"\d{2}-\d{4}\.\d{2}")
soc = matched(SOC_DETAIL, "write an O*NET-SOC code like 29-1141.00")
LETTERS = {
    "realistic": "R",
    "investigative": "I",
    "artistic": "A",
    "social": "S",
    "enterprising": "E",
    "conventional": "C",
}
Parsed = tuple[str, list[Any]]


def onet_facts(release: Release, tally: Tally) -> Iterator[Fact]:
    """Yield what a release says; the tally's notes count the occupations.

    Raises:
        FormatError: a table can't be used at all.
    """
    zones = list(_zones(release, tally))
    yield from zones
    seen: Counter[str] = Counter()
    known: set[str] = set()
    for fact in _occupations(release, tally, {one.code for one in zones}, seen):
        known.add(fact.code)
        yield fact
    education = _education_names(release)
    for sort, reader in (
        (FactSort.SKILLS, _rating("IM", "LV")),
        (FactSort.KNOWLEDGE, _rating("IM", "LV")),
        (FactSort.WORK_VALUES, _rating("EX")),
        (FactSort.EDUCATION, lambda row: _level(row, education)),
        (FactSort.RELATED, _related),
        (FactSort.TITLES, _title),
    ):
        for fact in _gathered(release, tally, sort, reader, known):
            seen[sort.value] += 1
            yield fact
    tally.notes.append(
        f"{release.name}: {len(known):,} occupations, {seen['interests']:,} with "
        f"interests, {seen['job_zones']:,} with a job zone, "
        f"{seen['skills']:,} with skills."
    )


def _zones(release: Release, tally: Tally) -> Iterator[Fact]:
    for table in release.tables("job_zone_reference"):
        need(table, {"Job Zone": columns.ZONE, "Name": columns.ZONE_NAME})
        for row in tally.rows(table):
            try:
                number = cell(row, columns.ZONE, "Job Zone", values.whole)
            except Unreadable as error:
                tally.reject(row, error)
                continue
            data = {
                name: row.get(*names) for name, names in columns.ZONE_COLUMNS.items()
            }
            yield _fact(release, FactSort.JOB_ZONE, str(number), data["name"], data)


def _occupations(
    release: Release, tally: Tally, zones: set[str], seen: Counter[str]
) -> Iterator[Fact]:
    """Yield each occupation with its interests and job zone, where it has them."""
    with closing(Sorted()) as rows:
        known: set[str] = set()
        for row in _rows(release, tally, "occupations", {"Title": columns.TITLE}):
            _put(rows, row, tally, lambda one: _occupation(one, known))
        _into(rows, release, tally, "interests", _interest, known)
        _into(rows, release, tally, "job_zones", lambda row: _zone(row, zones), known)
        for code, parts in rows.groups():
            first = next(part for part in parts if part[0] == "occupation")
            interests = {part[1]: part[2] for part in parts if part[0] == "interest"}
            zone = next((part[1] for part in parts if part[0] == "zone"), None)
            seen["interests"] += bool(interests)
            seen["job_zones"] += zone is not None
            data = {
                "description": first[2],
                "interests": interests,
                "job_zone": zone,
            }
            yield _fact(release, FactSort.OCCUPATION, code, first[1], data)


def _into(
    rows: Sorted,
    release: Release,
    tally: Tally,
    table: str,
    read: Callable[[Row], Parsed | None],
    known: set[str],
) -> None:
    for row in _rows(release, tally, table, {}):
        _put(rows, row, tally, read, known)


def _gathered(
    release: Release,
    tally: Tally,
    sort: FactSort,
    read: Callable[[Row], Parsed | None],
    known: set[str],
) -> Iterator[Fact]:
    with closing(Sorted()) as rows:
        _into(rows, release, tally, sort.value, read, known)
        if sort is FactSort.TITLES:
            _into(rows, release, tally, "reported", _reported, known)
        for code, parts in rows.groups():
            yield _fact(release, sort, code, "", _data(sort, parts))


def _data(sort: FactSort, parts: Sequence[list[Any]]) -> dict[str, Any]:
    if sort is FactSort.EDUCATION:
        return {"levels": sorted(parts, key=lambda one: -one[1])}
    if sort is FactSort.RELATED:
        return {"occupations": sorted(parts, key=lambda one: one[2])}
    if sort is FactSort.TITLES:
        return {
            "other": [part[1] for part in parts if part[0] == "other"],
            "reported": [part[1] for part in parts if part[0] == "reported"],
            "shown": [part[1] for part in parts if part[0] == "reported" and part[2]],
        }
    by_element: dict[str, dict[str, Any]] = {}
    for element, name, scale, value in parts:
        entry = by_element.setdefault(element, {"id": element, "name": name})
        entry[scale] = value
    return {"ratings": list(by_element.values())}


def _rows(
    release: Release, tally: Tally, name: str, wanted: Mapping[str, Names]
) -> Iterator[Row]:
    needed = {"O*NET-SOC Code": columns.CODE, **columns.NEEDED.get(name, {})}
    for table in release.tables(name):
        need(table, {**needed, **wanted})
        yield from tally.rows(table)


def _put(
    rows: Sorted,
    row: Row,
    tally: Tally,
    read: Callable[[Row], Parsed | None],
    known: set[str] | None = None,
) -> None:
    try:
        code = cell(row, columns.CODE, "O*NET-SOC Code", soc)
        if known is not None and code not in known:
            raise Unreadable(columns.CODE[0], "Occupation Data has no such occupation")
        parsed = read(row)
    except Unreadable as error:
        tally.reject(row, error)
        return
    if parsed is None:
        tally.skipped += 1
    else:
        rows.put(code, [*([parsed[0]] if parsed[0] else []), *parsed[1]])


def _occupation(row: Row, known: set[str]) -> Parsed:
    title = cell(row, columns.TITLE, "Title", str)
    code = row.get(*columns.CODE)
    if code in known:
        raise Unreadable(columns.CODE[0], "this occupation stands here twice")
    known.add(code)
    return "occupation", [title, row.get(*columns.DESCRIPTION)]


def _interest(row: Row) -> Parsed | None:
    """How much each of the six interests fits (scale OI); high points follow."""
    letter = LETTERS.get(row.get(*columns.ELEMENT_NAME).casefold())
    value = maybe(row, columns.VALUE, "Data Value", values.number)
    if row.get(*columns.SCALE) != "OI" or letter is None or value is None:
        return None
    return "interest", [letter, value]


def _zone(row: Row, zones: set[str]) -> Parsed | None:
    number = maybe(row, columns.ZONE, "Job Zone", values.whole)
    if number is None:
        return None
    if str(number) not in zones:
        raise Unreadable(columns.ZONE[0], "Job Zone Reference has no such job zone")
    return "zone", [number]


def _rating(*scales: str) -> Callable[[Row], Parsed | None]:
    """Return a reader of ratings on some scales, without those not to be used."""

    def read(row: Row) -> Parsed | None:
        scale = cell(row, columns.SCALE, "Scale ID", str)
        value = maybe(row, columns.VALUE, "Data Value", values.number)
        unfit = "Y" in (
            row.get(*columns.SUPPRESS).upper(),
            row.get(*columns.NOT_RELEVANT).upper(),
        )
        if scale not in scales or value is None or unfit:
            return None
        element = cell(row, columns.ELEMENT, "Element ID", str)
        return "", [element, row.get(*columns.ELEMENT_NAME), scale, value]

    return read


def _education_names(release: Release) -> dict[str, str]:
    names: dict[str, str] = {}
    for table in release.tables("education_categories"):
        need(
            table,
            {
                "Category": columns.CATEGORY,
                "Category Description": columns.CATEGORY_TEXT,
            },
        )
        for row in table.rows([]):
            if row.get(*columns.SCALE) in ("RL", ""):
                names[row.get(*columns.CATEGORY)] = row.get(*columns.CATEGORY_TEXT)
    return names


def _level(row: Row, names: Mapping[str, str]) -> Parsed | None:
    """The share of people, in percent, who say that a level of education is needed."""
    share = maybe(row, columns.VALUE, "Data Value", values.number)
    unfit = row.get(*columns.SUPPRESS).upper() == "Y"
    if row.get(*columns.SCALE) not in ("RL", "") or not share or unfit:
        return None
    category = cell(row, columns.CATEGORY, "Category", str)
    return "", [names.get(category, category), share]


def _related(row: Row) -> Parsed | None:
    code = cell(row, columns.RELATED, "Related O*NET-SOC Code", soc)
    place = maybe(row, columns.INDEX, "Index", values.whole)
    return "", [code, row.get(*columns.TIER), place or 0]


def _title(row: Row) -> Parsed | None:
    title = row.get(*columns.OTHER_TITLE)
    return None if values.is_blank(title) else ("other", [title])


def _reported(row: Row) -> Parsed | None:
    title = row.get(*columns.REPORTED)
    if values.is_blank(title):
        return None
    return "reported", [title, row.get(*columns.SHOWN).upper() == "Y"]


def _fact(
    release: Release, sort: FactSort, code: str, title: str, data: Mapping[str, Any]
) -> Fact:
    return Fact(sort, code, title, data, release.name, as_of=release.as_of)
