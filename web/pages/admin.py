"""What an administrator needs to know: people, versions, health."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from pathways.services import catalog as catalogs
from pathways.services import second_factor
from pathways.services.access_log import Asked, access_log
from pathways.services.members import everyone
from web.deps import gateway_of
from web.pages.viewer import View, Viewer
from web.version import versions

router = APIRouter(include_in_schema=False)


@router.get("/admin")
async def show_admin(request: Request, view: View) -> Response:
    """Show people by role, versions, and whether the coach answers."""
    ready = await gateway_of(request).ready()
    return await run_in_threadpool(_admin, view, ready)


@router.get("/admin/looks")
def show_looks(
    view: View,
    name: Annotated[str, Query(max_length=80)] = "",
    what: Annotated[str, Query(max_length=200)] = "",
    since: Annotated[str, Query(max_length=10)] = "",
    until: Annotated[str, Query(max_length=10)] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """Show who looked at whose data, with the filter in the address."""
    asked = Asked(name.strip(), what, _day(since), _day(until))
    given = {"name": name, "what": what, "since": since, "until": until}
    context = {
        "log": access_log(view.milepost, view.actor, asked, page),
        "asked": asked,
        "page": page,
        "link": lambda number: (
            "/admin/looks?"
            + urlencode({**{k: v for k, v in given.items() if v}, "page": number})
        ),
    }
    return view.page("access_log.html", context)


def _day(text: str) -> date | None:
    """Return a day as a browser sends it; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _admin(view: Viewer, ready: bool) -> Response:
    people = everyone(view.milepost, view.actor)
    context = {
        "people": people,
        "counts": Counter(one.role for one in people),
        "versions": versions(view.milepost),
        "catalog_version": catalogs.current(view.milepost, view.actor).version,
        "ready": ready,
        "staff_must": second_factor.view(view.milepost, view.actor).must,
    }
    return view.page("admin.html", context)
