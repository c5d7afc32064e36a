"""The experience ledger on a page, and the page behind a mentor's link (P10, A8)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from pathways.domain.experience import Sort
from pathways.domain.features import Feature
from pathways.domain.plan_fields import number_of
from pathways.services import experience_links as links
from pathways.services import experiences, features
from pathways.services.errors import Invalid, NotFound
from pathways.texts import say
from web.deps import App, check_csrf
from web.pages.session import go, keep_language
from web.pages.templates import language_here, plain_page
from web.pages.viewer import View, Viewer
from web.pages.wrong import NOTHING, Wrong

router = APIRouter(include_in_schema=False)
FORM = [Depends(check_csrf)]
UNPROCESSABLE = 422
Text = Annotated[str, Form()]


@router.get("/experiences")
def show_ledger(view: View) -> Response:
    """Show the student's hours, where they count, and the form for more."""
    return _ledger(view)


@router.post("/experiences", dependencies=FORM)
def log(
    view: View,
    what: Text = "",
    hours: Text = "",
    first_day: Text = "",
    last_day: Text = "",
    sort: Text = "",
    place: Text = "",
    mentor: Text = "",
    evidence: Text = "",
) -> Response:
    """Write hours down; what can't be used is said and stays in the form."""
    given = {
        "what": what,
        "hours": hours,
        "first_day": first_day,
        "last_day": last_day,
        "sort": sort,
        "place": place,
        "mentor": mentor,
        "evidence": evidence,
    }
    try:
        experiences.log(view.milepost, view.actor, given)
    except Invalid as error:
        wrong = Wrong(error.field, view.told(error), "log", given)
        return _ledger(view, given, wrong, UNPROCESSABLE)
    return go("/experiences?done=logged#list")


@router.post("/experiences/{experience_id}/correct", dependencies=FORM)
def correct(
    view: View,
    experience_id: str,
    reason: Text = "",
    hours: Text = "",
    first_day: Text = "",
) -> Response:
    """Replace an entry by a corrected one, or take it out where hours are 0."""
    changed = {"hours": hours, "first_day": first_day, "last_day": first_day}
    given = {name: text for name, text in changed.items() if text}
    try:
        if hours.strip() == "0":
            experiences.take_out(view.milepost, view.actor, experience_id, reason)
        else:
            experiences.correct(view.milepost, view.actor, experience_id, reason, given)
    except Invalid as error:
        typed = {"hours": hours, "reason": reason}
        wrong = Wrong(error.field, view.told(error), f"fix-{experience_id}", typed)
        return _ledger(view, wrong=wrong, status=UNPROCESSABLE)
    return go("/experiences?done=corrected#list")


@router.post("/experiences/{experience_id}/count", dependencies=FORM)
def count(
    view: View, experience_id: str, toward: Text = "", hours: Text = ""
) -> Response:
    """Let hours count toward something; 0 takes them away."""
    bucket, _, target = toward.partition(":")
    amount = 0.0 if hours.strip() == "0" else number_of(hours)
    try:
        experiences.count_toward(
            view.milepost,
            view.actor,
            experience_id,
            bucket,
            target,
            -1.0 if amount is None else amount,
        )
    except Invalid as error:
        typed = {"toward": toward, "hours": hours}
        wrong = Wrong(error.field, view.told(error), f"count-{experience_id}", typed)
        return _ledger(view, wrong=wrong, status=UNPROCESSABLE)
    return go("/experiences?done=counted#list")


@router.post("/experiences/{experience_id}/link", dependencies=FORM)
def link(view: View, experience_id: str) -> Response:
    """Make the link that the student gives to a mentor."""
    path, ends = links.mentor_link(view.milepost, view.actor, experience_id)
    base = str(view.request.base_url).rstrip("/")
    context = {"address": f"{base}{path}", "ends": ends}
    return view.page("mentor_link.html", context)


@router.get("/confirm")
def ask_for_link(request: Request) -> Response:
    """Ask for the link; a browser with scripts has it after "#" and sends it on."""
    return _open(request)


@router.post("/confirm", dependencies=FORM)
def open_link(
    request: Request,
    milepost: App,
    link: Text = "",
    answer: Text = "",
    who: Text = "",
    words: Text = "",
) -> Response:
    """Ask a mentor whether the hours are right, without an account; take the answer."""
    try:
        found = links.read_link(milepost, link)
    except NotFound:
        dead = say(language_here(request), "page_credit.open_dead")
        return _open(request, Wrong("link", dead, "", {"link": link}), UNPROCESSABLE)
    token = link.rpartition("#")[2].strip()
    if not answer:
        return _mentor(request, token, found)
    try:
        done = links.answer_link(milepost, token, answer == "yes", who, words)
    except Invalid as error:
        missing = say(language_here(request), f"experience.need_{error.field}")
        field = "who" if error.field == "name" else error.field
        wrong = Wrong(field, missing, "", {"who": who, "words": words})
        return _mentor(request, token, found, wrong, UNPROCESSABLE)
    return _mentor(request, token, done)


def _open(request: Request, wrong: Wrong = NOTHING, status: int = 200) -> Response:
    shown = plain_page(request, "mentor_open.html", {"wrong": wrong}, status)
    return keep_language(request, shown)


def _mentor(
    request: Request,
    token: str,
    found: links.ToConfirm,
    wrong: Wrong = NOTHING,
    status: int = 200,
) -> Response:
    context = {"found": found, "token": token, "wrong": wrong}
    shown_page = plain_page(request, "mentor_confirm.html", context, status)
    return keep_language(request, shown_page)


def _ledger(
    view: Viewer,
    given: dict[str, str] | None = None,
    wrong: Wrong = NOTHING,
    status: int = 200,
) -> Response:
    blank = ("what", "hours", "first_day", "last_day", "sort", "place", "mentor")
    context = {
        "ledger": experiences.ledger(view.milepost, view.actor),
        "targets": experiences.targets(view.milepost, view.actor),
        "sorts": [one.value for one in Sort],
        "off": Feature.HOURS in features.off_for(view.milepost, view.actor),
        "given": given or dict.fromkeys((*blank, "evidence"), ""),
        "wrong": wrong,
    }
    return view.page("experiences.html", context, status)
