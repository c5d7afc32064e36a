"""How much a message resembles those of danger: a second reader beside the rules.

Logistic regression on the words and letter groups of the plain form, trained by
``tests/safety/train_likeness.py`` on this project's own examples. It needs no library,
no network and no other process; without its file the rules read alone.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import math
import zlib
from array import array
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

WEIGHTS = Path(__file__).with_name("likeness.json")
SHA256 = "6df4469fa076aa7054a7684767cc60a57830d253e067cca421c485bd7cfcea18"
MOST_WORDS = 400
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Resemblance:
    """How likely danger is (0 to 1), and of which kind it would be."""

    share: float
    kind: str


@dataclass(frozen=True)
class Likeness:
    """The weights of the gate (danger or not) and of each kind.

    Attributes:
        mask: a feature's hash is cut to these bits.
        kind_mask: the same for the kinds, which need fewer.
        red: from this share on a message is read as danger.
        soft: from this share on a line of support is due.
        gate: bias, scale and one small number for each hash.
        kinds: the same for each kind.
    """

    mask: int
    kind_mask: int
    red: float
    soft: float
    gate: tuple[float, float, array[int]]
    kinds: dict[str, tuple[float, float, array[int]]]

    def read(self, line: str) -> Resemblance:
        """Read a plain line, whole and by sentence; the gravest reading counts."""
        parts = [part for part in line.split(" . ") if part.strip()]
        pieces = [line, *parts] if len(parts) > 1 else [line]
        hashed = [features(piece, self.mask) for piece in pieces]
        best = max(hashed, key=lambda found: _sum(self.gate, found))
        share = 1 / (1 + math.exp(-max(-30.0, min(30.0, _sum(self.gate, best)))))
        if share < self.soft:
            return Resemblance(share, "none")
        fewer = {one & self.kind_mask for one in best}
        kind = max(self.kinds, key=lambda name: _sum(self.kinds[name], fewer))
        return Resemblance(share, kind)


def features(line: str, mask: int) -> set[int]:
    """Return hashes of runs of one to three words and of three to five letters."""
    words = [word for word in line.split()[:MOST_WORDS] if word != "."]
    found: set[str] = set()
    for place, word in enumerate(words):
        found.update(" ".join(words[place : place + n]) for n in (1, 2, 3))
        edged = f"<{word[:30]}>"
        for size in (3, 4, 5):
            found.update(
                f"#{edged[at : at + size]}" for at in range(len(edged) - size + 1)
            )
    return {zlib.crc32(one.encode("utf-8")) & mask for one in found}


@lru_cache(maxsize=1)
def likeness() -> Likeness | None:
    """Load the weights once; None if they are missing or not the reviewed ones."""
    try:
        raw = WEIGHTS.read_bytes()
    except OSError:
        raw = b""
    if hashlib.sha256(raw).hexdigest() != SHA256:
        _log.error("safety.likeness_missing")
        return None
    told = json.loads(raw)
    return Likeness(
        mask=(1 << told["bits"]) - 1,
        kind_mask=(1 << told["kind_bits"]) - 1,
        red=told["red"],
        soft=told["soft"],
        gate=_weights(told["gate"]),
        kinds={name: _weights(one) for name, one in told["kinds"].items()},
    )


def _weights(told: dict[str, float | str]) -> tuple[float, float, array[int]]:
    numbers = array("b", base64.b64decode(str(told["weights"])))
    return float(told["bias"]), float(told["scale"]), numbers


def _sum(weights: tuple[float, float, array[int]], found: set[int]) -> float:
    bias, scale, numbers = weights
    total = sum(numbers[one] for one in found)
    return bias + scale * total / math.sqrt(max(1, len(found)))
