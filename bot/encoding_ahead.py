"""Encodes a training's texts on idle cores while Rasa still sorts its examples.

Rasa takes a training's steps one after the other, most of them on one core. Encoding
is the longest and needs nothing but the texts, so it begins as soon as they are read.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from threading import Event, Thread

SENTENCES, SHARED = "sentences", "shared"
Work = Callable[[], object]


class Ahead:
    """Pieces of work that may be done before they are asked for, one after another."""

    def __init__(self) -> None:
        """Start with nothing begun."""
        self._ended: dict[str, Event] = {}

    def begin(self, pieces: Mapping[str, Work]) -> None:
        """Begin in the background, in this order."""
        self._ended = {name: Event() for name in pieces}
        Thread(target=self._run, args=(pieces,), name="ahead", daemon=True).start()

    def _run(self, pieces: Mapping[str, Work]) -> None:
        try:
            for name, work in pieces.items():
                work()
                self._ended[name].set()
        finally:
            for ended in self._ended.values():
                ended.set()

    def wait(self, name: str) -> None:
        """Wait until a piece has ended, well or not; at once where none was begun."""
        if name in self._ended:
            self._ended[name].wait()


ENCODING = Ahead()


def is_training(command: Sequence[str] = sys.argv) -> bool:
    """Tell whether this process was started as `rasa train`."""
    return list(command[1:2]) == ["train"]
