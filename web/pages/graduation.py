"""The graduation check: on a page, on paper, and what a counselor notes (O10)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import Response

from pathways.domain.lexicon import fold
from pathways.services import graduation_notes
from pathways.services.access import Role
from pathways.services.errors import Invalid
from pathways.services.graduation_check import graduation_check
from web.deps import check_csrf
from web.pages.papers import graduation_paper
from web.pages.session import go
from web.pages.viewer import View, Viewer
from web.pages.wrong import NOTHING, Wrong

router = APIRouter(include_in_schema=False)
PDF = "application/pdf"
UNPROCESSABLE = 422


@router.get("/graduation")
def show_own(view: View, q: Annotated[str, Query(max_length=80)] = "") -> Response:
    """Show a student's own check; an adult finds a student first."""
    if view.actor.role is Role.STUDENT:
        return _check(view, "")
    every = graduation_notes.pupils(view.milepost, view.actor)
    grades: dict[int, list[tuple[str, str]]] = {}
    for student_id, name, grade in every:
        if fold(q) in fold(name):
            grades.setdefault(grade or 0, []).append((student_id, name))
    context = {"grades": sorted(grades.items()), "every": len(every), "q": q}
    return view.page("graduation_list.html", context)


@router.get("/graduation/pdf")
def print_own(view: View) -> Response:
    """Return the student's own graduation plan as PDF."""
    found = graduation_check(view.milepost, view.actor)
    return Response(graduation_paper(view, found), media_type=PDF)


@router.get("/graduation/{student_id}")
def show_students(view: View, student_id: str) -> Response:
    """Show the check of a student whom the person may see."""
    return _check(view, student_id)


@router.get("/graduation/{student_id}/pdf")
def print_students(view: View, student_id: str) -> Response:
    """Return a student's graduation plan as PDF."""
    found = graduation_check(view.milepost, view.actor, student_id)
    return Response(graduation_paper(view, found), media_type=PDF)


@router.post("/graduation/{student_id}", dependencies=[Depends(check_csrf)])
def note(
    view: View,
    student_id: str,
    item: Annotated[str, Form()] = "",
    value: Annotated[str, Form()] = "",
    source: Annotated[str, Form()] = "",
) -> Response:
    """Note a score, points or a seal for a student."""
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    try:
        graduation_notes.note_item(
            view.milepost, view.actor, student_id, item, number, source
        )
    except Invalid as error:
        given = {"item": item, "value": value, "source": source}
        field = "item" if error.field == "name" else error.field
        wrong = Wrong(field, view.told(error), "", given)
        return _check(view, student_id, wrong, UNPROCESSABLE)
    return go(f"/graduation/{student_id}?done=noted#noted")


def _check(
    view: Viewer, student_id: str, wrong: Wrong = NOTHING, status: int = 200
) -> Response:
    notes = view.actor.role is Role.COUNSELOR
    context = {
        "found": graduation_check(view.milepost, view.actor, student_id),
        "own": view.actor.role is Role.STUDENT,
        "noteable": graduation_notes.noteable(view.milepost, view.actor)
        if notes
        else {},
        "wrong": wrong,
    }
    return view.page("graduation.html", context, status)
