"""What every answer carries and every request must keep to."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.headers import HTTPS_ONLY, SECURITY
from web.lanes import road, tells_of_danger
from web.problems import problem
from web.sizes import BODY_SECONDS, LARGEST_BODY, UPLOADS

LARGEST_ACTION_CALL = 8 * 1024 * 1024
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Gone(Exception):
    """The other side closed the connection before its body was complete."""


class Limits:
    """Refuses bodies that are too large or too slow, and forms from other sites."""

    def __init__(self, app: ASGIApp, body_seconds: float = BODY_SECONDS) -> None:
        """Stand before the app."""
        self._app = app
        self._body_seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check a request, pass it on, and mark its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        path = scope["path"]
        if scope["method"] not in SAFE and not _same_site(headers, path):
            await problem(403, "This came from another site.")(scope, receive, send)
            return
        if path == UPLOADS and scope["method"] == "POST":
            await self._app(scope, receive, _marked(send, scope))
            return
        largest = LARGEST_ACTION_CALL if path.startswith("/internal/") else LARGEST_BODY
        try:
            async with asyncio.timeout(self._body_seconds):
                body = await _body(headers, receive, largest)
        except TimeoutError:
            detail = f"Send it within {self._body_seconds:.0f} seconds."
            await problem(408, detail)(scope, receive, _closing(send))
            return
        except Gone:
            return
        if body is None:
            detail = f"Send {largest // 1024} KB at most."
            await problem(413, detail)(scope, receive, send)
            return
        in_danger = tells_of_danger(scope["method"], path, body)
        with road().first() if in_danger else nullcontext():
            await self._app(scope, _replay(body, receive), _marked(send, scope))


def _same_site(headers: Headers, path: str) -> bool:
    """Bearer tokens can't be forged by a page; cookies can, so look at the origin.

    A launch comes from another site and is signed by it.
    """
    if path.startswith(("/api/", "/internal/", "/lti/")):
        return True
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    if origin in (None, "null"):
        return origin is None
    return urlsplit(origin).netloc == headers.get("host")


async def _body(headers: Headers, receive: Receive, largest: int) -> bytes | None:
    """Read a body of a known or unknown length; None where it is too large.

    Raises:
        Gone: it broke off; half a form is not a form.
    """
    stated = headers.get("content-length", "")
    if stated.isdigit() and int(stated) > largest:
        return None
    if not stated and "transfer-encoding" not in headers:
        return b""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        body += bytes(message.get("body", b""))
        if len(body) > largest:
            return None
        if not message.get("more_body"):
            return body


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _closing(send: Send) -> Send:
    async def closing(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["connection"] = "close"
        await send(message)

    return closing


def _kept(scope: Scope) -> str:
    """Return for how long a browser may keep an answer: our files, nothing else.

    A file whose address carries the mark of its content never changes under it.
    """
    if not scope["path"].startswith("/static/"):
        return "no-store"
    named = scope["query_string"].startswith(b"v=")
    return "public, max-age=31536000, immutable" if named else "public, max-age=3600"


def _marked(send: Send, scope: Scope) -> Send:
    async def marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY.items():
                headers.setdefault(name, value)
            if scope["scheme"] == "https":
                headers.setdefault("strict-transport-security", HTTPS_ONLY)
            headers.setdefault("cache-control", _kept(scope))
        await send(message)

    return marked
