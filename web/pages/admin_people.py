"""Accounts, for an administrator: sessions, code apps, and what was done to them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from pathways.services import consents, second_factor, sessions
from web.deps import check_csrf
from web.pages.session import go
from web.pages.viewer import View, Viewer
from web.pages.wrong import NOTHING, Wrong

router = APIRouter(include_in_schema=False)


@router.get("/admin/people/{person_id}")
def show_person(view: View, person_id: str) -> Response:
    """Show an account of the school."""
    return account_page(view, person_id)


def account_page(view: Viewer, person_id: str, wrong: Wrong = NOTHING) -> Response:
    """Return the page of an account, with what can't be used in its form."""
    found = sessions.account(view.milepost, view.actor, person_id)
    consent = consents.of_student(view.milepost, view.actor, person_id)
    context = {"account": found, "consent": consent, "wrong": wrong}
    return view.page("admin_person.html", context, 422 if wrong.message else 200)


@router.post("/admin/people/{person_id}/sign-out", dependencies=[Depends(check_csrf)])
def sign_out(view: View, person_id: str) -> Response:
    """Sign a person out everywhere."""
    sessions.end_all_of(view.milepost, view.actor, person_id)
    return go(f"/admin/people/{person_id}?done=ended")


@router.post("/admin/people/{person_id}/code-app", dependencies=[Depends(check_csrf)])
def reset_code(view: View, person_id: str) -> Response:
    """Take a person's code app away."""
    second_factor.reset(view.milepost, view.actor, person_id)
    return go(f"/admin/people/{person_id}?done=reset")


@router.post("/admin/staff-codes", dependencies=[Depends(check_csrf)])
def staff_codes(view: View, must: Annotated[str, Form(max_length=5)] = "") -> Response:
    """Set whether staff must use a code app."""
    second_factor.staff_must(view.milepost, view.actor, must == "yes")
    return go("/admin?done=staff_codes")
