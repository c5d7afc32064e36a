"""The fixed words for a student in danger or in a hard time."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pathways.safety.files import load
from pathways.safety.resources import shown

LANGUAGES = ("en", "es")
RED_PARTS = ("opening", "computer", "seen", "danger", "lines", "choice")


@dataclass(frozen=True)
class Reply:
    """A fixed reply: its text and the titles of the buttons under it."""

    text: str
    buttons: tuple[str, ...]


class Seen(StrEnum):
    """What is known of who will see that a student may be in danger, and when."""

    NOW = "seen"
    AFTER_HOURS = "seen_after_hours"
    UNKNOWN = "seen_unknown"
    WAITING = "seen_waiting"
    NOBODY = "seen_nobody"


def reply(
    category: str,
    language: str,
    school_adult: str,
    seen: Seen = Seen.NOW,
    opens: str = "",
) -> Reply:
    """Return the reply for a red screening.

    Args:
        category: a category of ``screen``; an unknown one gets the self-harm words.
        language: "en" or "es"; any other is answered in English.
        school_adult: the name of the person at school who will see the message.
        seen: who will see it, and when.
        opens: when a person looks next, in words; for AFTER_HOURS.
    """
    words = _words(language)
    parts = {name: words.get(name) for name in RED_PARTS}
    openings = words["opening"]
    parts["opening"] = openings.get(category, openings["self_harm"])
    parts["seen"] = words[seen]
    if category in load("replies.yml")["with_abuse_lines"]:
        parts["lines"] = f"{words['lines']} {words['abuse_lines']}"
    text = " ".join(str(parts[name]) for name in RED_PARTS)
    titles = (_filled(title, school_adult) for title in words["buttons"])
    return Reply(_filled(text, school_adult, opens), tuple(titles))


def soft_line(category: str, language: str, school_adult: str) -> str:
    """Return the one or two sentences added to an answer after a soft screening."""
    lines = _words(language)["soft"]
    return _filled(lines.get(category, lines["default"]), school_adult)


def _words(language: str) -> dict[str, Any]:
    known = language if language in LANGUAGES else "en"
    words: dict[str, Any] = load("replies.yml")[known]
    return words


def _filled(text: str, school_adult: str, opens: str = "") -> str:
    return text.format(adult=school_adult, opens=opens, **shown())
