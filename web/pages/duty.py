"""The duty list, for administrators."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from pathways.domain.escalation import WEEKDAYS
from pathways.services import duty
from pathways.services.duty import Duty, listed
from pathways.services.errors import Invalid
from web.deps import check_csrf
from web.pages.session import go
from web.pages.viewer import View, Viewer
from web.pages.wrong import NOTHING, Wrong

router = APIRouter(include_in_schema=False)


@router.get("/duty")
def show_duty(view: View) -> Response:
    """Show who is on duty and when."""
    return _page(view, duty.view_duty(view.milepost, view.actor))


@router.post("/duty", dependencies=[Depends(check_csrf)])
async def set_duty(request: Request, view: View) -> Response:
    """Set who is on duty and when."""
    form = await request.form()
    return await run_in_threadpool(_save, view, form)


def _save(view: Viewer, form: FormData) -> Response:
    staff = duty.staff(view.milepost, view.actor)
    given = _given(form, [one.id for one in staff])
    try:
        duty.set_duty(view.milepost, view.actor, given)
    except Invalid as error:
        wrong = Wrong(error.field, view.told(error))
        return _page(view, given, wrong, 422)
    return go("/duty?done=saved")


def _given(form: FormData, staff: list[str]) -> Duty:
    def text(name: str) -> str:
        return str(form.get(name, "")).strip()

    placed = [one for one in staff if text(f"place_{one}")]
    order = sorted(placed, key=lambda one: _number(text(f"place_{one}")))
    return Duty(
        days=tuple(day for day in WEEKDAYS if text(f"day_{day}")),
        opens=text("opens"),
        closes=text("closes"),
        closed=listed(text("closed").split()),
        naming=text("naming"),
        webhook=text("webhook"),
        members={one: text(f"email_{one}") for one in order},
        is_set=True,
    )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 10**6


def _page(
    view: Viewer, shown: Duty, wrong: Wrong = NOTHING, status: int = 200
) -> Response:
    places = {one: place for place, one in enumerate(shown.members, start=1)}
    staff = duty.staff(view.milepost, view.actor)
    context = {
        "duty": shown,
        "staff": sorted(staff, key=lambda one: places.get(one.id, len(staff) + 1)),
        "places": places,
        "weekdays": WEEKDAYS,
        "namings": duty.NAMINGS,
        "mail_off": not view.milepost.settings.smtp_url,
        "may_set": view.me.role == "admin",
        "listed": view.actor.id in places,
        "wrong": wrong,
    }
    return view.page("duty.html", context, status)
