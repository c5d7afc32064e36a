"""Ids of somebody else in every route that takes one: nothing read, nothing written.

X3: each stranger puts every id of a victim into every place where an id goes.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import asdict

import httpx
import pytest
from door import Door
from little_school import PEOPLE, LittleSchool, Record, fill_record
from sqlalchemy import select
from test_api_access import RULES

from pathways.store.models import Base

CANARY = "zebra-finch-canary"
PERSONAL = {
    "summary_id": "summary_id",
    "line_id": "line_id",
    "student": "student_id",
    "student_id": "student_id",
    "alert_id": "alert_id",
    "goal_id": "goal_id",
    "plan_id": "plan_id",
    "experience_id": "experience_id",
    "request_id": "request_id",
    "reminder_id": "reminder_id",
    "session_id": "session_id",
    "person_id": "student_id",
    "run": "run",
}
NAMED = re.compile(r"{(\w+)(?::path)?}")
ROUTES = [route for route in RULES if set(NAMED.findall(route)) & set(PERSONAL)]
NORTH = {name for name, (_, _, place) in PEOPLE.items() if place == "north"}
STRANGERS = {
    "other_student": set(PEOPLE)
    - {"other_student", "other_advisor", "other_family", "counselor", "safety_lead"},
    "far_student": NORTH | {"far_admin"},
}
# Who keeps the records of a victim's school sees its accounts and answers requests.
KEEPER = {"other_student": "admin", "far_student": "far_admin"}
KEPT = ("/admin", "/data-requests", "/imports")
KEEPS = ("/data-requests/", "/admin/people/", "/imports/{run}")
NOT_THEIRS = {"alert_notice"}  # the watch over alerts writes it meanwhile


def ids_of(record: Record) -> list[str]:
    """Return every id of a record but the mentor's link, which is meant to open."""
    found = asdict(record)
    return [found[name] for name in sorted(found) if name not in ("link", "option_id")]


def paths(route: str, own: Record, victim: Record) -> Iterator[str]:
    """Yield the route with every id of the victim in every place for an id."""
    pattern = route.partition(" ")[2]
    names = NAMED.findall(pattern)
    mine, theirs = asdict(own), asdict(victim)
    if len(names) == 1:
        for one in ids_of(victim):
            yield pattern.replace("{" + names[0] + "}", one)
        return
    choices = [(mine[PERSONAL[name]], theirs[PERSONAL[name]]) for name in names]
    for chosen in itertools.product(*choices):
        if chosen == tuple(mine[PERSONAL[name]] for name in names):
            continue
        path = pattern
        for name, value in zip(names, chosen, strict=True):
            path = path.replace("{" + name + "}", value)
        yield path


def rows_about(little: LittleSchool, victim: Record) -> dict[str, list[str]]:
    """Return all rows of the database in which an id of the victim stands."""
    wanted = set(ids_of(victim))
    found: dict[str, list[str]] = {}
    with little.milepost.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name in NOT_THEIRS:
                continue
            rows = connection.execute(select(table)).all()
            about = [repr(row) for row in rows if wanted & {str(one) for one in row}]
            found[table.name] = sorted(about)
    return found


def send(door: Door, name: str, route: str, path: str) -> httpx.Response:
    method, sent = route.partition(" ")[0], RULES[route].sent
    if path.startswith("/api/v1"):
        more = {"json": sent} if method == "POST" else {}
        return door.api(name, method, path.removeprefix("/api/v1"), **more)
    return door.page(name, method, path, **sent)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", STRANGERS)
def test_no_stranger_reads_or_writes_with_the_ids_of_another(
    name: str, door: Door, little: LittleSchool
) -> None:
    own, victim = fill_record(little, "student"), fill_record(little, name)
    little.say(name, f"My own words: {CANARY}")
    shown = (CANARY, f"{little_name(name)} Test")
    before = rows_about(little, victim)
    assert sum(map(len, before.values())) > 10
    asked, opened = 0, []
    for route, stranger in itertools.product(ROUTES, sorted(STRANGERS[name])):
        if stranger == KEEPER[name] and any(one in route for one in KEEPS):
            continue
        for path in paths(route, own, victim):
            answer = send(door, stranger, route, path)
            asked += 1
            leaked = any(words in answer.text for words in shown)
            if answer.status_code != 404 or leaked:
                opened.append((stranger, route, path, answer.status_code))
    assert opened == []
    assert asked > 1000
    assert rows_about(little, victim) == before


def little_name(name: str) -> str:
    return name.title().replace("_", " ")


def test_lists_and_pages_of_strangers_show_nothing_of_another(
    door: Door, little: LittleSchool
) -> None:
    """Routes without an id: whatever they list, it is not somebody else's."""
    victim = fill_record(little, "other_student")
    little.say("other_student", f"My own words: {CANARY}")
    ids = ids_of(victim)
    plain = [r for r in RULES if r.startswith("GET ") and not NAMED.search(r)]
    for route, stranger in itertools.product(
        plain, sorted(STRANGERS["other_student"] | {""})
    ):
        path = route.partition(" ")[2]
        asked = f"{path}?{RULES[route].query}" if RULES[route].query else path
        answer = send(door, stranger, route, asked)
        assert CANARY not in answer.text, (stranger, route)
        seen = [one for one in ids if one in answer.text]
        kept = stranger == KEEPER["other_student"] and path in KEPT
        assert not seen or kept, (stranger, route)
