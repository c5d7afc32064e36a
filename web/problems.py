"""Errors as JSON problems (RFC 9457) and as pages."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from pathways.services.errors import (
    ConsentNeeded,
    Invalid,
    NotFound,
    Stale,
    SwitchedOff,
)
from web import without_records
from web.deps import Forged, SignInNeeded
from web.headers import SECURITY
from web.off_record import NotKept, NotSaved
from web.pace import TooFast
from web.pages.errors import error_page, held_back_page, switched_off_page

TITLES = {
    401: "Please sign in",
    403: "Not allowed",
    404: "Not found",
    405: "Not possible here",
    409: "Changed meanwhile",
    408: "Too slow",
    413: "Too large",
    422: "Can't be used",
    429: "Too many at once",
    500: "Something went wrong",
    503: "Away for the moment",
}


def problem(status: int, detail: str, **more: object) -> JSONResponse:
    """Return an RFC 9457 problem document."""
    return JSONResponse(
        {
            "type": "about:blank",
            "title": TITLES.get(status, "Error"),
            "status": status,
            "detail": detail,
            **more,
        },
        status_code=status,
        media_type="application/problem+json",
    )


def wants_json(request: Request) -> bool:
    """Tell whether an error goes to a program rather than to a person."""
    return request.url.path.startswith(("/api/", "/internal/"))


def answer(request: Request, status: int, detail: str, **more: object) -> Response:
    """Return an error in the form that the caller reads."""
    if wants_json(request):
        return problem(status, detail, **more)
    return error_page(request, status, detail)


def show_unsaved(request: Request, error: NotSaved) -> Response:
    """Return what a student gets to see when a message could not be stored."""
    if not wants_json(request):
        return without_records.as_page(request, error)
    text = str(error.replies[0]["text"])
    if isinstance(error, NotKept):
        return problem(403, text, replies=error.replies, safety=error.level)
    return problem(503, text, replies=error.replies, safety=error.level)


def place_of(request: Request) -> str:
    """Return where somebody was when their session ended, to bring them back there.

    For a form it is the page on which the form stands, as the browser names it.
    """
    if request.method == "GET":
        asked = request.url
        return asked.path + (f"?{asked.query}" if asked.query else "")
    page = urlsplit(request.headers.get("referer", ""))
    return page.path if page.netloc == request.headers.get("host") else ""


def register(app: FastAPI) -> None:
    """Translate every kind of error at the door."""

    @app.exception_handler(SignInNeeded)
    async def sign_in_needed(request: Request, error: SignInNeeded) -> Response:
        if wants_json(request):
            return problem(401, "Sign in first: POST /api/v1/token.")
        place = place_of(request)
        target = f"/sign-in?next={quote(place)}" if place else "/sign-in"
        return RedirectResponse(target, status_code=303)

    @app.exception_handler(Forged)
    async def forged(request: Request, error: Forged) -> Response:
        return answer(request, 403, "This form is out of date. Open the page again.")

    @app.exception_handler(NotFound)
    async def not_found(request: Request, error: NotFound) -> Response:
        return answer(request, 404, str(error))

    @app.exception_handler(Invalid)
    async def invalid(request: Request, error: Invalid) -> Response:
        return answer(request, 422, str(error), field=error.field)

    @app.exception_handler(ConsentNeeded)
    async def consent_needed(request: Request, error: ConsentNeeded) -> Response:
        if wants_json(request):
            return problem(403, str(error), consent=error.gate)
        return held_back_page(request, error.gate)

    @app.exception_handler(SwitchedOff)
    async def switched_off(request: Request, error: SwitchedOff) -> Response:
        if wants_json(request):
            return problem(403, str(error), switched_off=error.feature)
        return switched_off_page(request, error.feature, error.language)

    @app.exception_handler(TooFast)
    async def too_fast(request: Request, error: TooFast) -> Response:
        found = answer(request, 429, str(error))
        found.headers["retry-after"] = str(error.seconds)
        return found

    @app.exception_handler(Stale)
    async def stale(request: Request, error: Stale) -> Response:
        return answer(request, 409, str(error))

    @app.exception_handler(RequestValidationError)
    async def unreadable(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        field = str(first["loc"][-1]) if first["loc"] else ""
        return answer(request, 422, f"{field}: {first['msg']}", field=field)

    @app.exception_handler(NotSaved)
    async def not_saved(request: Request, error: NotSaved) -> Response:
        return show_unsaved(request, error)

    @app.exception_handler(SQLAlchemyError)
    async def database_away(request: Request, error: SQLAlchemyError) -> Response:
        unsaved = await without_records.not_saved(request)
        if unsaved is not None:
            return show_unsaved(request, unsaved)
        return answer(
            request, 503, "The records can't be reached. Try again in a minute."
        )

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> Response:
        return answer(request, error.status_code, str(error.detail))

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> Response:
        """Answer outside the middleware, which an unexpected error goes past."""
        found = answer(request, 500, "Something went wrong here. Please try again.")
        found.headers.update({**SECURITY, "cache-control": "no-store"})
        return found
