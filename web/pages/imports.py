"""What was imported, row by row refused, and the way back (features A4, A5, P1)."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from pathways.services.errors import Invalid, Stale
from pathways.services.import_log import find_import, list_imports
from pathways.services.imports_undo import may_undo, undo_import
from web.deps import check_csrf
from web.pages.session import go
from web.pages.viewer import View, Viewer

router = APIRouter(include_in_schema=False)
FORM = [Depends(check_csrf)]


@router.get("/imports")
def show_imports(view: View) -> Response:
    """Show the school's imports, newest first."""
    runs = list_imports(view.milepost, view.actor)
    return view.page("imports.html", {"imports": runs})


@router.get("/imports/{run}")
def show_import(view: View, run: str) -> Response:
    """Show one import, what it refused, and what taking it back would change."""
    return _page(view, run)


@router.post("/imports/{run}", dependencies=FORM)
def take_back(view: View, run: str) -> Response:
    """Take an import back, if it is still the last one of its kind."""
    found = find_import(view.milepost, view.actor, run)
    try:
        undo_import(view.milepost, view.actor, found.kind, seen=run)
    except (Invalid, Stale):
        return _page(view, run, newer=True)
    return go(f"/imports/{run}?done=undone")


def _page(view: Viewer, run: str, newer: bool = False) -> Response:
    found = find_import(view.milepost, view.actor, run)
    report = None
    if found.can_undo:
        report = undo_import(
            view.milepost, view.actor, found.kind, seen=run, dry_run=True
        )
    context = {
        "run": found,
        "report": report,
        "beyond": dict(found.counts).get("rejected", 0) - len(found.refused),
        "may": may_undo(view.actor, found.kind),
        "newer": newer,
    }
    return view.page("import.html", context, 409 if newer else 200)
