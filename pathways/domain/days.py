"""Days of the year, as rules and districts name them."""

from __future__ import annotations

from datetime import date


def age_on(born: date | None, today: date) -> int | None:
    """Return whole years of age, None where the birth date is not known."""
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def next_day(month_day: str | None, today: date) -> date | None:
    """Return the next time that a month and day come, "02-29" on the 28th."""
    if not month_day:
        return None
    month, day = (int(part) for part in month_day.split("-"))
    for year in (today.year, today.year + 1):
        for wanted in (day, day - 1, day - 2, day - 3):
            try:
                found = date(year, month, wanted)
            except ValueError:
                continue
            if found >= today:
                return found
            break
    return None
