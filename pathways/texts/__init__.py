"""Words for people, outside the code so that a counselor can review them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pathways.yaml_file import read_yaml

FOLDER = Path(__file__).parent
FALLBACK = "en"


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


def word(language: str, code: str) -> str:
    """Return a code word of the catalog, such as `social_studies`, as people read it.

    One that has no text of its own is written with spaces.
    """
    name = f"words.{code}"
    known = name in load(language) or name in load(FALLBACK)
    return say(language, name) if known else code.replace("_", " ")
