"""What in the catalog wants a look, and the way back to an earlier version (A5)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from pathways.domain.catalog_lint import Finding
from pathways.services.catalog_lint import FEWEST_STUDENTS, look_through
from pathways.services.catalog_versions import list_versions, restore
from pathways.services.errors import Invalid
from web.deps import check_csrf
from web.pages.catalog import address
from web.pages.session import go
from web.pages.viewer import View, Viewer

router = APIRouter(include_in_schema=False)
FORM = [Depends(check_csrf)]
VERSIONS = 20


@router.get("/catalog/check")
def show_check(view: View) -> Response:
    """Show what was found in the newest version, by what it is about."""
    return _page(view)


@router.post("/catalog/check", dependencies=FORM)
def go_back(
    view: View, version: Annotated[str, Form(alias="bring_back")] = ""
) -> Response:
    """Publish an earlier version again."""
    known = {str(one.number) for one in list_versions(view.milepost, view.actor)}
    if version not in known:
        raise Invalid("Choose a version from the list.", "bring_back")
    try:
        restore(view.milepost, view.actor, int(version))
    except Invalid:
        return _page(view, same=int(version))
    return go("/catalog/check?done=published")


def _page(view: Viewer, same: int = 0) -> Response:
    look = look_through(view.milepost, view.actor)
    context = {
        "version": look.version,
        "groups": [(name, list(found)) for name, found in _groups(look.findings)],
        "total": len(look.findings),
        "hidden": look.hidden,
        "fewest": FEWEST_STUDENTS,
        "versions": list_versions(view.milepost, view.actor)[:VERSIONS],
        "address": address,
        "same": same,
    }
    return view.page("catalog_check.html", context, 422 if same else 200)


def _groups(
    findings: tuple[Finding, ...],
) -> Iterator[tuple[str, Iterator[Finding]]]:
    return groupby(findings, key=lambda one: one.check.value)
