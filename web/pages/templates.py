"""Turns what services return into pages; words for people come from YAML."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from pathways.services.access import Role
from pathways.services.members import Me
from pathways.services.preferences import SPOKEN
from pathways.texts import FALLBACK, for_reader, load, say, word
from pathways.texts.phrases import told
from web.deps import csrf_token, seen_lately
from web.pages.named import Named
from web.pages.plain_words import explained

ROOM = Path(__file__).parents[1]
STATIC = ROOM / "static"
PHONES = re.compile(
    r"(?<![\w-])(1-\d{3}-\d{3}-\d{4}|\d{3}-\d{3}-\d{4}|741741|988|911)(?![\w-])"
)
TEXT_ONLY = frozenset({"741741"})
PAGES = {
    Role.STUDENT: ("home", "chat", "plan", "options", "more"),
    Role.ADVISOR: ("caseload", "credit-plans", "graduation"),
    Role.COUNSELOR: (
        "catalog",
        "imports",
        "rules",
        "alerts",
        "credit-plans",
        "graduation",
        "equity",
        "data-requests",
    ),
    Role.FAMILY: ("family", "credit-plans", "graduation"),
    Role.ADMIN: ("admin", "imports", "rules", "data-requests"),
    Role.SAFETY_LEAD: ("alerts",),
}
CHOSEN = "milepost_language"
DAY = {"en": "EEE, MMM d", "es": "EEE d MMM"}
MOMENT = {"en": "MMM d, h:mm a", "es": "d MMM, h:mm a"}
ICONS = frozenset({"home", "chat", "plan", "options", "more"})
# The page of the top under which a page without a place there stands.
UNDER = {
    "/goals": "/plan",
    "/profile": "/plan",
    "/pathway": "/options",
    "/ideas": "/options",
    **dict.fromkeys(("/experiences", "/reflections", "/reminders"), "/more"),
    **dict.fromkeys(("/supports", "/summaries", "/looks", "/my-data"), "/more"),
}


@pass_context
def show_day(context: Context, value: date | datetime) -> str:
    """Write a day as people say it: "Sat, Nov 21", "sáb 21 nov"."""
    moment = value.astimezone(_zone(context)) if isinstance(value, datetime) else value
    language = _language(context)
    return format_date(moment, DAY.get(language, DAY[FALLBACK]), locale=language)


@pass_context
def show_date(context: Context, value: date | datetime) -> str:
    """Write a day with its year, "Nov 21, 2026"."""
    moment = value.astimezone(_zone(context)) if isinstance(value, datetime) else value
    return format_date(moment, "medium", locale=_language(context))


@pass_context
def show_clock(context: Context, value: datetime) -> str:
    """Write the time of day in the school's zone, "10:24 AM"."""
    return format_time(value, "short", tzinfo=_zone(context), locale=_language(context))


@pass_context
def show_moment(context: Context, value: datetime) -> str:
    """Write day and time in the school's zone."""
    language = _language(context)
    pattern = MOMENT.get(language, MOMENT[FALLBACK])
    return format_datetime(value, pattern, tzinfo=_zone(context), locale=language)


def _zone(context: Context) -> ZoneInfo:
    zone: ZoneInfo = context["zone"]
    return zone


def _language(context: Context) -> str:
    return str(context["language"])


@pass_context
def show_words(context: Context, name: str) -> str:
    """Write a code word such as `social_studies` as people read it."""
    code = name.strip().replace(" ", "_")
    return word(_language(context), code).capitalize()


@pass_context
def show_told(context: Context, words: str) -> str:
    """Say an error of ours in the reader's language."""
    return told(_language(context), words)


def capitalize_first(text: str) -> str:
    """Write the first letter large and leave the rest as it is."""
    return text[:1].upper() + text[1:]


def link_phones(text: str) -> Markup:
    """Escape a text and make the numbers of helplines into links."""

    def link(found: re.Match[str]) -> str:
        number = found[1]
        scheme = "sms" if number in TEXT_ONLY else "tel"
        return f'<a href="{scheme}:{number.replace("-", "")}">{number}</a>'

    return Markup(PHONES.sub(link, str(escape(text))))


@cache
def static(name: str) -> str:
    """Return the address of a file of ours, with a mark that follows its content."""
    content = (STATIC / name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:10]}"


@cache
def environment() -> Environment:
    """Return the Jinja environment; every text is escaped, every name must exist."""
    made = Environment(
        loader=FileSystemLoader(ROOM / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        day=show_day,
        date=show_date,
        clock=show_clock,
        moment=show_moment,
        words=show_words,
        told=show_told,
        phones=link_phones,
        capitalize_first=capitalize_first,
    )
    made.globals["static"] = static
    return made


def words_in(language: str, adult: bool = False) -> Callable[..., str]:
    """Return the text lookup `t(name, value=...)` of a language and a reader."""

    def text(name: str, /, **values: Any) -> str:
        return say(language, for_reader(name, adult), values)

    return text


def words_or(language: str, name: str, otherwise: str) -> str:
    """Return a text where there is one, or else the given words."""
    known = name in load(language) or name in load(FALLBACK)
    return say(language, name) if known else otherwise


def frame(
    request: Request, language: str, zone: ZoneInfo, me: Me | None
) -> dict[str, Any]:
    """Return what every template may use."""
    return {
        "t": words_in(language, me is not None and me.role is not Role.STUDENT),
        "t_or": partial(words_or, language),
        "named": Named(language),
        "language": language,
        "zone": zone,
        "me": me,
        "csrf": csrf_token(request),
        "path": request.url.path,
        "nav_pages": [(f"/{name}", name) for name in PAGES[me.role]] if me else [],
        "icons": ICONS,
        "under": UNDER.get("/" + request.url.path.split("/")[1], request.url.path),
        "done": request.query_params.get("done", ""),
    }


def render(
    request: Request, name: str, me: Me, context: Mapping[str, Any] | None = None
) -> str:
    """Return a template filled in for the person who is signed in."""
    values = {**frame(request, me.language, me.zone, me), **(context or {})}
    made = environment().get_template(name).render(values)
    return explained(made, me.language) if "plain_words" in me.supports else made


def page(
    request: Request,
    name: str,
    me: Me,
    context: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HTMLResponse:
    """Return a whole page for the person who is signed in."""
    return HTMLResponse(render(request, name, me, context), status_code=status)


def language_here(request: Request) -> str:
    """Return the language of a page drawn without the records.

    It is that of whoever was here a moment ago, or the one chosen on this browser.
    """
    seen = seen_lately(request)
    kept = seen.language if seen else request.cookies.get(CHOSEN, "")
    asked = request.query_params.get("lang") or kept
    return asked if asked in SPOKEN else FALLBACK


def plain_page(
    request: Request,
    name: str,
    context: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HTMLResponse:
    """Return a page that needs nobody signed in and no database."""
    language = language_here(request)
    values = {**frame(request, language, ZoneInfo("UTC"), None), **(context or {})}
    text = environment().get_template(name).render(values)
    return HTMLResponse(text, status_code=status)
