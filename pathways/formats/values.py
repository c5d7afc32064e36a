"""Reads the numbers and days that exports hold, odd ones included."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, tzinfo

NOTHING = frozenset({"", "n/a", "na", "-", "--", "null", "none", "unscored", "ex"})
US_DAYS = ("%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y", "%b %d, %Y", "%B %d, %Y")
TIME_AFTER = re.compile(r"^(\S*\d)[ ,]+\d{1,2}:\d{2}.*$")
ZONE_WORD = re.compile(r"\s*(UTC|GMT|Z)$", re.IGNORECASE)
FORMULA = re.compile(r"^'*[=+\-@]")
ESCAPED = re.compile(r"^'+[=+\-@]")
YES, NO = (
    frozenset({"1", "1.0", "yes", "true", "y"}),
    frozenset({"0", "0.0", "no", "false", "n"}),
)


def is_blank(text: str) -> bool:
    """Tell whether a cell says that there is no value."""
    return text.strip().casefold() in NOTHING


def number(text: str) -> float | None:
    """Read a number that is not negative; None where the cell says there is none.

    Raises:
        ValueError: it is something else.
    """
    if is_blank(text):
        return None
    try:
        value = float(text.strip().removesuffix("%"))
    except ValueError:
        raise ValueError("write a number like 3 or 2.5") from None
    if not math.isfinite(value) or value < 0:
        raise ValueError("write a number from 0 up")
    return value


def whole(text: str) -> int | None:
    """Read a whole number from 0 up ("2.0" is 2); None for no value.

    Raises:
        ValueError: it is something else.
    """
    value = number(text)
    if value is not None and not value.is_integer():
        raise ValueError("write a whole number")
    return None if value is None else int(value)


def flag(text: str) -> bool | None:
    """Read 1/0, yes/no or true/false; None for no value.

    Raises:
        ValueError: it is something else.
    """
    word = text.strip().casefold()
    if word in YES or word in NO:
        return word in YES
    if is_blank(text):
        return None
    raise ValueError("write 1 or 0, yes or no")


def day(text: str, zone: tzinfo) -> date | None:
    """Read a day or a moment; a moment with an offset counts in `zone`.

    Raises:
        ValueError: it is neither ISO nor in US style.
    """
    if is_blank(text):
        return None
    plain = text.strip()
    try:
        return _iso(plain, zone)
    except ValueError:
        return _us(plain)


def _iso(text: str, zone: tzinfo) -> date:
    in_utc = ZONE_WORD.search(text)
    moment = datetime.fromisoformat(ZONE_WORD.sub("", text))
    if in_utc:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(zone).date() if moment.tzinfo else moment.date()


def _us(text: str) -> date:
    bare = TIME_AFTER.sub(r"\1", text)
    for style in US_DAYS:
        try:
            return datetime.strptime(bare, style).date()
        except ValueError:
            continue
    raise ValueError("write a date like 2026-10-05")


def protected(text: str) -> str:
    """Write a text so that a spreadsheet takes it for no formula."""
    return f"'{text}" if FORMULA.match(text) else text


def unprotected(text: str) -> str:
    """Undo what `protected` does to texts that look like a formula."""
    return text[1:] if ESCAPED.match(text) else text
