"""What a student keeps for themselves: notes, reminders, supports (C4, C9, P8)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from pathways.domain.coaching import METHODS
from pathways.domain.features import Feature
from pathways.services import (
    conversation_search,
    features,
    preferences,
    reminders,
    talks,
)
from pathways.services.errors import Invalid
from pathways.services.preferences import LOOKS, SUPPORTS
from web.deps import check_csrf
from web.pages.chat_stream import fresh_id
from web.pages.session import go
from web.pages.viewer import View, Viewer

router = APIRouter(include_in_schema=False)
FORM = [Depends(check_csrf)]
UNPROCESSABLE = 422
LONGEST_REMINDER = 500
Names = Annotated[list[str] | None, Form()]


@router.get("/reflections")
def show_reflections(view: View) -> Response:
    """Show the student's own reflections; nobody else has such a page."""
    context = {
        "found": talks.list_reflections(view.milepost, view.actor),
        "off": Feature.REFLECTIONS in features.off_for(view.milepost, view.actor),
        "methods": METHODS,
        "message_id": fresh_id(),
    }
    return view.page("reflections.html", context)


@router.get("/reminders")
def show_reminders(view: View) -> Response:
    """Show reminders to come, and the form for one more."""
    return _reminders(view)


@router.post("/reminders", dependencies=FORM)
def add_reminder(
    view: View, text: Annotated[str, Form()] = "", day: Annotated[str, Form()] = ""
) -> Response:
    """Keep a reminder; what can't be used is said by its field."""
    wrong: dict[str, str] = {}
    if not 0 < len(text.strip()) <= LONGEST_REMINDER:
        wrong["text"] = view.words("page_own.wrong_text", n=LONGEST_REMINDER)
    try:
        when = date.fromisoformat(day)
    except ValueError:
        wrong["day"] = view.words("page_own.wrong_day")
    if not wrong:
        try:
            reminders.set_reminder(view.milepost, view.actor, text.strip(), when)
        except Invalid as error:
            wrong["day"] = view.words(f"page_own.wrong_{error.field}")
    if wrong:
        return _reminders(view, {"text": text, "day": day}, wrong, UNPROCESSABLE)
    return go("/reminders?done=reminder_set")


@router.post("/reminders/{reminder_id}/stop", dependencies=FORM)
def stop_reminder(view: View, reminder_id: str) -> Response:
    """Stop a reminder with one press."""
    reminders.stop_reminder(view.milepost, view.actor, reminder_id)
    return go("/reminders?done=reminder_stopped")


def _reminders(
    view: Viewer,
    given: dict[str, str] | None = None,
    wrong: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    context = {
        "found": reminders.list_reminders(view.milepost, view.actor),
        "cap": reminders.WEEKLY_CAP,
        "today": view.me.now.astimezone(view.me.zone).date(),
        "given": given or {"text": "", "day": ""},
        "wrong": wrong or {},
    }
    return view.page("reminders.html", context, status)


@router.get("/supports")
def show_supports(view: View) -> Response:
    """Show what can help, and what the student chose."""
    chosen = preferences.settings_of(view.milepost, view.actor)
    off = features.off_for(view.milepost, view.actor)
    context = {
        "chosen": chosen,
        "supports": SUPPORTS,
        "looks": LOOKS,
        "dictation": Feature.DICTATION not in off,
    }
    return view.page("supports.html", context)


@router.post("/supports", dependencies=FORM)
def choose_supports(view: View, support: Names = None, look: Names = None) -> Response:
    """Keep what the student chose; it counts from the next page on."""
    preferences.choose_looks(view.milepost, view.actor, support or [], look or [])
    return go("/supports?done=supports")


@router.get("/chat/search")
def show_search(view: View) -> Response:
    """Show the field for words to find in one's own conversation."""
    found = conversation_search.find(view.milepost, view.actor, "")
    return view.page("chat_search.html", {"q": "", "found": found})


@router.post("/chat/search", dependencies=FORM)
def search(view: View, q: Annotated[str, Form()] = "") -> Response:
    """Find words in one's own conversation; no address holds them (ASVS 14.2.1)."""
    words = q[:80]
    found = conversation_search.find(view.milepost, view.actor, words)
    return view.page("chat_search.html", {"q": words, "found": found})
