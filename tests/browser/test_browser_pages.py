"""Single pages for people who use a keyboard, a small phone or less motion."""

from __future__ import annotations

import pyotp
import pytest
from axe import serious
from house import PASSWORD, START, SignIn
from matrix import MORE, pages_for
from playwright.sync_api import Page, expect
from test_browser_chat import say, settled


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
    more = [one for one in MORE["maya"] if "{" not in one]
    for address in [*pages_for(page), *more]:
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
