"""Finding entries of the catalog."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pathways.domain.catalog import Catalog, Entry, Status
from pathways.domain.lexicon import fold

PAGE = 100
States = Literal["", "active", "draft", "retired", "due", "english"]
STATES: tuple[States, ...] = ("", "active", "draft", "retired", "due", "english")


def is_due(entry: Entry, today: date) -> bool:
    """Tell whether an entry's review date has come."""
    return entry.review_by is not None and entry.review_by <= today


def listing(
    catalog: Catalog, kind: str, words: str, state: States, today: date
) -> list[Entry]:
    """Return entries of a kind, by title.

    Args:
        catalog: the newest catalog.
        kind: a kind of entry.
        words: every one of them must stand in title, code or everyday names.
        state: a status, `due` for entries to review, `english` for those without a
            Spanish title, or nothing for all.
        today: the day at the school.
    """
    wanted = fold(words).split()
    found = [
        entry
        for entry in catalog.entries.get(kind, {}).values()
        if _is_in(entry, state, today) and all(word in _text(entry) for word in wanted)
    ]
    return sorted(found, key=lambda entry: entry.title.casefold())


def _is_in(entry: Entry, state: States, today: date) -> bool:
    if state == "due":
        return is_due(entry, today)
    if state == "english":
        return entry.status is Status.ACTIVE and getattr(entry, "title_es", "-") == ""
    return not state or entry.status.value == state


def _text(entry: Entry) -> str:
    names = getattr(entry, "everyday_names", ())
    spanish = getattr(entry, "title_es", "")
    organization = getattr(entry, "organization", "")
    return fold(" ".join((entry.title, spanish, entry.code, organization, *names)))
