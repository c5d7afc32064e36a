"""Careers to look at, and the hours and places that suit a student (O2, O5)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from pathways.services.availability import availability, set_availability
from pathways.services.career_ideas import IdeaView, ideas
from pathways.services.errors import Invalid
from web.deps import check_csrf
from web.pages.session import go
from web.pages.viewer import View, Viewer

router = APIRouter(include_in_schema=False)
UNPROCESSABLE, LETTERS = 422, 6
NOT_SAID, SOME = "not_said", "some"


@router.get("/ideas")
def show_ideas(view: View, riasec: str = "") -> Response:
    """Show careers to look at, and the form for hours and places."""
    return _page(view, riasec)


@router.post("/ideas/availability", dependencies=[Depends(check_csrf)])
def say_availability(
    view: View,
    hours: Annotated[str, Form()] = "",
    which: Annotated[str, Form()] = NOT_SAID,
    place: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Keep hours and places; an empty answer takes them back."""
    try:
        given = float(hours.replace(",", ".")) if hours.strip() else None
    except ValueError:
        given = -1.0
    places = (place or []) if which == SOME else None
    try:
        set_availability(view.milepost, view.actor, given, places)
    except Invalid as error:
        return _page(view, "", view.told(error), hours, UNPROCESSABLE)
    return go("/ideas?done=availability#time")


def _page(
    view: Viewer,
    riasec: str,
    message: str = "",
    hours: str | None = None,
    status: int = 200,
) -> Response:
    said = availability(view.milepost, view.actor)
    known = "" if said.hours_a_week is None else f"{said.hours_a_week:g}"
    found: tuple[IdeaView, ...] = ()
    wrong_letters = ""
    try:
        found = ideas(view.milepost, view.actor, riasec)
    except Invalid as error:
        wrong_letters = view.told(error)
    context = {
        "ideas": found,
        "riasec": riasec[:LETTERS],
        "wrong_letters": wrong_letters,
        "said": said,
        "hours": known if hours is None else hours,
        "message": message,
    }
    return view.page("ideas.html", context, status)
