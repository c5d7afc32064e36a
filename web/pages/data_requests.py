"""What keepers of records do: requests about data, and a chat opened with a reason."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from pathways.services import data_requests, transcripts
from pathways.services.errors import Invalid
from web.deps import check_csrf
from web.pages.session import go
from web.pages.viewer import View, Viewer
from web.pages.wrong import NOTHING, Wrong

router = APIRouter(include_in_schema=False)
FORM = [Depends(check_csrf)]


@router.get("/data-requests")
def show_requests(view: View) -> Response:
    """Show what students ask for, what waits first."""
    return _requests(view)


@router.post("/data-requests/{request_id}", dependencies=FORM)
def settle(
    view: View,
    request_id: str,
    act: Annotated[str, Form()] = "",
    words: Annotated[str, Form()] = "",
) -> Response:
    """Answer a request; the student reads the words."""
    try:
        data_requests.settle(view.milepost, view.actor, request_id, act, words)
    except Invalid as error:
        given = {"act": act, "words": words}
        wrong = Wrong(error.field, view.told(error), request_id, given)
        return _requests(view, wrong, status=422)
    return go("/data-requests?done=settled")


@router.get("/transcripts/{student_id}")
def ask_for_reason(view: View, student_id: str) -> Response:
    """Ask why a chat must be read."""
    return _chat(view, student_id)


@router.post("/transcripts/{student_id}", dependencies=FORM)
def open_chat(
    view: View, student_id: str, reason: Annotated[str, Form()] = ""
) -> Response:
    """Show a chat, once its reason stands in the log."""
    try:
        found = transcripts.open_chat(view.milepost, view.actor, student_id, reason)
    except Invalid as error:
        return _chat(view, student_id, reason, view.told(error), status=422)
    return view.page("transcript.html", {"found": found})


def _chat(
    view: Viewer,
    student_id: str,
    reason: str = "",
    message: str = "",
    status: int = 200,
) -> Response:
    name = transcripts.whose_chat(view.milepost, view.actor, student_id)
    context = {
        "student": name,
        "student_id": student_id,
        "reason": reason,
        "message": message,
    }
    return view.page("transcript_reason.html", context, status)


def _requests(view: Viewer, wrong: Wrong = NOTHING, status: int = 200) -> Response:
    context = {
        "requests": data_requests.list_requests(view.milepost, view.actor),
        "wrong": wrong,
    }
    return view.page("data_requests.html", context, status)
