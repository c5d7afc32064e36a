"""The installable side: service worker, offline page, the look of everything."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from pathways.services.errors import NotFound
from pathways.settings import Mode
from web.deps import App
from web.pages.templates import STATIC, plain_page

router = APIRouter(include_in_schema=False)
SWATCHES = (
    ("paper", "ink"),
    ("sheet", "ink"),
    ("shade", "ink"),
    ("trail", "on-trail"),
    ("trail-soft", "ink"),
    ("trail-band", "ink"),
    ("accent-soft", "accent"),
    ("danger-soft", "danger"),
)
WORKER = STATIC / "worker.js"
FRESH = {"cache-control": "no-cache", "service-worker-allowed": "/"}


@router.get("/worker.js")
def worker() -> FileResponse:
    """Send the service worker from the root, so that it may serve every page."""
    return FileResponse(WORKER, media_type="text/javascript", headers=FRESH)


@router.get("/offline")
def offline(request: Request) -> Response:
    """Show what a browser keeps to show without a connection; it holds no data."""
    return plain_page(request, "offline.html")


@router.get("/styleguide")
def styleguide(request: Request, milepost: App) -> Response:
    """Show every part of the look, in local mode alone."""
    if milepost.settings.mode is not Mode.LOCAL:
        raise NotFound("The page")
    sprite = Path(STATIC / "icons.svg").read_text(encoding="utf-8")
    icons = [part.partition('"')[0] for part in sprite.split('<symbol id="')[1:]]
    context = {"swatches": SWATCHES, "icons_drawn": icons}
    return plain_page(request, "styleguide.html", context)
