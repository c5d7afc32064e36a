"""Goals on pages of their own: progress, if-then plans, history, changing them (C1)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from pathways.services import goal_changes, goals
from pathways.services.errors import Stale
from pathways.services.goal_changes import DAYS, PARTS, WORDS, WrongParts
from pathways.services.goals import ACTIVE
from web.deps import check_csrf
from web.pages.session import go
from web.pages.viewer import View, Viewer

router = APIRouter(include_in_schema=False)
FORM = [Depends(check_csrf)]
CONFLICT, UNPROCESSABLE = 409, 422


async def answers_in(request: Request) -> dict[str, str]:
    """Return the parts of a goal that a form holds, and how often it had changed."""
    form = await request.form()
    return {name: str(form[name]) for name in (*PARTS, "seen") if name in form}


@router.get("/goals")
def show_goals(view: View) -> Response:
    """Show the student's goals, the active ones first."""
    found = goals.list_goals(view.milepost, view.actor)
    context = {
        "active": [one for one in found if one.status == ACTIVE],
        "past": [one for one in found if one.status != ACTIVE],
        "today": view.me.now.astimezone(view.me.zone).date(),
        "changed": view.request.query_params.get("goal", ""),
    }
    return view.page("goals.html", context)


@router.get("/goals/{goal_id}")
def show_goal(view: View, goal_id: str) -> Response:
    """Show one goal with its history, and the form to change it."""
    return _goal(view, goal_changes.goal_story(view.milepost, view.actor, goal_id))


@router.post("/goals/{goal_id}", dependencies=FORM)
def save_goal(
    view: View, goal_id: str, given: Annotated[dict[str, str], Depends(answers_in)]
) -> Response:
    """Change a goal; what can't be used is said by its field and nothing is lost."""
    seen = given.pop("seen", "")
    at = int(seen) if seen.isdecimal() else None
    try:
        goal_changes.revise(view.milepost, view.actor, goal_id, given, at)
    except (WrongParts, Stale) as error:
        story = goal_changes.goal_story(view.milepost, view.actor, goal_id)
        return _goal(view, story, given, error)
    return go(f"/goals/{goal_id}?done=changed")


@router.post("/goals/{goal_id}/progress", dependencies=FORM)
def add_progress(
    view: View, goal_id: str, text: Annotated[str, Form()] = ""
) -> Response:
    """Keep what the student says about a goal."""
    if text.strip():
        goals.report_progress(view.milepost, view.actor, goal_id, text.strip())
        return go(f"/goals/{goal_id}?done=said#said")
    story = goal_changes.goal_story(view.milepost, view.actor, goal_id)
    return _goal(view, story, wrong_progress=True, status=UNPROCESSABLE)


@router.post("/goals/{goal_id}/status", dependencies=FORM)
def change_status(
    view: View, goal_id: str, status: Annotated[str, Form()] = ""
) -> Response:
    """Mark a goal as reached, let it go, or take it up again: each can be undone."""
    found = goals.change_status(view.milepost, view.actor, goal_id, status)
    return go(f"/goals?done={found.status}&goal={found.id}")


def _goal(
    view: Viewer,
    story: goal_changes.GoalStory,
    given: dict[str, str] | None = None,
    error: WrongParts | Stale | None = None,
    wrong_progress: bool = False,
    status: int = 200,
) -> Response:
    goal = story.goal
    now = {name: str(getattr(goal, name)) for name in PARTS}
    if error is not None:
        status = CONFLICT if isinstance(error, Stale) else UNPROCESSABLE
    context = {
        "goal": goal,
        "changes": story.changes,
        "now": now,
        "given": {**now, **(given or {})},
        "wrong": error.problems if isinstance(error, WrongParts) else {},
        "stale": view.told(error) if isinstance(error, Stale) else "",
        "wrong_progress": wrong_progress,
        "words": WORDS,
        "days": DAYS,
        "day_of": date.fromisoformat,
        "editing": error is not None,
    }
    return view.page("goal.html", context, status)
