"""A student's own pages in a real browser: the way in, drafts, offline, weight."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress

from house import SignIn, Site, actor_called
from playwright.sync_api import BrowserContext, Error, expect
from test_browser_chat import say, settled
from test_browser_record import add_goal
from ways_in import sign_in_at

from pathways.services import preferences

LIGHT_ENOUGH = 200_000
WEIGHT = """["navigation", "resource"]
  .flatMap((one) => performance.getEntriesByType(one))
  .reduce((sum, one) => sum + one.decodedBodySize, 0)"""
KEPT = "Object.keys(sessionStorage).filter((one) => one.startsWith('draft:')).length"
READY = "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller)"
PLANS = "caches.open('plan').then((one) => one.keys()).then((all) => all.length)"


def test_a_student_lands_at_home_and_each_task_is_a_few_clicks_away(
    site: Site, open_context: Callable[..., BrowserContext]
) -> None:
    page = open_context(base_url=site.url).new_page()
    sign_in_at(page, "maya")
    expect(page).to_have_url(re.compile("/home$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Hi Maya")
    page.get_by_role("link", name="More").click()
    page.get_by_role("main").get_by_role("link", name="Reminders").click()
    page.get_by_label("Remind me of").fill("Bring the lab book")
    page.get_by_label("On", exact=True).fill("2026-11-25")
    page.get_by_role("button", name="Set it").click()
    page.get_by_role("link", name="Home").click()
    expect(page.get_by_role("main")).to_contain_text("Bring the lab book")
    page.get_by_role("link", name="Why?").click()
    expect(page.get_by_role("heading", name="Why it is here")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Plan", exact=True).click()
    expect(page.locator("#saved article")).to_have_count(1)


def test_an_ended_session_comes_back_to_the_same_place(
    site: Site, open_context: Callable[..., BrowserContext]
) -> None:
    page = open_context(base_url=site.url).new_page()
    sign_in_at(page, "maya", "/options?kind=course&q=art")
    expect(page).to_have_url(re.compile(r"/options\?kind=course&q=art$"))


def test_unsent_words_outlast_a_reload_and_go_with_the_session(
    sign_in: SignIn,
) -> None:
    page = sign_in("maya")
    box = page.get_by_label("Your message")
    box.fill("I want to say something long")
    page.goto("/plan")
    page.goto("/chat")
    expect(box).to_have_value("I want to say something long")
    box.press("Enter")
    settled(page)
    assert page.evaluate(KEPT) == 0
    box.fill("not sent")
    assert page.evaluate(KEPT) == 1
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in**")
    assert page.evaluate(KEPT) == 0


def test_the_search_leads_to_the_turn(sign_in: SignIn) -> None:
    page = sign_in("maya")
    say(page, "finish five biology labs")
    settled(page)
    page.get_by_role("link", name="Search my chat").click()
    page.get_by_label("Words to find").fill("BIOLOGY")
    page.get_by_label("Words to find").press("Enter")
    page.get_by_role("link", name=re.compile("You")).click()
    expect(page.locator("#turn-1.found")).to_contain_text("finish five biology labs")


def test_a_new_day_begins_with_its_date_while_the_page_is_open(
    sign_in: SignIn,
) -> None:
    page = sign_in("maya")
    say(page, "hello")
    settled(page)
    expect(page.locator(".milestone")).to_have_text(["Sat, Nov 21"])
    page.evaluate("document.querySelector('.turn').dataset.day = 'Fri, Nov 20'")
    say(page, "hello again")
    settled(page)
    expect(page.locator(".milestone")).to_have_text(["Sat, Nov 21", "Sat, Nov 21"])
    say(page, "and again")
    settled(page)
    expect(page.locator(".milestone")).to_have_count(2)


def test_the_last_plan_is_readable_offline_until_the_student_signs_out(
    site: Site, sign_in: SignIn
) -> None:
    add_goal(site)
    page = sign_in("maya")
    page.evaluate(READY)
    page.goto("/plan")
    page.goto("/chat")
    assert page.evaluate(PLANS) == 1
    page.context.set_offline(True)
    page.goto("/plan")
    expect(page.get_by_role("main")).to_contain_text("Goals")
    expect(page.locator("#away")).to_contain_text("You are offline")
    page.goto("/chat")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are offline")
    assert "Maya" not in page.content()
    page.context.set_offline(False)
    page.goto("/plan")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in**")
    assert page.evaluate(PLANS) == 0
    page.context.set_offline(True)
    with suppress(Error):  # the browser's own page: nothing of ours is left
        page.goto("/plan")
    expect(page.locator("body")).not_to_contain_text("Goals")


def test_supports_are_seen_on_the_page(site: Site, sign_in: SignIn) -> None:
    page = sign_in("maya")
    page.goto("/supports")
    size = "parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)"
    before = page.evaluate(size)
    page.get_by_label("Large text").check()
    page.get_by_label("Less motion").check()
    page.get_by_label("More contrast").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    assert page.evaluate(size) >= 1.2 * before
    page.goto("/chat")
    moving = "getComputedStyle(document.querySelector('.dots i')).animationName"
    assert page.evaluate(moving) == "none"
    chosen = preferences.settings_of(site.milepost, actor_called(site, "maya"))
    assert chosen.supports == ("large_text",)


def test_a_student_s_pages_are_light_on_a_first_visit(sign_in: SignIn) -> None:
    page = sign_in("maya", service_workers="block")
    weights = {}
    for address in ("/home", "/chat", "/profile", "/options", "/pathway"):
        page.goto(address)
        page.evaluate("document.fonts.ready.then(() => true)")
        weights[address] = page.evaluate(WEIGHT)
    assert min(weights.values()) > 20_000
    assert {one: size for one, size in weights.items() if size > LIGHT_ENOUGH} == {}


def test_the_map_can_be_walked_with_the_keyboard(sign_in: SignIn) -> None:
    page = sign_in("maya")
    page.goto("/pathway?code=PRG-MFG")
    page.locator(".drawn").focus()
    page.keyboard.press("Tab")
    focused = "document.activeElement.getAttribute('aria-label')"
    assert re.search(": (Done|Now|Open to you|Later)$", page.evaluate(focused))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/options/"))


def test_on_a_phone_the_map_is_a_list_and_five_tabs_fit(sign_in: SignIn) -> None:
    page = sign_in("maya", viewport={"width": 320, "height": 640})
    page.goto("/pathway?code=PRG-MFG")
    expect(page.locator(".pathmap")).to_be_hidden()
    assert page.locator(".waylist li").count() >= 4
    tops = set()
    for name in ("Home", "Chat", "Plan", "Options", "More"):
        tab = page.get_by_role("navigation", name="Main").get_by_role("link", name=name)
        place = tab.bounding_box() or {}
        assert place["height"] >= 44 and place["width"] >= 44
        tops.add(round(place["y"]))
    assert len(tops) == 1
