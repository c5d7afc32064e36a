"""The student's plan: next step, goals, options kept, where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from pathways.services import goals, options
from pathways.services.goals import ACTIVE, GoalView
from pathways.services.plan import view_plan
from web.deps import check_csrf
from web.pages.lanes import ORDERS, grouped
from web.pages.session import go
from web.pages.viewer import View

router = APIRouter(include_in_schema=False)
SIGNS = 5


@dataclass(frozen=True)
class Sign:
    """A date ahead: `kind` is first_step, review or due; `what` the goal."""

    kind: str
    day: date
    what: str
    step: str


def signs_ahead(active: Sequence[GoalView]) -> list[Sign]:
    """Return the dates of goals, soonest first; a review on the due day is one."""
    found = []
    for goal in active:
        found.append(
            Sign("first_step", goal.first_step_due, goal.what, goal.first_step)
        )
        if goal.review != goal.due:
            found.append(Sign("review", goal.review, goal.what, ""))
        found.append(Sign("due", goal.due, goal.what, ""))
    return sorted(found, key=lambda sign: (sign.day, sign.kind))


@router.get("/plan")
def show_plan(
    view: View, order: Literal["subject", "strongest", "newest"] = "subject"
) -> Response:
    """Show the student's own plan."""
    plan = view_plan(view.milepost, view.actor)
    active = [goal for goal in plan.goals if goal.status == ACTIVE]
    signs = signs_ahead(active)
    first = next((sign for sign in signs if sign.kind == "first_step"), None)
    context = {
        "plan": plan,
        "active": active,
        "past": [goal for goal in plan.goals if goal.status != ACTIVE],
        "next_sign": first,
        "ahead": [sign for sign in signs if sign is not first][:SIGNS],
        "groups": grouped(plan.mastery, order),
        "order": order,
        "orders": ORDERS,
        "today": view.me.now.astimezone(view.me.zone).date(),
    }
    return view.page("plan.html", context)


@router.post("/plan/goals/{goal_id}", dependencies=[Depends(check_csrf)])
def change_goal(
    view: View, goal_id: str, status: Annotated[str, Form()] = ""
) -> Response:
    """Mark a goal as reached, drop it, or take it up again."""
    changed = goals.change_status(view.milepost, view.actor, goal_id, status)
    return go(f"/plan?done=goal_{changed.status}#goals")


@router.post("/plan/options", dependencies=[Depends(check_csrf)])
def remove_option(view: View, option: Annotated[str, Form()] = "") -> Response:
    """Take an option out of the plan; it may be suggested again."""
    options.decide(view.milepost, view.actor, option, "")
    return go("/plan?done=option_removed#saved")
