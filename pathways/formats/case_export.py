"""The school's competencies as a CASE 1.0 package, for other systems.

Identifiers are made from the school's code and the competency's own code (UUID 5),
so that the same competency has the same identifier each time.

Source: 1EdTech CASE 1.0, JSON binding of CFPackage.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pathways.domain.catalog import Catalog, Competency

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:milepost:competencies")


@dataclass(frozen=True)
class _Node:
    """A heading or a competency of the framework."""

    key: str
    sort: str
    statement: str
    label: str
    parent: str
    words: tuple[str, ...] = ()
    code: str = ""


def case_package(
    catalog: Catalog, school_code: str, school_name: str, at: datetime
) -> dict[str, Any]:
    """Return the active competencies as a CFPackage.

    The framework has the category on top, under it the subjects, under those the
    competencies.

    Args:
        catalog: one version.
        school_code: makes the identifiers the school's own.
        school_name: the creator of the framework.
        at: when the version was published, with a time zone.
    """
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    root = _identifier(school_code, "")
    title = f"Competencies of {school_name}"
    document = {
        "identifier": root,
        "uri": f"urn:uuid:{root}",
        "creator": school_name,
        "title": title,
        "version": str(catalog.version),
        "adoptionStatus": "Implemented",
        "language": "en",
        "lastChangeDateTime": moment,
    }
    nodes = list(_nodes(catalog.competencies.values()))
    link = {"title": title, "identifier": root, "uri": document["uri"]}
    return {
        "CFDocument": document,
        "CFItems": [_item(school_code, node, link, moment) for node in nodes],
        "CFAssociations": [
            _child(school_code, place, node, nodes, link, moment)
            for place, node in enumerate(nodes, start=1)
        ],
    }


def _identifier(school_code: str, key: str) -> str:
    return str(uuid.uuid5(NAMESPACE, f"{school_code}/{key}"))


def _nodes(competencies: Iterable[Competency]) -> Iterator[_Node]:
    seen: set[str] = set()
    for one in sorted(competencies, key=_order):
        top, middle = f"category/{one.category}", f"{one.category}/{one.subject}"
        for key, sort, name, parent in (
            (top, "Category", one.category, ""),
            (middle, "Subject", one.subject, top),
        ):
            if key not in seen:
                seen.add(key)
                words = name.replace("_", " ").capitalize()
                yield _Node(key, sort, words, words, parent)
        yield _Node(
            f"competency/{one.code}",
            "Competency",
            one.statement,
            one.title,
            middle,
            one.everyday_names,
            one.code,
        )


def _order(one: Competency) -> tuple[str, str, str]:
    return one.category, one.subject, one.code


def _item(
    school_code: str, node: _Node, document: dict[str, str], moment: str
) -> dict[str, Any]:
    identifier = _identifier(school_code, node.key)
    item: dict[str, Any] = {
        "identifier": identifier,
        "uri": f"urn:uuid:{identifier}",
        "CFDocumentURI": document,
        "fullStatement": node.statement,
        "abbreviatedStatement": node.label,
        "CFItemType": node.sort,
        "language": "en",
        "lastChangeDateTime": moment,
    }
    if node.code:
        item["humanCodingScheme"] = node.code
        item["conceptKeywords"] = list(node.words)
    return item


def _child(
    school_code: str,
    place: int,
    node: _Node,
    nodes: list[_Node],
    document: dict[str, str],
    moment: str,
) -> dict[str, Any]:
    """Return the association that hangs a node under its parent or the document."""
    labels = {one.key: one.label for one in nodes}
    identifier = _identifier(school_code, f"isChildOf/{node.key}")
    return {
        "identifier": identifier,
        "uri": f"urn:uuid:{identifier}",
        "CFDocumentURI": document,
        "associationType": "isChildOf",
        "sequenceNumber": place,
        "originNodeURI": _link(school_code, node.key, node.label),
        "destinationNodeURI": (
            _link(school_code, node.parent, labels[node.parent])
            if node.parent
            else document
        ),
        "lastChangeDateTime": moment,
    }


def _link(school_code: str, key: str, title: str) -> dict[str, str]:
    identifier = _identifier(school_code, key)
    return {"title": title, "identifier": identifier, "uri": f"urn:uuid:{identifier}"}
