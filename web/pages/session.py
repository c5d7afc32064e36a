"""Signing in and out, and the way home."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from pathways.identity.config import IdentityError
from pathways.services import school_sign_in
from pathways.services import sign_in as signing_in
from pathways.services.back_off import TooManyTries
from pathways.services.errors import Invalid
from pathways.services.second_factor import waiting
from pathways.services.sign_in import Needs
from web.deps import (
    App,
    PageActor,
    SignInNeeded,
    caller_of,
    check_csrf,
    cookie_of,
    page_actor,
    read_secret,
)
from web.pages.templates import CHOSEN, language_here, plain_page

router = APIRouter(include_in_schema=False)
SEE_OTHER = 303
A_YEAR = timedelta(days=365)
log = structlog.get_logger()


def safe_next(path: str) -> str:
    """Return where to go after signing in: a page of ours, or the home page."""
    ours = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if ours and not path.startswith(("/sign-in", "/sign-out")) else "/"


def go(path: str) -> RedirectResponse:
    """Send the browser on with a GET, after a form was handled."""
    return RedirectResponse(path, status_code=SEE_OTHER)


@router.get("/")
def home(actor: PageActor) -> Response:
    """Lead to the page on which the person's role starts."""
    return go(signing_in.home_of(actor.role))


@router.get("/sign-in")
async def show_sign_in(request: Request, milepost: App, next: str = "/") -> Response:
    """Ask for name and password, unless the browser is signed in already."""
    try:
        await page_actor(request)
    except SignInNeeded:
        lacks = await run_in_threadpool(_lacks, milepost, read_secret(request))
        if lacks:
            step = "password" if lacks is Needs.PASSWORD else "code"
            return go(f"/sign-in/{step}?{urlencode({'next': safe_next(next)})}")
        return _form(request, milepost, next)
    return go(safe_next(next))


@router.post("/sign-in", dependencies=[Depends(check_csrf)])
async def do_sign_in(
    request: Request,
    milepost: App,
    username: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",
) -> Response:
    """Start a session; a mistake is said in words and the name stays."""
    try:
        secret = await run_in_threadpool(
            signing_in.sign_in, milepost, username, password, caller_of(request)
        )
    except Invalid as error:
        status = 429 if isinstance(error, TooManyTries) else 422
        return _form(request, milepost, next, username, str(error), status)
    return enter(request, next, secret)


def enter(request: Request, next: str, secret: str) -> Response:
    """Give the browser a session and send it on."""
    answer = go(safe_next(next))
    set_session(request, answer, secret)
    return answer


def set_session(request: Request, answer: Response, secret: str) -> None:
    """Put a session's secret where no script and no other site reaches it."""
    answer.set_cookie(
        cookie_of(request),
        secret,
        max_age=int(signing_in.ABSOLUTE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


@router.post("/sign-out", dependencies=[Depends(check_csrf)])
def do_sign_out(request: Request, milepost: App) -> Response:
    """End the session here and on the server."""
    signing_in.sign_out(milepost, read_secret(request))
    answer = go("/sign-in?done=signed_out")
    return signed_out(request, answer)


def signed_out(request: Request, answer: Response) -> Response:
    """Take the session and all that a browser keeps of these pages away from it."""
    secure = request.url.scheme == "https"
    answer.delete_cookie(cookie_of(request), secure=secure, httponly=True)
    answer.headers["clear-site-data"] = '"cache", "storage"'
    return answer


def _form(
    request: Request,
    milepost: App,
    next: str,
    username: str = "",
    error: str = "",
    status: int = 200,
) -> Response:
    context = {
        "next": safe_next(next),
        "username": username,
        "error": error,
        "trouble": request.query_params.get("trouble", ""),
        "ways": _ways(milepost),
    }
    return keep_language(request, plain_page(request, "sign_in.html", context, status))


def keep_language(request: Request, shown: Response) -> Response:
    """Remember on this browser the language that somebody chose on a page."""
    if "lang" in request.query_params:
        secure = request.url.scheme == "https"
        shown.set_cookie(
            CHOSEN,
            language_here(request),
            max_age=int(A_YEAR.total_seconds()),
            httponly=True,
            samesite="lax",
            secure=secure,
        )
    return shown


def _lacks(milepost: App, secret: str) -> Needs:
    found = waiting(milepost, secret) if secret else None
    return found.needs if found else Needs.NOTHING


def _ways(milepost: App) -> list[school_sign_in.Way]:
    """Return the school's own ways; a broken file must not close this page."""
    try:
        return school_sign_in.ways(milepost)
    except IdentityError as error:
        log.error("identity.file_unusable", reason=str(error))
        return []
