"""Resolves dates and durations in a message to real values."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import dateparser
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|"
    r"aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs?|rsday)?|"
    r"fri(?:day)?|sat(?:urday)?|sun(?:day)?)s?"
)
NUMBER = (
    r"(?:\d+(?:\.\d+)?|an?|one|two|three|four|five|six|seven|eight|nine|ten|"
    r"eleven|twelve|couple(?: of)?|half an)"
)
WORDS = {
    word: number
    for number, words in enumerate(
        [
            "half_an",
            "a|an|one",
            "two|couple|couple_of",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ]
    )
    for word in words.replace("_", " ").split("|")
}
WORDS["half an"] = 0.5
UNITS = {
    "minute": "M",
    "min": "M",
    "hour": "H",
    "hr": "H",
    "day": "D",
    "weekend": "W",
    "week": "W",
    "wk": "W",
    "month": "MONTH",
    "semester": "SEMESTER",
    "year": "Y",
}
DURATION = re.compile(
    rf"\b({NUMBER})(\s+and a half)?\s*"
    r"(minutes?|mins?|hours?|hrs?|days?|weekends?|weeks?|wks?|months?|years?)"
    r"(\s+and a half)?\b",
    re.I,
)
PAST = re.compile(
    r"\b(?:worked|did|was|were|went|spent|volunteered|helped|shadowed|finished|had|"
    r"been|interned|coached|babysat|tutored|log|logged|put down|add|added|ago|"
    r"already)\b",
    re.I,
)
AHEAD = re.compile(r"\b(?:will|going to|gonna|want|plan|by|before|remind|due)\b", re.I)
END_OF = re.compile(
    r"\b(?:by |at |before )?(?:the )?end of (?:the |this )?"
    r"(next )?(week|month|year|semester)\b",
    re.I,
)
DATES = [
    re.compile(rf"\b{MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?\b", re.I),
    re.compile(rf"\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{MONTH}\b(?: \d{{4}})?", re.I),
    re.compile(r"\b\d{4}-\d{2}-\d{2}\b"),
    re.compile(r"\bthe \d{1,2}(?:st|nd|rd|th)\b", re.I),
    re.compile(r"\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b"),
    re.compile(r"\b(?:today|tonight|tomorrow|tmrw?|tmw|tomorow|yesterday)\b", re.I),
    re.compile(rf"\b(?:in|within) {NUMBER} (?:days?|weeks?|months?)\b", re.I),
    re.compile(rf"\b{NUMBER} (?:days?|weeks?|months?) (?:from now|ago)\b", re.I),
    re.compile(r"\bnext (?:week|month|year)\b", re.I),
    re.compile(rf"\b(?:(next|this|last|on|by) )?{WEEKDAY}\b", re.I),
    re.compile(rf"\b(?:by|in|before|until|till) (?:the end of )?{MONTH}\b", re.I),
]
SHORT = {
    "tmrw": "tomorrow",
    "tmr": "tomorrow",
    "tmw": "tomorrow",
    "tomorow": "tomorrow",
}
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
SEMESTER_ENDS = ((12, 31), (5, 31))


def _number(words: str) -> float:
    words = words.lower().strip()
    return WORDS.get(words) or float(words)


def _length(count: float, unit: str) -> str:
    code = UNITS[re.sub(r"s$", "", unit.lower())]
    if code in ("M", "H"):
        hours, minutes = divmod(round(count * (60 if code == "H" else 1)), 60)
        return (
            "PT" + (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
        )
    return f"P{count:g}M" if code == "MONTH" else f"P{count:g}{code}"


def durations(text: str) -> Iterator[dict[str, Any]]:
    """Yield spans of time as ISO 8601 durations: "6 hours" is PT6H."""
    for match in DURATION.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        if re.search(r"\b(?:in|within)\s*$", before, re.I) or after.startswith(" ago"):
            continue
        half = 0.5 if match[2] or match[4] else 0.0
        count = _number(match[1]) + half
        if count > 0:
            yield _entity("duration", match, _length(count, match[3]))


def _entity(name: str, match: "re.Match[str]", value: str) -> dict[str, Any]:
    return {
        "entity": name,
        "value": value,
        "start": match.start(),
        "end": match.end(),
        "extractor": "TimeExtractor",
    }


def _last_day_of_month(day: date) -> date:
    following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return following - timedelta(days=1)


def end_of(period: str, following: bool, today: date) -> date:
    """Return the last day of this (or the following) week, month, year, semester."""
    if period == "week":
        return today + timedelta(days=6 - today.weekday() + (7 if following else 0))
    if period == "month":
        first = (
            today if not following else _last_day_of_month(today) + timedelta(days=1)
        )
        return _last_day_of_month(first)
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


def weekday(words: str, today: date, past: bool) -> date | None:
    """Resolve "Friday", "next Friday", "last Saturday" against today.

    A bare day is the coming one, in a message about the past the one that was;
    "next" skips to the week that follows.
    """
    parts = words.lower().split()
    place = DAYS.index(parts[-1][:3])
    ahead = (place - today.weekday()) % 7 or 7
    if parts[0] == "last" or (past and parts[0] != "next"):
        return today - timedelta(days=(today.weekday() - place) % 7 or 7)
    if parts[0] == "next":
        return today + timedelta(days=7 - today.weekday() + place)
    return today + timedelta(days=ahead)


def resolve(words: str, today: date, past: bool = False) -> date | None:
    """Resolve one expression of time to a date, or None where it names none."""
    plain = re.sub(
        r"^(?:by|before|until|till|on|in(?= [a-z]{3}))\s+", "", words, flags=re.I
    )
    plain = SHORT.get(plain.lower(), plain)
    plain = re.sub(r"^the end of\s+", "", plain, flags=re.I)
    if plain.lower() == "tonight":
        return today
    if re.fullmatch(rf"(?:(?:next|this|last) )?{WEEKDAY}", plain, re.I):
        return weekday(plain, today, past)
    plain = re.sub(r"^the (?=\d)", "", plain, flags=re.I)
    slashed = re.match(r"(\d{1,2})/(\d{1,2})\b", plain)
    if slashed and not (1 <= int(slashed[1]) <= 12 and 1 <= int(slashed[2]) <= 31):
        return None
    found = dateparser.parse(
        plain,
        languages=["en"],
        settings={
            "RELATIVE_BASE": datetime.combine(today, datetime.min.time()),
            "PREFER_DATES_FROM": "past" if past else "future",
            "PREFER_DAY_OF_MONTH": "last",
            "DATE_ORDER": "MDY",
            "STRICT_PARSING": False,
        },
    )
    if found is None:
        return None
    return found.date()


def dates(text: str, today: date) -> Iterator[dict[str, Any]]:
    """Yield points in time as ISO dates, the longest expression at each place."""
    taken: list[range] = []
    past = is_past(text)
    for match in END_OF.finditer(text):
        taken.append(range(match.start(), match.end()))
        when = end_of(match[2].lower(), bool(match[1]), today)
        yield _entity("date", match, when.isoformat())
    for pattern in DATES:
        for match in pattern.finditer(text):
            if any(match.start() in span or match.end() - 1 in span for span in taken):
                continue
            when = resolve(match[0], today, past)
            if when is None:
                continue
            taken.append(range(match.start(), match.end()))
            yield _entity("date", match, when.isoformat())


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False
)
class TimeExtractor(GraphComponent):
    """Adds `date` and `duration` entities, seen from the gateway's clock."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Nothing has to stand before this component."""
        return []

    @staticmethod
    def required_packages() -> list[str]:
        """Packages that must be importable."""
        return ["dateparser"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """There is nothing to set."""
        return {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "TimeExtractor":
        """Make the component."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities found to each message."""
        for message in messages:
            text = message.get(TEXT) or ""
            found = [*durations(text), *dates(text, _today(message))]
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages


def _today(message: Message) -> date:
    """Return the school's day that the gateway sent with the message."""
    sent = (message.get("metadata") or {}).get("now")
    return datetime.fromisoformat(sent).date() if sent else datetime.now().date()
