"""The conversation: what was said, and saying something new."""

from __future__ import annotations

import hashlib
import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from pathways.services import conversation
from pathways.services.errors import Invalid
from pathways.services.members import circle
from pathways.services.messages import LONGEST_MESSAGE, Message
from web.deps import check_csrf, gateway_of
from web.headers import HEARING
from web.off_record import NotKept, NotSaved
from web.pages.chat_stream import (
    EVENT_STREAM,
    fresh_id,
    shown_replies,
    stream_turn,
    take_turn,
)
from web.pages.errors import held_back_page
from web.pages.session import go
from web.pages.templates import plain_page
from web.pages.viewer import View, Viewer

router = APIRouter(include_in_schema=False)
SHOWN = 50
WHO = 12  # letters of a mark by which a tab knows whose unsent words it holds
STARTERS = ("goal", "mastery", "options", "career")


@router.get("/chat")
def show_chat(
    view: View,
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    around: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> Response:
    """Show the newest turns, those before a place, or those around one."""
    return _chat(view, before if around is None else around + SHOWN // 2, around)


@router.post("/chat/messages", dependencies=[Depends(check_csrf)])
async def say(
    request: Request,
    view: View,
    client_message_id: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
    seen: Annotated[int | None, Form(ge=0, le=2**31 - 1)] = None,
) -> Response:
    """Take a turn: streamed to a script, or answered with the whole page."""
    gateway = gateway_of(request)
    streams = EVENT_STREAM in request.headers.get("accept", "")
    try:
        client_id = _client_id(client_message_id)
        if streams:
            return await stream_turn(view, gateway, client_id, text, seen)
        await take_turn(gateway, view.actor, client_id, text, seen)
    except Invalid as error:
        if streams:
            return Response(view.told(error), 422, media_type="text/plain")
        return await run_in_threadpool(
            _chat, view, None, None, {"error": view.told(error), "draft": text}, 422
        )
    except NotKept as error:
        return held_back_page(request, error.gate, error.replies, error.level)
    except NotSaved as error:
        crisis = error.level == "red"
        context = {"status": 503, "detail": error.replies[0]["text"], "crisis": crisis}
        return plain_page(request, "error.html", context, 503)
    return go("/chat#end")


def _client_id(given: str) -> str:
    try:
        return str(uuid.UUID(given))
    except ValueError:
        raise Invalid("This page is out of date. Please load it again.") from None


def _chat(
    view: Viewer,
    before: int | None,
    around: int | None,
    composed: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    found = conversation.messages(view.milepost, view.actor, before, SHOWN)
    newest = before is None or _is_newest(view, found)
    context = {
        "turns": found,
        "earlier": found[0].place if len(found) == SHOWN else None,
        "newest": newest,
        "around": around,
        "gate": view.actor.gate,
        "starters": STARTERS,
        "longest": LONGEST_MESSAGE,
        "shown": shown_replies,
        "fresh_id": fresh_id,
        "circle": circle(view.milepost, view.actor),
        "who": hashlib.sha256(view.actor.id.encode()).hexdigest()[:WHO],
        "error": "",
        "draft": "",
        **(composed or {}),
    }
    page = view.page("chat.html", context, status)
    if "dictation" in view.me.supports:
        page.headers.update(HEARING)
    return page


def _is_newest(view: Viewer, found: list[Message]) -> bool:
    last = conversation.messages(view.milepost, view.actor, limit=1)
    return not last or (bool(found) and found[-1].place >= last[-1].place)
