"""What makes a goal: the SMART fields and their limits (feature C1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

LONGEST_SPAN = timedelta(weeks=6)
FIRST_STEP_WITHIN = timedelta(hours=48)
FURTHEST = timedelta(days=730)
SHORTEST_WORDS = 2
LOW_CONFIDENCE = 7
NUMBER = re.compile(r"\b(10|[0-9])\b(?!\s*%)")
NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
        + ["ten"]
    )
}
VAGUE = re.compile(
    r"^(?:(?:i )?(?:want|need|wanna|would like|going|have)(?: to| a)?\s+)?"
    r"(?:do|be|get|try|work|study|become|improve)\s*"
    r"(?:to\s+)?(?:do\s+|be\s+|get\s+)?"
    r"(?:better|more|harder|good|great|well|my best|smarter|at|in|my|a|the|stuff|things"
    r"|everything|it|school|life|grades?|hard)*"
    r"(?:\s*(?:better|more|harder|good|at|in|my|school|life|grades?|stuff|things))*\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class GoalDates:
    """When a goal is due, looked at again, and begun."""

    due: date
    review: date
    first_step: date


def is_vague(words: str) -> bool:
    """Tell whether a goal names neither a subject nor a thing to do."""
    return len(words.split()) < SHORTEST_WORDS or bool(VAGUE.match(words.strip()))


def confidence_of(words: str) -> int | None:
    """Read a confidence from 1 to 10 out of words like "8", "about seven"."""
    found = NUMBER.search(words)
    number = int(found[1]) if found else None
    if number is None:
        spoken = re.findall(r"[a-z]+", words.lower())
        named = [NUMBER_WORDS[one] for one in spoken if one in NUMBER_WORDS]
        number = named[0] if named else None
    return number if number is not None and 1 <= number <= 10 else None


def dates_of(due: date, today: date) -> GoalDates:
    """Return a goal's dates: a checkpoint at most six weeks away, a step in 48 h."""
    return GoalDates(
        due, min(due, today + LONGEST_SPAN), min(due, today + FIRST_STEP_WITHIN)
    )


def due_problem(due: date | None, today: date) -> str:
    """Name what is wrong with a due date: `unreadable`, `past`, `far` or nothing."""
    if due is None:
        return "unreadable"
    if due <= today:
        return "past"
    return "far" if due - today > FURTHEST else ""
