"""The words of a message that name what the catalog lacks (A4, O3)."""

from __future__ import annotations

import re
from enum import StrEnum

from pathways.domain.lexicon import Lexicon, fold

LONGEST, MOST_WORDS = 60, 5


class Kind(StrEnum):
    """What a student looked for."""

    CAREER = "career"
    INTEREST = "interest"
    SUBJECT = "subject"
    ORGANIZATION = "organization"
    LANGUAGE = "language"


LEADS = {
    Kind.CAREER: (
        r"\bjobs? for\s+(?P<words>.+)",
        r"\b(?:to be|being|become|becoming|work(?:ing)? as|job as|career as|be)"
        r"\s+(?P<words>.+)",
        r"\b(?:what is|what's|whats) (?:it like (?:to be )?)?(?P<words>an? .+?)"
        r"(?: like| do| job)?$",
        r"\b(?:do|does|can|could|would)\s+(?P<words>.+?)\s+"
        r"(?:make|earn|get paid|need|do|have|go)\b",
        r"\b(?:pay|salary|money|jobs?|outlook|school(?:ing)?|degree)\b.{0,12}?"
        r"\b(?:for|of|in|as)\s+(?P<words>.+)",
        r"\b(?:about|into)\s+(?P<words>.+)",
    ),
    Kind.SUBJECT: (
        r"\b(?:in|at|with|on|about|of|for)\s+(?P<words>.+)",
        r"^(?P<words>.+?)\s+(?:class|grade|skills?)\b",
    ),
}
EDGES = re.compile(
    r"^(?:(?:an?|the|my|some|being|to be|of) )+"
    r"|(?: (?:please|pls|lol|tbh|idk|job|jobs|class|career|for a living|someday|one day"
    r"|like|here|now|right now|in ohio|rn))+$"
)
TOLD_OF_PEOPLE = re.compile(
    r"\b(?:i|me|my|mine|mom|mum|dad|he|she|him|her|they|them|brother|sister|friend|uncle"
    r"|aunt|cousin|teacher|it|that|this|you|your|one)\b"
)


def unmet_words(text: str, kind: Kind) -> str:
    """Return the few words of a message that name a career or a subject.

    Empty where the message does not say clearly which words they are, or where they
    speak of a person: a wish that is missed costs less than a name that is kept.
    """
    plain = fold(text)
    for lead in LEADS.get(kind, ()):
        found = re.search(lead, plain)
        if found:
            words = EDGES.sub("", EDGES.sub("", found["words"])).strip()
            return words if fits(words) else ""
    return plain if len(plain.split()) <= 3 and fits(plain) else ""


def fits(words: str) -> bool:
    """Tell whether words are short enough to be a name, and tell of no person."""
    short = 0 < len(words.split()) <= MOST_WORDS and len(words) <= LONGEST
    return short and not TOLD_OF_PEOPLE.search(words)


def is_known(lexicon: Lexicon, kind: Kind, words: str) -> bool:
    """Tell whether the catalog knows words by now."""
    if kind is Kind.SUBJECT:
        return words in lexicon.courses or words in lexicon.competencies
    if kind is Kind.LANGUAGE:
        return False
    if kind is Kind.ORGANIZATION:
        return words in lexicon.organizations
    return lexicon.leads(words).known
