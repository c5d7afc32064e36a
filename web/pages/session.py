"""Signing in and out, and the way home."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from pathways.services import sign_in as signing_in
from pathways.services.errors import Invalid
from web.deps import (
    COOKIE,
    App,
    PageActor,
    SignInNeeded,
    check_csrf,
    page_actor,
    read_secret,
)
from web.pages.templates import plain_page

router = APIRouter(include_in_schema=False)
SEE_OTHER = 303


def safe_next(path: str) -> str:
    """Return where to go after signing in: a page of ours, or the home page."""
    ours = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if ours and path not in ("/sign-in", "/sign-out") else "/"


def go(path: str) -> RedirectResponse:
    """Send the browser on with a GET, after a form was handled."""
    return RedirectResponse(path, status_code=SEE_OTHER)


@router.get("/")
def home(actor: PageActor) -> Response:
    """Lead to the page on which the person's role starts."""
    return go(signing_in.home_of(actor.role))


@router.get("/sign-in")
async def show_sign_in(request: Request, next: str = "/") -> Response:
    """Ask for name and password, unless the browser is signed in already."""
    try:
        await page_actor(request)
    except SignInNeeded:
        return _form(request, next)
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
            signing_in.sign_in, milepost, username, password
        )
    except Invalid as error:
        return _form(request, next, username, str(error), status=422)
    answer = go(safe_next(next))
    answer.set_cookie(
        COOKIE,
        secret,
        max_age=int(signing_in.ABSOLUTE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return answer


@router.post("/sign-out", dependencies=[Depends(check_csrf)])
def do_sign_out(request: Request, milepost: App) -> Response:
    """End the session here and on the server."""
    signing_in.sign_out(milepost, read_secret(request))
    answer = go("/sign-in?done=signed_out")
    answer.delete_cookie(COOKIE)
    return answer


def _form(
    request: Request, next: str, username: str = "", error: str = "", status: int = 200
) -> Response:
    return plain_page(
        request,
        "sign_in.html",
        {"next": safe_next(next), "username": username, "error": error},
        status,
    )
