"""Courses that a student's words name (O7)."""

from __future__ import annotations

from collections.abc import Sequence

from pathways.app import Milepost
from pathways.domain.catalog import Course
from pathways.domain.lexicon import fold, lexicon_of
from pathways.services.access import Actor


def find_course(
    milepost: Milepost, actor: Actor, words: Sequence[str]
) -> Course | None:
    """Return the course of the catalog that words name: a code, a name, a title."""
    with milepost.work() as work:
        catalog = milepost.catalogs.current(work, actor.school_id)
    lexicon = lexicon_of(catalog)
    for one in words:
        found = catalog.courses.get(one) or lexicon.courses.get(fold(one))
        if found is not None:
            return found
    said = " ".join(fold(one) for one in words)
    titles = {
        fold(title): one
        for one in catalog.courses.values()
        for title in (one.title_es, one.title)
        if title
    }
    return next((course for title, course in titles.items() if title in said), None)
