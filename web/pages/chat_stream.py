"""One turn as server-sent events, each a piece of the page."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator

import structlog
from fastapi.responses import Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from pathways.services.access import Actor
from pathways.services.buttons import Reply, public_replies
from pathways.services.messages import FAILED, Message
from web.gateway import Gateway
from web.off_record import NotSaved
from web.pages.viewer import Viewer

log = structlog.get_logger()
EVENT_STREAM = "text/event-stream"
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
Steps = asyncio.Queue["Message | None"]
running: set[asyncio.Task[None]] = set()


def fresh_id() -> str:
    """Return an id for the next message of a form."""
    return str(uuid.uuid4())


def event(name: str, data: str = "") -> str:
    """Return one server-sent event; a line break in the data is kept."""
    lines = "".join(f"data: {line}\n" for line in data.splitlines() or [""])
    return f"event: {name}\n{lines}\n"


def shown_replies(message: Message) -> list[Reply]:
    """Return a turn's replies with its quick answers last, each title once."""
    replies = public_replies(message.replies)
    buttons = {one["title"]: one for reply in replies for one in reply["buttons"]}
    last = len(replies) - 1
    return [
        {**reply, "buttons": list(buttons.values()) if place == last else []}
        for place, reply in enumerate(replies)
    ]


async def take_turn(
    gateway: Gateway, actor: Actor, client_id: str, text: str, seen: int | None
) -> None:
    """Take a turn to its end, even if the browser goes away meanwhile."""
    turn = gateway.turn(actor, client_id, text, seen)
    await asyncio.shield(asyncio.ensure_future(turn))


async def stream_turn(
    view: Viewer, gateway: Gateway, client_id: str, text: str, seen: int | None
) -> Response:
    """Return the turn as a stream: stored, typing, reply..., done or failed.

    Raises:
        Invalid: the text can't be a message; nothing was stored.
    """
    steps = gateway.stream(view.actor, client_id, text, seen)
    try:
        _, stored = await anext(steps)
    except NotSaved as error:
        return _streaming(_unsaved(view, error))
    await run_in_threadpool(getattr, view, "named")
    queue: Steps = asyncio.Queue()
    task = asyncio.create_task(_drive(steps, queue))
    running.add(task)
    task.add_done_callback(running.discard)
    return _streaming(_turn(view, stored, queue))


def _streaming(events: AsyncIterator[str]) -> Response:
    return StreamingResponse(events, media_type=EVENT_STREAM, headers=HEADERS)


async def _drive(steps: AsyncIterator[tuple[str, Message]], queue: Steps) -> None:
    """Run a turn apart from the answer, so that a closed page can't cut it off."""
    try:
        async for _, message in steps:
            queue.put_nowait(message)
    except Exception as error:
        log.error("turn.broken", kind=type(error).__name__)
    finally:
        queue.put_nowait(None)


async def _turn(view: Viewer, stored: Message, queue: Steps) -> AsyncIterator[str]:
    context = {"message": stored, "next_id": fresh_id()}
    yield event("stored", view.fragment("parts/stored.html", context))
    yield event("typing")
    message = await queue.get()
    if message is None or message.status == FAILED:
        context = {"message": message or stored}
        yield event("failed", view.fragment("parts/failed.html", context))
        return
    for reply in shown_replies(message):
        context = {"message": message, "reply": reply, "fresh_id": fresh_id}
        yield event("reply", view.fragment("parts/reply.html", context))
    yield event("done")


async def _unsaved(view: Viewer, error: NotSaved) -> AsyncIterator[str]:
    context = {"replies": error.replies, "crisis": error.level == "red"}
    yield event("unsaved", view.fragment("parts/unsaved.html", context))
