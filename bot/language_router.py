"""Tells whether a message is Spanish, so that Spanish features read it.

What a student writes counts before what their record says: someone whose language is
English and who writes Spanish is understood, and the other way round. Where the words
don't tell ("ok", "7"), the student's own language decides, which the gateway sends.
"""

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression

SPOKEN, SPANISH, ENGLISH = "spoken", "es", "en"
FILE = "language_router.npz"
BUCKETS = 2**15
LEAST_WORDS = 2  # "no" and "ok" are of both languages


def taught_in_spanish(example: Message) -> bool:
    """Tell whether a training example stands in a Spanish file (its metadata)."""
    told = (example.get("metadata") or {}).get("intent")
    return isinstance(told, dict) and told.get("language") == SPANISH


def is_spanish(message: Message) -> bool:
    """Tell whether the router took a message for Spanish."""
    return bool(message.get(SPOKEN) == SPANISH)


def without_spanish(examples: list[Message]) -> list[Message]:
    """Return the examples that the English components learn from."""
    return [one for one in examples if not taught_in_spanish(one)]


def counted(texts: list[str]) -> sparse.csr_matrix:
    """Return hashed character and word n-grams; nothing of it has to be learned."""
    characters = HashingVectorizer(
        analyzer="char_wb", ngram_range=(1, 4), n_features=BUCKETS, alternate_sign=False
    )
    words = HashingVectorizer(
        token_pattern=r"(?u)\b\w+\b", n_features=BUCKETS, alternate_sign=False
    )
    return sparse.hstack([characters.transform(texts), words.transform(texts)]).tocsr()


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True
)
class LanguageRouter(GraphComponent):
    """Marks a message as `spoken: es` or `en`, from the words and the student's choice.

    It learns from the training examples of both languages.
    """

    @staticmethod
    def required_packages() -> list[str]:
        """Packages that must be importable."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`sure`: share from which the words decide against the student's language."""
        return {"sure": 0.8, "C": 30.0}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "LanguageRouter":
        """Make an untrained component: everything counts as English."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "LanguageRouter":
        """Load what `train` wrote."""
        made = cls(config, model_storage, resource)
        with (
            model_storage.read_from(resource) as folder,
            np.load(folder / FILE, allow_pickle=False) as stored,
        ):
            made._weights, made._offset = stored["weights"], float(stored["offset"])
        return made

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        """Start with nothing learned."""
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._weights: np.ndarray | None = None
        self._offset = 0.0

    def train(self, training_data: TrainingData) -> Resource:
        """Learn which n-grams speak for Spanish; without such examples, nothing."""
        examples = [one for one in training_data.intent_examples if one.get(TEXT)]
        spoken = np.array([taught_in_spanish(one) for one in examples])
        weights, offset = np.zeros(2 * BUCKETS, dtype=np.float32), -10.0
        if spoken.any() and not spoken.all():
            fitted = LogisticRegression(
                C=self._config["C"], class_weight="balanced", solver="liblinear"
            ).fit(counted([one.get(TEXT) for one in examples]), spoken)
            weights = fitted.coef_[0].astype(np.float32)
            offset = float(fitted.intercept_[0])
        self._weights, self._offset = weights, offset
        with self._storage.write_to(self._resource) as folder:
            np.savez_compressed(folder / FILE, weights=weights, offset=offset)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the examples as they are: their files say what they are."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Mark each message with the language it is read in."""
        for message in messages:
            chosen = (message.get("metadata") or {}).get("locale")
            spoken = self.language(message.get(TEXT) or "", chosen or ENGLISH)
            message.set(SPOKEN, spoken, add_to_output=True)
        return messages

    def language(self, text: str, chosen: str) -> str:
        """Return the language of a text, the student's own where it does not tell."""
        told = len(text.split()) >= LEAST_WORDS and not text.startswith("/")
        if self._weights is None or not told:
            return chosen
        score = float(counted([text]).dot(self._weights)[0]) + self._offset
        share = 1 / (1 + np.exp(-score))
        if share >= self._config["sure"]:
            return SPANISH
        if share <= 1 - self._config["sure"]:
            return ENGLISH
        return chosen
