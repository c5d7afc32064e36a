"""The district's own rules: edit, try with the state's test cases, go back (O11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from pathways.services import district_rules
from pathways.services.district_rules import CaseResult
from pathways.services.errors import Invalid, Stale
from web.deps import check_csrf
from web.pages.catalog_conflict import three_way
from web.pages.session import go
from web.pages.viewer import View, Viewer

router = APIRouter(include_in_schema=False)
LONGEST = 2000
Cells = Mapping[str, str]


@router.get("/rules")
def show_rules(
    view: View, version: Annotated[int | None, Query(ge=0, le=100_000)] = None
) -> Response:
    """Show the rules as a form; an older version fills it, to be saved again."""
    if version is None:
        return _page(view)
    cells = district_rules.rules_at(view.milepost, view.actor, version)
    return _page(view, cells, older=version)


@router.post("/rules", dependencies=[Depends(check_csrf)])
async def save_rules(request: Request, view: View) -> Response:
    """Try the rules, or save them."""
    form = await request.form()
    cells = {
        name: text.replace("\r\n", "\n")[:LONGEST]
        for name, text in form.items()
        if isinstance(text, str) and name != "csrf"
    }
    return await run_in_threadpool(_save, view, cells)


def _save(view: Viewer, cells: dict[str, str]) -> Response:
    given, act = cells.pop("seen_version", ""), cells.pop("act", "")
    seen = int(given) if given.isdigit() and len(given) < 7 else 0
    try:
        if act == "try":
            cases = district_rules.try_rules(view.milepost, view.actor, cells)
            return _page(view, cells, cases=cases, seen=seen)
        district_rules.save_rules(view.milepost, view.actor, cells, seen)
    except Invalid as error:
        wrong = (error.field, view.told(error))
        return _page(view, cells, wrong=wrong, seen=seen, status=422)
    except Stale:
        return _conflict(view, cells, seen)
    return go("/rules?done=saved")


def _conflict(view: Viewer, yours: Cells, seen: int) -> Response:
    """Show two edits of the rules, to choose field by field."""
    now = district_rules.district_rules(view.milepost, view.actor)
    base = district_rules.rules_at(view.milepost, view.actor, seen)
    names = dict.fromkeys([*base, *now.cells, *yours], "")
    fields = three_way({**names, **base}, {**names, **now.cells}, yours)
    context = {
        "title": view.words("page_rules.title"),
        "here": "/rules",
        "who": now.versions[0].who or view.words("page_rules.by_command"),
        "seen": now.number,
        "open": fields.open,
        "settled": fields.settled,
        "merged": fields.merged,
    }
    return view.page("catalog_conflict.html", context, 409)


def _page(
    view: Viewer,
    cells: Cells | None = None,
    *,
    cases: Sequence[CaseResult] | None = None,
    wrong: tuple[str, str] = ("", ""),
    older: int | None = None,
    seen: int | None = None,
    status: int = 200,
) -> Response:
    now = district_rules.district_rules(view.milepost, view.actor)
    shown = now.cells if cells is None else cells
    if cases is None and not wrong[1]:
        cases = district_rules.try_rules(view.milepost, view.actor, shown)
    context = {
        "rules": now,
        "parts": district_rules.parts_of(view.milepost, view.actor, shown),
        "cases": cases or (),
        "wrong": wrong,
        "older": older,
        "tried": cells is not None and older is None and not wrong[1],
        "seen": now.number if seen is None else seen,
    }
    return view.page("rules.html", context, status)
