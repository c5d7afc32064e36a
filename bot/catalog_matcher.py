"""Finds what a message is about: the catalog's own words, by spaCy's phrase matcher."""

import json
import logging
import os
from collections.abc import Callable, Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

import spacy
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from spacy.attrs import LEMMA, LOWER
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from bot.language_router import is_spanish
from bot.spanish_names import named_in_spanish
from bot.spelling import Spelling

logger = logging.getLogger(__name__)
Meaning = tuple[str, str, str]
SHORTEST_LEMMA = 4
LINES = 500


def make_language() -> Language:
    """Return an English pipeline that only lemmatizes, from lookup tables."""
    language = spacy.blank("en")
    language.add_pipe("lemmatizer", config={"mode": "lookup"})
    language.initialize()
    return language


def is_english(language: Language) -> Callable[[str], bool]:
    """Return a test for the words, in all their forms, that the lemmatizer knows."""
    table = language.get_pipe("lemmatizer").lookups.get_table("lemma_lookup")
    lemmas = frozenset(table.values())
    return lambda word: word in lemmas or word in table


def read_many(
    language: Language, phrases: list[str]
) -> Iterator[tuple[str, list[int], list[int]]]:
    """Give each phrase with its words and its lemmas, as spaCy numbers them.

    Many are read as the lines of one text: that takes less than half the time of
    reading them one by one, and a catalog has thousands.
    """
    line_break = language.vocab.strings.add("\n")
    for first in range(0, len(phrases), LINES):
        lines = phrases[first : first + LINES]
        text = "\n".join(" ".join(one.split()) for one in lines)
        rows = language(text).to_array([LOWER, LEMMA]).tolist()
        for line in lines:
            own = list(takewhile(lambda row: row[0] != line_break, rows))
            del rows[: len(own) + 1]
            yield line, [word for word, _ in own], [lemma for _, lemma in own]


class Gazetteer:
    """The phrases that `pathways` wrote at the last publish, ready to match.

    Args:
        path: JSON of `{"entries": [{"entity", "value", "code", "phrases"}]}`.
        language: the pipeline that phrases and messages both pass through.
    """

    def __init__(self, path: Path, language: Language) -> None:
        """Start empty; `refresh` reads the file."""
        self._path, self._language = path, language
        self._seen: tuple[int, int] | None = None
        self._matchers: list[PhraseMatcher] = []
        self._meanings: dict[str, list[Meaning]] = {}
        self._is_english = is_english(language)
        self._spelling = Spelling((), self._is_english)

    def refresh(self) -> None:
        """Read the file again when it changed; keep the old one if it is broken."""
        try:
            state = self._path.stat()
            stamp = (state.st_mtime_ns, state.st_size)
            if stamp == self._seen:
                return
            entries = json.loads(self._path.read_text(encoding="utf-8"))["entries"]
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError) as error:
            logger.error("The gazetteer can't be read: %s", type(error).__name__)
            return
        self._read(entries)
        self._seen = stamp

    def _read(self, entries: list[dict[str, Any]]) -> None:
        meanings: dict[str, list[Meaning]] = {}
        for entry in entries:
            meaning = (entry["entity"], entry["value"], entry["code"])
            for phrase in entry["phrases"]:
                meanings.setdefault(phrase.lower(), []).append(meaning)
                if entry["entity"] == "career" and phrase[2:] and phrase[-1:].isalpha():
                    meanings.setdefault(f"{phrase.lower()}s", []).append(meaning)
        vocab = self._language.vocab
        by_word = PhraseMatcher(vocab, attr="LOWER")
        by_lemma = PhraseMatcher(vocab, attr="LEMMA")
        for phrase, words, lemmas in read_many(self._language, list(meanings)):
            by_word.add(phrase, [words])
            if len(phrase) >= SHORTEST_LEMMA:
                by_lemma.add(phrase, [lemmas])
        self._matchers, self._meanings = [by_word, by_lemma], meanings
        words = {word for phrase in meanings for word in phrase.split()}
        self._spelling = Spelling(words, self._is_english)

    def find(self, text: str) -> list[dict[str, Any]]:
        """Return the entities of a text, longest match first where they overlap."""
        written = self._language.make_doc(text.lower())
        document = self._mended(written)
        entities = []
        for span in self._spans(document):
            place = written[span.start : span.end]
            if _is_small_word(place, text):
                continue
            for entity, value, code in self._meanings[span.label_]:
                entities.append(
                    {
                        "entity": entity,
                        "value": value,
                        "code": code,
                        "start": place.start_char,
                        "end": place.end_char,
                        "extractor": "CatalogMatcher",
                    }
                )
        return entities

    def find_spanish(self, text: str) -> list[dict[str, Any]]:
        """Return what a Spanish text names, and what it borrows from English.

        Names of places and of many classes stay English in a Spanish message.
        """
        found = list(named_in_spanish(text, self._meanings))
        return found + [
            one
            for one in self.find(text)
            if one["end"] - one["start"] >= SHORTEST_LEMMA
            and text[one["start"] : one["end"]].lower() in self._meanings
            and not any(
                one["start"] < other["end"] and other["start"] < one["end"]
                for other in found
            )
        ]

    def _mended(self, written: Doc) -> Doc:
        words = [self._spelling.mend(token.text) for token in written]
        spaces = [bool(token.whitespace_) for token in written]
        return self._language(Doc(written.vocab, words=words, spaces=spaces))

    def _spans(self, document: Doc) -> list[Span]:
        exact_first: list[Span] = []
        for matcher in self._matchers:
            exact_first += filter_spans(matcher(document, as_spans=True))
        chosen: list[Span] = []
        for span in sorted(exact_first, key=len, reverse=True):
            if not any(span.start < one.end and one.start < span.end for one in chosen):
                chosen.append(span)
        return sorted(chosen, key=lambda one: one.start)


def _is_small_word(span: Span, text: str) -> bool:
    """Tell "it" from "IT": a small word names something only in capitals."""
    written = text[span.start_char : span.end_char]
    return all(token.is_stop for token in span) and not written.isupper()


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False
)
class CatalogMatcher(GraphComponent):
    """Adds career, interest, subject, skill, organization and grade entities.

    The file is looked at before each message, so a published change counts at once.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Nothing has to stand before this component."""
        return []

    @staticmethod
    def required_packages() -> list[str]:
        """Packages that must be importable."""
        return ["spacy", "spacy_lookups_data"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """There is nothing to set: the path comes from the environment."""
        return {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "CatalogMatcher":
        """Make the component on the file that MILEPOST_GAZETTEER_PATH names."""
        path = Path(os.environ.get("MILEPOST_GAZETTEER_PATH", "var/gazetteer.json"))
        return cls(Gazetteer(path, make_language()))

    def __init__(self, gazetteer: Gazetteer) -> None:
        """Read the gazetteer once at the start, so that no message waits for it."""
        self._gazetteer = gazetteer
        self._gazetteer.refresh()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities found to each message."""
        self._gazetteer.refresh()
        for message in messages:
            text = message.get(TEXT) or ""
            if is_spanish(message):
                found = self._gazetteer.find_spanish(text)
            else:
                found = self._gazetteer.find(text)
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages
