"""Two lanes for work in threads: words that tell of danger never wait for others.

Threads of one process share one core. In a burst, a few at a time finish sooner than
many at once, and SQLite lets one write at a time anyway; so calm work gets few
threads. A message that tells of danger has threads of its own, and while one is being
answered no calm work begins: that costs the others a moment, half a second at most.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import ParamSpec, TypeVar
from urllib.parse import parse_qs
from weakref import WeakKeyDictionary

import anyio

from pathways.safety import screen

CALM_THREADS, URGENT_THREADS = 4, 6
LONGEST_PAUSE = 0.5
MESSAGES = ("/api/v1/messages", "/chat/messages")
P = ParamSpec("P")
T = TypeVar("T")

_urgent: ContextVar[bool] = ContextVar("urgent", default=False)
_roads: WeakKeyDictionary[object, Road] = WeakKeyDictionary()


class Road:
    """The lanes of one event loop, and who uses the urgent one just now."""

    def __init__(self) -> None:
        """Start with nobody."""
        self.calm = anyio.CapacityLimiter(CALM_THREADS)
        self.urgent = anyio.CapacityLimiter(URGENT_THREADS)
        self._in_danger = 0
        self._free = asyncio.Event()
        self._free.set()

    @contextmanager
    def first(self) -> Iterator[None]:
        """Go before calm work for as long as the block runs."""
        token = _urgent.set(True)
        self._in_danger += 1
        self._free.clear()
        try:
            yield
        finally:
            _urgent.reset(token)
            self._in_danger -= 1
            if not self._in_danger:
                self._free.set()

    async def lane(self) -> anyio.CapacityLimiter:
        """Return the limiter of this request's lane once it may go."""
        if _urgent.get():
            return self.urgent
        if not self._free.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._free.wait(), LONGEST_PAUSE)
        return self.calm


def road() -> Road:
    """Return the lanes of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _roads:
        _roads[loop] = Road()
    return _roads[loop]


async def run_in_threadpool(
    work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run blocking work in a thread of this request's lane."""
    limiter = await road().lane()
    return await anyio.to_thread.run_sync(
        lambda: work(*args, **kwargs), limiter=limiter
    )


def tells_of_danger(method: str, path: str, body: bytes) -> bool:
    """Tell whether a request is a message that the safety screen finds red.

    The screen looks again, with what was said before, when the message is answered;
    this only decides who goes first. What can't be read is nobody's message.
    """
    if method != "POST" or path not in MESSAGES:
        return False
    words = _words(body)
    return bool(words) and screen(words).level == "red"


def _words(body: bytes) -> str:
    try:
        if body[:1] == b"{":
            found = json.loads(body).get("text", "")
        else:
            found = parse_qs(body.decode()).get("text", [""])[0]
    except (ValueError, AttributeError, RecursionError):
        return ""
    return found if isinstance(found, str) else ""
