"""Resolves dates and durations in a message to real values."""

from datetime import date, datetime
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.dates import dates
from bot.durations import durations
from bot.language_router import is_spanish
from bot.spanish_times import spanish_dates, spanish_durations

LEAST_BORROWED = 6


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False
)
class TimeExtractor(GraphComponent):
    """Adds `date` and `duration` entities, seen from the gateway's clock."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Nothing has to stand before this component."""
        return []

    @staticmethod
    def required_packages() -> list[str]:
        """Packages that must be importable."""
        return ["dateparser"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """There is nothing to set."""
        return {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "TimeExtractor":
        """Make the component."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities found to each message."""
        for message in messages:
            text = message.get(TEXT) or ""
            today = _today(message)
            found = [*durations(text), *dates(text, today)]
            if is_spanish(message):
                found = in_spanish(text, today, found)
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages


def in_spanish(
    text: str, today: date, english: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the times of a Spanish text, with English ones that it borrows.

    "Friday" and "12/18" count in it too; "mar" and "sat" are too short to tell.
    """
    found = [*spanish_durations(text), *spanish_dates(text, today)]
    for one in english:
        words = text[one["start"] : one["end"]]
        borrowed = len(words) >= LEAST_BORROWED or any(sign.isdigit() for sign in words)
        if borrowed and not any(
            one["start"] < other["end"] and other["start"] < one["end"]
            for other in found
        ):
            found.append(one)
    return found


def _today(message: Message) -> date:
    """Return the school's day that the gateway sent with the message."""
    sent = (message.get("metadata") or {}).get("now")
    return datetime.fromisoformat(sent).date() if sent else datetime.now().date()
