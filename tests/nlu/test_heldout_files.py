"""The held-out messages are complete, well formed and never repeated.

The labels follow the registry (``data/intents.yml``), the only file under
``data/`` read here: what the model trains on must not shape what it is
measured with.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).resolve().parent
REGISTRY = HERE.parents[1] / "data" / "intents.yml"
GROUPS = (
    "control",
    "goals",
    "careers",
    "options",
    "record",
    "faq",
    "safety",
    "other",
)
TODAY = date(2026, 11, 21)
SHARES = {"easy": (0.25, 0.35), "medium": (0.40, 0.50), "hard": (0.20, 0.30)}
MINIMUM_BY_GROUP = {"faq": 10, "other": 120}
MINIMUM_MESSAGES = 15
MINIMUM_ENTITY_MESSAGES = 150
MINIMUM_PER_ENTITY = 15
WITH_VALUE = {"date", "duration"}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAY = re.compile(rf"\b({'|'.join(WEEKDAYS)})[a-z]*\b")
DURATION = re.compile(
    r"P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?"
    r"(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?"
)


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def plain(text: str) -> str:
    """Return ``text`` as compared for repeats: case and marks do not count."""
    words = re.findall(r"\w+", text.lower().replace("'", "").replace("\u2019", ""))
    return " ".join(words) or text.strip()


def repeats(texts: list[str]) -> list[str]:
    return [text for text, times in Counter(map(plain, texts)).items() if times > 1]


def spans(text: str, words: str) -> list[tuple[int, int]]:
    """Find ``words`` in ``text`` where they stand as whole words."""
    pattern = rf"(?<!\w){re.escape(words)}(?!\w)"
    return [match.span() for match in re.finditer(pattern, text)]


@pytest.fixture(scope="module")
def registry() -> dict[str, Any]:
    loaded: dict[str, Any] = read(REGISTRY)
    return loaded


@pytest.fixture(scope="module")
def messages() -> list[dict[str, str]]:
    return [
        message
        for group in GROUPS
        for message in read(HERE / f"heldout_{group}.yml")["messages"]
    ]


@pytest.fixture(scope="module")
def entity_messages() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = read(HERE / "heldout_entities.yml")["messages"]
    return loaded


@pytest.fixture(scope="module")
def marked(entity_messages: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [entity for message in entity_messages for entity in message["entities"]]


def test_every_group_of_the_registry_has_its_file(registry: dict[str, Any]) -> None:
    assert {intent["group"] for intent in registry["intents"]} == set(GROUPS)
    found = {path.stem for path in HERE.glob("heldout_*.yml")}
    assert found == {f"heldout_{group}" for group in GROUPS} | {"heldout_entities"}


@pytest.mark.parametrize("group", GROUPS)
def test_file_holds_labels_of_its_own_group(
    group: str, registry: dict[str, Any]
) -> None:
    loaded = read(HERE / f"heldout_{group}.yml")
    own = {item["name"] for item in registry["intents"] if item["group"] == group}
    assert loaded["group"] == group
    assert {message["intent"] for message in loaded["messages"]} == own


def test_every_message_has_its_three_fields(messages: list[dict[str, str]]) -> None:
    for message in messages:
        assert set(message) == {"text", "intent", "difficulty"}, message
        assert isinstance(message["text"], str), message
        assert message["text"].strip() == message["text"] != "", message
        assert message["difficulty"] in SHARES, message


def test_every_intent_has_enough_messages(
    registry: dict[str, Any], messages: list[dict[str, str]]
) -> None:
    counts = Counter(message["intent"] for message in messages)
    short = {
        intent["name"]: counts[intent["name"]]
        for intent in registry["intents"]
        if counts[intent["name"]]
        < MINIMUM_BY_GROUP.get(intent["group"], MINIMUM_MESSAGES)
    }
    assert short == {}


def test_every_intent_has_all_three_difficulties(
    registry: dict[str, Any], messages: list[dict[str, str]]
) -> None:
    seen = {(message["intent"], message["difficulty"]) for message in messages}
    wanted = {
        (intent["name"], level) for intent in registry["intents"] for level in SHARES
    }
    assert wanted - seen == set()


@pytest.mark.parametrize("level", SHARES)
def test_difficulties_keep_their_share(
    level: str, messages: list[dict[str, str]]
) -> None:
    lowest, highest = SHARES[level]
    share = sum(m["difficulty"] == level for m in messages) / len(messages)
    assert lowest <= share <= highest


def test_no_message_stands_twice(messages: list[dict[str, str]]) -> None:
    assert repeats([message["text"] for message in messages]) == []


def test_no_message_is_the_example_of_the_registry(
    registry: dict[str, Any], messages: list[dict[str, str]]
) -> None:
    examples = {plain(intent["example"]) for intent in registry["intents"]}
    held_out = {plain(message["text"]) for message in messages}
    assert held_out & examples == set()


def test_entity_messages_are_enough_and_never_repeated(
    entity_messages: list[dict[str, Any]],
) -> None:
    assert len(entity_messages) >= MINIMUM_ENTITY_MESSAGES
    assert repeats([message["text"] for message in entity_messages]) == []
    assert any(message["entities"] == [] for message in entity_messages)


def test_every_entity_of_the_registry_is_marked_often_enough(
    registry: dict[str, Any], marked: list[dict[str, str]]
) -> None:
    counts = Counter(entity["entity"] for entity in marked)
    assert set(counts) == {entity["name"] for entity in registry["entities"]}
    assert min(counts.values()) >= MINIMUM_PER_ENTITY, counts


def test_entity_words_stand_once_in_the_text_and_do_not_overlap(
    entity_messages: list[dict[str, Any]],
) -> None:
    for message in entity_messages:
        found = [spans(message["text"], e["text"]) for e in message["entities"]]
        assert all(len(places) == 1 for places in found), message
        ordered = [places[0] for places in found]
        ends = [end for _, end in ordered[:-1]]
        starts = [start for start, _ in ordered[1:]]
        assert all(e <= s for e, s in zip(ends, starts, strict=True)), message


def test_only_dates_and_durations_carry_a_value(
    marked: list[dict[str, str]],
) -> None:
    for entity in marked:
        fields = {"entity", "text"}
        if entity["entity"] in WITH_VALUE:
            fields = fields | {"value"}
        assert set(entity) == fields, entity


def test_durations_are_iso_8601(marked: list[dict[str, str]]) -> None:
    for entity in marked:
        if entity["entity"] == "duration":
            assert DURATION.fullmatch(entity["value"]), entity


def test_dates_are_iso_8601_and_within_a_year_of_today(
    marked: list[dict[str, str]],
) -> None:
    assert read(HERE / "heldout_entities.yml")["today"] == TODAY
    for entity in marked:
        if entity["entity"] == "date":
            resolved = date.fromisoformat(entity["value"])
            assert abs((resolved - TODAY).days) <= 366, entity


def test_a_named_weekday_falls_on_that_weekday(
    marked: list[dict[str, str]],
) -> None:
    checked = 0
    for entity in marked:
        named = WEEKDAY.search(entity["text"].lower())
        if entity["entity"] == "date" and named:
            resolved = date.fromisoformat(entity["value"])
            assert WEEKDAYS[resolved.weekday()] == named[1], entity
            checked += 1
    assert checked >= 10


def test_a_named_day_of_the_month_is_the_day_of_the_value(
    marked: list[dict[str, str]],
) -> None:
    checked = 0
    for entity in marked:
        day = re.search(r"(?<![\d-])(\d{1,2})(?:st|nd|rd|th)?\b", entity["text"])
        if entity["entity"] == "date" and day and "/" not in entity["text"]:
            if re.match(r"\d{4}-", entity["text"]):
                continue
            assert date.fromisoformat(entity["value"]).day == int(day[1]), entity
            checked += 1
    assert checked >= 10
