"""A student talks with the coach in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

from house import SignIn, Site
from playwright.sync_api import BrowserContext, Page, expect
from ways_in import sign_in_at

HELLO = "What would you like to do today?"


def say(page: Page, text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.get_by_label("Your message").press("Enter")


def settled(page: Page) -> None:
    expect(page.locator("#typing")).to_be_hidden()
    expect(page.locator("#pending")).to_be_hidden()


def test_a_wrong_password_is_said_in_words_and_the_name_stays(
    site: Site, open_context: Callable[..., BrowserContext]
) -> None:
    page = open_context(base_url=site.url).new_page()
    page.goto("/sign-in")
    page.get_by_label("User name").fill("maya")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("don't match")
    expect(page.get_by_label("User name")).to_have_value("maya")
    expect(page.get_by_label("Password")).to_have_value("")
    page.close()


def test_the_session_cookie_is_out_of_reach_of_scripts(
    site: Site, open_context: Callable[..., BrowserContext]
) -> None:
    page = open_context(base_url=site.url).new_page()
    sign_in_at(page, "maya")
    (cookie,) = page.context.cookies()
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax"
    assert page.evaluate("document.cookie") == ""


def test_a_first_visit_greets_and_says_who_sees_what(sign_in: SignIn) -> None:
    page = sign_in("maya")
    log = page.get_by_role("log")
    expect(log).to_contain_text("Hi Maya")
    expect(log).to_contain_text("Adults see only summaries you share")
    assert log.get_by_role("button").count() == 4
    for button in log.get_by_role("button").all():
        assert (button.bounding_box() or {})["height"] >= 44


def test_the_words_are_shown_as_stored_before_the_answer_comes(
    site: Site, sign_in: SignIn
) -> None:
    page = sign_in("maya")
    site.rasa.gate.clear()
    say(page, "hello coach")
    expect(page.locator(".turn .said")).to_contain_text("hello coach")
    expect(page.locator(".turn .said")).to_contain_text("Saved")
    expect(page.locator("#typing")).to_be_visible()
    expect(page.get_by_label("Your message")).to_have_value("")
    assert page.locator(".turn .reply").count() == 0
    site.rasa.gate.set()
    expect(page.locator(".turn .reply")).to_have_count(2)
    settled(page)
    expect(page.locator(".turn .reply").nth(1)).to_contain_text(HELLO)


def test_typing_stands_outside_the_log(sign_in: SignIn) -> None:
    page = sign_in("maya")
    assert page.locator("[role=log] #typing, [role=log] #pending").count() == 0


def test_a_quick_reply_says_its_title_and_sends_its_intent(
    site: Site, sign_in: SignIn
) -> None:
    page = sign_in("maya")
    say(page, "hello")
    page.get_by_role("button", name="Set a goal", exact=True).click()
    expect(page.locator(".turn").nth(1)).to_contain_text("Set a goal")
    expect(page.locator(".turn").nth(1)).to_contain_text("What do you want to get done")
    assert site.rasa.turns[-1]["intent"] == "/set_goal"
    settled(page)
    assert page.locator(".chips").count() == 0
    expect(page.get_by_label("Your message")).to_be_focused()


def test_a_card_shows_its_reason_and_can_be_saved(site: Site, sign_in: SignIn) -> None:
    page = sign_in("maya")
    say(page, "What classes fit me?")
    card = page.get_by_role("article", name="Suggestion: Vet clinic helper")
    expect(card).to_contain_text("You told me you like: animals.")
    expect(card).to_contain_text("Stretch")
    expect(card.get_by_text("proficient in cells")).to_be_hidden()
    card.get_by_text("All reasons").click()
    expect(card.get_by_text("proficient in cells")).to_be_visible()
    card.get_by_role("button", name="Save").click()
    expect(page.locator(".turn").nth(1)).to_contain_text(HELLO)
    assert site.rasa.turns[-1]["intent"].startswith("/save_option")


def test_a_failed_turn_is_tried_again_under_the_same_id(
    site: Site, sign_in: SignIn
) -> None:
    page = sign_in("maya")
    site.rasa.away = True
    say(page, "are you there")
    failed = page.locator(".turn .failed")
    expect(failed).to_contain_text("saved")
    before = failed.locator("[name=client_message_id]").input_value()
    site.rasa.away = False
    failed.get_by_role("button", name="Try again").click()
    expect(page.locator(".turn")).to_contain_text(HELLO)
    expect(page.locator(".turn")).to_have_count(1)
    page.reload()
    expect(page.locator(".turn")).to_have_count(1)
    assert re.fullmatch(r"[0-9a-f-]{36}", before)
    assert len(site.rasa.turns) == 1


def test_without_a_connection_nothing_typed_is_lost(sign_in: SignIn) -> None:
    page = sign_in("maya")
    page.context.set_offline(True)
    say(page, "a long thought of mine")
    expect(page.locator("#text-wrong")).to_contain_text("Not sent yet")
    expect(page.get_by_label("Your message")).to_have_value("a long thought of mine")
    page.context.set_offline(False)
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".turn")).to_contain_text(HELLO)
    expect(page.locator(".turn")).to_have_count(1)
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_turn_cut_off_by_a_reload_is_finished(site: Site, sign_in: SignIn) -> None:
    page = sign_in("maya")
    site.rasa.gate.clear()
    say(page, "hello coach")
    expect(page.locator(".turn .said")).to_contain_text("Saved")
    page.reload()
    site.rasa.gate.set()
    expect(page.locator(".turn")).to_contain_text(HELLO)
    expect(page.locator(".turn")).to_have_count(1)
    assert len(site.rasa.turns) == 1


def test_a_message_that_is_too_long_is_refused_beside_the_field(
    sign_in: SignIn,
) -> None:
    page = sign_in("maya")
    box = page.get_by_label("Your message")
    box.fill("a" * 1900)
    expect(page.locator("#text-left")).to_have_text("100 characters left")
    box.fill("a" * 2005)
    box.press("Enter")
    expect(page.locator("#text-wrong")).to_have_text("5 characters too many")
    expect(box).to_have_attribute("aria-invalid", "true")
    assert len(box.input_value()) == 2005
    assert page.locator(".turn").count() == 0


def test_shift_and_enter_start_a_new_line(sign_in: SignIn) -> None:
    page = sign_in("maya")
    box = page.get_by_label("Your message")
    box.fill("one")
    box.press("Shift+Enter")
    box.type("two")
    assert box.input_value() == "one\ntwo"


def test_danger_brings_help_at_once_as_an_alert(site: Site, sign_in: SignIn) -> None:
    page = sign_in("maya")
    site.rasa.away = True
    say(page, "I want to kill myself")
    crisis = page.get_by_role("alert").filter(has_text="988")
    expect(crisis).to_contain_text("Help right now")
    expect(crisis.get_by_role("link", name="988")).to_have_attribute("href", "tel:988")
    advisor = sign_in("ortiz")
    expect(advisor.get_by_role("main")).to_contain_text("Possible self-harm")
    assert "kill" not in advisor.content()


def test_the_page_says_that_the_coach_warms_up_and_works(
    site: Site, sign_in: SignIn
) -> None:
    site.rasa.away = True
    page = sign_in("maya")
    expect(page.locator("#warming")).to_contain_text("warming up")
    site.rasa.away = False
    expect(page.locator("#warming")).to_contain_text("ready")


def test_chat_works_without_scripts(site: Site, sign_in: SignIn) -> None:
    page = sign_in("maya", java_script_enabled=False)
    page.get_by_role("button", name="I want to set a goal").click()
    expect(page.locator(".turn")).to_have_count(1)
    page.get_by_label("Your message").fill("hello")
    page.get_by_role("button", name="Send").click()
    expect(page).to_have_url(re.compile("/chat#end$"))
    expect(page.locator(".turn").nth(1)).to_contain_text(HELLO)
    page.get_by_label("Your message").fill("b" * 2001)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#text-wrong")).to_contain_text("too long")
    expect(page.get_by_label("Your message")).to_have_value("b" * 2001)
    page.go_back()
    site.rasa.away = True
    page.get_by_label("Your message").fill("still there")
    page.get_by_role("button", name="Send").click()
    site.rasa.away = False
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".turn")).to_have_count(3)
    expect(page.locator(".turn").nth(2)).to_contain_text(HELLO)


def test_words_sent_while_the_coach_writes_follow_in_order(
    site: Site, sign_in: SignIn
) -> None:
    page = sign_in("maya")
    site.rasa.gate.clear()
    say(page, "hello one")
    expect(page.locator("#typing")).to_be_visible()
    say(page, "hello two")
    page.get_by_label("Your message").press("Enter")
    site.rasa.gate.set()
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".turn").nth(1)).to_contain_text("hello two")
    settled(page)
    assert [turn["text"] for turn in site.rasa.turns] == ["hello one", "hello two"]
    expect(page.get_by_label("Your message")).to_have_value("")


def test_what_a_student_types_is_never_markup(sign_in: SignIn) -> None:
    page = sign_in("maya")
    say(page, "<img src=x onerror=document.title='got'> {{ 7*7 }}")
    expect(page.locator(".turn .said")).to_contain_text("<img src=x")
    expect(page.locator(".turn .said")).to_contain_text("{{ 7*7 }}")
    page.reload()
    assert page.locator("[role=log] img").count() == 0
    assert page.title() == "Chat · Milepost"
