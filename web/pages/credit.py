"""Credit plans: ways to a credit, the plan, the road of signatures (O6, O7, A6)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from pathways.domain.features import Feature
from pathways.domain.plan_fields import FIELDS
from pathways.services import (
    credit_plan_lists,
    credit_plans,
    credit_ways,
    features,
)
from pathways.services.access import Role
from pathways.services.credit_plan_views import PlanView
from pathways.services.errors import Invalid, Stale
from web.deps import check_csrf
from web.pages.papers import plan_paper
from web.pages.session import go
from web.pages.viewer import View, Viewer

router = APIRouter(include_in_schema=False)
FORM = [Depends(check_csrf)]
PDF = "application/pdf"
UNPROCESSABLE, CHANGED = 422, 409
WRONG = ("act", "field", "message", "words", "stale")


@router.get("/credit-plans")
def show_plans(view: View) -> Response:
    """Show a student's plans, or those that an adult has a part in."""
    if view.actor.role is not Role.STUDENT:
        found = credit_plan_lists.inbox(view.milepost, view.actor)
        return view.page("credit_inbox.html", {"plans": found})
    return view.page(
        "credit_plans.html",
        {
            "plans": credit_plans.plans(view.milepost, view.actor),
            "courses": credit_ways.wished_courses(view.milepost, view.actor, ()),
            "off": Feature.CREDIT_PLANS in features.off_for(view.milepost, view.actor),
        },
    )


@router.get("/credit-plans/ways")
def show_ways(view: View, course: str = "") -> Response:
    """Show the ways to earn a course's credit; without a course, the list of them."""
    if not course and view.actor.role is Role.STUDENT:
        return show_plans(view)
    found = credit_ways.ways(view.milepost, view.actor, course)
    return view.page("credit_ways.html", {"ways": found})


@router.post("/credit-plans", dependencies=FORM)
def begin_plan(
    view: View,
    course: Annotated[str, Form()] = "",
    option: Annotated[str, Form()] = "",
) -> Response:
    """Begin a plan from a way or a course."""
    made = credit_plans.draft(view.milepost, view.actor, course, option)
    return go(f"/credit-plans/{made.id}")


@router.get("/credit-plans/{plan_id}")
def show_plan(view: View, plan_id: str) -> Response:
    """Show a plan: the form for the student, the page to sign for the others."""
    return _plan(view, credit_plans.plan_view(view.milepost, view.actor, plan_id))


@router.get("/credit-plans/{plan_id}/pdf")
def print_plan(view: View, plan_id: str) -> Response:
    """Return the plan as a PDF, as an approver sees it."""
    found = credit_plans.plan_view(view.milepost, view.actor, plan_id)
    return Response(plan_paper(view, found), media_type=PDF)


@router.post("/credit-plans/{plan_id}", dependencies=FORM)
async def save_plan(view: View, plan_id: str, request: Request) -> Response:
    """Keep what the form holds; what can't be used is said beside its field."""
    form = await request.form()
    given = {name: str(form[name]) for name in FIELDS if name in form}
    return await run_in_threadpool(_save, view, plan_id, given, _number(form))


@router.post("/credit-plans/{plan_id}/steps", dependencies=FORM)
def take_step(
    view: View,
    plan_id: str,
    act: Annotated[str, Form()] = "",
    words: Annotated[str, Form()] = "",
    version: Annotated[int | None, Form()] = None,
) -> Response:
    """Sign, return, approve or take any other step that is the person's to take."""
    try:
        done = credit_plans.act(view.milepost, view.actor, plan_id, act, words, version)
    except Invalid as error:
        found = credit_plans.plan_view(view.milepost, view.actor, plan_id)
        wrong = {"act": act, "field": error.field, "message": view.told(error)}
        return _plan(view, found, {**wrong, "words": words}, status=UNPROCESSABLE)
    return go(f"/credit-plans/{done.id}?done=step")


def _number(form: Any) -> int | None:
    text = str(form.get("version", ""))
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _save(
    view: Viewer, plan_id: str, given: dict[str, str], version: int | None
) -> Response:
    try:
        credit_plans.save_fields(view.milepost, view.actor, plan_id, given, version)
    except Invalid as error:
        found = credit_plans.plan_view(view.milepost, view.actor, plan_id)
        wrong = {"act": "", "field": error.field, "message": view.told(error)}
        return _plan(view, found, wrong, given, UNPROCESSABLE)
    except Stale as error:
        found = credit_plans.plan_view(view.milepost, view.actor, plan_id)
        wrong = {"stale": view.told(error)}
        return _plan(view, found, wrong, given, CHANGED)
    return go(f"/credit-plans/{plan_id}?done=saved")


def _plan(
    view: Viewer,
    plan: PlanView,
    wrong: dict[str, str] | None = None,
    given: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    context: dict[str, Any] = {
        "plan": plan,
        "given": given or {},
        "wrong": dict.fromkeys(WRONG, "") | (wrong or {}),
        "missing": set(plan.missing),
        "people": [],
        "courses": [],
    }
    if plan.editable:
        context["people"] = credit_plan_lists.teachers(view.milepost, view.actor)
        context["courses"] = credit_plan_lists.courses(view.milepost, view.actor)
    return view.page("credit_plan.html", context, status)
