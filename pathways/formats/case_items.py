"""What a competency of a framework becomes, whichever file it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from pathways.domain.fact_sorts import FactSort
from pathways.formats.facts import Fact, Sorted, Tally
from pathways.formats.report import RowError
from pathways.formats.tables import Unreadable

LONGEST = 4000
IDENTIFIER = re.compile(r"[\w./-]{1,80}")
CODE = re.compile(r"[\w .,'/&+-]{1,80}")


@dataclass(frozen=True)
class Framework:
    """What a package says about itself."""

    identifier: str
    title: str
    version: str
    subject: str
    changed: date | None


def read_item(
    item: dict[str, Any], framework: Framework, line: int
) -> tuple[str, list[Any]]:
    """Return an item's identifier and what it says.

    Raises:
        Unreadable: identifier or statement can't be used.
    """
    identifier = item.get("identifier")
    if not isinstance(identifier, str) or not IDENTIFIER.fullmatch(identifier):
        raise Unreadable("identifier", "this item has no identifier that can be used")
    statement = item.get("fullStatement")
    if not isinstance(statement, str) or not text_of(statement):
        raise Unreadable("fullStatement", "this item has no statement")
    if len(statement) > LONGEST:
        raise Unreadable("fullStatement", f"write at most {LONGEST} characters")
    level = item.get("educationLevel", item.get("educationalLevel"))
    return identifier, [
        "item",
        {
            "statement": text_of(statement),
            "coding_scheme": text_of(item.get("humanCodingScheme")),
            "abbreviated": text_of(item.get("abbreviatedStatement")),
            "item_type": text_of(item.get("CFItemType")),
            "education_levels": texts_of(level),
            "keywords": texts_of(item.get("conceptKeywords")),
            "subject": first_of(item.get("subject")) or framework.subject,
            "language": text_of(item.get("language")),
        },
        line,
    ]


def gathered(
    found: Sorted, framework: Framework, file: str, tally: Tally
) -> Iterator[Fact]:
    """Yield each competency once all of its parts are in `found`."""
    known = with_parent = outside = 0
    schemes: set[str] = set()
    inner = {
        value
        for _, values in found.groups()
        for sort, value, *_ in values
        if sort == "parent"
    }
    for identifier, values in found.groups():
        items = [value for value in values if value[0] == "item"]
        if not items:
            outside += 1
            continue
        for _, _, line in items[1:]:
            reason = "this identifier stands here twice"
            tally.rejected.append(
                RowError(file, line, "identifier", identifier, reason)
            )
        data = _merged(identifier, values, schemes)
        known += 1
        with_parent += bool(data["parents"])
        yield _fact(
            identifier, {**data, "has_children": identifier in inner}, framework
        )
    tally.notes.append(
        f"{framework.title} (CASE {framework.version}): {known:,} competencies, "
        f"{with_parent:,} with a parent."
    )
    if outside:
        tally.notes.append(f"{outside} links name items that are not in the package.")


def _merged(
    identifier: str, values: list[list[Any]], schemes: set[str]
) -> dict[str, Any]:
    item = next(value[1] for value in values if value[0] == "item")
    scheme = item["coding_scheme"]
    is_free = CODE.fullmatch(scheme) is not None and scheme not in schemes
    schemes.add(scheme)
    parents = [value[1] for value in values if value[0] == "parent"]
    levels = [value[1] for value in values if value[0] == "level"]
    return {
        **item,
        "parents": list(dict.fromkeys(parents)),
        "scale": sorted(levels, key=lambda one: one["position"] or 0),
        "catalog_code": scheme if is_free else identifier,
    }


def _fact(identifier: str, data: dict[str, Any], framework: Framework) -> Fact:
    title = data["abbreviated"] or data["statement"]
    named = {"framework": framework.title, "case_version": framework.version}
    return Fact(
        FactSort.COMPETENCY,
        identifier,
        title[:200],
        {**data, **named},
        framework.title,
        area=framework.identifier,
        as_of=framework.changed,
    )


def node_of(link: object) -> str:
    """Return the identifier of a link: an object, in old exports a text."""
    if isinstance(link, dict):
        return text_of(link.get("identifier"))[:80]
    return link.rsplit("/", 1)[-1][:80] if isinstance(link, str) else ""


def text_of(value: object) -> str:
    """Return a text on one line; "" for anything else."""
    if not isinstance(value, str):
        return ""
    words = " ".join(value.split())[:LONGEST]
    return "".join(sign for sign in words if sign.isprintable())


def texts_of(value: object) -> list[str]:
    """Return the texts of a list, or of one text with commas."""
    if isinstance(value, str):
        return [part.strip() for part in text_of(value).split(",") if part.strip()]
    found = value if isinstance(value, list) else []
    return [text_of(one) for one in found if text_of(one)]


def first_of(value: object) -> str:
    """Return the first of one or several texts."""
    return next(iter(texts_of(value)), "")


def dicts_of(value: object) -> list[dict[str, Any]]:
    """Return the objects of a list; nothing for anything else."""
    found = value if isinstance(value, list) else []
    return [one for one in found if isinstance(one, dict)]


def number_of(value: object) -> float | None:
    """Return a number; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)


def day_of(value: object) -> date | None:
    """Return the day of a moment; None where it can not be read."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
