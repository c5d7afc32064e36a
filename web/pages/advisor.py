"""What advisors and counselors look after: alerts and the caseload."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from pathways.services import alerts, incidents, summaries
from pathways.services.access import Role
from pathways.services.caseload import caseload, student_name
from web.deps import check_csrf
from web.pages.session import go
from web.pages.viewer import View, Viewer

router = APIRouter(include_in_schema=False)


@router.get("/caseload")
def show_caseload(view: View) -> Response:
    """Show alerts first, then the students, those who need a look on top."""
    rows = caseload(view.milepost, view.actor)
    return view.page("caseload.html", {"rows": rows, **_alerts(view)})


@router.get("/caseload/{student_id}")
def show_student(view: View, student_id: str) -> Response:
    """Show what a student shared, and nothing else."""
    context = {
        "student": student_name(view.milepost, view.actor, student_id),
        "summaries": summaries.released_summaries(
            view.milepost, view.actor, student_id
        ),
        **_alerts(view, student_id),
    }
    return view.page("caseload_student.html", context)


@router.get("/alerts")
def show_alerts(view: View) -> Response:
    """Show the alerts of an advisor's students, or of the school."""
    return view.page("alerts.html", _alerts(view))


def _alerts(view: Viewer, student_id: str = "") -> dict[str, Any]:
    return {
        "alerts": [
            one
            for one in alerts.list_alerts(view.milepost, view.actor)
            if student_id in ("", one.student_id)
        ],
        "recordable": incidents.recordable(view.milepost, view.actor),
    }


@router.post("/alerts/{alert_id}/acknowledge", dependencies=[Depends(check_csrf)])
def acknowledge(
    view: View, alert_id: str, back: Annotated[str, Form()] = ""
) -> Response:
    """Take an alert on; the first to do so stays on record."""
    alerts.acknowledge(view.milepost, view.actor, alert_id)
    if back == "record":
        return go(f"/alerts/{alert_id}")
    own = "/caseload" if view.actor.role is Role.ADVISOR else "/alerts"
    return go(f"{'/alerts' if back == 'alerts' else own}?done=acknowledged")
