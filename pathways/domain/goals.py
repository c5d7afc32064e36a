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
    for names in (
        "zero one two three four five six seven eight nine ten",
        "cero uno dos tres cuatro cinco seis siete ocho nueve diez",
    )
    for number, word in enumerate(names.split())
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
LARGE = re.compile(
    r"\b(?:get into (?:\w+ ){0,2}(?:college|university|med school|osu)"
    r"|become (?:an? )?\w+|be an? (?:doctor|nurse|lawyer|engineer|vet|teacher|pilot)"
    r"|graduate|full ride|(?:pass|ace|fix|catch up on) (?:all|every)"
    r"|get (?:all|straight) a'?s|whole (?:novel|book|life|year)"
    r"|own (?:business|company)|career|rest of my life)\b",
    re.IGNORECASE,
)
ACT = (
    r"(?:get|make|do|be|become|learn|pass|finish|write|read|run|join|start|build|play"
    r"|raise|save|find|win|apply|graduate|improve|stop|quit)"
)
TWO_IN_ONE = re.compile(rf"^(?:i want to )?{ACT} \w+.* and (?:also )?{ACT} \w+", re.I)
TINY = re.compile(
    r"\b(?:\d{1,2}|five|ten|fifteen|a few|one|two|couple(?: of)?) ?(?:min(?:ute)?s?\b)"
    r"|\b(?:cinco|diez|quince|unos) minutos?\b|\b(?:escribirle|preguntar\w*"
    r"|abrir|buscar|pedir\w*)\b"
    r"|\b(?:one|1|a single|the first)\b|\b(?:email|ask|text|open|find|look up)\b",
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


def dates_of(due: date, today: date, step: date | None = None) -> GoalDates:
    """Return a goal's dates: a checkpoint at most six weeks away, a step in 48 h.

    A day that the student named for the step counts where it lies within them.
    """
    latest = min(due, today + FIRST_STEP_WITHIN)
    first = step if step and today <= step <= latest else latest
    return GoalDates(due, min(due, today + LONGEST_SPAN), first)


def step_day_of(iso: str) -> date | None:
    """Read the day of a first step; None where none was named."""
    try:
        return date.fromisoformat(iso)
    except ValueError:
        return None


def is_late_step(step: date | None, today: date) -> bool:
    """Tell whether a step was put off beyond 48 hours."""
    return step is not None and step > today + FIRST_STEP_WITHIN


def due_problem(due: date | None, today: date) -> str:
    """Name what is wrong with a due date: `unreadable`, `past`, `far` or nothing."""
    if due is None:
        return "unreadable"
    if due <= today:
        return "past"
    return "far" if due - today > FURTHEST else ""


def is_large(words: str) -> bool:
    """Tell whether a goal is one for years, or two goals in one."""
    return bool(LARGE.search(words) or TWO_IN_ONE.search(words))


def is_tiny(words: str) -> bool:
    """Tell whether a step is as small as one sitting: minutes, or one of something."""
    return bool(TINY.search(words))
