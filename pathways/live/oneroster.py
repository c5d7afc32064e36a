"""OneRoster REST 1.1 and 1.2: the same tables as in the CSV zip.

Source: 1EdTech OneRoster 1.1 (2017) and 1.2 (2022) REST bindings: `limit`,
`offset`, `X-Total-Count` and `Link: rel="next"`.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

import httpx

from pathways.live.client import Client, Page
from pathways.live.spool import Items, Spool

LIMIT = 100
Thing = Mapping[str, Any]
Table = Sequence[tuple[str, str]]


class Version(StrEnum):
    """The versions of OneRoster."""

    V1P1 = "1.1"
    V1P2 = "1.2"


ROSTER = ("orgs", "users", "demographics", "courses", "classes", "enrollments")
GRADEBOOK = ("lineItems", "results")
FOLDERS = {
    (Version.V1P1, ROSTER): "ims/oneroster/v1p1",
    (Version.V1P2, ROSTER): "ims/oneroster/rostering/v1p2",
    (Version.V1P2, GRADEBOOK): "ims/oneroster/gradebook/v1p2",
}
SAME = "sourcedId status dateLastModified"
TABLES: dict[str, str] = {
    "orgs": f"{SAME} name type identifier",
    "users": f"{SAME} enabledUser orgSourcedIds role username givenName familyName "
    "preferredGivenName agentSourcedIds grades",
    "roles": "sourcedId userSourcedId roleType role orgSourcedId",
    "demographics": "sourcedId birthDate",
    "courses": f"{SAME} title courseCode",
    "classes": f"{SAME} title courseSourcedId",
    "enrollments": f"{SAME} classSourcedId userSourcedId role beginDate endDate",
    "lineItems": f"{SAME} title resultValueMin resultValueMax",
    "results": f"{SAME} lineItemSourcedId studentSourcedId scoreStatus score "
    "textScore scoreDate inProgress incomplete",
    "resultLearningObjectiveIds": "sourcedId resultSourcedId source "
    "learningObjectiveId score textScore",
    "lineItemLearningObjectiveIds": "sourcedId lineItemSourcedId source "
    "learningObjectiveId",
}
LINKS = {
    "orgSourcedIds": "orgs",
    "agentSourcedIds": "agents",
    "courseSourcedId": "course",
    "classSourcedId": "class",
    "userSourcedId": "user",
    "lineItemSourcedId": "lineItem",
    "studentSourcedId": "student",
    "preferredGivenName": "preferredFirstName",
}


def fetch_oneroster(
    client: Client, spool: Spool, version: Version, what: tuple[str, ...]
) -> Iterator[int]:
    """Fetch collections; yield how many things of one there are so far."""
    for name in what:
        path = f"{FOLDERS[version, what]}/{name}"
        first = client.first(path, {"limit": str(LIMIT), "offset": "0"})
        yield from spool.fetch(client, name, first, _items_of(name), _following)


def _items_of(name: str) -> Items:
    def items(body: Any) -> list[Any]:
        found = body.get(name, []) if isinstance(body, dict) else []
        return found if isinstance(found, list) else []

    return items


def _following(address: str, page: Page, count: int) -> str | None:
    """Return the next page: as the answer says, else the next offset."""
    if page.next or count < LIMIT:
        return page.next
    url = httpx.URL(address)
    offset = int(url.params.get("offset", "0")) + count
    if page.total is not None and offset >= page.total:
        return None
    return str(url.copy_set_param("offset", str(offset)))


def write_zip(spool: Spool, path: Path, version: Version) -> Path:
    """Write what was fetched as a OneRoster CSV zip."""
    names = [one.stem for one in spool.folder.glob("*.jsonl")]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        manifest = f"propertyName,value\noneroster.version,{version.value}\n"
        archive.writestr("manifest.csv", manifest)
        for name in names:
            _write(archive, name, (_row(one, name) for one in spool.read(name)))
        if "users" in names and version is Version.V1P2:
            _write(archive, "roles", _roles(spool))
        for name, owner in (("results", "result"), ("lineItems", "lineItem")):
            if name in names:
                table = f"{owner}LearningObjectiveIds"
                _write(archive, table, _objectives(spool, name, owner))
    return path


def _write(archive: zipfile.ZipFile, name: str, rows: Iterator[dict[str, Any]]) -> None:
    with archive.open(f"{name}.csv", "w") as member:
        text = io.TextIOWrapper(member, encoding="utf-8", newline="")
        writer = csv.DictWriter(text, TABLES[name].split(), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
        text.flush()
        text.detach()


def _row(thing: Thing, name: str) -> dict[str, Any]:
    return {
        column: _cell(thing.get(column, thing.get(LINKS.get(column, ""))))
        for column in TABLES[name].split()
    }


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(_cell, value))
    if isinstance(value, dict):
        return str(value.get("sourcedId", ""))
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _roles(spool: Spool) -> Iterator[dict[str, Any]]:
    for user in spool.read("users"):
        for role in user.get("roles", ()):
            yield {
                "sourcedId": f"{user['sourcedId']}-{role.get('role')}",
                "userSourcedId": user["sourcedId"],
                "roleType": role.get("roleType"),
                "role": role.get("role"),
                "orgSourcedId": _cell(role.get("org")),
            }


def _objectives(spool: Spool, name: str, owner: str) -> Iterator[dict[str, Any]]:
    """Yield the learning objectives of results or of line items."""
    for thing in spool.read(name):
        for group in thing.get("learningObjectiveSet") or ():
            ids = [{"learningObjectiveId": x} for x in _listed(group, "Ids")]
            for number, one in enumerate([*ids, *_listed(group, "Results")]):
                yield {
                    **one,
                    "sourcedId": f"{thing['sourcedId']}-{number}",
                    f"{owner}SourcedId": thing["sourcedId"],
                    "source": group.get("source"),
                }


def _listed(group: Thing, ending: str) -> list[Any]:
    found = group.get(f"learningObjective{ending}")
    return found if isinstance(found, list) else []
