"""The profile by dimension, growth over time, and the map of a pathway (P2, P4, P5)."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from fastapi import APIRouter
from fastapi.responses import Response

from pathways.services import mastery, pathway
from pathways.services.access import Role, require
from web.pages import pictures
from web.pages.map_layout import HEIGHT, WIDTH, draw
from web.pages.viewer import View

router = APIRouter(include_in_schema=False)


@router.get("/profile")
def show_profile(
    view: View,
    order: Literal["dimension", "subject", "strongest", "newest"] = "dimension",
) -> Response:
    """Show where the student stands, by dimension at first."""
    require(view.actor, Role.STUDENT)
    known = [
        replace(one, title=view.named.plain(one.title))
        for one in mastery.profile(view.milepost, view.actor)
    ]
    points = pictures.growth(known)
    context = {
        "profiles": pictures.profiles(known, order),
        "order": order,
        "orders": pictures.ORDERS,
        "points": points,
        "stairs": pictures.stairs(points),
        "bars": pictures.bars(known),
    }
    return view.page("profile.html", context)


@router.get("/pathway")
def show_pathway(view: View, code: str = "") -> Response:
    """Show a pathway as a map and as a list; at first the one aimed at or begun."""
    found = pathway.choices(view.milepost, view.actor)
    first = next((one.code for one in found if one.aimed or one.begun), "")
    chosen = code or first
    way = pathway.pathway(view.milepost, view.actor, chosen) if chosen else None
    drawing = None
    if way is not None:
        steps = {one.code: one for one in way.steps}
        titles = {one: view.named.plain(step.title) for one, step in steps.items()}
        drawing = draw(titles, {one: step.needs for one, step in steps.items()})
    context = {
        "choices": found,
        "way": way,
        "aimed": any(one.aimed for one in found if one.code == chosen),
        "drawing": drawing,
        "steps": {one.code: one for one in way.steps} if way else {},
        "box": (WIDTH, HEIGHT),
    }
    return view.page("pathway.html", context)
