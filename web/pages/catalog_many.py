"""Many entries at once: one change for all, and the list as a file (A4)."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from pathways.domain.catalog import KINDS
from pathways.formats.catalog_sheets import as_csv, as_xlsx
from pathways.services import catalog as catalogs
from pathways.services import catalog_bulk
from pathways.services.access import Role, require
from pathways.services.errors import Invalid, NotFound, Stale
from web.deps import check_csrf
from web.pages.catalog_list import States, listing
from web.pages.session import go
from web.pages.viewer import View, Viewer

router = APIRouter(include_in_schema=False)
MOST_FOUND = 8
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@router.get("/catalog/export")
def export(
    view: View,
    kind: str = "course",
    q: Annotated[str, Query(max_length=80)] = "",
    status: States = "",
    form: Annotated[Literal["csv", "xlsx"], Query(alias="as")] = "csv",
) -> Response:
    """Send the entries that the list shows; they can be imported again."""
    require(view.actor, Role.COUNSELOR)
    if kind not in KINDS:
        raise NotFound("This kind of entry")
    catalog = catalogs.current(view.milepost, view.actor)
    today = view.me.now.astimezone(view.me.zone).date()
    found = listing(catalog, kind, q, status, today)
    content = as_csv(kind, found) if form == "csv" else as_xlsx(kind, found)
    name = KINDS[kind].file.removesuffix(".csv")
    headers = {"content-disposition": f'attachment; filename="{name}.{form}"'}
    return Response(content, media_type=TYPES[form], headers=headers)


@router.get("/catalog/codes")
def find_codes(
    view: View,
    kind: str = "course",
    q: Annotated[str, Query(max_length=80)] = "",
) -> JSONResponse:
    """Return the first active entries that a search finds, for the form's finder."""
    require(view.actor, Role.COUNSELOR)
    if kind not in KINDS:
        raise NotFound("This kind of entry")
    catalog = catalogs.current(view.milepost, view.actor)
    today = view.me.now.astimezone(view.me.zone).date()
    found = listing(catalog, kind, q, "active", today)[:MOST_FOUND]
    return JSONResponse([{"code": one.code, "title": one.title} for one in found])


@router.post("/catalog/many", dependencies=[Depends(check_csrf)])
async def change_many(request: Request, view: View) -> Response:
    """Show what a change would do to the chosen rows, or publish it."""
    form = await request.form()
    return await run_in_threadpool(_many, view, form)


def _many(view: Viewer, form: FormData) -> Response:
    kind = str(form.get("kind", "course"))
    codes = [one for one in form.getlist("codes") if isinstance(one, str)]
    columns = catalog_bulk.columns_for(kind)
    cells = {name: str(form.get(name, "")).strip() for name in columns}
    given = str(form.get("seen", ""))
    seen = int(given) if given.isdigit() and len(given) < 10 else 0
    wrong, planned = "", []
    try:
        planned = catalog_bulk.plan_many(view.milepost, view.actor, kind, codes, cells)
        if form.get("act") == "publish":
            catalog_bulk.change_many(
                view.milepost, view.actor, kind, codes, cells, seen
            )
            return go(f"/catalog?kind={kind}&done=published")
    except (Invalid, Stale) as error:
        wrong = view.told(error)
    version = catalogs.current(view.milepost, view.actor).version
    context = {
        "kind": kind,
        "codes": codes,
        "cells": {name: text for name, text in cells.items() if text},
        "planned": [one for one in planned if one.differences],
        "same": sum(not one.differences for one in planned),
        "seen": version,
        "wrong": wrong,
    }
    return view.page("catalog_many.html", context, 422 if wrong else 200)
