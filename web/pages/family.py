"""What students shared, for their families."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from pathways.services.caseload import students_of_family
from pathways.services.credit_plan_lists import inbox
from pathways.services.summaries import released_summaries
from web.pages.viewer import View

router = APIRouter(include_in_schema=False)


@router.get("/family")
def show_family(view: View) -> Response:
    """Show what waits for a signature, then what each student shared."""
    students = [
        (name, released_summaries(view.milepost, view.actor, student_id))
        for student_id, name in students_of_family(view.milepost, view.actor)
    ]
    waiting = [one for one in inbox(view.milepost, view.actor) if one.yours]
    return view.page("family.html", {"students": students, "waiting": waiting})
