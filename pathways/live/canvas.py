"""Canvas' Outcomes API: results and outcomes of courses, as the reports have them.

Source: Canvas REST API documentation, "Outcome Results", "Users", "Courses",
read 2026-11. It gives one result for each outcome and piece of work: the newest.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pathways.live.client import Client, Page, Params
from pathways.live.spool import Spool

PER_PAGE = "100"
REPORT = (
    "student name",
    "student sis id",
    "assignment title",
    "assignment id",
    "submission date",
    "learning outcome name",
    "learning outcome friendly name",
    "learning outcome id",
    "outcome score",
    "learning outcome points possible",
    "learning outcome mastery score",
    "learning outcome mastered",
)
OUTCOMES = (
    "vendor_guid",
    "object_type",
    "title",
    "display_name",
    "calculation_method",
    "calculation_int",
)
Thing = Mapping[str, Any]


def fetch_canvas(
    client: Client, spool: Spool, courses: Iterable[str], account: str
) -> Iterator[int]:
    """Fetch students, results and outcomes; yield how many of a kind there are."""
    if account:
        yield from _all(client, spool, "courses", f"accounts/{account}/courses", {})
    wanted = [*courses, *(str(one["id"]) for one in spool.read("courses"))]
    for course in dict.fromkeys(wanted):
        students = {"enrollment_type[]": "student"}
        path = f"courses/{course}"
        yield from _all(client, spool, f"users-{course}", f"{path}/users", students)
        yield from _all(
            client,
            spool,
            f"results-{course}",
            f"{path}/outcome_results",
            {"include[]": ["outcomes", "alignments"]},
        )


def _all(
    client: Client,
    spool: Spool,
    stream: str,
    path: str,
    params: Params,
) -> Iterator[int]:
    first = client.first(f"api/v1/{path}", {**params, "per_page": PER_PAGE})
    yield from spool.fetch(client, stream, first, _items, _following)


def _items(body: Any) -> list[Any]:
    return body if isinstance(body, list) else [body]


def _following(address: str, page: Page, count: int) -> str | None:
    return page.next


def write_report(spool: Spool, path: Path) -> Path:
    """Write the results as an outcome report."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, REPORT)
        writer.writeheader()
        for course in _courses(spool):
            users = {str(one["id"]): one for one in spool.read(f"users-{course}")}
            for page in spool.read(f"results-{course}"):
                writer.writerows(_rows(page, users))
    return path


def write_outcomes(spool: Spool, path: Path) -> Path:
    """Write the outcomes as Canvas exports them, each once."""
    seen: set[str] = set()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, OUTCOMES, extrasaction="ignore")
        writer.writeheader()
        for course in _courses(spool):
            for page in spool.read(f"results-{course}"):
                for one in page.get("linked", {}).get("outcomes", ()):
                    if str(one["id"]) not in seen and one.get("calculation_method"):
                        seen.add(str(one["id"]))
                        writer.writerow({**one, "object_type": "outcome"})
    return path


def _courses(spool: Spool) -> Iterator[str]:
    for path in sorted(spool.folder.glob("results-*.jsonl")):
        yield path.stem.removeprefix("results-")


def _rows(page: Thing, users: Mapping[str, Thing]) -> Iterator[dict[str, Any]]:
    linked = page.get("linked", {})
    outcomes = {str(one["id"]): one for one in linked.get("outcomes", ())}
    works = linked.get("alignments", linked.get("outcomes.alignments", ()))
    titles = {str(one["id"]): one.get("name") for one in works}
    for result in page.get("outcome_results", ()):
        links = result.get("links", {})
        user = users.get(str(links.get("user")), {})
        outcome = outcomes.get(str(links.get("learning_outcome")), {})
        work = str(links.get("alignment") or links.get("assignment") or "")
        yield {
            "student name": user.get("name"),
            "student sis id": user.get("sis_user_id") or user.get("login_id"),
            "assignment title": titles.get(work) or work,
            "assignment id": work.removeprefix("assignment_"),
            "submission date": result.get("submitted_or_assessed_at"),
            "learning outcome name": outcome.get("title"),
            "learning outcome friendly name": outcome.get("display_name"),
            "learning outcome id": outcome.get("id"),
            "outcome score": result.get("score"),
            "learning outcome points possible": outcome.get("points_possible"),
            "learning outcome mastery score": outcome.get("mastery_points"),
            "learning outcome mastered": {True: "1", False: "0"}.get(
                result.get("mastery"), ""
            ),
        }
