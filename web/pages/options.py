"""Options to look through, and why, why not, what if for each (O4-O6, O9, O12)."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from pathways.domain.options import OptionKind
from pathways.services import browse, options
from pathways.services.access import Role, require
from pathways.services.browse import WHENS, Wanted
from pathways.services.errors import Invalid
from pathways.services.what_if import what_if
from web.deps import check_csrf
from web.pages.session import go
from web.pages.viewer import View

router = APIRouter(include_in_schema=False)
LONGEST_WORDS, LONGEST_PLACE = 60, 120


@router.get("/options")
def show_options(
    view: View,
    kind: str = "",
    place: str = "",
    when: str = "",
    q: str = "",
    mine: str = "",
) -> Response:
    """Show what fits the student, as far as the filters in the address let it."""
    known = kind in {one.value for one in OptionKind}
    wanted = Wanted(
        OptionKind(kind) if known else None,
        place[:LONGEST_PLACE],
        when if when in WHENS else "",
        q[:LONGEST_WORDS],
        mine,
    )
    context = {
        "shelf": browse.browse(view.milepost, view.actor, wanted),
        "wanted": wanted,
        "kind": kind if known else "",
        "kinds": [one.value for one in OptionKind],
        "whens": WHENS,
        "filtered": bool(known or wanted.place or wanted.when or wanted.words),
    }
    return view.page("options.html", context)


@router.post("/options", dependencies=[Depends(check_csrf)])
def decide(
    view: View,
    option: Annotated[str, Form()] = "",
    decision: Annotated[str, Form()] = "",
) -> Response:
    """Save an option, say that it is not for me, or take either back."""
    options.decide(view.milepost, view.actor, option, decision)
    return go(f"/options/{quote(option)}?done={decision or 'undone'}")


@router.get("/options/{option_id:path}")
def show_option(view: View, option_id: str, what: str = "") -> Response:
    """Say why an option fits or does not, and with `what=if` what it would change."""
    require(view.actor, Role.STUDENT)
    found = options.why(view.milepost, view.actor, option_id)
    change, trouble = None, ""
    if what == "if":
        try:
            change = what_if(view.milepost, view.actor, add=[option_id])
        except Invalid as error:
            trouble = view.told(error)
    context = {"one": found, "change": change, "trouble": trouble}
    return view.page("option.html", context)
