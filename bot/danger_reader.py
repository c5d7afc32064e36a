"""Hears danger in a message that the screen let pass, by what the sentence means."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.danger import NONE, RED, SOFT, Danger, DangerWeights, danger_weights
from bot.interruption_gate import ALWAYS_HEARD
from bot.linear_classifier import SENTENCE, dense
from bot.sentence_vectors import SentenceVectorFeaturizer

RANKING = "intent_ranking"
CALM = Danger(NONE, "", 0.0)
SUPPORT = Danger(SOFT, "self_harm", 0.0)  # for a disclosure by its intent alone
Found = dict[str, str]
# What was read in this turn, for the channel, which hands it back with the replies.
HEARD: ContextVar[Found | None] = ContextVar("heard", default=None)


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False
)
class DangerReader(GraphComponent):
    """Decides whether a message is a disclosure, beside what the classifier thinks.

    It speaks only of turns in which the gateway tells what the screen saw. Where that
    read the words as calm ("I would never hurt myself"), nothing becomes red here,
    and what the classifier takes for a disclosure gets a line of support instead.
    Otherwise the sentence vector decides, together with the screen's letters and
    words. Spanish messages have no such vector: there the classifier's word counts.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """It reads the sentence vector."""
        return [SentenceVectorFeaturizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Nothing beyond Rasa."""
        return []

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`threshold`: confidence from which the classifier's word counts.

        It is that of the FallbackClassifier behind, which asks back below it.
        """
        return {"threshold": 0.5}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DangerReader:
        """Make the component with the reviewed weights."""
        return cls(danger_weights(), float(config["threshold"]))

    def __init__(self, weights: DangerWeights | None, threshold: float = 0.5) -> None:
        """Keep the weights; without them only what is calm is held back."""
        self._weights = weights
        self._threshold = threshold

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent of what is danger, and note it for the channel."""
        for message in messages:
            screened = (message.get("metadata") or {}).get("screened")
            typed = not (message.get(TEXT) or "").startswith("/")
            if typed and isinstance(screened, dict):
                self._judge(message, screened)
        return messages

    def _judge(self, message: Message, screened: dict[str, Any]) -> None:
        meant = self._is_disclosure(message.get(INTENT) or {})
        found = CALM if screened.get("calm") else self._read(message, screened)
        if found is None:
            return
        if found.level == RED:
            _mean_only(message, ALWAYS_HEARD)
        elif meant:
            _mean_the_next(message)
            found = found if found.level == SOFT else SUPPORT
        if found.level != NONE:
            note(message, found)

    def _is_disclosure(self, intent: dict[str, Any]) -> bool:
        sure = (intent.get("confidence") or 0.0) >= self._threshold
        return intent.get("name") == ALWAYS_HEARD and sure

    def _read(self, message: Message, screened: dict[str, Any]) -> Danger | None:
        """Return what the vector says; None where there is nothing to go by."""
        vector, likeness = dense(message, SENTENCE), screened.get("likeness")
        if self._weights is None or vector is None or likeness is None:
            return None
        return self._weights.read(np.asarray(vector), float(likeness))


def note(message: Message, found: Danger) -> None:
    """Put what was read into the message, and where the channel finds it."""
    told = {"level": found.level, "kind": found.kind}
    message.set("danger", told, add_to_output=True)
    HEARD.set(told)


def _mean_only(message: Message, name: str) -> None:
    """Set an intent beyond doubt; the others stay in the ranking behind it."""
    first = {"name": name, "confidence": 1.0}
    _rank(message, [first, *_others(message, name)])


def _mean_the_next(message: Message) -> None:
    """Set the likeliest of the other intents, as sure as the classifier is of it."""
    others = _others(message, ALWAYS_HEARD)
    _rank(message, others or [{"name": None, "confidence": 0.0}])


def _others(message: Message, name: str) -> list[dict[str, Any]]:
    ranking = message.get(RANKING) or []
    return [one for one in ranking if one.get("name") != name]


def _rank(message: Message, ranking: list[dict[str, Any]]) -> None:
    message.set(INTENT, ranking[0], add_to_output=True)
    message.set(RANKING, ranking, add_to_output=True)
