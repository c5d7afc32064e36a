"""Summaries that the student edits and shares, and who looked at what."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from pathways.services import summaries
from pathways.services.errors import Invalid
from pathways.services.looks import list_looks
from pathways.services.members import circle
from pathways.services.summaries import DRAFT, LONGEST_LINE
from web.deps import check_csrf
from web.pages.session import go
from web.pages.viewer import View, Viewer

router = APIRouter(include_in_schema=False)
FORM = [Depends(check_csrf)]


@router.get("/summaries")
def show_summaries(view: View) -> Response:
    """Show the draft on top, then what was shared before."""
    return _summaries(view)


@router.post("/summaries/{summary_id}/lines/{line_id}", dependencies=FORM)
def edit_line(
    view: View, summary_id: str, line_id: str, text: Annotated[str, Form()] = ""
) -> Response:
    """Put a line into the student's own words."""
    try:
        summaries.edit_line(view.milepost, view.actor, summary_id, line_id, text)
    except Invalid as error:
        wrong = {"line": line_id, "text": text, "message": view.told(error)}
        return _summaries(view, wrong, status=422)
    return go(f"/summaries?done=line_saved#line-{line_id}")


@router.post("/summaries/{summary_id}/lines/{line_id}/drop", dependencies=FORM)
def drop_line(
    view: View, summary_id: str, line_id: str, dropped: Annotated[str, Form()] = "yes"
) -> Response:
    """Leave a line out, or put it back."""
    out = dropped == "yes"
    summaries.drop_line(view.milepost, view.actor, summary_id, line_id, out)
    return go(f"/summaries?done=line_{'dropped' if out else 'back'}#line-{line_id}")


@router.post("/summaries/{summary_id}/release", dependencies=FORM)
def release(view: View, summary_id: str) -> Response:
    """Share a summary with the adults that the page names."""
    try:
        summaries.release(view.milepost, view.actor, summary_id)
    except Invalid as error:
        wrong = {"line": "", "text": "", "message": view.told(error)}
        return _summaries(view, wrong, status=422)
    return go("/summaries?done=released")


@router.post("/summaries/{summary_id}/take-back", dependencies=FORM)
def take_back(view: View, summary_id: str) -> Response:
    """Take a shared summary back."""
    changed = summaries.take_back(view.milepost, view.actor, summary_id)
    return go(f"/summaries?done=taken_{changed.status}")


@router.get("/looks")
def show_looks(view: View) -> Response:
    """Show who looked at the student's data."""
    return view.page("looks.html", {"looks": list_looks(view.milepost, view.actor)})


def _summaries(
    view: Viewer, wrong: dict[str, str] | None = None, status: int = 200
) -> Response:
    every = summaries.list_summaries(view.milepost, view.actor)
    context = {
        "draft": next((one for one in every if one.status == DRAFT), None),
        "past": [one for one in every if one.status != DRAFT],
        "circle": circle(view.milepost, view.actor),
        "longest": LONGEST_LINE,
        "wrong": wrong or {"line": "", "text": "", "message": ""},
    }
    return view.page("summaries.html", context, status)
