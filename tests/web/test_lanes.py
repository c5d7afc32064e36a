"""Words that tell of danger go first, however many others write (R11)."""

from __future__ import annotations

import asyncio
import json
import threading
from urllib.parse import urlencode

import pytest

from web import lanes
from web.lanes import CALM_THREADS, road, run_in_threadpool, tells_of_danger

RED, CALM = "I want to kill myself", "what classes should I take?"
API, PAGE = "/api/v1/messages", "/chat/messages"


@pytest.mark.parametrize("path", [API, PAGE])
@pytest.mark.parametrize(("words", "urgent"), [(RED, True), (CALM, False), ("", False)])
def test_a_message_is_known_by_its_words(path: str, words: str, urgent: bool) -> None:
    for body in (json.dumps({"text": words}), urlencode({"csrf": "x", "text": words})):
        assert tells_of_danger("POST", path, body.encode()) is urgent


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", API, {"text": RED}),
        ("POST", "/api/v1/token", {"text": RED}),
        ("POST", API, {"text": [RED]}),
        ("POST", API, {"other": RED}),
    ],
)
def test_nothing_else_goes_first(method: str, path: str, body: object) -> None:
    assert not tells_of_danger(method, path, json.dumps(body).encode())


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"", b"[" * 9000, b"{" * 9000])
def test_what_can_not_be_read_is_nobodys_message(body: bytes) -> None:
    assert not tells_of_danger("POST", API, body)


async def test_danger_does_not_wait_for_calm_work_that_fills_its_threads() -> None:
    gate = threading.Event()
    calm = [
        asyncio.create_task(run_in_threadpool(gate.wait, 30))
        for _ in range(3 * CALM_THREADS)
    ]
    await asyncio.sleep(0)
    with road().first():
        assert await run_in_threadpool(lambda: "help") == "help"
    assert not any(one.done() for one in calm)
    gate.set()
    assert all(await asyncio.gather(*calm))


async def test_calm_work_begins_when_the_danger_was_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lanes, "LONGEST_PAUSE", 60.0)
    order: list[str] = []
    with road().first():
        # A context of its own: this is another person's request.
        calm = asyncio.get_running_loop().create_task(
            _calmly(order), context=_fresh_context()
        )
        await asyncio.sleep(0)
        await run_in_threadpool(order.append, "help")
    await calm
    assert order == ["help", "calm"]


async def test_who_is_always_in_danger_holds_nobody_up_for_good(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lanes, "LONGEST_PAUSE", 0.01)
    order: list[str] = []
    with road().first():
        await asyncio.get_running_loop().create_task(
            _calmly(order), context=_fresh_context()
        )
    assert order == ["calm"]


async def _calmly(order: list[str]) -> None:
    await run_in_threadpool(order.append, "calm")


def _fresh_context():  # type: ignore[no-untyped-def]
    import contextvars

    return contextvars.Context()
