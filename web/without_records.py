"""A chat message that came while the records can't be reached at all.

Nobody can be looked up and nothing stored, but a student in danger must still see
help at once, and the alert waits on disk (trust S13, S14).
"""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from pathways.services.errors import Invalid
from pathways.services.messages import clean_text
from web.deps import gateway_of, seen_lately
from web.off_record import NotKept, NotSaved
from web.pages.chat_stream import EVENT_STREAM, event
from web.pages.errors import held_back_page
from web.pages.templates import plain_page

API, PAGE = "/api/v1/messages", "/chat/messages"


async def not_saved(request: Request) -> NotSaved | None:
    """Return what to show for a chat message; None for any other request."""
    if request.method != "POST" or request.url.path not in (API, PAGE):
        return None
    given = await _given(request)
    try:
        words = clean_text(given.get("text"))
    except Invalid:
        return None
    sent_as = str(given.get("client_message_id", ""))
    return await gateway_of(request).not_saved(seen_lately(request), sent_as, words)


async def _given(request: Request) -> dict[str, object]:
    """Return the fields of a message, nothing where they can't be read."""
    if request.url.path == PAGE:
        return dict(await request.form())
    try:
        found = await request.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def as_page(request: Request, error: NotSaved) -> Response:
    """Show the reply to a browser: as a piece of the chat or as a whole page."""
    crisis = error.level == "red"
    if EVENT_STREAM in request.headers.get("accept", ""):
        context = {"replies": error.replies, "crisis": crisis}
        piece = bytes(plain_page(request, "parts/unsaved.html", context).body)
        return Response(event("unsaved", piece.decode()), media_type=EVENT_STREAM)
    if isinstance(error, NotKept):
        return held_back_page(request, error.gate, error.replies, error.level)
    detail = str(error.replies[0]["text"])
    context = {"status": 503, "detail": detail, "crisis": crisis}
    return plain_page(request, "error.html", context, 503)
