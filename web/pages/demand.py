"""What students asked for that the catalog does not know, counted (A4)."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from pathways.services.demand import FEWEST_STUDENTS, unmet_demand
from web.pages.viewer import View

router = APIRouter(include_in_schema=False)


@router.get("/catalog/asked-for")
def show_demand(view: View) -> Response:
    """Show words of three students or more, the most asked for first."""
    found = unmet_demand(view.milepost, view.actor)
    context = {
        "items": found.items,
        "hidden": found.hidden,
        "fewest": FEWEST_STUDENTS,
    }
    return view.page("demand.html", context)
