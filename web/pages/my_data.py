"""A student's own data: what is kept, a copy, a correction, deletion (P2-P4)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from pathways.services import consents, data_copy, data_requests
from pathways.services.errors import Invalid
from web.deps import check_csrf
from web.pages.session import go
from web.pages.viewer import View, Viewer
from web.pages.wrong import NOTHING, Wrong

router = APIRouter(include_in_schema=False)
FORM = [Depends(check_csrf)]


@router.get("/my-data")
def show_my_data(view: View) -> Response:
    """Show what is kept, and what a student can do with it."""
    return _page(view)


@router.get("/my-data/copy")
def get_copy(view: View) -> Response:
    """Hand out everything that is kept about the student, as one zip."""
    found = data_copy.copy_of(view.milepost, view.actor)
    named = f'attachment; filename="{found.name}"'
    return Response(
        found.content,
        media_type=found.media_type,
        headers={"content-disposition": named},
    )


@router.post("/my-data", dependencies=FORM)
def ask(
    view: View,
    kind: Annotated[str, Form()] = "",
    about: Annotated[str, Form()] = "",
    words: Annotated[str, Form()] = "",
) -> Response:
    """Send a wish to the school."""
    try:
        data_requests.ask(view.milepost, view.actor, kind, about, words)
    except Invalid as error:
        given = {"about": about, "words": words}
        wrong = Wrong(error.field, view.told(error), kind, given)
        return _page(view, wrong, status=422)
    return go("/my-data?done=asked#mine")


@router.post("/my-data/coaching", dependencies=FORM)
def choose(view: View, off: Annotated[str, Form(max_length=5)] = "") -> Response:
    """Turn coaching off for oneself, or on again."""
    consents.choose(view.milepost, view.actor, off == "yes")
    return go(f"/my-data?done={'off' if off == 'yes' else 'on'}#consent")


@router.post("/my-data/{request_id}/withdraw", dependencies=FORM)
def withdraw(view: View, request_id: str) -> Response:
    """Take a wish back."""
    data_requests.withdraw(view.milepost, view.actor, request_id)
    return go("/my-data?done=withdrawn#mine")


def _page(view: Viewer, wrong: Wrong = NOTHING, status: int = 200) -> Response:
    context = {
        "requests": data_requests.own_requests(view.milepost, view.actor),
        "consent": consents.own(view.milepost, view.actor),
        "kept": data_copy.kept(view.milepost, view.actor),
        "grace": data_copy.grace_days(view.milepost, view.actor),
        "wrong": wrong,
    }
    return view.page("my_data.html", context, status)
