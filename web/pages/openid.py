"""Sign-in at a school's OpenID provider: the way there and the way back."""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from pathways.services import school_sign_in
from pathways.services.handshakes import UNFINISHED, NotSignedIn
from web.deps import App, caller_of
from web.pages.session import enter, go, safe_next

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()
HANDSHAKE = "milepost_handshake"
SECONDS = int(UNFINISHED.total_seconds())


@router.get("/sign-in/with/{name}")
def begin(request: Request, milepost: App, name: str, next: str = "/") -> Response:
    """Send the browser to the school's own sign-in."""
    try:
        begun = school_sign_in.begin(milepost, name, safe_next(next))
    except NotSignedIn as error:
        return say_trouble(error)
    answer = RedirectResponse(begun.address, status_code=303)
    answer.set_cookie(
        HANDSHAKE,
        begun.secret,
        max_age=SECONDS,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return answer


@router.get("/sign-in/with/{name}/back")
def come_back(request: Request, milepost: App, name: str) -> Response:
    """Take what the school's own sign-in sent, and start a session."""
    secret = request.cookies.get(HANDSHAKE, "")
    sent: Mapping[str, str] = request.query_params
    try:
        done = school_sign_in.finish(milepost, name, secret, sent, caller_of(request))
    except NotSignedIn as error:
        return say_trouble(error)
    answer = enter(request, done.next_path, done.secret)
    answer.delete_cookie(HANDSHAKE)
    return answer


def say_trouble(error: NotSignedIn) -> Response:
    """Lead to the sign-in page, which says what went wrong in a sentence."""
    log.warning("sign_in.refused", trouble=error.trouble.value, reason=str(error))
    answer = go(f"/sign-in?trouble={error.trouble.value}")
    answer.delete_cookie(HANDSHAKE)
    return answer
