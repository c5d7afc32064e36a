"""One's own account: where one is signed in, and the code app of staff."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from pathways.services import preferences, second_factor, sessions
from web.deps import check_csrf, read_secret
from web.pages.session import go, signed_out
from web.pages.viewer import View

router = APIRouter(include_in_schema=False)


@router.get("/account")
def show_account(view: View) -> Response:
    """Show where the person is signed in, and their code app."""
    context = {
        "sessions": sessions.own_sessions(
            view.milepost, view.actor, read_secret(view.request)
        ),
        "factor": second_factor.view(view.milepost, view.actor),
        "spoken": preferences.SPOKEN,
    }
    return view.page("account.html", context)


@router.post("/account/language", dependencies=[Depends(check_csrf)])
def choose_language(view: View, language: Annotated[str, Form()] = "") -> Response:
    """Speak the person's language from the next page on."""
    preferences.speak(view.milepost, view.actor, language)
    return go("/account?done=language")


@router.post("/account/sessions/{session_id}/end", dependencies=[Depends(check_csrf)])
def end_one(view: View, session_id: str) -> Response:
    """Sign out one place."""
    sessions.end_session(view.milepost, view.actor, session_id)
    return go("/account?done=ended")


@router.post("/account/sign-out-everywhere", dependencies=[Depends(check_csrf)])
def end_all(view: View) -> Response:
    """Sign out everywhere, here too."""
    sessions.end_all(view.milepost, view.actor)
    return signed_out(view.request, go("/sign-in?done=signed_out"))


@router.post("/account/code-app", dependencies=[Depends(check_csrf)])
def start_code(view: View) -> Response:
    """Lead a member of staff to setting up a code app."""
    second_factor.start(view.milepost, view.actor, read_secret(view.request))
    return go(f"/sign-in/code?{urlencode({'next': '/account'})}")
