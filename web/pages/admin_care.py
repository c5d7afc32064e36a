"""How the installation is, what it keeps, how people get in: for an administrator."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from pathways.services.alert_figures import free_bytes
from pathways.services.health import Outside, health
from pathways.services.retention_view import retention_view
from pathways.services.sign_in_setup import sign_in_setup
from web.deps import gateway_of
from web.pages.viewer import View, Viewer
from web.version import versions

router = APIRouter(include_in_schema=False)


@router.get("/admin/health")
async def show_health(request: Request, view: View) -> Response:
    """Show in plain words what works, and what to do about what does not."""
    ready = await gateway_of(request).ready()
    return await run_in_threadpool(_health, view, ready)


@router.get("/admin/retention")
def show_retention(view: View) -> Response:
    """Show what is kept for how long, and what the retention job did."""
    found = retention_view(view.milepost, view.actor)
    return view.page("admin_retention.html", {"found": found})


@router.get("/admin/sign-in")
def show_sign_in(view: View) -> Response:
    """Show which ways of signing in are on, and the addresses for them."""
    found = sign_in_setup(view.milepost, view.actor)
    return view.page("admin_sign_in.html", {"found": found})


def _health(view: Viewer, ready: bool) -> Response:
    milepost = view.milepost
    model = versions(milepost)["model"]
    outside = Outside(ready, model, free_bytes(milepost))
    lines = health(milepost, view.actor, outside)
    return view.page("admin_health.html", {"lines": lines})
