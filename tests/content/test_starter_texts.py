"""What students read in the starter catalog: plain, short and kind (trust E8)."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from content.test_words import BANNED, HARDEST, LONGEST, MEDIAN
from reading import flesch_kincaid, sentences

from pathways.demo.generate import STARTER
from pathways.formats.catalog_csv import read_folder

SHORTEST = 8


def texts() -> Iterator[tuple[str, str]]:
    """Yield (code, text) for all that the starter catalog says in sentences."""
    for placed in read_folder(STARTER).placed:
        for column in ("description", "a_day"):
            text = getattr(placed.entry, column, "")
            if text:
                yield f"{placed.entry.code}.{column}", text


def test_no_text_is_harder_than_grade_eight_and_most_are_far_easier() -> None:
    grades = {
        name: flesch_kincaid(text)
        for name, text in texts()
        if sum(len(words) for words in sentences(text)) >= SHORTEST
    }
    assert {name: one for name, one in grades.items() if one > HARDEST} == {}
    assert median(grades.values()) <= MEDIAN


def test_no_sentence_is_longer_than_twenty_words() -> None:
    long = [
        name
        for name, text in texts()
        for words in sentences(text)
        if len(words) > LONGEST
    ]
    assert long == []


def test_no_text_blames_judges_or_cheers_falsely() -> None:
    assert [name for name, text in texts() if BANNED.search(text)] == []


def test_every_entry_says_where_it_is_from_and_when_to_look_again() -> None:
    entries = [placed.entry for placed in read_folder(STARTER).placed]
    bare = [one.code for one in entries if not (one.source and one.as_of)]
    assert bare == []
    assert [one.code for one in entries if one.review_by is None] == []


def test_the_catalog_is_of_a_schools_size() -> None:
    counts: dict[str, int] = {}
    for placed in read_folder(STARTER).placed:
        counts[placed.entry.kind] = counts.get(placed.entry.kind, 0) + 1
    least = {
        "cluster": 14,
        "occupation": 200,
        "course": 150,
        "program": 40,
        "opportunity": 100,
        "credit_option": 80,
        "competency": 60,
        "phrase": 600,
        "credential": 30,
        "seal": 12,
    }
    assert {kind: n for kind, n in least.items() if counts[kind] < n} == {}
