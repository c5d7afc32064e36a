"""A student's ten main tasks."""

from __future__ import annotations

from hand import Hand
from playwright.sync_api import expect
from tasks import task
from town import SHARED, Town


@task("student", "Ask the coach something")
def asks(hand: Hand, town: Town) -> None:
    hand.link("pages.nav_chat")
    hand.write("page_chat.message", "hello")
    hand.page.keyboard.press("Enter")
    log = hand.page.get_by_role("log")
    expect(log).to_contain_text("What would you like to do today?")


@task("student", "Say how a goal is going")
def reports(hand: Hand, town: Town) -> None:
    hand.link("page_home.see_goal")
    hand.link("Finish five biology labs")
    hand.write("page_goals.say", "two labs are done")
    hand.button("page_goals.say_button")
    hand.told("page_goals.done_said")


@task("student", "See where I stand in a subject")
def looks(hand: Hand, town: Town) -> None:
    hand.link("pages.nav_more")
    hand.link("page_home.to_profile")
    hand.at("page_profile.title")
    expect(hand.page.get_by_role("table").first).to_be_attached()


@task("student", "Find out why an option fits, and keep it")
def keeps(hand: Hand, town: Town) -> None:
    hand.link("page_options.why")
    hand.sees("page_options.why_title")
    hand.button("page_options.save")
    hand.told("page_options.done_saved")


@task("student", "Set a reminder")
def reminds(hand: Hand, town: Town) -> None:
    hand.link("pages.nav_more")
    hand.link("page_home.to_reminders")
    hand.write("page_own.remind_text", "Bring the lab book")
    hand.write("page_own.remind_day", "2026-11-25")
    hand.button("page_own.remind_button")
    hand.told("page_own.done_reminder_set")


@task("student", "Log hours and get a link for the mentor")
def logs(hand: Hand, town: Town) -> None:
    hand.link("pages.nav_more")
    hand.link("page_home.to_experiences")
    hand.write("page_credit.log_what", "Helped at the shelter")
    hand.write("page_credit.log_hours", "4")
    hand.write("page_credit.log_first_day", "2026-11-14")
    hand.button("page_credit.log_button")
    hand.told("page_credit.done_logged")
    hand.button("page_credit.link_button")
    hand.sees("page_credit.link_note")


@task("student", "Begin a plan for a credit outside class")
def begins(hand: Hand, town: Town) -> None:
    hand.link("pages.nav_more")
    hand.link("page_home.to_credit-plans")
    course = "Álgebra I" if hand.language == "es" else "Algebra I"
    hand.choose("page_credit.begin_course", course)
    hand.button("page_credit.begin_ways")
    hand.button("page_credit.way_plan")
    hand.sees("page_credit.missing_title")


@task("student", "See what is left before graduation")
def graduates(hand: Hand, town: Town) -> None:
    hand.link("pages.nav_more")
    hand.link("page_home.to_graduation")
    hand.at("page_credit.graduation_title")


@task("student", "Share a summary in my own words")
def shares(hand: Hand, town: Town) -> None:
    hand.link("pages.nav_more")
    hand.link("page_home.to_summaries")
    hand.unfold("page_summaries.edit")
    hand.write("page_summaries.edit_label", SHARED)
    hand.button("page_summaries.save_line")
    hand.told("page_summaries.done_line_saved")
    hand.button("page_summaries.share")
    hand.told("page_summaries.done_released")


@task("student", "Ask for a person")
def asks_for_a_person(hand: Hand, town: Town) -> None:
    hand.link("pages.talk")
    expect(hand.page.get_by_role("link", name="988").first).to_be_visible()
    hand.button("pages.person_ask")
    hand.told("pages.done_asked")


@task("student", "See who looked, and ask for a correction")
def corrects(hand: Hand, town: Town) -> None:
    hand.link("page_privacy.link")
    hand.choose("page_privacy.fix_about", "kept.goals")
    hand.write("page_privacy.fix_words", "The day is wrong")
    hand.button("page_privacy.fix_button")
    hand.told("page_privacy.done_asked")
    hand.link("pages.looks_title")
    hand.at("pages.looks_title")


@task("student", "Make the letters larger")
def enlarges(hand: Hand, town: Town) -> None:
    hand.link("pages.nav_more")
    hand.link("page_home.to_supports")
    hand.tick("page_own.set_large_text")
    hand.button("pages.save")
    hand.told("page_own.done_supports")
