"""The equity audit on a counselor's page: who is offered what, by group (A9)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Query, UploadFile
from fastapi.responses import Response

from pathways.domain.equity import FEATURES, LEAST
from pathways.services.access import Role, require
from pathways.services.equity import BY, Audit, audit_for, groups_from
from pathways.services.errors import Invalid
from web.deps import check_csrf
from web.pages.viewer import View, Viewer

router = APIRouter(include_in_schema=False)
UNPROCESSABLE, LARGEST = 422, 1_000_000
TEMPLATE = "student,group\n"
GRADES = tuple(range(7, 13))
OFFERED = tuple(f"offered_{name}" for name in FEATURES)
OPEN = tuple(f"open_{name}" for name in FEATURES)


@router.get("/equity")
def show_audit(
    view: View, by: str = "", grade: Annotated[list[int] | None, Query()] = None
) -> Response:
    """Show the form, and the audit where groups were chosen."""
    require(view.actor, Role.COUNSELOR)
    if by not in BY:
        return _page(view)
    return _page(view, _run(view, by, None, grade), by, grade)


@router.get("/equity/template")
def give_template(view: View) -> Response:
    """Hand out a table with the two columns, to be filled in."""
    require(view.actor, Role.COUNSELOR)
    named = {"content-disposition": 'attachment; filename="groups.csv"'}
    return Response(TEMPLATE, media_type="text/csv", headers=named)


@router.post("/equity", dependencies=[Depends(check_csrf)])
def audit_groups(
    view: View,
    groups: Annotated[UploadFile | None, File()] = None,
    grade: Annotated[list[int] | None, Form()] = None,
) -> Response:
    """Run the audit by the groups of a file, which is read and forgotten."""
    require(view.actor, Role.COUNSELOR)
    try:
        named = groups_from(_text(view, groups))
        return _page(view, _run(view, "grade", named, grade), "", grade)
    except Invalid as error:
        return _page(view, message=view.told(error), status=UNPROCESSABLE)


def _text(view: Viewer, file: UploadFile | None) -> str:
    content = file.file.read(LARGEST + 1) if file else b""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = ""
    if not text or len(content) > LARGEST:
        raise Invalid(view.words("page_equity.wrong_file"), "groups")
    return text


def _run(
    view: Viewer, by: str, groups: dict[str, str] | None, grade: list[int] | None
) -> Audit:
    grades = frozenset(grade or ()) or None
    return audit_for(view.milepost, view.actor, by, groups, grades)


def _page(
    view: Viewer,
    found: Audit | None = None,
    by: str = "",
    grade: list[int] | None = None,
    message: str = "",
    status: int = 200,
) -> Response:
    context = {
        "found": found,
        "by": by,
        "chosen": grade or [],
        "grades": GRADES,
        "offered": OFFERED,
        "open": OPEN,
        "least": LEAST,
        "message": message,
    }
    return view.page("equity.html", context, status)
