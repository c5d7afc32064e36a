"""How fast one person may send messages; help in danger is never held back."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from pathways.safety import screen
from pathways.services.access import Actor
from pathways.services.errors import Invalid
from pathways.texts import say

REMEMBERED = 5000


class TooFast(Invalid):
    """One person sends more than anybody can type; nothing was stored."""

    def __init__(self, message: str, seconds: int) -> None:
        """Say it in words, and after how many seconds it works again."""
        super().__init__(message, "text")
        self.seconds = seconds


class Pace:
    """Counts what each person sends: a bucket that fills again by the minute."""

    def __init__(
        self, per_minute: int, now: Callable[[], float] = time.monotonic
    ) -> None:
        """Allow so many messages a minute, all of them at once if need be."""
        self._per_minute = per_minute
        self._now = now
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def check(self, actor: Actor, words: str) -> None:
        """Let a message through that comes at a human pace or tells of danger.

        Raises:
            TooFast: it has to wait.
        """
        seconds = math.ceil(self.wait(actor.id))
        if seconds and screen(words).level != "red":
            text = say(actor.language, "gateway.too_fast", {"seconds": seconds})
            raise TooFast(text, seconds)

    def wait(self, person_id: str) -> float:
        """Count one message; return the seconds to wait, 0 where it may go on."""
        now, rate = self._now(), self._per_minute / 60
        left, since = self._left.pop(person_id, (float(self._per_minute), now))
        left = min(left + (now - since) * rate, float(self._per_minute))
        allowed = left >= 1
        self._left[person_id] = left - 1 if allowed else left, now
        while len(self._left) > REMEMBERED:
            self._left.popitem(last=False)
        return 0.0 if allowed else (1 - left) / rate
