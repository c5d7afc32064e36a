"""Tells what a message wants by the training examples that it is nearest to."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Neighbours:
    """Sentence vectors of examples, with the place of each one's label.

    Args:
        vectors: one unit vector for each example (examples x 384).
        places: the place of each example's label among all labels.
        count: how many of the nearest have a say.
        sharpness: how much more the nearer ones say, as a factor of the cosine.
    """

    vectors: np.ndarray
    places: np.ndarray
    count: int
    sharpness: float

    def shares(self, vector: np.ndarray, labels: int) -> np.ndarray:
        """Return each label's share of the nearest examples' say (sums to 1)."""
        near = self.vectors @ vector
        count = min(self.count, len(near))
        nearest = np.argpartition(-near, count - 1)[:count]
        say = np.exp(self.sharpness * near[nearest])
        shares = np.bincount(self.places[nearest], weights=say, minlength=labels)
        return shares / shares.sum()
