"""What students shared, for their families."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from pathways.services import consents
from pathways.services.caseload import students_of_family
from pathways.services.credit_plan_lists import inbox
from pathways.services.summaries import released_summaries
from web.deps import check_csrf
from web.pages.session import go
from web.pages.viewer import View

router = APIRouter(include_in_schema=False)


@router.get("/family")
def show_family(view: View) -> Response:
    """Show what waits for a signature, then what each student shared, and consent."""
    known = consents.of_family(view.milepost, view.actor)
    students = [
        (
            name,
            released_summaries(view.milepost, view.actor, student_id),
            known[student_id],
        )
        for student_id, name in students_of_family(view.milepost, view.actor)
    ]
    waiting = [one for one in inbox(view.milepost, view.actor) if one.yours]
    return view.page("family.html", {"students": students, "waiting": waiting})


@router.post(
    "/family/students/{student_id}/withdraw", dependencies=[Depends(check_csrf)]
)
def withdraw(view: View, student_id: str) -> Response:
    """Turn coaching off for a student of the family."""
    consents.withdraw(view.milepost, view.actor, student_id)
    return go("/family?done=withdrawn")
