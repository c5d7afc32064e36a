"""Every page x role: where it is, and what stands in somebody's way on it."""

from __future__ import annotations

from datetime import timedelta

from fastapi.routing import APIRoute
from house import START, Site, actor_called
from playwright.sync_api import Page, expect
from test_browser_chat import say, settled
from test_browser_record import add_goal

from pathways.services import (
    alerts,
    careers,
    data_requests,
    options,
    reminders,
    summaries,
    talks,
)
from web.pages import routers

# Beside the pages that need no id, which are found by asking for them.
MORE = {
    "": ("/no-such-page", "/confirm"),
    "maya": (
        "/goals/{goal}",
        "/profile?order=strongest",
        "/pathway?code=PRG-MFG",
        "/options?kind=course&q=zzz",
        "/options/CTE-VET?what=if",
        "/chat/search",
        "/plan?order=strongest",
        "/caseload",
        "/credit-plans/ways?course=CTE-VET",
        "/credit-plans/{plan}",
        "/ideas?riasec=SI",
    ),
    "amara.osei": (),
    "ortiz": ("/caseload/{maya}", "/credit-plans/{plan}", "/graduation/{maya}"),
    "bell": (
        "/catalog?kind=opportunity&status=active&q=zzz",
        "/catalog/course/ELA-1",
        "/catalog/course/ELA-1?view=history",
        "/catalog/occupation/29-1141",
        "/catalog/opportunity/new",
        "/alerts/{alert}",
        "/alerts/{alert}/notice",
        "/credit-plans/{plan}",
        "/graduation/{maya}",
        "/imports/files/{staged}",
        "/imports/{run}",
        "/transcripts/{maya}",
        "/equity?by=grade",
    ),
    "harper.lead": ("/alerts/{alert}", "/transcripts/{maya}"),
    "maya.family": ("/credit-plans/{plan}", "/graduation/{maya}"),
    "admin": (
        "/admin/people/{maya}",
        "/admin/looks?name=maya",
        "/imports/{run}",
        "/imports/new?kind=courses",
    ),
}
# What is asked for with an id or a key and is no page that somebody reads.
NO_PAGE = {
    "/sign-in/with/{name}": "leads to the school's own sign-in",
    "/sign-in/with/{name}/back": "comes back from it",
    "/credit-plans/{plan_id}/pdf": "a paper",
    "/graduation/{student_id}/pdf": "a paper",
    "/imports/templates/{kind}": "a file",
}
# Read in another test, since they come once or need a code.
ELSEWHERE = {
    "/sign-in/code": "test_a_code_app_is_set_up_and_used_by_keys_on_a_small_screen",
    "/sign-in/password": "test_browser_tasks: administrator, one-time password",
}


def live_in(site: Site, page: Page) -> None:
    """Fill the student's record, so that the pages have something to show."""
    maya = actor_called(site, "maya")
    add_goal(site)
    careers.tell_interest(site.milepost, maya, ["animals"])
    careers.aim_for(site.milepost, maya, ["veterinarian"])
    said = {"what": "A hard lab", "so_what": "", "action": "Ask first"}
    talks.save_talk(site.milepost, maya, "reflection", "what", said)
    day = START.date() + timedelta(days=4)
    reminders.set_reminder(site.milepost, maya, "Bring the lab book", day)
    for one in options.suggest(site.milepost, maya, None, 2).items:
        options.decide(site.milepost, maya, one.id, options.SAVED)
    for text in ("hello", "What classes fit me?", "finish five biology labs"):
        say(page, text)
        settled(page)
        expect(page.get_by_label("Your message")).to_have_value("")
    for summary in summaries.list_summaries(site.milepost, maya):
        summaries.release(site.milepost, maya, summary.id)
    say(page, "finish five biology labs, then start on chemistry")
    settled(page)
    say(page, "I want to kill myself")
    expect(page.locator(".crisis")).to_be_visible()
    alerts.ask_for_person(site.milepost, maya)
    data_requests.ask(site.milepost, maya, "correction", "Goals", "A wrong date.")
    data_requests.ask(site.milepost, maya, "deletion")


def found_pages() -> list[str]:
    """Return the path of each page of the app, from its routes."""
    return sorted(
        route.path
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute) and "GET" in route.methods
    )


def pages_for(page: Page) -> list[str]:
    """Return the pages without an id that somebody may open, found by asking."""
    found = []
    for path in found_pages():
        if "{" in path or path in ELSEWHERE:
            continue
        answer = page.request.get(path, max_redirects=0)
        kind = answer.headers.get("content-type", "")
        if answer.status == 200 and kind.startswith("text/html"):
            found.append(path)
    return found


def uncovered() -> set[str]:
    """Return the pages with an id that are in no list above."""
    asked = [one.partition("?")[0] for every in MORE.values() for one in every]
    return {
        route.path
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute)
        and "GET" in route.methods
        and "{" in route.path
        and route.path not in NO_PAGE
        and not any(route.path_regex.match(one) for one in asked)
    }
