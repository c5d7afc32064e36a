"""Errors as pages: what happened, and the way on; nothing of anybody's data."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import Request
from fastapi.responses import Response

from pathways.services.buttons import Reply
from pathways.texts.phrases import told
from web.pages.templates import language_here, plain_page, words_in

KNOWN = frozenset({403, 404, 405, 409, 413, 422, 500, 503})


def error_page(request: Request, status: int, detail: str = "") -> Response:
    """Return a page for an HTTP status, drawn without the database.

    Args:
        request: what was asked for.
        status: the HTTP status.
        detail: a sentence from our own code; shown as it is.
    """
    known = status if status in KNOWN else 500
    said = told(language_here(request), detail)
    return plain_page(request, "error.html", {"status": known, "detail": said}, status)


def held_back_page(
    request: Request, gate: str, replies: Sequence[Reply] = (), level: str = "none"
) -> Response:
    """Return the page of a student of whom nothing may be kept (trust P7).

    Args:
        request: what was asked for.
        gate: why, as `pathways.domain.consent.Gate` names it.
        replies: what is shown instead of an answer to a message.
        level: of the message, as the safety screen found it.
    """
    context = {"gate": gate, "replies": replies, "crisis": level == "red"}
    return plain_page(request, "held_back.html", context, 403)


def switched_off_page(request: Request, feature: str, language: str) -> Response:
    """Return the page of what the school has not switched on for this student (A11)."""
    context = {"feature": feature, "t": words_in(language), "language": language}
    return plain_page(request, "switched_off.html", context, 403)
