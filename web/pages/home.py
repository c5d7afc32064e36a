"""Where a student starts: my next step, what is coming up, what could I do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from pathways.domain.features import Feature
from pathways.services import (
    browse,
    checkins,
    drafts,
    features,
    goals,
    options,
    reminders,
)
from pathways.services.access import Role, require
from pathways.services.browse import LastDay
from pathways.services.goals import GoalView
from web.deps import check_csrf
from web.pages.chat_stream import fresh_id
from web.pages.plan import signs_ahead
from web.pages.session import go
from web.pages.viewer import View, Viewer

router = APIRouter(include_in_schema=False)
SHOWN = 5
WEEK = timedelta(days=7)
MAP = (
    ("me", ("goals", "profile", "experiences", "reflections")),
    ("ahead", ("options", "pathway", "ideas", "credit-plans", "graduation")),
    ("share", ("summaries", "looks", "who-sees", "my-data")),
    ("set", ("reminders", "supports", "account")),
)
OFF_PAGES = {
    Feature.CREDIT_PLANS: "credit-plans",
    Feature.HOURS: "experiences",
    Feature.GRADUATION: "graduation",
    Feature.CAREERS: "ideas",
    Feature.REFLECTIONS: "reflections",
}


@dataclass(frozen=True)
class Ahead:
    """A day ahead: `kind` is first_step, review, due, reminder or ask_by."""

    kind: str
    day: date
    words: str
    address: str


@router.get("/home")
def show_home(view: View) -> Response:
    """Answer the three questions, and nothing else."""
    today = view.me.now.astimezone(view.me.zone).date()
    active = goals.active_goals(view.milepost, view.actor)
    signs = signs_ahead(active)
    first = next((one for one in signs if one.kind == "first_step"), None)
    done = checkins.list_checkins(view.milepost, view.actor)
    flow, _ = drafts.newest_draft(view.milepost, view.actor) or ("", {})
    options = browse.glance(view.milepost, view.actor)
    ahead = coming_up(view, active, options.days)
    context = {
        "today": today,
        "first": first,
        "promise": checkins.newest_promise(view.milepost, view.actor),
        "ahead": [one for one in ahead if not _is(one, first)][:SHOWN],
        "idea": options.idea,
        "check_in_due": not done or done[0].done_at <= view.me.now - WEEK,
        "checked_in": done[0].done_at if done else None,
        "unfinished": flow,
        "message_id": fresh_id(),
    }
    return view.page("home.html", context)


def coming_up(
    view: Viewer, active: Sequence[GoalView], asked: Sequence[LastDay]
) -> list[Ahead]:
    """Return every day ahead, the soonest first."""
    signs = signs_ahead(active)
    found = [Ahead(one.kind, one.day, one.step or one.what, "/goals") for one in signs]
    kept = reminders.list_reminders(view.milepost, view.actor)
    found += [Ahead("reminder", one.day, one.text, "/reminders") for one in kept]
    found += [
        Ahead("ask_by", one.day, one.title, f"/options/{one.id}") for one in asked
    ]
    return sorted(found, key=lambda one: (one.day, one.kind, one.words))


def _is(one: Ahead, sign: object) -> bool:
    return (
        one.kind == "first_step"
        and one.words == getattr(sign, "step", None)
        and one.day == getattr(sign, "day", None)
    )


@router.post("/home/idea", dependencies=[Depends(check_csrf)])
def decide(
    view: View,
    option: Annotated[str, Form()] = "",
    decision: Annotated[str, Form()] = "",
) -> Response:
    """Save the one idea, or turn it down and see another."""
    options.decide(view.milepost, view.actor, option, decision)
    return go(f"/home?done={'saved' if decision == options.SAVED else 'passed'}#could")


@router.get("/more")
def show_more(view: View) -> Response:
    """Show the way to every page of a student."""
    require(view.actor, Role.STUDENT)
    hidden = features.off_for(view.milepost, view.actor)
    off = {page for feature, page in OFF_PAGES.items() if feature in hidden}
    return view.page("more.html", {"map": MAP, "off": off})
