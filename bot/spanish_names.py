"""Finds what the catalog names in English where a student says it in Spanish."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.spanish_times import folded

FILE = Path(__file__).with_name("spanish_names.yml")
WORD = re.compile(r"[a-z0-9]+")
LONGEST = 5
LEAST_PLURAL = 4
Meanings = Mapping[str, list[tuple[str, str, str]]]


@cache
def spanish_names() -> dict[str, str]:
    """Return each Spanish name with the catalog's English word for it."""
    read = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {name: str(word) for word, names in read.items() for name in names}


def _known(words: list[str]) -> str | None:
    """Return the English word for some words, one or many of a thing."""
    said = " ".join(words)
    names = spanish_names()
    for form in (said, said.removesuffix("s"), said.removesuffix("es"), f"{said}s"):
        if form in names and (form == said or len(form) >= LEAST_PLURAL):
            return names[form]
    return None


def named_in_spanish(text: str, meanings: Meanings) -> Iterator[dict[str, Any]]:
    """Yield entities of a text, the longest name at each place.

    Args:
        text: what the student wrote.
        meanings: (entity, value, code) of each phrase that the catalog knows.
    """
    words = list(WORD.finditer(folded(text)))
    place = 0
    while place < len(words):
        step = 1
        for length in range(min(LONGEST, len(words) - place), 0, -1):
            part = words[place : place + length]
            english = _known([one[0] for one in part])
            if english in meanings:
                step = length
                for entity, value, code in meanings[english]:
                    yield {
                        "entity": entity,
                        "value": value,
                        "code": code,
                        "start": part[0].start(),
                        "end": part[-1].end(),
                        "extractor": "CatalogMatcher",
                    }
                break
        place += step
