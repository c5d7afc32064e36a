"""Passwords: changing one's own, choosing a first one, and giving a one-time one."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from pathways.services import passwords, sessions
from pathways.services.back_off import TooManyTries
from pathways.services.errors import Invalid
from pathways.services.passwords import NotProven, WeakPassword
from pathways.services.second_factor import waiting
from pathways.services.sign_in import Needs
from web.deps import App, check_csrf, read_secret
from web.pages.session import enter, go, safe_next
from web.pages.templates import plain_page
from web.pages.viewer import View

router = APIRouter(include_in_schema=False)
Password = Annotated[str, Form(max_length=1000)]


@router.get("/account/password")
def show_change(view: View) -> Response:
    """Ask for the old password and a new one."""
    return _change_form(view)


@router.post("/account/password", dependencies=[Depends(check_csrf)])
def do_change(
    view: View, old: Password = "", new: Password = "", again: Password = ""
) -> Response:
    """Change the person's own password and end their other sessions."""
    wrong = _wrong(new, again)
    if wrong:
        return _change_form(view, wrong, 422)
    secret = read_secret(view.request)
    try:
        fresh = passwords.change(view.milepost, view.actor, secret, old, new)
    except Invalid as error:
        return _change_form(view, *told(error))
    return enter(view.request, "/account?done=password", fresh)


@router.get("/sign-in/password")
def show_choose(request: Request, milepost: App, next: str = "/") -> Response:
    """Ask for an own password in place of a one-time one."""
    return _choose_form(request, next) if _waits(request, milepost) else _back(next)


@router.post("/sign-in/password", dependencies=[Depends(check_csrf)])
def do_choose(
    request: Request,
    milepost: App,
    new: Password = "",
    again: Password = "",
    next: Annotated[str, Form()] = "/",
) -> Response:
    """Take the own password; the session is whole then."""
    if not _waits(request, milepost):
        return _back(next)
    wrong = _wrong(new, again)
    if wrong:
        return _choose_form(request, next, wrong, 422)
    try:
        secret = passwords.choose(milepost, read_secret(request), new)
    except WeakPassword as error:
        return _choose_form(request, next, *told(error))
    return enter(request, next, secret)


@router.post("/admin/people/{person_id}/password", dependencies=[Depends(check_csrf)])
def give(view: View, person_id: str) -> Response:
    """Give a person a one-time password, and show it once."""
    made = passwords.give(view.milepost, view.actor, person_id)
    account = sessions.account(view.milepost, view.actor, person_id)
    return view.page("one_time_password.html", {"made": made, "account": account})


def told(error: Invalid) -> tuple[str, int]:
    """Return the name of the text that says what is wrong, and the status.

    Other errors come back as they are, in their own words.
    """
    if isinstance(error, TooManyTries):
        return str(error), 429
    if isinstance(error, WeakPassword | NotProven):
        return f"page_account.wrong_{error.why}", 422
    return str(error), 422


def _wrong(new: str, again: str) -> str:
    return "" if new == again else "page_account.wrong_again"


def _waits(request: Request, milepost: App) -> bool:
    lacks = waiting(milepost, read_secret(request))
    return lacks is not None and lacks.needs is Needs.PASSWORD


def _back(next: str) -> Response:
    return go(f"/sign-in?{urlencode({'next': safe_next(next)})}")


def _change_form(view: View, error: str = "", status: int = 200) -> Response:
    has = passwords.has_password(view.milepost, view.actor)
    return view.page("password.html", {"has": has, "error": error}, status)


def _choose_form(
    request: Request, next: str, error: str = "", status: int = 200
) -> Response:
    context = {"next": safe_next(next), "error": error}
    return plain_page(request, "first_password.html", context, status)
