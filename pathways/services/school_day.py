"""The day at the school of whoever asks, and days in words."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date

from pathways.app import Milepost
from pathways.services.access import Actor, school_of


def today(milepost: Milepost, actor: Actor) -> date:
    """Return the day in the time zone of the actor's school."""
    with milepost.work() as work:
        return milepost.today(school_of(work, actor))


def in_words(day: date, language: str = "en", with_year: bool = False) -> str:
    """Return a day as people say it.

    Returns:
        "Friday, December 18"; "December 18, 2026" with the year.
    """
    pattern = "MMMM d, yyyy" if with_year else "EEEE, MMMM d"
    return str(format_date(day, pattern, locale=language))
