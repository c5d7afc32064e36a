"""Keeps sentence vectors between trainings, so that only new texts are encoded."""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

FILE = "sentence_vectors.npz"
MOST = 50_000
Encode = Callable[[list[str]], np.ndarray]


def text_key(text: str) -> str:
    """Return the SHA-256 of a text: the cache holds no words."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


class VectorCache:
    """Vectors by text, for one set of weights; plain arrays in one file.

    Past 50,000 vectors (some 80 MB) only those of the last training stay.

    Args:
        folder: where the file is kept; it is made at the first save.
        weights: SHA-256 of the model's weights; vectors of others are dropped.
    """

    def __init__(self, folder: Path, weights: str) -> None:
        """Read what an earlier training kept; a broken file counts as none."""
        self._path = folder / FILE
        self._weights = weights
        self._kept = self._read()

    def _read(self) -> dict[str, np.ndarray]:
        try:
            with np.load(self._path, allow_pickle=False) as stored:
                if str(stored["weights"]) != self._weights:
                    return {}
                return dict(zip(stored["keys"], stored["vectors"], strict=True))
        except (OSError, ValueError, KeyError, EOFError):
            return {}

    def encode(self, texts: list[str], encode: Encode) -> np.ndarray:
        """Return one vector for each text, encoding and keeping only what is new."""
        keys = [text_key(text) for text in texts]
        new = {
            key: text
            for key, text in zip(keys, texts, strict=True)
            if key not in self._kept
        }
        if new:
            made = encode(list(new.values()))
            self._kept.update(zip(new, made, strict=True))
            found = np.stack([self._kept[key] for key in keys])
            if len(self._kept) > MOST:
                self._kept = {key: self._kept[key] for key in dict.fromkeys(keys)}
            self._save()
            return found
        return np.stack([self._kept[key] for key in keys])

    def _save(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._path.parent, delete=False) as file:
            np.savez(
                file,
                weights=np.array(self._weights),
                keys=np.array(list(self._kept)),
                vectors=np.stack(list(self._kept.values())),
            )
        os.replace(file.name, self._path)
