"""Competency frameworks as CASE packages (1.0 and 1.1), or as OpenSALT's CSV.

Read in parts, several times over, so that a package of any size needs no memory.
Old exports write `educationalLevel` and a text where later ones have an object.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import ijson

from pathways.formats.case_items import (
    Framework,
    day_of,
    dicts_of,
    first_of,
    gathered,
    node_of,
    number_of,
    read_item,
    text_of,
)
from pathways.formats.facts import Fact, Sorted, Tally, cell, names_of, need
from pathways.formats.json_limits import refuse_odd_json
from pathways.formats.problems import FormatError
from pathways.formats.report import RowError
from pathways.formats.tables import Row, Unreadable, open_table
from pathways.formats.unpacking import json_file

CHILD_OF = "ischildof"
VERSIONS = ("1.0", "1.1")


def case_facts(path: Path, tally: Tally) -> Iterator[Fact]:
    """Yield each competency with its parents and its scale, where it has them.

    Raises:
        FormatError: it is no CASE package.
    """
    if path.suffix.lower() != ".json":
        yield from _from_csv(path, tally)
        return
    refuse_odd_json(path)
    framework = _framework(path)
    with closing(Sorted()) as found:
        for place, item in enumerate(_parts(path, "CFItems.item"), start=1):
            tally.count()
            try:
                found.put(*read_item(item, framework, place))
            except Unreadable as error:
                value = str(item.get(error.column, ""))
                tally.rejected.append(
                    RowError(path.name, place, error.column, value, str(error))
                )
        for link in _parts(path, "CFAssociations.item"):
            if str(link.get("associationType", "")).casefold() == CHILD_OF:
                child, parent = (
                    node_of(link.get(f"{end}NodeURI"))
                    for end in ("origin", "destination")
                )
                if child and parent and parent != framework.identifier:
                    found.put(child, ["parent", parent])
        for item_id, level in _levels(path):
            found.put(item_id, ["level", level])
        yield from gathered(found, framework, path.name, tally)


def _parts(path: Path, prefix: str) -> Iterator[dict[str, Any]]:
    with json_file(path) as file:
        for one in ijson.items(file, prefix, use_float=True):
            if not isinstance(one, dict):
                raise FormatError(f"{path.name}: {prefix} must hold objects.")
            yield one


def _framework(path: Path) -> Framework:
    document = next(_parts(path, "CFDocument"), {})
    identifier, title = (text_of(document.get(one)) for one in ("identifier", "title"))
    if not identifier or not title:
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
        identifier[:80],
        title[:200],
        version,
        first_of(document.get("subject")),
        day_of(document.get("lastChangeDateTime")),
    )


def _levels(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the levels of the rubrics' criteria, each with the item they measure."""
    for rubric in _parts(path, "CFRubrics.item"):
        for criterion in dicts_of(rubric.get("CFRubricCriteria")):
            item_id = node_of(criterion.get("CFItemURI"))
            for level in dicts_of(criterion.get("CFRubricCriterionLevels")):
                if item_id:
                    yield (
                        item_id,
                        {
                            "position": number_of(level.get("position")),
                            "quality": text_of(level.get("quality")),
                            "score": number_of(level.get("score")),
                            "description": text_of(level.get("description")),
                        },
                    )


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
        yield from gathered(found, framework, path.name, tally)


def _csv_item(row: Row, framework: Framework) -> tuple[str, list[Any]]:
    item = {name: row.get(*names) for name, names in COLUMNS.items()}
    return read_item(
        {
            "identifier": cell(row, CSV_ID, "Identifier", str),
            "fullStatement": cell(row, CSV_STATEMENT, "fullStatement", str),
            "humanCodingScheme": item["coding_scheme"],
            "abbreviatedStatement": item["abbreviated"],
            "CFItemType": item["item_type"],
            "conceptKeywords": row.get("conceptkeywords"),
        },
        framework,
        row.line,
    )
