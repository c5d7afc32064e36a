"""The record of an alert: who was told, who decided what, and the draft of a notice."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from pathways.services import incidents
from pathways.services.errors import Invalid
from web.deps import check_csrf
from web.pages.session import go
from web.pages.viewer import View, Viewer
from web.pages.wrong import NOTHING, Wrong

router = APIRouter(include_in_schema=False)
GUARDED = [Depends(check_csrf)]


@router.get("/alerts/{alert_id}")
def show_incident(view: View, alert_id: str) -> Response:
    """Show the record of an alert; it prints as it stands."""
    return _record(view, alert_id)


@router.post("/alerts/{alert_id}/record", dependencies=GUARDED)
def add_to_record(
    view: View,
    alert_id: str,
    kind: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Add a decision or the outcome."""
    try:
        incidents.decide(view.milepost, view.actor, alert_id, kind, reason)
    except Invalid as error:
        field = "reason" if error.field == "text" else error.field
        given = {"kind": kind, "reason": reason}
        wrong = Wrong(field, view.told(error), "", given)
        return _record(view, alert_id, wrong, 422)
    return go(f"/alerts/{alert_id}?done=added")


@router.get("/alerts/{alert_id}/notice")
def show_notice(view: View, alert_id: str) -> Response:
    """Show the draft of a notice to the family."""
    return _notice(view, alert_id)


@router.post("/alerts/{alert_id}/notice", dependencies=GUARDED)
def save_notice(
    view: View, alert_id: str, text: Annotated[str, Form()] = ""
) -> Response:
    """Keep the edited draft in the record."""
    try:
        incidents.save_notice(view.milepost, view.actor, alert_id, text)
    except Invalid as error:
        wrong = Wrong("text", view.told(error), "", {"text": text})
        return _notice(view, alert_id, wrong, 422)
    return go(f"/alerts/{alert_id}/notice?done=notice")


def _record(
    view: Viewer, alert_id: str, wrong: Wrong = NOTHING, status: int = 200
) -> Response:
    context = {
        "incident": incidents.incident(view.milepost, view.actor, alert_id),
        "decisions": incidents.DECISIONS,
        "outcomes": incidents.OUTCOMES,
        "wrong": wrong,
    }
    return view.page("incident.html", context, status)


def _notice(
    view: Viewer, alert_id: str, wrong: Wrong = NOTHING, status: int = 200
) -> Response:
    draft = incidents.notice_draft(view.milepost, view.actor, alert_id)
    return view.page("notice.html", {"draft": draft, "wrong": wrong}, status)
