"""Resolves the words by which students name a day against the school's today."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from importlib import import_module
from typing import Any

from bot.date_words import (
    AHEAD,
    ANY_TIME_WORD,
    DAY,
    END_OF,
    EXPRESSIONS,
    HOLIDAY,
    MONTH,
    NOT_A_DAY_BEFORE,
    PAST,
    SPELLED_DAY,
    SPELLED_DAYS,
    TODAY,
    TOMORROW,
    WEEKDAY,
    WHOLE_WEEKDAY,
    YESTERDAY,
)
from bot.durations import NUMBER, number
from bot.holidays import holiday

DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
MISSPELLED = {"wen": "wed", "thr": "thu", "fir": "fri"}
SEMESTER_ENDS = ((12, 31), (5, 31))
SCHOOL_YEAR_END = (5, 31)
LEADING = re.compile(r"^(?:by|before|until|till|on|in(?= [a-z]{3}))\s+", re.I)
NAMED_DAY = re.compile(rf"^{WEEKDAY},? (?=.*\d|.*{SPELLED_DAY})", re.I)
COMING = re.compile(r"^(?:this )?coming (?=\w)", re.I)
JUST_PAST = re.compile(r"^this past ", re.I)
COUNTED = re.compile(
    rf"^(in|within)?\s*(?:about|like|another|the next)?\s*({NUMBER}) (?:more )?"
    r"(day|week|wk|month|weekend)s?(?: (from now|ago|out|back))?$",
    re.I,
)
AFTER_A_DAY = re.compile(rf"^({NUMBER}) (week|day)s? (?:from|after) (.+)$", re.I)
PART_OF_MONTH = re.compile(
    rf"^(early|mid|late|beginning|start|middle)(?:[ -]| of )({MONTH}|next month)$", re.I
)
DAYS_OF_PARTS = {"early": 7, "beginning": 1, "start": 1, "mid": 15, "middle": 15}


def last_day_of_month(day: date) -> date:
    """Return the last day of the month that a day lies in."""
    following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return following - timedelta(days=1)


def _next_of(month: int, day: int, today: date) -> date:
    this_year = date(today.year, month, day)
    return this_year if this_year >= today else date(today.year + 1, month, day)


def end_of(period: str, following: bool, today: date) -> date:
    """Return the last day of this (or the following) week, month, year, semester."""
    if period in ("week", "weekend"):
        return today + timedelta(days=6 - today.weekday() + (7 if following else 0))
    if period == "month":
        first = last_day_of_month(today) + timedelta(days=1) if following else today
        return last_day_of_month(first)
    if period == "school year":
        found = _next_of(*SCHOOL_YEAR_END, today)
        return found.replace(year=found.year + following)
    if period == "year":
        return date(today.year + following, 12, 31)
    ends = sorted(
        date(today.year + later, month, day)
        for later in (0, 1)
        for month, day in SEMESTER_ENDS
    )
    return [end for end in ends if end >= today][int(following)]


def is_past(text: str) -> bool:
    """Tell whether a message speaks of what has happened: "I worked on Saturday"."""
    return bool(PAST.search(text)) and not AHEAD.search(text)


def weekday(words: str, today: date, past: bool) -> date:
    """Resolve "Friday", "next Friday", "last Saturday" against today.

    A bare day is the coming one, in a message about the past the one that was;
    "next" skips to the week that follows.
    """
    parts = words.lower().split()
    short = parts[-1][:3]
    place = DAYS.index(MISSPELLED.get(short, short))
    ahead = (place - today.weekday()) % 7 or 7
    if parts[0] == "last" or (past and parts[0] != "next"):
        return today - timedelta(days=(today.weekday() - place) % 7 or 7)
    if parts[0] == "next":
        return today + timedelta(days=7 - today.weekday() + place)
    return today + timedelta(days=ahead)


def _months_on(day: date, count: int) -> date:
    months = day.year * 12 + day.month - 1 + count
    first = date(months // 12, months % 12 + 1, 1)
    return first.replace(day=min(day.day, last_day_of_month(first).day))


def _counted(match: "re.Match[str]", today: date) -> date:
    count = number(match[2])
    if match[4] and match[4].lower() in ("ago", "back"):
        count = -count
    if match[3].lower() == "month":
        return _months_on(today, round(count))
    days = 1 if match[3].lower() == "day" else 7
    return today + timedelta(days=round(count * days))


def _month_number(words: str) -> int:
    return datetime.strptime(words[:3].title(), "%b").month


def _part_of_month(match: "re.Match[str]", today: date) -> date:
    if match[2].lower() == "next month":
        month = _months_on(today.replace(day=1), 1)
    else:
        month = _next_of(_month_number(match[2]), 28, today).replace(day=1)
    day = DAYS_OF_PARTS.get(match[1].lower())
    return month.replace(day=day) if day else last_day_of_month(month)


def _near(words: str, today: date, past: bool) -> date | None:
    """Resolve what is told by days and weeks around today."""
    after = AFTER_A_DAY.match(words)
    if after:
        start = resolve(after[3], today, past)
        days = number(after[1]) * (7 if after[2].lower() == "week" else 1)
        return start and start + timedelta(days=round(days))
    if re.fullmatch(rf"(?:the )?day after {TOMORROW}", words, re.I):
        return today + timedelta(days=2)
    if re.fullmatch(r"(?:the )?day before yesterday", words, re.I):
        return today - timedelta(days=2)
    if re.fullmatch(TODAY, words, re.I):
        return today
    if re.fullmatch(TOMORROW, words, re.I):
        return today + timedelta(days=1)
    if re.fullmatch(YESTERDAY, words, re.I):
        return today - timedelta(days=1)
    if words.lower() == "this weekend":
        return today + timedelta(days=max(0, 5 - today.weekday()))
    if words.lower().endswith("weekend"):
        return weekday(f"{words.split()[0]} saturday", today, past or "past" in words)
    if words.lower() in ("next week", "last week"):
        return today + timedelta(days=7 if words[0] in "nN" else -7)
    counted = COUNTED.match(words)
    return _counted(counted, today) if counted else None


def _of_month(words: str, today: date) -> date | None:
    """Resolve a day or a part of a month, and the feasts that schools speak of."""
    if re.fullmatch(rf"(?:the )?{HOLIDAY}", words, re.I):
        return holiday(re.sub(r"^the ", "", words.lower()), today)
    part = PART_OF_MONTH.match(words)
    if part:
        return _part_of_month(part, today)
    day = re.fullmatch(rf"(?:the )?({DAY}) (?:of )?(next|this) month", words, re.I)
    if day:
        month = _months_on(today.replace(day=1), int(day[2].lower() == "next"))
        wanted = _day_number(day[1])
        fits = 0 < wanted <= last_day_of_month(month).day
        return month.replace(day=wanted) if fits else None
    return None


def _day_number(words: str) -> int:
    found = SPELLED_DAYS.get(words.lower())
    return found or int(re.sub(r"\D", "", words))


def _in_digits(words: str) -> str:
    plain = re.sub(
        rf"\b({SPELLED_DAY})\b",
        lambda match: str(SPELLED_DAYS[match[1].lower()]),
        words,
        flags=re.I,
    )
    return re.sub(r"^the (?=\d)", "", plain, flags=re.I)


def resolve(words: str, today: date, past: bool = False) -> date | None:
    """Resolve one expression of time to a date, or None where it names none."""
    plain = LEADING.sub("", words)
    plain = re.sub(r"^(?:the )?end of\s+", "", plain, flags=re.I)
    found = _near(plain, today, past) or _of_month(plain, today)
    if found:
        return found
    following = re.fullmatch(rf"({WEEKDAY}) after next", plain, re.I)
    if following:
        return weekday(f"next {following[1]}", today, False) + timedelta(days=7)
    past = past or bool(JUST_PAST.match(plain))
    plain = JUST_PAST.sub("", COMING.sub("", plain))
    plain = re.sub(r"^(?:on|by) ", "", plain, flags=re.I)
    if re.fullmatch(rf"(?:(?:next|this|last) )?{WEEKDAY}", plain, re.I):
        return weekday(plain, today, past)
    plain = NAMED_DAY.sub("", plain)
    month = re.fullmatch(rf"(?:this |next |(last ))?({MONTH})", plain, re.I)
    if month:
        return _end_of_month(_month_number(month[2]), today, past or bool(month[1]))
    day = re.fullmatch(r"(?:the )?(\d{1,2})(?:st|nd|rd|th)", plain, re.I)
    if day:
        return _day_of_month(int(day[1]), today, past)
    return _by_parser(_in_digits(plain), today, past)


def _end_of_month(month: int, today: date, past: bool) -> date:
    year = today.year
    if past:
        return last_day_of_month(date(year - (month > today.month), month, 1))
    return last_day_of_month(date(year + (month < today.month), month, 1))


def _day_of_month(day: int, today: date, past: bool) -> date | None:
    """Return the nearest day of that number, today included."""
    for months in range(3):
        month = _months_on(today.replace(day=1), -months if past else months)
        if 0 < day <= last_day_of_month(month).day:
            found = month.replace(day=day)
            if found <= today if past else found >= today:
                return found
    return None


def _by_parser(words: str, today: date, past: bool) -> date | None:
    words = words.lower().replace("febuary", "february")
    slashed = re.match(r"(\d{1,2})[/-](\d{1,2})\b", words)
    if slashed and not (1 <= int(slashed[1]) <= 12 and 1 <= int(slashed[2]) <= 31):
        return None
    settings = {
        "RELATIVE_BASE": datetime.combine(today, datetime.min.time()),
        "PREFER_DATES_FROM": "past" if past else "future",
        "PREFER_DAY_OF_MONTH": "last",
        "DATE_ORDER": "MDY",
        "STRICT_PARSING": False,
    }
    found = load_dates().parse(words, languages=["en"], settings=settings)
    return found.date() if found else None


def load_dates() -> Any:
    """Return the library of dates: half a second that a start need not wait for."""
    return import_module("dateparser")


def _is_no_day(match: "re.Match[str]", text: str) -> bool:
    """Tell "the SAT" and "I sat" from Saturday: a short name alone is doubtful."""
    words = match[0].split()
    if len(words) > 1 or not re.fullmatch(WEEKDAY, words[0], re.I):
        return False
    if WHOLE_WEEKDAY.search(words[0]):
        return False
    after = text[match.end() :]
    if match[0].lower().startswith(("sat", "sun", "wed", "mon")):
        return bool(
            (match[0] == "SAT" and not text.isupper())
            or NOT_A_DAY_BEFORE.search(text[: match.start()])
            or re.match(r"\s+(?:prep|scores?|math|test|practice|down|there)\b", after)
        )
    return False


def dates(text: str, today: date) -> Iterator[dict[str, Any]]:
    """Yield points in time as ISO dates, the longest expression at each place."""
    if not ANY_TIME_WORD.search(text):
        return
    taken: list[range] = []
    past = is_past(text)
    for match in END_OF.finditer(text):
        taken.append(range(match.start(), match.end()))
        yield _entity(match, end_of(match[2].lower(), bool(match[1]), today))
    for pattern in EXPRESSIONS:
        for match in pattern.finditer(text):
            if any(match.start() in span or match.end() - 1 in span for span in taken):
                continue
            when = None if _is_no_day(match, text) else resolve(match[0], today, past)
            if when is not None:
                taken.append(range(match.start(), match.end()))
                yield _entity(match, when)


def _entity(match: "re.Match[str]", when: date) -> dict[str, Any]:
    return {
        "entity": "date",
        "value": when.isoformat(),
        "start": match.start(),
        "end": match.end(),
        "extractor": "TimeExtractor",
    }
