"""The second step of a sign-in: a code from an app, or setting that app up."""

from __future__ import annotations

from io import BytesIO
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from pathways.services import second_factor
from pathways.services.back_off import TooManyTries
from pathways.services.errors import Invalid
from pathways.services.second_factor import Waiting
from pathways.services.sign_in import Needs
from web.deps import App, check_csrf, read_secret
from web.pages.session import enter, go, safe_next, set_session
from web.pages.templates import plain_page

router = APIRouter(include_in_schema=False)


@router.get("/sign-in/code")
def show_code(request: Request, milepost: App, next: str = "/") -> Response:
    """Ask for the code that this browser's session still lacks."""
    lacks = _lacks_code(request, milepost)
    return _form(request, lacks, next) if lacks else _elsewhere(next)


@router.get("/sign-in/code/picture")
def show_picture(request: Request, milepost: App) -> Response:
    """Draw what the code app reads, for this session alone."""
    lacks = _lacks_code(request, milepost)
    if lacks is None or not lacks.address:
        return go("/sign-in")
    import segno  # with the first picture, not at each start

    drawn = BytesIO()
    segno.make(lacks.address, error="m", micro=False).save(
        drawn, kind="svg", scale=4, border=3
    )
    return Response(drawn.getvalue(), media_type="image/svg+xml")


@router.post("/sign-in/code", dependencies=[Depends(check_csrf)])
def do_code(
    request: Request,
    milepost: App,
    code: Annotated[str, Form(max_length=40)] = "",
    next: Annotated[str, Form()] = "/",
) -> Response:
    """Take a code; a new app's recovery codes are shown, once."""
    lacks = _lacks_code(request, milepost)
    if lacks is None:
        return _elsewhere(next)
    try:
        passed = second_factor.pass_code(milepost, read_secret(request), code)
    except Invalid as error:
        status = 429 if isinstance(error, TooManyTries) else 422
        return _form(request, lacks, next, str(error), status)
    if not passed.recovery_codes:
        return enter(request, next, passed.secret)
    context = {"codes": passed.recovery_codes, "next": safe_next(next)}
    answer = plain_page(request, "recovery_codes.html", context)
    set_session(request, answer, passed.secret)
    return answer


def _lacks_code(request: Request, milepost: App) -> Waiting | None:
    found = second_factor.waiting(milepost, read_secret(request))
    return found if found and found.needs is not Needs.PASSWORD else None


def _elsewhere(next: str) -> Response:
    """Lead to the sign-in, which lets those go on who lack nothing."""
    return go(f"/sign-in?{urlencode({'next': safe_next(next)})}")


def _form(
    request: Request, lacks: Waiting, next: str, error: str = "", status: int = 200
) -> Response:
    context = {"lacks": lacks, "next": safe_next(next), "error": error}
    return plain_page(request, "second_step.html", context, status)
