"""Turns a message's spelling into a small dense vector: n-grams, then SVD.

The last numbers are what a linear SVM on all n-grams gives to each intent, in the
order of their names: being linear too, it costs a message nothing more. The vector
adds what a sentence vector blurs: the very words of short messages, negation, typos.
Measured beside the sentence vector by `bench/nlu.py`.
"""

import json
from collections import Counter
from functools import cached_property
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from bot.language_router import is_spanish, without_spanish

FILE, WORDS = "ngram_vectors.npz", "ngram_vectors.json"
LEAST_LABELS = 3
ROUNDS = 1  # of the randomised SVD: more keep no more of what tells intents apart


def vectorizers(vocabularies: list[dict[str, int]] | None = None) -> list[Any]:
    """Return the character and the word vectorizer, empty or with a vocabulary."""
    characters, words = vocabularies or (None, None)
    return [
        TfidfVectorizer(
            analyzer="char_wb",
            ngram_range=(2, 4),
            sublinear_tf=True,
            min_df=1 if characters else 3,
            max_features=None if characters else 15_000,
            vocabulary=characters,
        ),
        TfidfVectorizer(
            ngram_range=(1, 2),
            sublinear_tf=True,
            token_pattern=r"(?u)\b\w+\b|\?",
            min_df=1 if words else 2,
            max_features=None if words else 15_000,
            vocabulary=words,
        ),
    ]


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True
)
class NgramFeaturizer(GraphComponent):
    """Adds a dense vector of a message's character and word n-grams.

    What it learns is kept as plain arrays and JSON, so that loading can run no code.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Nothing has to stand before this component."""
        return []

    @staticmethod
    def required_packages() -> list[str]:
        """Packages that must be importable."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`dimensions` of the SVD; `weight` beside the sentence vector; `score_C`."""
        return {"dimensions": 512, "weight": 1.0, "score_C": 0.5}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "NgramFeaturizer":
        """Make an untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "NgramFeaturizer":
        """Load what `train` wrote."""
        made = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            kept = json.loads((folder / WORDS).read_text(encoding="utf-8"))
            with np.load(folder / FILE, allow_pickle=False) as stored:
                made._restore(kept, stored["weights"], stored["axes"])
        return made

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        """Start untrained: messages get no vector."""
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._vectorizers: list[Any] = []
        self._axes = np.zeros((0, 0), dtype=np.float32)

    def _restore(
        self, vocabularies: list[dict[str, int]], weights: np.ndarray, axes: np.ndarray
    ) -> None:
        self._vectorizers = vectorizers(vocabularies)
        split = len(vocabularies[0])
        for vectorizer, idf in zip(
            self._vectorizers, (weights[:split], weights[split:]), strict=False
        ):
            vectorizer.idf_ = idf
        self._axes = np.ascontiguousarray(axes, dtype=np.float32)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn vocabulary, weights and axes from all examples with a text."""
        every = without_spanish(training_data.training_examples)
        examples = [one for one in every if one.get(TEXT)]
        if not examples:
            return self._resource
        texts = [one.get(TEXT) for one in examples]
        self._vectorizers = vectorizers()
        counted = [one.fit_transform(texts) for one in self._vectorizers]
        every = sparse.hstack(counted).tocsr().astype(np.float32)
        dimensions = min(self._config["dimensions"], min(every.shape) - 1)
        reduced = TruncatedSVD(dimensions, n_iter=ROUNDS, random_state=0).fit(every)
        scores = self._scores(every, [one.get(INTENT) for one in examples])
        axes = np.hstack([reduced.components_.T, scores])
        self._axes = np.ascontiguousarray(axes, dtype=np.float32)
        self._store()
        return self._resource

    def _scores(self, counted: sparse.csr_matrix, names: list[str | None]) -> Any:
        """Return a column for each intent: the weight of every n-gram for it."""
        labelled = [place for place, name in enumerate(names) if name]
        known = np.array([names[place] for place in labelled], dtype="U")
        if len(set(known)) < LEAST_LABELS:
            return np.zeros((counted.shape[1], 0))
        machine = LinearSVC(
            C=self._config["score_C"], fit_intercept=False, random_state=0
        ).fit(counted[labelled], known)
        return machine.coef_.T / self._config["weight"]

    def _store(self) -> None:
        vocabularies = [
            {word: int(place) for word, place in one.vocabulary_.items()}
            for one in self._vectorizers
        ]
        weights = np.concatenate([one.idf_ for one in self._vectorizers])
        with self._storage.write_to(self._resource) as folder:
            text = json.dumps(vocabularies, ensure_ascii=False)
            (folder / WORDS).write_text(text, encoding="utf-8")
            np.savez_compressed(
                folder / FILE, weights=weights, axes=self._axes.astype(np.float16)
            )

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the vector to every training example that has a text."""
        every = without_spanish(training_data.training_examples)
        self.process([one for one in every if one.get(TEXT)])
        return training_data

    def _of_many(self, texts: list[str]) -> np.ndarray:
        counted = sparse.hstack([one.transform(texts) for one in self._vectorizers])
        return counted.tocsr().astype(np.float32) @ self._axes

    def _of_one(self, text: str) -> np.ndarray:
        """Count one text as `transform` does, without a matrix of one row."""
        vector = np.zeros((1, self._axes.shape[1]), dtype=np.float32)
        first = 0
        for vectorizer, (analyze, rarity) in zip(
            self._vectorizers, self._readers, strict=True
        ):
            known = vectorizer.vocabulary_
            counts = Counter(known[gram] for gram in analyze(text) if gram in known)
            if counts:
                places = np.fromiter(counts, dtype=np.int64)
                values = 1 + np.log(np.fromiter(counts.values(), dtype=np.float64))
                values *= rarity[places]
                values /= np.linalg.norm(values)
                vector += values.astype(np.float32) @ self._axes[first + places]
            first += len(known)
        return vector

    @cached_property
    def _readers(self) -> list[tuple[Any, np.ndarray]]:
        return [(one.build_analyzer(), one.idf_) for one in self._vectorizers]

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the vector to each message that is not Spanish."""
        english = [one for one in messages if not is_spanish(one)]
        if not english or not self._vectorizers:
            return messages
        texts = [message.get(TEXT) or "" for message in english]
        vectors = self._of_one(texts[0]) if len(texts) == 1 else self._of_many(texts)
        vectors *= np.float32(self._config["weight"])
        for message, vector in zip(english, vectors, strict=False):
            message.add_features(
                Features(
                    vector[None, :], FEATURE_TYPE_SENTENCE, TEXT, type(self).__name__
                )
            )
        return messages
