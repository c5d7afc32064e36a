"""What advisors and counselors look after: alerts and the caseload."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import Response

from pathways.services import alerts, incidents, meetings
from pathways.services.access import Role
from pathways.services.caseload import WEIGHTS, StudentRow, caseload
from pathways.services.errors import Invalid
from web.deps import check_csrf
from web.pages.session import go
from web.pages.viewer import View, Viewer

router = APIRouter(include_in_schema=False)
NOTHING: Mapping[str, str] = {}


@router.get("/caseload")
def show_caseload(
    view: View, why: Annotated[str, Query(max_length=10)] = ""
) -> Response:
    """Show alerts first, then the students, those who need a look on top."""
    rows = caseload(view.milepost, view.actor)
    counts = {
        name: sum(any(one.name == name for one in row.reasons) for row in rows)
        for name in WEIGHTS
    }
    counts["none"] = sum(not row.reasons for row in rows)
    why = why if why in counts else ""
    shown = [row for row in rows if why in ("", *_names(row))]
    context = {"rows": shown, "all": len(rows), "counts": counts, "why": why}
    return view.page("caseload.html", {**context, **_alerts(view)})


def _names(row: StudentRow) -> list[str]:
    return [one.name for one in row.reasons] or ["none"]


@router.get("/caseload/{student_id}")
def show_student(view: View, student_id: str) -> Response:
    """Show the brief: what a student shared, what was agreed, and nothing else."""
    return _student(view, student_id)


@router.post("/caseload/{student_id}/meetings", dependencies=[Depends(check_csrf)])
def note_meeting(
    view: View,
    student_id: str,
    agreed: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
) -> Response:
    """Keep what came of a meeting; the coach asks about it at the next check-in."""
    try:
        meetings.note_meeting(view.milepost, view.actor, student_id, agreed, note)
    except Invalid as error:
        typed = {"agreed": agreed, "note": note}
        return _student(view, student_id, typed, (error.field, view.told(error)), 422)
    return go(f"/caseload/{student_id}?done=meeting")


def _student(
    view: Viewer,
    student_id: str,
    typed: Mapping[str, str] = NOTHING,
    wrong: tuple[str, str] = ("", ""),
    status: int = 200,
) -> Response:
    context = {
        "brief": meetings.brief(view.milepost, view.actor, student_id),
        "here": f"/caseload/{student_id}",
        "typed": typed,
        "wrong": wrong,
        **_alerts(view, student_id),
    }
    return view.page("caseload_student.html", context, status)


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
