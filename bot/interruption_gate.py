"""Keeps an answer an answer: inside a question, only a clear interruption counts."""

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

from bot.linear_classifier import LinearIntentClassifier

ANSWER = {"name": "nlu_fallback", "confidence": 1.0}
QUESTION = re.compile(r"utter_ask_\w+_form_")


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False
)
class InterruptionGate(GraphComponent):
    """Takes a doubtful interruption for what it most likely is: the answer.

    The gateway says with each message which question the coach asked last. While
    one is open, an intent that would interrupt the form counts only from a
    confidence on; below it the message is free text for the form.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """It judges what the classifier found."""
        return [LinearIntentClassifier]

    @staticmethod
    def required_packages() -> list[str]:
        """Nothing beyond Rasa."""
        return []

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`threshold`: confidence from which an interruption counts."""
        return {"threshold": 0.6}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "InterruptionGate":
        """Make the component."""
        return cls(float(config["threshold"]))

    def __init__(self, threshold: float) -> None:
        """Keep the confidence from which an interruption counts."""
        self._threshold = threshold

    def process(self, messages: list[Message]) -> list[Message]:
        """Mark doubtful messages as free text while a question is open."""
        for message in messages:
            asking = (message.get("metadata") or {}).get("asking") or ""
            found = message.get(INTENT) or {}
            doubtful = found.get("confidence", 0.0) < self._threshold
            if QUESTION.match(asking) and doubtful:
                message.set(INTENT, dict(ANSWER), add_to_output=True)
        return messages
