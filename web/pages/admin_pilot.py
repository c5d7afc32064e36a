"""What is on for whom, for an administrator who begins with some students (A11)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from pathways.domain.features import Switch
from pathways.services import features
from pathways.services.errors import Invalid
from web.deps import check_csrf
from web.pages.session import go
from web.pages.viewer import View, Viewer

router = APIRouter(include_in_schema=False)
UNPROCESSABLE = 422
Names = Annotated[list[str] | None, Form()]


@router.get("/admin/features")
def show_features(view: View) -> Response:
    """Show every switch, whom it reaches, and what is left before a start."""
    return _page(view)


@router.post("/admin/features/{feature}", dependencies=[Depends(check_csrf)])
def change(
    view: View,
    feature: str,
    everyone: Annotated[str, Form(max_length=5)] = "",
    grades: Names = None,
    groups: Names = None,
) -> Response:
    """Say for whom a feature is on."""
    chosen = tuple(int(one) for one in grades or () if one.isdecimal())
    switch = Switch(everyone == "yes", chosen, tuple(groups or ()))
    try:
        features.set_switch(view.milepost, view.actor, feature, switch)
    except Invalid as error:
        return _page(view, feature, str(error), UNPROCESSABLE)
    return go(f"/admin/features?done=saved#{feature}")


def _page(
    view: Viewer, feature: str = "", wrong: str = "", status: int = 200
) -> Response:
    found = features.pilot(view.milepost, view.actor)
    context = {"found": found, "wrong": wrong, "at": feature}
    return view.page("admin_features.html", context, status)
