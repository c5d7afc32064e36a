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
            found = [*durations(text), *dates(text, _today(message))]
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages


def _today(message: Message) -> date:
    """Return the school's day that the gateway sent with the message."""
    sent = (message.get("metadata") or {}).get("now")
    return datetime.fromisoformat(sent).date() if sent else datetime.now().date()
