"""One's own account: where one is signed in, and the code app of staff.

Whoever ends a session or sets up a code app shows again that it is them (ASVS 7.5).
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from pathways.services import passwords, preferences, second_factor, sessions
from pathways.services.back_off import TooManyTries
from pathways.services.passwords import NotProven
from web.deps import check_csrf, read_secret
from web.pages.passwords import told
from web.pages.session import go, signed_out
from web.pages.viewer import View, Viewer

router = APIRouter(include_in_schema=False)
Password = Annotated[str, Form(max_length=1000)]


@router.get("/account")
def show_account(view: View) -> Response:
    """Show where the person is signed in, and their code app."""
    return _account(view)


@router.post("/account/language", dependencies=[Depends(check_csrf)])
def choose_language(view: View, language: Annotated[str, Form()] = "") -> Response:
    """Speak the person's language from the next page on."""
    preferences.speak(view.milepost, view.actor, language)
    return go("/account?done=language")


@router.post("/account/sessions/{session_id}/end", dependencies=[Depends(check_csrf)])
def end_one(view: View, session_id: str, password: Password = "") -> Response:
    """Sign out one place."""
    try:
        passwords.confirm(
            view.milepost, view.actor, read_secret(view.request), password
        )
    except (NotProven, TooManyTries) as error:
        return _account(view, *told(error))
    sessions.end_session(view.milepost, view.actor, session_id)
    return go("/account?done=ended")


@router.post("/account/sign-out-everywhere", dependencies=[Depends(check_csrf)])
def end_all(view: View, password: Password = "") -> Response:
    """Sign out everywhere, here too."""
    try:
        passwords.confirm(
            view.milepost, view.actor, read_secret(view.request), password
        )
    except (NotProven, TooManyTries) as error:
        return _account(view, *told(error))
    sessions.end_all(view.milepost, view.actor)
    return signed_out(view.request, go("/sign-in?done=signed_out"))


@router.post("/account/code-app", dependencies=[Depends(check_csrf)])
def start_code(view: View, password: Password = "") -> Response:
    """Lead a member of staff to setting up a code app."""
    secret = read_secret(view.request)
    try:
        second_factor.start(view.milepost, view.actor, secret, password)
    except (NotProven, TooManyTries) as error:
        return _account(view, *told(error))
    return go(f"/sign-in/code?{urlencode({'next': '/account'})}")


def _account(view: Viewer, error: str = "", status: int = 200) -> Response:
    milepost, actor = view.milepost, view.actor
    context = {
        "sessions": sessions.own_sessions(milepost, actor, read_secret(view.request)),
        "factor": second_factor.view(milepost, actor),
        "spoken": preferences.SPOKEN,
        "has_password": passwords.has_password(milepost, actor),
        "error": error,
    }
    return view.page("account.html", context, status)
