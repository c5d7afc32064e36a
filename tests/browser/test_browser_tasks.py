"""Everybody does their main tasks, in two languages, by mouse and by keys (issue 6).

In English a mouse does them, in Spanish the keyboard alone; no task takes more than
five clicks from the person's start page, and `docs/tasks.md` says how many.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
import tasks_admin
import tasks_advisor
import tasks_counselor
import tasks_family
import tasks_student
from axe import serious
from hand import Hand
from house import Site
from kinds import kinds_on
from playwright.sync_api import BrowserContext, Error
from tasks import TASKS, Task
from town import SAFETY, Town, settle
from ways_in import let_in

Open = Callable[..., BrowserContext]
Seen = defaultdict[tuple[str, str], set[str]]
PAGE = Path(__file__).parents[2] / "docs" / "tasks.md"
ROW = re.compile(r"^\| ([\w ]+) \| ([^|]+) \| .+ \| (\d) \|$", re.M)
MOST = 5
MANY = {"student", "advisor", "counselor", "administrator"}
PEOPLE = {
    "student": "maya",
    "family": "maya.family",
    "mentor": "",
    "advisor": "ortiz",
    "counselor": "bell",
    "safety lead": SAFETY,
    "administrator": "admin",
}
PARTS = (tasks_student, tasks_family, tasks_advisor, tasks_counselor, tasks_admin)
# A student goes first: a family turns coaching off at its end.
WALKED = sorted(TASKS, key=lambda one: list(PEOPLE).index(one.role))


def written() -> dict[tuple[str, str], int]:
    """Return the clicks of each task as the documentation has them."""
    found = ROW.findall(PAGE.read_text(encoding="utf-8"))
    return {(role, name.strip()): int(clicks) for role, name, clicks in found}


def test_every_role_has_its_tasks_and_the_documentation_names_them() -> None:
    assert [(one.role, one.name) for one in WALKED] == list(written())
    for role in PEOPLE:
        count = sum(one.role == role for one in TASKS)
        assert count >= (10 if role in MANY else 2), role
    assert max(written().values()) <= MOST


@pytest.fixture(scope="module")
def seen() -> Seen:
    """The kinds of elements whose colours were well, at the end of each task."""
    return defaultdict(set)


@pytest.mark.timeout(1200)
@pytest.mark.parametrize(
    ("language", "keys"), [("en", False), ("es", True)], ids=["mouse", "keys"]
)
def test_everybody_does_their_main_tasks(
    site: Site, open_context: Open, seen: Seen, language: str, keys: bool
) -> None:
    town = settle(site, language)
    hands = {role: hand_of(town, open_context, role, keys) for role in PEOPLE}
    failed, clicks = {}, {}
    for one in WALKED:
        hand = hands[one.role]
        wrong = trouble(hand, one, town, seen[one.role, one.name])
        if wrong:
            failed[f"{one.role}: {one.name}"] = wrong
        clicks[one.role, one.name] = hand.clicks
    assert not failed, "\n\n".join(f"{name}: {why}" for name, why in failed.items())
    assert clicks == written()


def hand_of(town: Town, open_context: Open, role: str, keys: bool) -> Hand:
    """Return somebody of a role, signed in, in their language."""
    context = open_context(base_url=town.site.url)
    context.set_default_timeout(20_000)
    context.set_default_navigation_timeout(20_000)
    if not PEOPLE[role]:
        page = context.new_page()
        page.goto(f"/sign-in?lang={town.language}")
        return Hand(page, town.language, keys)
    return Hand(let_in(town.site, context, PEOPLE[role]), town.language, keys)


def trouble(hand: Hand, one: Task, town: Town, seen: set[str]) -> str:
    """Walk a task from the start page; say what stood in its way.

    `seen` holds the kinds of elements whose colours were well at its end before.
    """
    try:
        hand.home()
        one.walk(hand, town)
        kinds = kinds_on(hand.page)
        found = serious(hand.page, colours=not kinds <= seen)
        assert not found, found
        seen |= kinds
    except (AssertionError, Error) as error:
        return f"{hand.page.url} {str(error)[:600]}"
    return ""
