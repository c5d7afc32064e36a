"""Tells what a message wants: regression, spelling, and the nearest examples."""

from dataclasses import dataclass
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

from bot.neighbours import Neighbours
from bot.ngram_vectors import NgramFeaturizer
from bot.sentence_vectors import SentenceVectorFeaturizer

FILE = "linear_classifier.npz"
RANKED = 10
VOICES = ("regression", "spelling", "examples")
SENTENCE = [SentenceVectorFeaturizer.__name__]
SPELLING = [NgramFeaturizer.__name__]


def dense(message: Message, featurizers: list[str]) -> np.ndarray | None:
    """Return the dense sentence features of some featurizers, or None."""
    _, sentence = message.get_dense_features(TEXT, featurizers)
    return None if sentence is None else sentence.features[0]


def softmax(scores: np.ndarray) -> np.ndarray:
    """Return scores as shares that sum to 1."""
    likely = np.exp(scores - scores.max())
    return likely / likely.sum()


@dataclass(frozen=True)
class Learned:
    """What the classifier knows: a linear model over all labels, and the examples."""

    labels: np.ndarray
    weights: np.ndarray
    offsets: np.ndarray
    neighbours: Neighbours

    def likely(
        self, sentence: np.ndarray, spelling: np.ndarray, config: dict[str, Any]
    ) -> np.ndarray:
        """Return the share of confidence that each label gets (sums to 1).

        Args:
            sentence: the sentence vector.
            spelling: the n-gram vector, with each label's score at its end.
            config: how sharp each voice speaks, and how sharp their mean is made.
        """
        count = len(self.labels)
        vector = np.concatenate([sentence, spelling[:-count]])
        by_regression = softmax(self.weights @ vector + self.offsets)
        by_spelling = softmax(config["spelling_sharpness"] * spelling[-count:])
        linear = by_regression + by_spelling
        in_question = np.argsort(-linear)[: config["in_question"]]
        by_example = self.neighbours.shares(sentence, in_question)
        mean = (linear + by_example) / len(VOICES)
        return softmax(config["sharpness"] * np.log(mean))


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class LinearIntentClassifier(GraphComponent):
    """The mean of three voices: regression, spelling, the nearest examples.

    Each errs elsewhere, and their mean less than any of them (measured, ADR 3). The
    regression reads sentence and n-gram vectors together, the spelling score comes
    with the n-gram vector. The model is kept as plain arrays, so that loading one can
    run no code.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """The vectors come from the featurizers of this package."""
        return [SentenceVectorFeaturizer, NgramFeaturizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Packages that must be importable."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`C`: inverse strength of the regularisation; how sharp each voice speaks."""
        return {
            "C": 5.0,
            "max_iter": 40,
            "spelling_sharpness": 4.0,
            "in_question": 8,
            "neighbours": 12,
            "neighbour_sharpness": 14.0,
            "sharpness": 1.15,
        }

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
            made._learned = made._restore(dict(stored))
        return made

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        """Start with nothing learned: an untrained classifier finds no intent."""
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._learned: Learned | None = None

    def _restore(self, stored: dict[str, np.ndarray]) -> Learned:
        examples = Neighbours(
            stored["examples"].astype(np.float32),
            stored["starts"],
            self._config["neighbours"],
            self._config["neighbour_sharpness"],
        )
        return Learned(stored["labels"], stored["weights"], stored["offsets"], examples)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on all examples with an intent and store the result."""
        examples = [
            one
            for one in training_data.intent_examples
            if dense(one, SENTENCE) is not None and dense(one, SPELLING) is not None
        ]
        if not examples:
            return self._resource
        names = np.array([one.get(INTENT) for one in examples], dtype="U")
        sentences = np.stack([dense(one, SENTENCE) for one in examples])
        spellings = np.stack([dense(one, SPELLING) for one in examples])
        vectors = np.hstack([sentences, spellings[:, : -len(set(names))]])
        stored = self._fit(vectors, names)
        order = np.argsort(names, kind="stable")
        stored["examples"] = sentences[order].astype(np.float16)
        sizes = [np.count_nonzero(names == label) for label in stored["labels"]]
        stored["starts"] = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        self._learned = self._restore(stored)
        with self._storage.write_to(self._resource) as folder:
            np.savez(folder / FILE, **stored)
        return self._resource

    def _fit(self, vectors: np.ndarray, names: np.ndarray) -> dict[str, np.ndarray]:
        fitted = LogisticRegression(
            C=self._config["C"], max_iter=self._config["max_iter"], tol=1e-3
        ).fit(vectors, names)
        labels = np.array(fitted.classes_, dtype="U")
        return {
            "labels": labels,
            "weights": fitted.coef_.astype(np.float32),
            "offsets": fitted.intercept_.astype(np.float32),
        }

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent` and `intent_ranking` of each message."""
        for message in messages:
            ranking = self._rank(message)
            first = ranking[0] if ranking else {"name": None, "confidence": 0.0}
            message.set(INTENT, first, add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def _rank(self, message: Message) -> list[dict[str, Any]]:
        sentence, spelling = dense(message, SENTENCE), dense(message, SPELLING)
        if sentence is None or spelling is None or self._learned is None:
            return []
        likely = self._learned.likely(sentence, spelling, self._config)
        order = np.argsort(-likely)[:RANKED]
        return [
            {
                "name": str(self._learned.labels[place]),
                "confidence": float(likely[place]),
            }
            for place in order
        ]
