"""The client of Rasa: what counts as an answer, and what is sent again."""

from __future__ import annotations

import json
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, cast

import aiohttp
import pytest
from aiohttp import web
from aiohttp.client_reqrep import ConnectionKey
from live import START

from pathways.safety import Screening
from pathways.services.messages import Message
from web.rasa_client import (
    MOMENT,
    SIGNATURE,
    AssistantAway,
    NotReached,
    RasaClient,
    fold_messages,
    open_session,
    signature,
    workers_of,
)

SECRET = "a-secret-of-the-channel"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def message(text: str = "hi") -> Message:
    return Message(
        id="turn",
        client_message_id="client",
        conversation_id="conversation",
        place=1,
        text=text,
        intent=None,
        status="received",
        safety="none",
        replies=(),
        received_at=START,
    )


async def ask(
    handler: Handler, times: int = 1, of: Message | None = None
) -> list[dict[str, Any]]:
    """Have a server of this machine take a turn; return its last answer."""
    app = web.Application()
    app.router.add_post("/webhooks/milepost/turn", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        async with open_session() as http:
            client = RasaClient([address], SECRET, http, 5.0)
            for _ in range(times):
                found = await client.turn(of or message(), START)
            return found
    finally:
        await runner.cleanup()


BAD_ANSWERS: dict[str, bytes] = {
    "empty list": b"[]",
    "no messages": b'{"messages": []}',
    "null": b"null",
    "null messages": b'{"messages": null}',
    "text messages": b'{"messages": ["hi"]}',
    "a number": b'{"messages": 5}',
    "empty text": b'{"messages": [{"text": ""}]}',
    "null text": b'{"messages": [{"text": null}]}',
    "not JSON": b"<html>",
    "nothing": b"",
    "half": b'{"messages": [{"te',
    "bad custom": b'{"messages": [{"custom": 5}]}',
}


@pytest.mark.parametrize("name", BAD_ANSWERS)
async def test_no_answer_is_never_taken_for_one(name: str) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=BAD_ANSWERS[name])

    with pytest.raises(AssistantAway):
        await ask(answer)


@pytest.mark.parametrize("status", [204, 301, 400, 401, 404, 500, 503])
async def test_a_status_that_is_not_ok_is_no_answer(status: int) -> None:
    async def answer(request: web.Request) -> web.Response:
        body = None if status == 204 else b'{"messages": [{"text": "hi"}]}'
        return web.Response(status=status, body=body, headers={"location": "/"})

    with pytest.raises(AssistantAway, match=str(status)):
        await ask(answer)


async def test_the_assistant_is_told_what_the_screen_saw_and_says_what_it_heard() -> (
    None
):
    told: list[Any] = []
    heard = {"level": "red", "kind": "abuse"}

    async def answer(request: web.Request) -> web.Response:
        told.append((await request.json())["screened"])
        replies = {"messages": [{"text": "hi"}], "asking": "", "danger": heard}
        return web.json_response(replies)

    seen = Screening("none", "none", calm=True, likeness=0.25)
    (reply,) = await ask(answer, of=replace(message(), screening=seen))
    assert told == [{"calm": True, "likeness": 0.25}]
    assert reply["danger"] == heard


class Failing:
    """A session in which every request fails in the same way."""

    def __init__(self, error: Exception) -> None:
        self.error, self.tried = error, 0

    def post(self, url: str, **given: Any) -> None:
        self.tried += 1
        raise self.error


REFUSED = aiohttp.ClientConnectorError(
    ConnectionKey("127.0.0.1", 1, False, True, None, None, None), OSError("refused")
)


@pytest.mark.parametrize(
    ("error", "tries"),
    [
        (REFUSED, 2),
        (aiohttp.ServerTimeoutError("slow"), 1),
        (aiohttp.ServerDisconnectedError("cut"), 1),
        (aiohttp.ClientOSError("reset"), 1),
        (TimeoutError("slow"), 1),
    ],
)
async def test_only_what_was_never_sent_is_sent_again(
    error: Exception, tries: int
) -> None:
    http = Failing(error)
    client = RasaClient(["http://rasa"], SECRET, cast(aiohttp.ClientSession, http), 5.0)
    with pytest.raises(AssistantAway):
        await client.turn(message(), START)
    assert http.tried == tries


async def test_nobody_at_the_address_is_an_assistant_that_is_away() -> None:
    async with open_session() as http:
        client = RasaClient(["http://127.0.0.1:9"], SECRET, http, 5.0)
        with pytest.raises(NotReached):
            await client.turn(message(), START)
        assert not await client.ready()


async def test_a_turn_is_signed_and_connections_stay_open() -> None:
    seen, peers = [], set()

    async def answer(request: web.Request) -> web.Response:
        seen.append((request.headers.copy(), await request.read()))
        assert request.transport is not None
        peers.add(request.transport.get_extra_info("peername"))
        return web.json_response({"messages": [{"text": "Hi."}], "asking": "q"})

    (reply,) = await ask(answer, times=3)
    headers, body = seen[0]
    given = headers[SIGNATURE]
    assert given == signature(SECRET, headers[MOMENT], body)
    assert given != signature("other", headers[MOMENT], body)
    assert json.loads(body)["conversation"] == "conversation"
    assert (reply["text"], reply["asking"]) == ("Hi.", "q")
    assert (len(seen), len(peers)) == (3, 1)


def test_cards_and_notes_join_the_text_before_them() -> None:
    replies = fold_messages(
        [
            {"text": "One."},
            {"custom": {"cards": [{"id": "A"}]}},
            {"custom": {"notes": [{"topic": "x"}]}},
            {"text": "Two.", "buttons": [{"title": "T", "payload": "/p"}]},
        ]
    )
    assert [reply["text"] for reply in replies] == ["One.", "Two."]
    assert replies[0]["cards"] == [{"id": "A"}]
    assert replies[0]["notes"] == [{"topic": "x"}]


def test_a_conversation_stays_with_its_worker_and_most_stay_when_one_joins() -> None:
    names = [str(uuid.uuid4()) for _ in range(400)]
    before = [workers_of(name, 4)[0] for name in names]
    assert before == [workers_of(name, 4)[0] for name in names]
    assert set(before) == {0, 1, 2, 3}
    after = [workers_of(name, 5)[0] for name in names]
    moved = [new for old, new in zip(before, after, strict=True) if old != new]
    assert set(moved) == {4}
    assert len(moved) < 160
