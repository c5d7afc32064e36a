"""The day at the school of whoever asks, and days in words."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date

from pathways.app import Milepost
from pathways.services.access import Actor, school_of

PATTERNS = {
    "en": ("EEEE, MMMM d", "MMMM d, yyyy"),
    "es": ("EEEE d 'de' MMMM", "d 'de' MMMM 'de' y"),
}


def today(milepost: Milepost, actor: Actor) -> date:
    """Return the day in the time zone of the actor's school."""
    with milepost.work() as work:
        return milepost.today(school_of(work, actor))


def in_words(day: date, language: str = "en", with_year: bool = False) -> str:
    """Return a day as people say it.

    Returns:
        "Friday, December 18"; "December 18, 2026" with the year; in Spanish "viernes 18
        de diciembre" and "18 de diciembre de 2026".
    """
    pattern = PATTERNS.get(language, PATTERNS["en"])[with_year]
    return str(format_date(day, pattern, locale=language))
