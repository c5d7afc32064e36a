"""How easy a text is to read."""

from __future__ import annotations

import re

VOWELS = {"en": "aeiouy", "es": "aeiouáéíóúü"}


def sentences(text: str) -> list[list[str]]:
    plain = re.sub(r"\b(Ms|Mr|Mrs)\.", r"\1", text)
    word = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
    split = (word.findall(part) for part in re.split(r"[.?!]", plain))
    return [words for words in split if words]


def syllables(word: str, language: str) -> int:
    lower = word.lower()
    groups = len(re.findall(f"[{VOWELS[language]}]+", lower))
    if language == "es":
        groups += len(re.findall(r"[aeo](?=[aeoíú])|[íú](?=[aeo])", lower))
    elif lower.endswith("e") and not lower.endswith("le") and groups > 1:
        groups -= 1
    return max(groups, 1)


def rates(text: str, language: str) -> tuple[float, float]:
    """Return words per sentence and syllables per word."""
    parts = sentences(text)
    words = [word for part in parts for word in part]
    total = sum(syllables(word, language) for word in words)
    return len(words) / len(parts), total / len(words)


def flesch_kincaid(text: str) -> float:
    """Grade level (Kincaid and others, 1975)."""
    per_sentence, per_word = rates(text, "en")
    return 0.39 * per_sentence + 11.8 * per_word - 15.59


def inflesz(text: str) -> float:
    """Ease of Spanish text, 65 and more is plain (Szigriszt Pazos, 1993)."""
    per_sentence, per_word = rates(text, "es")
    return 206.835 - 62.3 * per_word - per_sentence
