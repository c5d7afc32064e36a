"""The days that students count by: public holidays of the United States.

Federal holidays fall as 5 U.S.C. 6103 says; Halloween and the like are by custom.
"""

from datetime import date, timedelta

FIXED = {
    "christmas eve": (12, 24),
    "christmas": (12, 25),
    "xmas": (12, 25),
    "new year's eve": (12, 31),
    "new years eve": (12, 31),
    "halloween": (10, 31),
    "juneteenth": (6, 19),
    "veterans day": (11, 11),
    "fourth of july": (7, 4),
    "4th of july": (7, 4),
}
BY_WEEK = {
    "thanksgiving": (11, 3, 4),
    "mlk day": (1, 0, 3),
    "presidents day": (2, 0, 3),
    "presidents' day": (2, 0, 3),
    "labor day": (9, 0, 1),
}


def _in_year(name: str, year: int) -> date | None:
    if name in FIXED:
        return date(year, *FIXED[name])
    if name.startswith("new year"):
        return date(year, 1, 1)
    if name.startswith("valentine"):
        return date(year, 2, 14)
    if name == "memorial day":
        last = date(year, 5, 31)
        return last - timedelta(days=last.weekday())
    if name not in BY_WEEK:
        return None
    month, weekday, count = BY_WEEK[name]
    first = date(year, month, 1)
    ahead = (weekday - first.weekday()) % 7 + 7 * (count - 1)
    return first + timedelta(days=ahead)


def holiday(name: str, today: date) -> date | None:
    """Return the next day of that name, today included; None for another name."""
    for year in (today.year, today.year + 1):
        found = _in_year(name, year)
        if found and found >= today:
            return found
    return None
