"""Words for people, outside the code so that a counselor can review them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pathways.yaml_file import read_yaml

FOLDER = Path(__file__).parent
FALLBACK = "en"
ADULT = "_adult"


@cache
def load(language: str) -> Mapping[str, str]:
    """Return every text of a language by its name, `topic.name`."""
    texts: dict[str, str] = {}
    for file in sorted((FOLDER / language).glob("*.yml")):
        content = read_yaml(file)
        for name, text in content.items():
            texts[f"{file.stem}.{name}"] = " ".join(str(text).split())
    return texts


def say(language: str, name: str, values: Mapping[str, Any] | None = None) -> str:
    """Return a text with its values filled in.

    A language that lacks the text falls back to English.

    Raises:
        KeyError: no such text, or a value is missing.
    """
    texts = load(language)
    text = texts.get(name) or load(FALLBACK)[name]
    return text.format_map(values or {})


def for_reader(name: str, adult: bool) -> str:
    """Return the name of a text as its reader is told it.

    Some texts speak to a student; `name_adult` says the same of the student, to an
    adult, whom Spanish calls "usted".
    """
    other = f"{name}{ADULT}"
    return other if adult and other in load(FALLBACK) else name


def word(language: str, code: str) -> str:
    """Return a code word of the catalog, such as `social_studies`, as people read it.

    One that has no text of its own is written with spaces.
    """
    name = f"words.{code}"
    known = name in load(language) or name in load(FALLBACK)
    return say(language, name) if known else code.replace("_", " ")
