"""Reads the tables of an O*NET release, one fact for each occupation and table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

from pathways.domain.fact_sorts import FactSort
from pathways.formats import values
from pathways.formats.facts import (
    Fact,
    Names,
    Sorted,
    Tally,
    cell,
    matched,
    maybe,
    names_of,
    need,
)
from pathways.formats.onet import Release
from pathways.formats.tables import Row, Unreadable

CODE = names_of("O*NET-SOC Code", "onetsoc_code", "onet_soc_code")
TITLE = names_of("Title")
DESCRIPTION = names_of("Description")
ELEMENT = names_of("Element ID")
ELEMENT_NAME = names_of("Element Name")
SCALE = names_of("Scale ID")
VALUE = names_of("Data Value")
SUPPRESS = names_of("Recommend Suppress")
NOT_RELEVANT = names_of("Not Relevant")
CATEGORY = names_of("Category")
CATEGORY_TEXT = names_of("Category Description")
ZONE = names_of("Job Zone")
ZONE_NAME = names_of("Name")
RELATED = names_of("Related O*NET-SOC Code", "related_onetsoc_code")
TIER = names_of("Relatedness Tier")
INDEX = names_of("Index", "Related Index")
OTHER_TITLE = names_of("Alternate Title", "Job Title", "Alternate Job Title")
REPORTED = names_of("Reported Job Title")
SHOWN = names_of("Shown in My Next Move")
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
ZONE_COLUMNS = {
    "name": ZONE_NAME,
    "experience": names_of("Experience"),
    "education": names_of("Education"),
    "training": names_of("Job Training"),
    "examples": names_of("Examples"),
    "svp_range": names_of("SVP Range"),
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
        need(table, {"Job Zone": ZONE, "Name": ZONE_NAME})
        for row in tally.rows(table):
            try:
                number = cell(row, ZONE, "Job Zone", values.whole)
            except Unreadable as error:
                tally.reject(row, error)
                continue
            data = {name: row.get(*names) for name, names in ZONE_COLUMNS.items()}
            yield _fact(release, FactSort.JOB_ZONE, str(number), data["name"], data)


def _occupations(
    release: Release, tally: Tally, zones: set[str], seen: Counter[str]
) -> Iterator[Fact]:
    """Yield each occupation with its interests and job zone, where it has them."""
    with closing(Sorted()) as rows:
        known: set[str] = set()
        for row in _rows(release, tally, "occupations", {"Title": TITLE}):
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
    columns = {**{"O*NET-SOC Code": CODE}, **NEEDED.get(name, {}), **wanted}
    for table in release.tables(name):
        need(table, columns)
        yield from tally.rows(table)


NEEDED: Mapping[str, Mapping[str, Names]] = {
    "interests": {
        "Element Name": ELEMENT_NAME,
        "Scale ID": SCALE,
        "Data Value": VALUE,
    },
    "job_zones": {"Job Zone": ZONE},
    "skills": {"Element ID": ELEMENT, "Scale ID": SCALE, "Data Value": VALUE},
    "knowledge": {"Element ID": ELEMENT, "Scale ID": SCALE, "Data Value": VALUE},
    "work_values": {"Element ID": ELEMENT, "Scale ID": SCALE, "Data Value": VALUE},
    "education": {"Category": CATEGORY, "Data Value": VALUE},
    "related": {"Related O*NET-SOC Code": RELATED},
    "titles": {"Alternate Title": OTHER_TITLE},
    "reported": {"Reported Job Title": REPORTED},
}


def _put(
    rows: Sorted,
    row: Row,
    tally: Tally,
    read: Callable[[Row], Parsed | None],
    known: set[str] | None = None,
) -> None:
    try:
        code = cell(row, CODE, "O*NET-SOC Code", soc)
        if known is not None and code not in known:
            raise Unreadable(CODE[0], "Occupation Data has no such occupation")
        parsed = read(row)
    except Unreadable as error:
        tally.reject(row, error)
        return
    if parsed is None:
        tally.skipped += 1
    else:
        rows.put(code, [*([parsed[0]] if parsed[0] else []), *parsed[1]])


def _occupation(row: Row, known: set[str]) -> Parsed:
    title = cell(row, TITLE, "Title", str)
    code = row.get(*CODE)
    if code in known:
        raise Unreadable(CODE[0], "this occupation stands here twice")
    known.add(code)
    return "occupation", [title, row.get(*DESCRIPTION)]


def _interest(row: Row) -> Parsed | None:
    """How much each of the six interests fits (scale OI); high points follow."""
    letter = LETTERS.get(row.get(*ELEMENT_NAME).casefold())
    value = maybe(row, VALUE, "Data Value", values.number)
    if row.get(*SCALE) != "OI" or letter is None or value is None:
        return None
    return "interest", [letter, value]


def _zone(row: Row, zones: set[str]) -> Parsed | None:
    number = maybe(row, ZONE, "Job Zone", values.whole)
    if number is None:
        return None
    if str(number) not in zones:
        raise Unreadable(ZONE[0], "Job Zone Reference has no such job zone")
    return "zone", [number]


def _rating(*scales: str) -> Callable[[Row], Parsed | None]:
    """Return a reader of ratings on some scales, without those not to be used."""

    def read(row: Row) -> Parsed | None:
        scale = cell(row, SCALE, "Scale ID", str)
        value = maybe(row, VALUE, "Data Value", values.number)
        unfit = "Y" in (row.get(*SUPPRESS).upper(), row.get(*NOT_RELEVANT).upper())
        if scale not in scales or value is None or unfit:
            return None
        element = cell(row, ELEMENT, "Element ID", str)
        return "", [element, row.get(*ELEMENT_NAME), scale, value]

    return read


def _education_names(release: Release) -> dict[str, str]:
    names: dict[str, str] = {}
    for table in release.tables("education_categories"):
        need(table, {"Category": CATEGORY, "Category Description": CATEGORY_TEXT})
        for row in table.rows([]):
            if row.get(*SCALE) in ("RL", ""):
                names[row.get(*CATEGORY)] = row.get(*CATEGORY_TEXT)
    return names


def _level(row: Row, names: Mapping[str, str]) -> Parsed | None:
    """The share of people, in percent, who say that a level of education is needed."""
    share = maybe(row, VALUE, "Data Value", values.number)
    unfit = row.get(*SUPPRESS).upper() == "Y"
    if row.get(*SCALE) not in ("RL", "") or not share or unfit:
        return None
    category = cell(row, CATEGORY, "Category", str)
    return "", [names.get(category, category), share]


def _related(row: Row) -> Parsed | None:
    code = cell(row, RELATED, "Related O*NET-SOC Code", soc)
    place = maybe(row, INDEX, "Index", values.whole)
    return "", [code, row.get(*TIER), place or 0]


def _title(row: Row) -> Parsed | None:
    title = row.get(*OTHER_TITLE)
    return None if values.is_blank(title) else ("other", [title])


def _reported(row: Row) -> Parsed | None:
    title = row.get(*REPORTED)
    if values.is_blank(title):
        return None
    return "reported", [title, row.get(*SHOWN).upper() == "Y"]


def _fact(
    release: Release, sort: FactSort, code: str, title: str, data: Mapping[str, Any]
) -> Fact:
    return Fact(sort, code, title, data, release.name, as_of=release.as_of)
