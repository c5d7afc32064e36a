"""Competency frameworks as CASE packages (1.0 and 1.1), or as OpenSALT's CSV.

Read in parts, several times over, so that a package of any size needs no memory.
Old exports write `educationalLevel` and a text where later ones have an object.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import ijson

from pathways.domain.fact_sorts import FactSort
from pathways.formats.facts import Fact, Sorted, Tally, cell, names_of, need
from pathways.formats.problems import FormatError
from pathways.formats.report import RowError
from pathways.formats.tables import Row, Unreadable, open_table
from pathways.formats.unpacking import json_file

CHILD_OF = "ischildof"
LONGEST = 4000
IDENTIFIER = re.compile(r"[\w./-]{1,80}")
CODE = re.compile(r"[\w .,'/&+-]{1,80}")
VERSIONS = ("1.0", "1.1")


@dataclass(frozen=True)
class Framework:
    """What a package says about itself."""

    identifier: str
    title: str
    version: str
    subject: str
    changed: date | None


def case_facts(path: Path, tally: Tally) -> Iterator[Fact]:
    """Yield each competency with its parents and its scale, where it has them.

    Raises:
        FormatError: it is no CASE package.
    """
    if path.suffix.lower() != ".json":
        yield from _from_csv(path, tally)
        return
    framework = _framework(path)
    with closing(Sorted()) as found:
        for place, item in enumerate(_parts(path, "CFItems.item"), start=1):
            tally.count()
            try:
                found.put(*_item(item, framework))
            except Unreadable as error:
                value = str(item.get(error.column, ""))
                tally.rejected.append(
                    RowError(path.name, place, error.column, value, str(error))
                )
        for link in _parts(path, "CFAssociations.item"):
            if str(link.get("associationType", "")).casefold() == CHILD_OF:
                child, parent = (
                    _node(link.get(f"{end}NodeURI"))
                    for end in ("origin", "destination")
                )
                if child and parent and parent != framework.identifier:
                    found.put(child, ["parent", parent])
        for item_id, level in _levels(path):
            found.put(item_id, ["level", level])
        yield from _facts(found, framework, path.name, tally)


def _parts(path: Path, prefix: str) -> Iterator[dict[str, Any]]:
    with json_file(path) as file:
        for one in ijson.items(file, prefix, use_float=True):
            if not isinstance(one, dict):
                raise FormatError(f"{path.name}: {prefix} must hold objects.")
            yield one


def _framework(path: Path) -> Framework:
    document = next(_parts(path, "CFDocument"), None)
    if document is None or not document.get("identifier") or not document.get("title"):
        raise FormatError(
            f"{path.name}: this is no CASE package: there is no CFDocument with "
            "identifier and title. Export the framework as CASE JSON."
        )
    version = str(document.get("caseVersion") or VERSIONS[0])
    if version not in VERSIONS:
        raise FormatError(
            f"{path.name}: CASE {version} is not known here. Milepost reads "
            f"{' and '.join(VERSIONS)}."
        )
    return Framework(
        str(document["identifier"])[:80],
        str(document["title"])[:200],
        version,
        _first(document.get("subject")),
        _day(document.get("lastChangeDateTime")),
    )


def _item(item: dict[str, Any], framework: Framework) -> tuple[str, list[Any]]:
    identifier = item.get("identifier")
    if not isinstance(identifier, str) or not IDENTIFIER.fullmatch(identifier):
        raise Unreadable("identifier", "this item has no identifier that can be used")
    statement = item.get("fullStatement")
    if not isinstance(statement, str) or not statement.strip():
        raise Unreadable("fullStatement", "this item has no statement")
    if len(statement) > LONGEST:
        raise Unreadable("fullStatement", f"write at most {LONGEST} characters")
    level = item.get("educationLevel", item.get("educationalLevel"))
    return identifier, [
        "item",
        {
            "statement": " ".join(statement.split()),
            "coding_scheme": _text(item.get("humanCodingScheme")),
            "abbreviated": _text(item.get("abbreviatedStatement")),
            "item_type": _text(item.get("CFItemType")),
            "education_levels": _texts(level),
            "keywords": _texts(item.get("conceptKeywords")),
            "subject": _first(item.get("subject")) or framework.subject,
            "language": _text(item.get("language")),
        },
    ]


def _levels(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the levels of the rubrics' criteria, each with the item they measure."""
    for rubric in _parts(path, "CFRubrics.item"):
        for criterion in _dicts(rubric.get("CFRubricCriteria")):
            item_id = _node(criterion.get("CFItemURI"))
            for level in _dicts(criterion.get("CFRubricCriterionLevels")):
                if item_id:
                    yield (
                        item_id,
                        {
                            "position": _number(level.get("position")),
                            "quality": _text(level.get("quality")),
                            "score": _number(level.get("score")),
                            "description": _text(level.get("description")),
                        },
                    )


def _facts(
    found: Sorted, framework: Framework, file: str, tally: Tally
) -> Iterator[Fact]:
    known = parents = 0
    unknown: Counter[str] = Counter()
    inner: set[str] = set()
    schemes: set[str] = set()
    for _, values in found.groups():
        inner.update(value for sort, value in values if sort == "parent")
    for identifier, values in found.groups():
        items = [value for sort, value in values if sort == "item"]
        if not items:
            unknown["links to items that are not in the package"] += 1
            continue
        if len(items) > 1:
            tally.rejected.append(
                RowError(
                    file, 0, "identifier", identifier, "this item stands here twice"
                )
            )
            continue
        known += 1
        above = [value for sort, value in values if sort == "parent"]
        parents += bool(above)
        scheme = items[0]["coding_scheme"]
        own_code = CODE.fullmatch(scheme) is not None and scheme not in schemes
        schemes.add(scheme)
        levels = [value for sort, value in values if sort == "level"]
        data = {
            **items[0],
            "parents": list(dict.fromkeys(above)),
            "has_children": identifier in inner,
            "scale": sorted(levels, key=lambda one: one["position"] or 0),
            "framework": framework.title,
            "case_version": framework.version,
            "catalog_code": scheme if own_code else identifier,
        }
        title = items[0]["abbreviated"] or items[0]["statement"]
        yield Fact(
            FactSort.COMPETENCY,
            identifier,
            title[:200],
            data,
            framework.title,
            area=framework.identifier,
            as_of=framework.changed,
        )
    tally.notes.append(
        f"{framework.title} (CASE {framework.version}): {known:,} competencies, "
        f"{parents:,} with a parent."
    )
    tally.notes += [f"{count} {what}." for what, count in unknown.items()]


COLUMNS = {
    "coding_scheme": names_of("Human Coding Scheme"),
    "abbreviated": names_of("Abbreviated Statement"),
    "item_type": names_of("CF Item Type", "CFItemType"),
}
CSV_ID = names_of("Identifier")
CSV_STATEMENT = names_of("fullStatement", "Full Statement")
CSV_PARENT = names_of("Is Child Of")


def _from_csv(path: Path, tally: Tally) -> Iterator[Fact]:
    """A table names a parent by identifier or by coding scheme."""
    table = open_table(path)
    need(table, {"Identifier": CSV_ID, "fullStatement": CSV_STATEMENT})
    framework = Framework(path.stem[:80], path.stem[:200], VERSIONS[0], "", None)
    with closing(Sorted()) as found:
        by_scheme: dict[str, str] = {}
        children: list[tuple[str, str]] = []
        for row in tally.rows(table):
            try:
                identifier, values = _csv_item(row, framework)
            except Unreadable as error:
                tally.reject(row, error)
                continue
            found.put(identifier, values)
            by_scheme.setdefault(values[1]["coding_scheme"], identifier)
            if row.get(*CSV_PARENT):
                children.append((identifier, row.get(*CSV_PARENT)))
        for identifier, parent in children:
            found.put(identifier, ["parent", by_scheme.get(parent, parent)])
        yield from _facts(found, framework, path.name, tally)


def _csv_item(row: Row, framework: Framework) -> tuple[str, list[Any]]:
    item = {name: row.get(*names) for name, names in COLUMNS.items()}
    return _item(
        {
            "identifier": cell(row, CSV_ID, "Identifier", str),
            "fullStatement": cell(row, CSV_STATEMENT, "fullStatement", str),
            "humanCodingScheme": item["coding_scheme"],
            "abbreviatedStatement": item["abbreviated"],
            "CFItemType": item["item_type"],
            "conceptKeywords": row.get("conceptkeywords"),
        },
        framework,
    )


def _node(link: object) -> str:
    """Return the identifier of a link: an object, in old exports a text."""
    if isinstance(link, dict):
        return _text(link.get("identifier"))[:80]
    return link.rsplit("/", 1)[-1][:80] if isinstance(link, str) else ""


def _text(value: object) -> str:
    return " ".join(value.split())[:LONGEST] if isinstance(value, str) else ""


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    found = value if isinstance(value, list) else []
    return [_text(one) for one in found if _text(one)]


def _first(value: object) -> str:
    return next(iter(_texts(value)), "")


def _dicts(value: object) -> list[dict[str, Any]]:
    found = value if isinstance(value, list) else []
    return [one for one in found if isinstance(one, dict)]


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
