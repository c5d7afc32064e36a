"""Every page, on a small phone and for people who use assistive technology."""

from __future__ import annotations

import json
from datetime import timedelta

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from house import PASSWORD, START, SignIn, Site, actor_called
from playwright.sync_api import Page, expect
from test_browser_chat import say, settled
from test_browser_record import add_goal

from pathways.services import (
    alerts,
    careers,
    data_requests,
    goals,
    options,
    preferences,
    reminders,
    summaries,
    talks,
)

PAGES = {
    "": ("/sign-in", "/no-such-page", "/offline", "/styleguide"),
    "maya": (
        "/home",
        "/more",
        "/goals",
        "/goals/{goal}",
        "/profile",
        "/profile?order=strongest",
        "/pathway",
        "/options",
        "/options?kind=course&q=zzz",
        "/options/CTE-VET?what=if",
        "/reflections",
        "/reminders",
        "/supports",
        "/chat/search",
        "/chat",
        "/plan",
        "/plan?order=strongest",
        "/summaries",
        "/looks",
        "/person",
        "/who-sees",
        "/my-data",
        "/account",
        "/account/password",
        "/caseload",
        "/credit-plans",
        "/credit-plans/ways?course=CTE-VET",
        "/experiences",
        "/graduation",
        "/ideas",
        "/ideas?riasec=SI",
    ),
    "amara.osei": ("/chat", "/plan", "/my-data", "/person"),
    "ortiz": ("/caseload", "/caseload/{maya}", "/account"),
    "bell": (
        "/catalog",
        "/catalog?kind=opportunity&status=active&q=zzz",
        "/catalog/course/ELA-1",
        "/catalog/course/ELA-1?view=history",
        "/catalog/occupation/29-1141",
        "/catalog/opportunity/new",
        "/imports",
        "/alerts",
        "/credit-plans",
        "/graduation",
        "/graduation/{maya}",
        "/data-requests",
        "/transcripts/{maya}",
        "/equity",
        "/equity?by=grade",
    ),
    "maya.family": ("/family", "/credit-plans", "/graduation/{maya}"),
    "admin": (
        "/admin",
        "/admin/people/{maya}",
        "/admin/consent",
        "/data-requests",
        "/imports",
        "/account",
    ),
}
OPEN_ALL = "document.querySelectorAll('details').forEach((one) => (one.open = true))"


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


def serious(page: Page, **options: object) -> list[str]:
    asked = {"resultTypes": ["violations"], **options}
    found = Axe().run(page, options=asked).response["violations"]
    return [
        json.dumps({one["id"]: [node["target"] for node in one["nodes"]][:3]})
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def barriers(page: Page) -> list[str]:
    """Return what stands in somebody's way, in light and in dark.

    Dark differs from light in its colours alone, so contrast is looked at again.
    """
    page.emulate_media(color_scheme="light")
    page.evaluate(OPEN_ALL)
    wide = page.evaluate("document.documentElement.scrollWidth")
    found = serious(page) + ([f"{wide} px wide"] if wide > 320 else [])
    page.emulate_media(color_scheme="dark")
    return found + serious(page, runOnly=["color-contrast"])


@pytest.mark.timeout(900)
def test_no_page_has_a_serious_barrier_or_scrolls_sideways(
    site: Site, sign_in: SignIn
) -> None:
    options = {"viewport": {"width": 320, "height": 640}}
    student = sign_in("maya", **options)
    live_in(site, student)
    who = actor_called(site, "maya")
    maya, (goal, *_) = who.id, goals.active_goals(site.milepost, who)
    nobody = student.context.browser.new_context(base_url=site.url, **options)
    people = {
        name: sign_in(name, **options) for name in PAGES if name not in ("", "maya")
    }
    people |= {"": nobody.new_page(), "maya": student}
    problems: dict[str, list[str]] = {}
    for language in preferences.SPOKEN:
        for username, page in people.items():
            if username:
                preferences.speak(site.milepost, actor_called(site, username), language)
            else:
                page.goto(f"/sign-in?lang={language}")
            for address in PAGES[username]:
                page.goto(address.format(maya=maya, goal=goal.id))
                assert page.locator("html").get_attribute("lang") == language, address
                found = barriers(page)
                if found:
                    problems[f"{language} {username} {address}"] = found
    nobody.close()
    assert problems == {}


def test_the_page_can_be_walked_with_the_keyboard(sign_in: SignIn) -> None:
    page = sign_in("maya")
    page.goto("/plan")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.goto("/chat")
    reached = set()
    for _ in range(20):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.textContent.trim()"))
    for name in (
        "Talk to a person",
        "Plan",
        "Who can see this",
        "I want to set a goal",
    ):
        assert name in reached


def test_pages_name_their_language_and_one_main_heading(sign_in: SignIn) -> None:
    page = sign_in("maya")
    for address in PAGES["maya"]:
        if "{goal}" in address:
            continue
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == "en"
        expect(page.locator("h1")).to_have_count(1)
        expect(page.get_by_role("main")).to_have_count(1)


def test_targets_on_a_phone_are_large_enough(sign_in: SignIn) -> None:
    page = sign_in("maya", viewport={"width": 390, "height": 844})
    say(page, "What classes fit me?")
    settled(page)
    for button in page.get_by_role("button").all():
        if button.is_visible():
            assert (button.bounding_box() or {})["height"] >= 44


def test_nothing_moves_when_less_motion_is_asked_for(sign_in: SignIn) -> None:
    page = sign_in("maya", reduced_motion="reduce")
    moving = page.evaluate(
        "getComputedStyle(document.querySelector('.dots i')).animationName"
    )
    assert moving == "none"


def by_keys(page: Page, words: str) -> None:
    """Reach what is called so with the Tab key alone, and press it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        seen = "document.activeElement.textContent.trim()"
        if page.evaluate(seen).startswith(words):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{words!r} is out of reach")


@pytest.mark.timeout(600)
def test_a_code_app_is_set_up_and_used_by_keys_on_a_small_screen(
    sign_in: SignIn,
) -> None:
    page = sign_in("ortiz", viewport={"width": 320, "height": 640})
    page.goto("/account")
    page.locator("#password-app").fill(PASSWORD)
    by_keys(page, "Set up a code app")
    page.wait_for_url("**/sign-in/code*")
    problems = {"set up": serious(page)}
    key = page.locator(".key").inner_text().replace(" ", "")
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.get_by_label("Code").focus()
    page.keyboard.type(pyotp.TOTP(key).at(int(START.timestamp())))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Keep these codes")
    problems["recovery codes"] = serious(page)
    wide = max(wide, page.evaluate("document.documentElement.scrollWidth"))
    by_keys(page, "I have kept them")
    page.wait_for_url("**/account")
    page.locator("#password").fill(PASSWORD)
    by_keys(page, "Sign out everywhere")
    page.wait_for_url("**/sign-in*")
    page.get_by_label("User name").fill("ortiz")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your code")
    problems["code"] = serious(page)
    wide = max(wide, page.evaluate("document.documentElement.scrollWidth"))
    assert problems == {"set up": [], "recovery codes": [], "code": []}
    assert wide <= 320


def test_a_family_turns_coaching_off_by_keys_and_the_student_reads_why(
    sign_in: SignIn,
) -> None:
    student = sign_in("maya")
    say(student, "hello")
    settled(student)
    family = sign_in("maya.family")
    by_keys(family, "Turn coaching off")
    expect(family.get_by_role("status")).to_contain_text("Coaching is off")
    student.get_by_label("Your message").fill("are you there")
    student.keyboard.press("Enter")
    expect(student.get_by_role("log")).to_contain_text("I did not keep what you wrote")
    student.get_by_label("Your message").fill("I want to kill myself")
    student.keyboard.press("Enter")
    expect(student.locator(".crisis")).to_contain_text("988")
    student.goto("/chat")
    expect(student.get_by_role("note")).to_contain_text("turned coaching off")
    expect(student.get_by_role("log")).not_to_contain_text("are you there")
