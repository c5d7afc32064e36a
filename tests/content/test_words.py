"""What students read: plain, kind, and short (trust E8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from statistics import median

import yaml
from content.assistant import ROOT, responses
from reading import flesch_kincaid, sentences

HARDEST, MEDIAN, LONGEST = 8.0, 6.0, 20
BANNED = re.compile(
    r"\bshould(?:n't)? have\b|\bjust\b|\bsmart\b|\bgifted\b|\btalented\b|\bgenius\b|"
    r"\blazy\b|\byour fault\b|\bblame\b|\bcalm down\b|\byou must\b|\byou failed\b|"
    r"\bnot a math person\b|\bobviously\b|\bsimply\b|\bawesome!|\bamazing!|!!|"
    r"\bkeep (?:it|this) a? ?secret\b",
    re.IGNORECASE,
)
NAMES = re.compile(
    r"OhioMeansJobs|College Credit Plus|Community Service|Citizenship|Technology|"
    r"Ohio Revised Code [\d.()A-Z]+|credit flexibility|counselors?|internships?|"
    r"Milepost|semester|Summaries|graduate|proficient|developing|beginning|advanced"
)
PRODUCT = (
    "checks",
    "reasons",
    "steps",
    "notes",
    "coach",
    "gateway",
    "credit_plan",
    "credit_way",
    "experience",
    "graduation",
)


def plain(text: str) -> str:
    """Return a text with names as one short word and lists as sentences."""
    text = re.sub(r"[“”]?\{[^}]*\}[“”]?", "it", text)
    text = NAMES.sub("it", text)
    return re.sub(r"\s*\n\s*(?:•\s*)?", ". ", text)


def texts() -> Iterator[tuple[str, str]]:
    """Yield (name, text) for all that the coach says."""
    for _, name, variants in responses():
        for variant in variants:
            yield name, variant["text"]
    for topic in PRODUCT:
        file = ROOT / "pathways" / "texts" / "en" / f"{topic}.yml"
        for name, text in yaml.safe_load(file.read_text(encoding="utf-8")).items():
            yield f"{topic}.{name}", " ".join(str(text).split())


def test_no_text_blames_judges_or_cheers_falsely() -> None:
    assert [(name, text) for name, text in texts() if BANNED.search(text)] == []


def test_no_sentence_is_longer_than_twenty_words() -> None:
    long = {
        name: " ".join(words)
        for name, text in texts()
        for words in sentences(plain(text))
        if len(words) > LONGEST
    }
    assert long == {}


def grades() -> dict[str, float]:
    """Return the reading grade of each text long enough to have one."""
    return {
        name: round(flesch_kincaid(plain(text)), 1)
        for name, text in texts()
        if sum(len(words) for words in sentences(plain(text))) >= 8
    }


def test_no_text_is_harder_than_grade_eight() -> None:
    assert {name: grade for name, grade in grades().items() if grade > HARDEST} == {}


def test_the_median_text_is_grade_six_or_easier() -> None:
    assert median(grades().values()) <= MEDIAN


def test_the_coach_asks_one_question_at_a_time() -> None:
    asked = {
        name: text
        for name, text in texts()
        if name.startswith("utter_ask_") and "_form_" in name and text.count("?") > 1
    }
    assert asked == {}
