"""Reads spans of time as students write them: "6 hrs", "two and a half hours"."""

import re
from collections.abc import Iterator
from typing import Any

NUMBERS: dict[str, float] = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "couple": 2,
    "three": 3,
    "few": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "forty five": 45,
    "fifty": 50,
    "sixty": 60,
    "ninety": 90,
}
SPELLED = "|".join(
    sorted((word.replace(" ", "[ -]") for word in NUMBERS), key=len, reverse=True)
)
NUMBER = rf"(?:\d+(?:\.\d+)?|\.\d+|(?:a )?(?:couple|few)(?: of)?|{SPELLED})"
CLOCK_UNITS = {"min": 1, "m": 1, "hour": 60, "hr": 60, "h": 60}
CALENDAR_UNITS = {"d": "D", "w": "W", "m": "M", "y": "Y"}
HOURS = r"(?:hours?|hrs?|(?<=\d)h)\b"
MINUTES = r"(?:minutes?|mins?|(?<=\d)m)\b"
LONG = r"(?:days?|weekends?|weeks?|wks?|months?|years?|yrs?)\b"
HALF = r"(?:\s+and\s+a\s+half|\s*½|\s+1/2)"
BOTH = re.compile(
    rf"(?<![\w.:/-])({NUMBER})\s*-?{HOURS}(?:,?\s*(?:and\s+)?)({NUMBER})\s*{MINUTES}",
    re.I,
)
PART = re.compile(
    r"(?<![\w.:/])(?<!\band )(?<!\band a )(?<!\d )"
    r"(?:(half)\s+(?:an?\s+)?|an?\s+(half)[\s-]+|(1/2)\s+(?:an?\s+)?"
    r"|(three[\s-]quarters)\s+of\s+an\s+"
    rf"|(?:an?\s+)?(quarter)\s+(?:of\s+an\s+)?){HOURS}",
    re.I,
)
PARTS = (30, 30, 30, 45, 15)
PLAIN = re.compile(
    rf"(?<![\w.:/])({NUMBER})({HALF})?\s*-?\s*"
    rf"({HOURS}|{MINUTES}|{LONG})({HALF})?",
    re.I,
)
BARE_HALF = re.compile(rf"(?<![\w.:/])hour{HALF}", re.I)
NOT_A_SPAN = re.compile(r"\b(?:in|within)(?: about| like| another)?\s*$", re.I)
PER = re.compile(
    r"(?:\btimes|\bonce|\btwice|hours?|hrs?|minutes?|mins?|days?)\s*$", re.I
)
NOT_A_SPAN_AFTER = re.compile(r"\s*(?:ago|from)\b", re.I)


def number(words: str) -> float:
    """Return the number that words or digits say: "a couple of" is 2."""
    plain = re.sub(r"^a (?=couple|few)| of$", "", words.lower().strip())
    plain = plain.replace("-", " ")
    return NUMBERS[plain] if plain in NUMBERS else float(plain)


def clock_length(minutes: int) -> str:
    """Return minutes as an ISO 8601 duration: 90 is PT1H30M."""
    hours, rest = divmod(minutes, 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{rest}M" if rest else "")


def _length(count: float, unit: str) -> str:
    plain = unit.lower()
    for name, minutes in CLOCK_UNITS.items():
        if plain.rstrip("s") in (name, f"{name}ute"):
            return clock_length(round(count * minutes))
    return f"P{count:g}{CALENDAR_UNITS[plain[0]]}"


def _found(match: "re.Match[str]") -> str:
    if match.re is BOTH:
        return clock_length(round(number(match[1]) * 60 + number(match[2])))
    if match.re is PART:
        place = next(place for place, one in enumerate(match.groups()) if one)
        return clock_length(PARTS[place])
    if match.re is BARE_HALF:
        return clock_length(90)
    half = 0.5 if match[2] or match[4] else 0.0
    return _length(number(match[1]) + half, match[3])


def _is_no_span(match: "re.Match[str]", text: str) -> bool:
    """Tell "in two weeks", "a month ago" and "3 times a week" from a span."""
    before, after = text[: match.start()], text[match.end() :]
    if NOT_A_SPAN.search(before) or NOT_A_SPAN_AFTER.match(after):
        return True
    return match[0].lower().startswith("a ") and bool(PER.search(before))


def durations(text: str) -> Iterator[dict[str, Any]]:
    """Yield spans of time as ISO 8601 durations: "6 hours" is PT6H."""
    taken: list[range] = []
    for pattern in (BOTH, PART, PLAIN, BARE_HALF):
        for match in pattern.finditer(text):
            span = range(match.start(), match.end())
            if any(match.start() in one or match.end() - 1 in one for one in taken):
                continue
            taken.append(span)
            value = _found(match)
            if re.search(r"[1-9]", value) and not _is_no_span(match, text):
                yield {
                    "entity": "duration",
                    "value": value,
                    "start": match.start(),
                    "end": match.end(),
                    "extractor": "TimeExtractor",
                }
