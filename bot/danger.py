"""How near a message's sentence vector lies to those of danger.

A kernel machine on the vector, and the screen's reading of letters and words beside
it. Trained by ``tests/safety/train_danger.py`` on this project's own examples; the
weights are plain numbers whose hash is checked, so that loading them can run no code.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

WEIGHTS = Path(__file__).with_name("danger.json")
SHA256 = "a0fd223d774649565d0f2cad409fe30d93aa97319088aa2f3b44f0c1080b38c8"
RED, SOFT, NONE = "red", "soft", "none"
# A line of support is enough for these where nothing else was found.
SUPPORTED = frozenset({"bullying", "eating", "substances"})
SUREST = 14.0  # of the screen's share as log-odds
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Danger:
    """What the reader makes of a message: level, kind, and how sure it is.

    ``level`` is "red", "soft" or "none"; ``score`` are log-odds, of no fixed scale.
    """

    level: str
    kind: str
    score: float


@dataclass(frozen=True)
class DangerWeights:
    """What the reader has learned.

    Attributes:
        landmarks: vectors that a message is compared with (landmarks x 384).
        sharpness: how fast nearness to a landmark falls with distance.
        weights: what each landmark says for danger or against it; offset: the start.
        kinds: names of the kinds; by_kind: what the vector says for each (kinds x 384).
        kind_offsets: where each of these begins.
        mix: offset, say of the vector, say of letters and words.
        red: from this score on a message is read as danger.
        soft: from this score on a line of support is due.
    """

    landmarks: np.ndarray
    sharpness: float
    weights: np.ndarray
    offset: float
    kinds: tuple[str, ...]
    by_kind: np.ndarray
    kind_offsets: np.ndarray
    mix: tuple[float, float, float]
    red: float
    soft: float

    def read(self, vector: np.ndarray, likeness: float) -> Danger:
        """Read one message.

        Args:
            vector: its sentence vector, of length one.
            likeness: how much its letters and words resemble those of danger (0 to 1).
        """
        score = self.score(vector, likeness)
        if score < self.soft:
            return Danger(NONE, "", score)
        kind = self.kinds[int(np.argmax(self.by_kind @ vector + self.kind_offsets))]
        sure = score >= self.red and kind not in SUPPORTED
        return Danger(RED if sure else SOFT, kind, score)

    def score(self, vector: np.ndarray, likeness: float) -> float:
        """Return how likely danger is, as a score of the limits' scale."""
        near = np.exp(2 * self.sharpness * (self.landmarks @ vector - 1))
        start, by_vector, by_words = self.mix
        said = by_vector * float(self.weights @ near + self.offset)
        return start + said + by_words * log_odds(likeness)


def log_odds(share: float) -> float:
    """Return a share (0 to 1) as log-odds, not beyond what counts as sure."""
    least = 1 / (1 + math.exp(SUREST))
    share = min(max(share, least), 1 - least)
    return math.log(share / (1 - share))


@lru_cache(maxsize=1)
def danger_weights() -> DangerWeights | None:
    """Load the weights once; None if they are missing or not the reviewed ones."""
    try:
        raw = WEIGHTS.read_bytes()
    except OSError:
        raw = b""
    if hashlib.sha256(raw).hexdigest() != SHA256:
        _log.error("bot.danger_weights_missing")
        return None
    told = json.loads(raw)
    return DangerWeights(
        landmarks=unpacked(told["landmarks"]),
        sharpness=told["sharpness"],
        weights=unpacked(told["weights"])[0],
        offset=told["offset"],
        kinds=tuple(told["kinds"]),
        by_kind=unpacked(told["by_kind"]),
        kind_offsets=np.array(told["kind_offsets"], dtype=np.float32),
        mix=tuple(told["mix"]),
        red=told["red"],
        soft=told["soft"],
    )


def packed(numbers: np.ndarray, kind: str) -> dict[str, object]:
    """Return rows of numbers as text, each row scaled to small integers of a kind."""
    most = np.iinfo(kind).max
    scales = np.abs(numbers).max(axis=1, keepdims=True) / most
    small = np.round(numbers / scales).astype(kind)
    return {
        "kind": kind,
        "columns": numbers.shape[1],
        "scales": [float(f"{scale:.6g}") for scale in scales[:, 0]],
        "numbers": base64.b64encode(small.tobytes()).decode(),
    }


def unpacked(told: dict[str, object]) -> np.ndarray:
    """Return the numbers that `packed` wrote, as float32."""
    raw = base64.b64decode(str(told["numbers"]))
    small = np.frombuffer(raw, dtype=np.dtype(str(told["kind"])))
    rows = small.reshape(-1, int(str(told["columns"]))).astype(np.float32)
    return rows * np.array(told["scales"], dtype=np.float32)[:, None]
