"""What routes ask for: the product, the gateway, and who is asking."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Annotated, cast

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from pathways.app import Milepost
from pathways.services.access import Actor
from pathways.services.sign_in import actor_for

if TYPE_CHECKING:
    from web.gateway import Gateway

COOKIE = "milepost_session"


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


def read_secret(request: Request) -> str:
    """Return the session's secret from the cookie, empty where there is none."""
    return request.cookies.get(COOKIE, "")


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
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return await _actor(request, token.strip() if scheme.lower() == "bearer" else "")


async def _actor(request: Request, secret: str) -> Actor:
    found = (
        await run_in_threadpool(actor_for, milepost_of(request), secret)
        if secret
        else None
    )
    if found is None:
        raise SignInNeeded
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
    if not hmac.compare_digest(str(form.get("csrf", "")), csrf_token(request)):
        raise Forged


App = Annotated[Milepost, Depends(milepost_of)]
PageActor = Annotated[Actor, Depends(page_actor)]
ApiActor = Annotated[Actor, Depends(api_actor)]
