"""Tells what a message wants, by logistic regression on its sentence vector."""

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.linear_model import LogisticRegression

from bot.sentence_vectors import SentenceVectorFeaturizer

FILE = "linear_classifier.npz"
RANKED = 10


def sentence_vector(message: Message) -> np.ndarray | None:
    """Return all dense sentence features of a message as one vector, or None."""
    _, sentence = message.get_dense_features(TEXT)
    return None if sentence is None else sentence.features[0]


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class LinearIntentClassifier(GraphComponent):
    """Multinomial logistic regression over dense sentence vectors.

    The model is kept as plain arrays, so that loading one can run no code.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """The vectors come from the featurizer of this package."""
        return [SentenceVectorFeaturizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Packages that must be importable."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`C`: inverse strength of the regularisation, chosen by `bench/nlu.py`."""
        return {"C": 10.0, "max_iter": 200}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "LinearIntentClassifier":
        """Make an untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "LinearIntentClassifier":
        """Load what `train` wrote."""
        made = cls(config, model_storage, resource)
        with (
            model_storage.read_from(resource) as folder,
            np.load(folder / FILE, allow_pickle=False) as stored,
        ):
            made._keep(stored["labels"], stored["weights"], stored["offsets"])
        return made

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        """Start with no labels: an untrained classifier finds no intent."""
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._keep(np.array([], dtype="U1"), np.zeros((0, 384)), np.zeros(0))

    def _keep(
        self, labels: np.ndarray, weights: np.ndarray, offsets: np.ndarray
    ) -> None:
        self._labels = labels
        self._weights = weights.astype(np.float32)
        self._offsets = offsets.astype(np.float32)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on all examples with an intent and store the result."""
        examples = [
            (vector, example.get(INTENT))
            for example in training_data.intent_examples
            if (vector := sentence_vector(example)) is not None
        ]
        if not examples:
            return self._resource
        fitted = LogisticRegression(
            C=self._config["C"], max_iter=self._config["max_iter"]
        ).fit(
            np.stack([vector for vector, _ in examples]), [one for _, one in examples]
        )
        self._keep(
            np.array(fitted.classes_, dtype="U"), fitted.coef_, fitted.intercept_
        )
        with self._storage.write_to(self._resource) as folder:
            np.savez(
                folder / FILE,
                labels=self._labels,
                weights=self._weights,
                offsets=self._offsets,
            )
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent` and `intent_ranking` of each message."""
        for message in messages:
            ranking = self._rank(sentence_vector(message))
            first = ranking[0] if ranking else {"name": None, "confidence": 0.0}
            message.set(INTENT, first, add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def _rank(self, vector: np.ndarray | None) -> list[dict[str, Any]]:
        if vector is None or not len(self._labels):
            return []
        scores = self._weights @ vector + self._offsets
        likely = np.exp(scores - scores.max())
        likely /= likely.sum()
        order = np.argsort(-likely)[:RANKED]
        return [
            {"name": str(self._labels[place]), "confidence": float(likely[place])}
            for place in order
        ]
