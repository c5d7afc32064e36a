"""What an administrator needs to know: people, versions, health."""

from __future__ import annotations

from collections import Counter

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from pathways.services import catalog as catalogs
from pathways.services import second_factor
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
