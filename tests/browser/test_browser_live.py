"""The pages with the real coach behind them."""

from __future__ import annotations

from collections.abc import Callable

from live import Live
from playwright.sync_api import BrowserContext, Page, expect
from ways_in import let_in

STARTERS = (
    "I want to set a goal",
    "How am I doing in math?",
    "What classes fit me?",
    "What does a nurse do?",
)


def entered(assistant: Live, open_context: Callable[..., BrowserContext]) -> Page:
    """Sign a new student in, with a record like the demo student's."""
    student = assistant.new_student()
    page = let_in(assistant, open_context(base_url=assistant.url), student.username)
    page.goto("/chat")
    return page


def test_each_starter_brings_an_answer_of_the_real_coach(
    assistant: Live, open_context: Callable[..., BrowserContext]
) -> None:
    for starter in STARTERS:
        page = entered(assistant, open_context)
        page.get_by_role("button", name=starter).click()
        expect(page.locator(".turn .reply").first).to_be_visible(timeout=20_000)
        expect(page.locator("#typing")).to_be_hidden()
        assert page.locator(".turn .failed").count() == 0


def test_classes_come_as_cards_with_reasons_and_are_kept_in_the_plan(
    assistant: Live, open_context: Callable[..., BrowserContext]
) -> None:
    page = entered(assistant, open_context)
    page.get_by_role("button", name="What classes fit me?").click()
    card = page.locator(".card").first
    expect(card).to_contain_text("Why this fits", timeout=20_000)
    expect(card).to_contain_text("Next step")
    title = card.get_by_role("heading").inner_text()
    card.get_by_role("button", name="Save").click()
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".turn").nth(1).locator(".reply").first).to_be_visible()
    page.get_by_role("link", name="Plan").click()
    expect(page.locator("#saved")).to_contain_text(title)
