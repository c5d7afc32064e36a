"""Tells what a Spanish message wants: its words, and vectors shared with English."""

import json
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from bot.encoding_ahead import ENCODING, SHARED
from bot.language_router import LanguageRouter, is_spanish, taught_in_spanish
from bot.linear_classifier import RANKED, softmax
from bot.shared_vectors import encoder, fingerprint
from bot.vector_cache import VectorCache

FILE, WORDS = "spanish_classifier.npz", "spanish_classifier.json"


def without_accents(text: str) -> str:
    """Return a text in lower case without accents: students leave them out."""
    parts = unicodedata.normalize("NFD", text.lower())
    return "".join(sign for sign in parts if unicodedata.category(sign) != "Mn")


def vectorizers(vocabularies: list[dict[str, int]] | None = None) -> list[Any]:
    """Return the character and the word vectorizer, empty or with a vocabulary."""
    characters, words = vocabularies or (None, None)
    return [
        TfidfVectorizer(
            analyzer="char_wb",
            ngram_range=(2, 5),
            sublinear_tf=True,
            preprocessor=without_accents,
            vocabulary=characters,
        ),
        TfidfVectorizer(
            ngram_range=(1, 2),
            sublinear_tf=True,
            token_pattern=r"(?u)\b\w+\b|\?",
            preprocessor=without_accents,
            vocabulary=words,
        ),
    ]


def some_english(examples: list[Message], config: dict[str, Any]) -> list[Message]:
    """Return English examples, of each intent as many, spread over its files."""
    by_name: dict[str, list[Message]] = {}
    for one in examples:
        if not taught_in_spanish(one):
            by_name.setdefault(one.get(INTENT), []).append(one)
    most = int(config["most_english"])
    return [
        one for every in by_name.values() for one in every[:: -(-len(every) // most)]
    ]


def shared_vectors(examples: list[Message], config: dict[str, Any]) -> np.ndarray:
    """Return the shared vector of each example, known ones from their folder."""
    cache = VectorCache(Path(config["cache"]), fingerprint())
    return cache.encode([one.get(TEXT) for one in examples], encoder().encode)


def encode_shared_ahead(examples: list[Message]) -> None:
    """Encode what a training will ask for; what was changed then is encoded there."""
    config = SpanishIntentClassifier.get_default_config()
    taught = [one for one in examples if one.get(TEXT) and one.get(INTENT)]
    spanish = [one for one in taught if taught_in_spanish(one)]
    if spanish:
        shared_vectors([*spanish, *some_english(taught, config)], config)


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class SpanishIntentClassifier(GraphComponent):
    """The mean of two voices for Spanish messages; leaves all others alone.

    A linear SVM reads the n-grams of Spanish examples. A regression reads the shared
    sentence vectors of the examples of both languages, where a Spanish one counts for
    several English ones. Both together beat each (measured, ADR 10).
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """The router marks what is Spanish."""
        return [LanguageRouter]

    @staticmethod
    def required_packages() -> list[str]:
        """Packages that must be importable."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """How strongly each voice is fitted, and how sharp it speaks."""
        return {
            "C": 5.0,
            "max_iter": 40,
            "spanish_weight": 3.0,
            "most_english": 80,
            "spelling_C": 0.5,
            "spelling_sharpness": 4.0,
            "sharpness": 1.3,
            "cache": "var/nlu/shared",
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SpanishIntentClassifier":
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
    ) -> "SpanishIntentClassifier":
        """Load what `train` wrote."""
        made = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            if (folder / WORDS).is_file():
                kept = json.loads((folder / WORDS).read_text(encoding="utf-8"))
                with np.load(folder / FILE, allow_pickle=False) as stored:
                    made._restore(kept, dict(stored))
        return made

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        """Start with nothing learned: an untrained classifier changes nothing."""
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._vectorizers: list[Any] = []
        self._learned: dict[str, np.ndarray] = {}

    def _restore(
        self, vocabularies: list[dict[str, int]], stored: dict[str, np.ndarray]
    ) -> None:
        self._vectorizers = vectorizers(vocabularies)
        split = len(vocabularies[0])
        weights = stored.pop("idf")
        for vectorizer, idf in zip(
            self._vectorizers, (weights[:split], weights[split:]), strict=True
        ):
            vectorizer.idf_ = idf
        self._learned = {
            name: array.astype(np.float32) if array.dtype == np.float16 else array
            for name, array in stored.items()
        }

    def train(self, training_data: TrainingData) -> Resource:
        """Fit both voices; without Spanish examples there is nothing to learn."""
        examples = [one for one in training_data.intent_examples if one.get(TEXT)]
        spanish = [one for one in examples if taught_in_spanish(one)]
        if not spanish:
            with self._storage.write_to(self._resource):
                return self._resource
        texts = [one.get(TEXT) for one in spanish]
        names = np.array([one.get(INTENT) for one in spanish], dtype="U")
        made = vectorizers()
        every = sparse.hstack([one.fit_transform(texts) for one in made]).tocsr()
        machine = LinearSVC(
            C=self._config["spelling_C"], fit_intercept=False, random_state=0
        ).fit(every, names)
        regression = self._regression(spanish, some_english(examples, self._config))
        vocabularies = [
            {word: int(place) for word, place in one.vocabulary_.items()}
            for one in made
        ]
        stored = {
            "idf": np.concatenate([one.idf_ for one in made]),
            "spelling": machine.coef_.T.astype(np.float16),
            "labels": np.array(machine.classes_, dtype="U"),
            "weights": regression.coef_.astype(np.float32),
            "offsets": regression.intercept_.astype(np.float32),
        }
        with self._storage.write_to(self._resource) as folder:
            words = json.dumps(vocabularies, ensure_ascii=False)
            (folder / WORDS).write_text(words, encoding="utf-8")
            np.savez_compressed(folder / FILE, **stored)
        self._restore(vocabularies, stored)
        return self._resource

    def _regression(
        self, spanish: list[Message], english: list[Message]
    ) -> LogisticRegression:
        both = [*spanish, *english]
        ENCODING.wait(SHARED)
        vectors = shared_vectors(both, self._config)
        known = {one.get(INTENT) for one in spanish}
        kept = [place for place, one in enumerate(both) if one.get(INTENT) in known]
        weights = np.where(
            np.arange(len(both)) < len(spanish), self._config["spanish_weight"], 1.0
        )
        return LogisticRegression(
            C=self._config["C"], max_iter=self._config["max_iter"], tol=1e-2
        ).fit(
            vectors[kept],
            [both[place].get(INTENT) for place in kept],
            sample_weight=weights[kept],
        )

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent` and `intent_ranking` of each Spanish message."""
        for message in messages:
            if not is_spanish(message) or not self._learned:
                continue
            ranking = self.rank(message.get(TEXT) or "")
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def rank(self, text: str) -> list[dict[str, Any]]:
        """Return the ten likeliest intents of a text with their confidence."""
        known, learned = self._config, self._learned
        counted = sparse.hstack([one.transform([text]) for one in self._vectorizers])
        scores = counted.tocsr().dot(learned["spelling"])[0]
        by_spelling = softmax(known["spelling_sharpness"] * np.asarray(scores))
        vector = encoder().encode([text])[0]
        by_meaning = softmax(learned["weights"] @ vector + learned["offsets"])
        mean = (by_spelling + by_meaning) / 2
        likely = softmax(known["sharpness"] * np.log(mean + 1e-9))
        order = np.argsort(-likely)[:RANKED]
        return [
            {
                "name": str(learned["labels"][place]),
                "confidence": float(likely[place]),
            }
            for place in order
        ]
