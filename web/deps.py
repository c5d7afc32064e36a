"""What routes ask for: the product, the gateway, and who is asking."""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, cast

from fastapi import Depends, Request
from sqlalchemy.exc import SQLAlchemyError

from pathways.app import Milepost
from pathways.services.access import Actor
from pathways.services.sign_in import IDLE_STAFF, Caller, actor_for
from web.lanes import run_in_threadpool

if TYPE_CHECKING:
    from web.gateway import Gateway

COOKIE = "milepost_session"
REMEMBERED = 5000
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


class SignInNeeded(Exception):
    """Nobody is signed in; pages lead to the sign-in, the API says 401."""


class Forged(Exception):
    """A form came without the token of its own page."""


def milepost_of(request: Request) -> Milepost:
    """Return the product that the app was built with."""
    return cast(Milepost, request.app.state.milepost)


def gateway_of(request: Request) -> Gateway:
    """Return the gateway to the coach."""
    return cast("Gateway", request.app.state.gateway)


def cookie_of(request: Request) -> str:
    """Return the name of the session's cookie.

    Over https browsers take `__Host-` from this very host alone (RFC 6265bis, 4.1.3).
    """
    return f"__Host-{COOKIE}" if request.url.scheme == "https" else COOKIE


def read_secret(request: Request) -> str:
    """Return the session's secret from the cookie, empty where there is none."""
    return request.cookies.get(cookie_of(request), "")


async def page_actor(request: Request) -> Actor:
    """Return who is signed in on this browser.

    Raises:
        SignInNeeded: nobody, or the session has run out.
    """
    return await _actor(request, read_secret(request))


async def api_actor(request: Request) -> Actor:
    """Return who a bearer token belongs to.

    Raises:
        SignInNeeded: there is no token, or it has run out.
    """
    return await _actor(request, read_token(request))


def read_token(request: Request) -> str:
    """Return the bearer token of a request, empty where there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def caller_of(request: Request) -> Caller:
    """Return from where someone signs in: the address, and the browser in words."""
    address = request.client.host if request.client else ""
    return Caller(address, device_in(request.headers.get("user-agent", "")))


def device_in(user_agent: str) -> str:
    """Return browser and system in words, "Firefox, Windows"; empty when unknown."""
    found = (
        next((name for mark, name in marks if mark in user_agent), "")
        for marks in (BROWSERS, SYSTEMS)
    )
    return ", ".join(name for name in found if name)


def seen_lately(request: Request) -> Actor | None:
    """Return who asks, from memory alone."""
    seen: Seen = request.app.state.seen
    secret = read_token(request) or read_secret(request)
    return seen.find(secret, milepost_of(request).clock())


class Seen:
    """Who was here a moment ago: known even while the database is away.

    It only serves to give crisis help and to say whom an alert is about; without
    the database nothing else can be read or done.
    """

    def __init__(self) -> None:
        """Start with nobody."""
        self._actors: OrderedDict[str, tuple[Actor, datetime]] = OrderedDict()

    def keep(self, secret: str, actor: Actor, now: datetime) -> None:
        """Remember that a session was good at a moment."""
        self._actors[_fold(secret)] = actor, now
        self._actors.move_to_end(_fold(secret))
        while len(self._actors) > REMEMBERED:
            self._actors.popitem(last=False)

    def forget(self, secret: str) -> None:
        """Forget a session that has ended."""
        self._actors.pop(_fold(secret), None)

    def find(self, secret: str, now: datetime) -> Actor | None:
        """Return who was here within the shortest idle time of a session."""
        actor, seen_at = self._actors.get(_fold(secret), (None, now))
        return actor if now - seen_at <= IDLE_STAFF else None


def _fold(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


async def _actor(request: Request, secret: str) -> Actor:
    seen: Seen = request.app.state.seen
    milepost = milepost_of(request)
    try:
        found = await run_in_threadpool(actor_for, milepost, secret) if secret else None
    except SQLAlchemyError:
        found = seen.find(secret, milepost.clock())
        if found is None:
            raise
        return found
    if found is None:
        seen.forget(secret)
        raise SignInNeeded
    seen.keep(secret, found, milepost.clock())
    request.state.who = found.id
    return found


def csrf_token(request: Request) -> str:
    """Return the token that a page's forms must send back."""
    key = milepost_of(request).settings.session_secret.encode()
    return hmac.new(key, read_secret(request).encode(), hashlib.sha256).hexdigest()


async def check_csrf(request: Request) -> None:
    """Let a form through only with the token of this session.

    Raises:
        Forged: the token is missing or another session's.
    """
    form = await request.form()
    given = str(form.get("csrf", "")).encode("utf-8", "replace")
    if not hmac.compare_digest(given, csrf_token(request).encode()):
        raise Forged


App = Annotated[Milepost, Depends(milepost_of)]
PageActor = Annotated[Actor, Depends(page_actor)]
ApiActor = Annotated[Actor, Depends(api_actor)]
