"""Days as the coach says them."""

from datetime import date

from babel.dates import format_date


def in_words(day: date, language: str = "en") -> str:
    """Return a day like "Friday, December 18"."""
    return str(format_date(day, "EEEE, MMMM d", locale=language))
