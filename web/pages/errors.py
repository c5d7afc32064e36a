"""Errors as pages: what happened, and the way on; nothing of anybody's data."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from web.pages.templates import plain_page

KNOWN = frozenset({403, 404, 405, 409, 413, 422, 500, 503})


def error_page(request: Request, status: int, detail: str = "") -> Response:
    """Return a page for an HTTP status, drawn without the database.

    Args:
        request: what was asked for.
        status: the HTTP status.
        detail: a sentence from our own code; shown as it is.
    """
    known = status if status in KNOWN else 500
    return plain_page(
        request, "error.html", {"status": known, "detail": detail}, status
    )
