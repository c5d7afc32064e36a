"""A person to talk to, and who can see what: one tap away from every page."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from pathways.safety.resources import shown
from pathways.services import alerts
from pathways.services.members import circle
from web.deps import check_csrf
from web.pages.session import go
from web.pages.viewer import View

router = APIRouter(include_in_schema=False)


@router.get("/person")
def show_person(view: View) -> Response:
    """Show whom a student can talk to, now and at school."""
    context = {"circle": circle(view.milepost, view.actor), "numbers": shown()}
    return view.page("person.html", context)


@router.post("/person", dependencies=[Depends(check_csrf)])
def ask_for_person(view: View) -> Response:
    """Tell the student's adults that they want to talk."""
    alerts.ask_for_person(view.milepost, view.actor)
    return go("/person?done=asked")


@router.get("/who-sees")
def show_who_sees(view: View) -> Response:
    """Say in words who can see what."""
    return view.page("who_sees.html", {"circle": circle(view.milepost, view.actor)})
