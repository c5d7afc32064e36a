"""Spanish stands beside English: complete, plain, kind, with the same blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from content.assistant import ROOT, examples, registry, responses
from reading import inflesz, sentences

TEXTS = ROOT / "pathways" / "texts"
WAITING: frozenset[str] = frozenset()
LEAST_EXAMPLES, LONGEST = 20, 20
HARDEST, MEDIAN = 30.0, 70.0
BANNED = re.compile(
    r"\bdeber[ií]as haber\b|\bhubieras\b|\bten[ií]as que\b|\btienes que\b|\bflojo\b"
    r"|\bflojera\b|\btu culpa\b|\binteligente\b|\blist[oa] para las\b|\bdotad[oa]\b"
    r"|\bgenio\b|\bc[aá]lmate\b|\bfracasaste\b|\bfallaste\b|\bobviamente\b"
    r"|\bsimplemente\b|!!|\bsolamente\b|\bguarda(?:r)? el secreto\b",
    re.IGNORECASE,
)
BLANK = re.compile(r"\{[^}]*\}")


def topics() -> list[str]:
    """Return the files of texts that must be whole in Spanish."""
    return sorted(
        file.stem for file in (TEXTS / "en").glob("*.yml") if file.stem not in WAITING
    )


def lines(language: str, topic: str) -> dict[str, str]:
    """Return the texts of one file, by name."""
    file = TEXTS / language / f"{topic}.yml"
    read: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {f"{topic}.{name}": str(text) for name, text in read.items()}


def spoken() -> Iterator[tuple[str, str]]:
    """Yield (name, text) for all that is said in Spanish."""
    for _, name, variants in responses("es"):
        for variant in variants:
            yield name, variant["text"]
    for file in sorted((TEXTS / "es").glob("*.yml")):
        yield from lines("es", file.stem).items()


def plain(text: str) -> str:
    """Return a text with blanks as one short word and lists as sentences."""
    text = re.sub(r"[“”]?\{[^}]*\}[“”]?", "eso", text)
    text = re.sub(r"College Credit Plus|Ohio Revised Code [\d.()A-Z]+", "eso", text)
    return re.sub(r"\s*\n\s*(?:•\s*)?", ". ", text)


def english() -> dict[str, list[dict[str, Any]]]:
    return {name: variants for _, name, variants in responses()}


def spanish() -> dict[str, list[dict[str, Any]]]:
    return {name: variants for _, name, variants in responses("es")}


def test_every_response_is_there_once_in_as_many_wordings() -> None:
    names = [name for _, name, _ in responses("es")]
    assert len(names) == len(set(names))
    wordings = {name: len(variants) for name, variants in english().items()}
    assert {name: len(variants) for name, variants in spanish().items()} == wordings


def test_every_response_has_the_same_blanks_and_commands() -> None:
    different = {}
    for name, variants in english().items():
        for one, other in zip(variants, spanish()[name], strict=True):
            wanted, found = (
                (
                    sorted(BLANK.findall(text["text"])),
                    [
                        button["payload"] if button["payload"].startswith("/") else ""
                        for button in text.get("buttons", [])
                    ],
                )
                for text in (one, other)
            )
            if wanted != found:
                different[name] = (wanted, found)
    assert different == {}


@pytest.mark.parametrize("topic", topics())
def test_every_line_is_there_with_the_same_blanks(topic: str) -> None:
    wanted = {
        name: sorted(BLANK.findall(text)) for name, text in lines("en", topic).items()
    }
    found = {
        name: sorted(BLANK.findall(text)) for name, text in lines("es", topic).items()
    }
    assert found == wanted


def test_what_waits_for_a_translation_is_not_there_yet() -> None:
    assert {one for one in WAITING if (TEXTS / "es" / f"{one}.yml").exists()} == set()
    assert {file.stem for file in (TEXTS / "en").glob("*.yml")} >= WAITING


def test_no_text_blames_judges_or_cheers_falsely() -> None:
    assert [(name, text) for name, text in spoken() if BANNED.search(text)] == []


def test_no_sentence_is_longer_than_twenty_words() -> None:
    long = {
        name: " ".join(words)
        for name, text in spoken()
        for words in sentences(plain(text))
        if len(words) > LONGEST
    }
    assert long == {}


def test_the_median_text_is_plain_and_none_is_hard() -> None:
    """By the INFLESZ scale: 65 to 80 is fairly easy, under 40 somewhat hard.

    Short texts swing widely on it, so single ones have room and the median has none.
    """
    ease = {
        name: inflesz(plain(text))
        for name, text in spoken()
        if name.startswith("utter_")
        and sum(len(words) for words in sentences(plain(text))) >= 8
    }
    assert {name for name, figure in ease.items() if figure < HARDEST} == set()
    figures = sorted(ease.values())
    assert figures[len(figures) // 2] >= MEDIAN


def test_every_intent_has_twenty_spanish_examples_and_none_twice() -> None:
    found: dict[str, list[str]] = {name: [] for name in registry()}
    for _, intent, text in examples("es"):
        found[intent].append(text)
    few = {name: len(texts) for name, texts in found.items()}
    assert {name: n for name, n in few.items() if n < LEAST_EXAMPLES} == {}
    every = [text.lower() for texts in found.values() for text in texts]
    assert len(every) == len(set(every))


def test_spanish_files_say_so_to_the_training() -> None:
    for file in sorted((ROOT / "data" / "nlu" / "es").glob("*.yml")):
        blocks = yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]
        assert all(one["metadata"] == {"language": "es"} for one in blocks), file
