"""Consent, for an administrator: the school's rule, who is held back, one by one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from pathways.services import consents
from pathways.services.errors import Invalid
from web.deps import check_csrf
from web.pages.admin_people import account_page
from web.pages.session import go
from web.pages.viewer import View
from web.pages.wrong import Wrong

router = APIRouter(include_in_schema=False)
FORM = [Depends(check_csrf)]


@router.get("/admin/consent")
def show_consent(view: View) -> Response:
    """Show the rule and the students of whom nothing may be kept."""
    found = consents.overview(view.milepost, view.actor)
    return view.page("admin_consent.html", {"found": found})


@router.post("/admin/consent", dependencies=FORM)
def change_rule(view: View, all: Annotated[str, Form(max_length=5)] = "") -> Response:
    """Set who of the school needs consent."""
    consents.need_from_all(view.milepost, view.actor, all == "yes")
    return go("/admin/consent?done=rule")


@router.post("/admin/people/{person_id}/consent", dependencies=FORM)
def record(
    view: View,
    person_id: str,
    state: Annotated[str, Form(max_length=10)] = "",
    given_by: Annotated[str, Form(max_length=10)] = "",
    dated: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Put a family's or the school's word on record."""
    said = (state, given_by, dated)
    try:
        consents.record(view.milepost, view.actor, person_id, *said)
    except Invalid as error:
        given = {"state": state, "given_by": given_by, "dated": dated}
        field = error.field or "state"
        return account_page(view, person_id, Wrong(field, view.told(error), "", given))
    return go(f"/admin/people/{person_id}?done=recorded#consent")
