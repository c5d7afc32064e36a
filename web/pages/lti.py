"""Launches from a learning platform by LTI 1.3, in a window of their own."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from pathways.services import school_launch
from pathways.services.handshakes import NotSignedIn
from web.deps import App, caller_of
from web.pages.openid import HANDSHAKE, SECONDS, say_trouble
from web.pages.session import enter

router = APIRouter(include_in_schema=False)


@router.get("/lti/login")
async def begin_by_get(request: Request, milepost: App) -> Response:
    """Answer a platform that begins a launch by an address."""
    return await _begin(milepost, dict(request.query_params))


@router.post("/lti/login")
async def begin_by_post(request: Request, milepost: App) -> Response:
    """Answer a platform that begins a launch by a form."""
    return await _begin(milepost, await _texts(request))


@router.post("/lti/launch")
async def launch(request: Request, milepost: App) -> Response:
    """Check the platform's id_token and start a session."""
    secret, sent = request.cookies.get(HANDSHAKE, ""), await _texts(request)
    try:
        done = await run_in_threadpool(
            school_launch.finish_launch, milepost, secret, sent, caller_of(request)
        )
    except NotSignedIn as error:
        return say_trouble(error)
    answer = enter(request, done.next_path, done.secret)
    answer.delete_cookie(HANDSHAKE)
    return answer


async def _begin(milepost: App, sent: dict[str, str]) -> Response:
    try:
        begun = await run_in_threadpool(school_launch.begin_launch, milepost, sent)
    except NotSignedIn as error:
        return say_trouble(error)
    answer = RedirectResponse(begun.address, status_code=303)
    # The launch is a form of another site: only a cookie of this kind comes along.
    answer.set_cookie(
        HANDSHAKE,
        begun.secret,
        max_age=SECONDS,
        httponly=True,
        samesite="none",
        secure=True,
    )
    return answer


async def _texts(request: Request) -> dict[str, str]:
    form = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str)}
