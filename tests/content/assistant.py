"""Reads the assistant's own files: registry, domain, examples, rules, texts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]


@cache
def read(path: str) -> Any:
    """Return one YAML file of the project."""
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def files(folder: str) -> list[str]:
    """Return the YAML files of a folder, in order."""
    return sorted(
        str(path.relative_to(ROOT)) for path in (ROOT / folder).rglob("*.yml")
    )


def registry() -> list[str]:
    """Return the names of the registry's intents, in order."""
    return [one["name"] for one in read("data/intents.yml")["intents"]]


def domain() -> dict[str, Any]:
    """Return the domain."""
    found: dict[str, Any] = read("domain.yml")
    return found


def in_language(found: list[str], language: str) -> list[str]:
    """Return the files of a language; Spanish ones stand in a folder `es`."""
    return [one for one in found if ("/es/" in one) == (language == "es")]


def examples(language: str = "en") -> Iterator[tuple[str, str, str]]:
    """Yield (file, intent, text) for each training example of a language."""
    for file in in_language(files("data/nlu"), language):
        for block in read(file)["nlu"]:
            for line in block["examples"].splitlines():
                if line.strip():
                    yield file, block["intent"], line.strip().removeprefix("- ")


def rules() -> Iterator[dict[str, Any]]:
    """Yield every rule."""
    for file in files("data/rules"):
        yield from read(file)["rules"]


def responses(
    language: str = "en",
) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """Yield (file, name, variants) for each response, as often as it is defined."""
    for file in in_language(files("data/responses"), language):
        for name, variants in read(file)["responses"].items():
            yield file, name, variants
