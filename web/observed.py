"""Gives each request an id that logs carry, and measures it by its route."""

from __future__ import annotations

import re
import time
import uuid

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pathways.services.back_off import who_of
from web import metrics, traces

REQUEST_ID = "x-request-id"
READABLE = re.compile(r"[A-Za-z0-9-]{8,64}")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

# What security looks for later: who was turned away, and each try to get in. Patterns
# of routes, never addresses: those hold ids of people.
REFUSED = frozenset({400, 401, 403, 404, 405, 408, 409, 413, 415, 422, 429})
WAYS_IN = frozenset(
    {"/sign-in", "/sign-in/code", "/sign-in/with/{name}/back", "/lti/launch"}
    | {"/sign-in/password", "/account/password", "/api/v1/token", "/sign-out"}
)
log = structlog.get_logger()


def request_id() -> str:
    """Return the id of the request that runs; a fresh one outside of any."""
    known = structlog.contextvars.get_contextvars().get("request")
    return str(known or uuid.uuid4())


class Observed:
    """Stands before everything else, so that a refused request counts too."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before the app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, with its id in the logs and in the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get(REQUEST_ID, "")
        name = given if READABLE.fullmatch(given) else str(uuid.uuid4())
        status = 500

        async def marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = name
            await send(message)

        begun = time.perf_counter()
        structlog.contextvars.bind_contextvars(request=name)
        try:
            with traces.of_request(headers, scope["path"]):
                await self._app(scope, receive, marked)
        finally:
            _measure(scope, status, time.perf_counter() - begun)
            structlog.contextvars.unbind_contextvars("request")


def _measure(scope: Scope, status: int, seconds: float) -> None:
    """Observe a request under its route's pattern, never under its address."""
    route = getattr(scope.get("route"), "path", "none")
    method = scope["method"] if scope["method"] in METHODS else "other"
    metrics.request_seconds.labels(method, route, str(status)).observe(seconds)
    if status in REFUSED or route in WAYS_IN:
        who = _who(scope)
        log.info("request.guarded", method=method, route=route, status=status, who=who)


def _who(scope: Scope) -> str:
    """Return a mark for whoever was signed in; empty for nobody."""
    person = scope.get("state", {}).get("who", "")
    return who_of(scope["app"].state.milepost, person) if person else ""
