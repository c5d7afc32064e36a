"""The second writer's messages are well formed and repeat nobody's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).resolve().parent
REGISTRY = HERE.parents[1] / "data" / "intents.yml"
LEAST = 300
PER_INTENT = 5


def plain(text: str) -> str:
    words = re.findall(r"\w+", text.lower().replace("'", ""))
    return " ".join(words) or text.strip()


def messages(kind: str) -> list[dict[str, Any]]:
    return [
        {**message, "group": loaded["group"]}
        for path in sorted(HERE.glob(f"{kind}_*.yml"))
        if "entities" not in path.name
        for loaded in [yaml.safe_load(path.read_text(encoding="utf-8"))]
        for message in loaded["messages"]
    ]


@pytest.fixture(scope="module")
def groups() -> dict[str, str]:
    registry = yaml.safe_load(REGISTRY.read_text(encoding="utf-8"))
    return {intent["name"]: intent["group"] for intent in registry["intents"]}


def test_every_intent_has_its_messages_in_its_group(groups: dict[str, str]) -> None:
    found = messages("fresh")
    assert len(found) >= LEAST
    assert [one for one in found if groups[one["intent"]] != one["group"]] == []
    counts = dict.fromkeys(groups, 0)
    for one in found:
        counts[one["intent"]] += 1
        assert one["difficulty"] in ("easy", "medium", "hard")
    assert min(counts.values()) >= PER_INTENT


def test_no_message_stands_twice() -> None:
    texts = [plain(one["text"]) for one in messages("fresh")]
    assert len(texts) == len(set(texts))


def test_entity_words_stand_in_their_text() -> None:
    path = HERE / "fresh_entities.yml"
    for message in yaml.safe_load(path.read_text(encoding="utf-8"))["messages"]:
        for entity in message["entities"]:
            assert message["text"].count(entity["text"]) >= 1, message
            assert ("value" in entity) == (entity["entity"] in ("date", "duration"))
