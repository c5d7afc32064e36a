"""What students shared, for their families."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from pathways.services.caseload import students_of_family
from pathways.services.summaries import released_summaries
from web.pages.viewer import View

router = APIRouter(include_in_schema=False)


@router.get("/family")
def show_family(view: View) -> Response:
    """Show the shared summaries of each student of the family."""
    students = [
        (name, released_summaries(view.milepost, view.actor, student_id))
        for student_id, name in students_of_family(view.milepost, view.actor)
    ]
    return view.page("family.html", {"students": students})
