"""What a family and a mentor come for: fewer than ten things, and all of them."""

from __future__ import annotations

from hand import Hand
from playwright.sync_api import expect
from tasks import task
from town import SHARED, Town

MAYA = "Maya Brooks"
NEW = "moss and river stones"


@task("family", "Read what was shared")
def reads(hand: Hand, town: Town) -> None:
    hand.at("page_staff.family_title")
    hand.sees(SHARED)


@task("family", "Sign a credit plan")
def signs(hand: Hand, town: Town) -> None:
    with hand.inside("region", "page_staff.family_waiting"):
        hand.link(MAYA)
    hand.sees("page_credit.preview_title")
    hand.button("page_credit.act_family_sign")
    hand.told("page_credit.done_step")


@task("family", "See what is left before graduation")
def graduates(hand: Hand, town: Town) -> None:
    hand.link("pages.nav_graduation")
    hand.link(MAYA)
    hand.at("page_credit.graduation_title")


@task("family", "Change the password")
def changes_password(hand: Hand, town: Town) -> None:
    hand.link("pages.signed_in_as", name="Denise Brooks")
    hand.link("page_account.password_title")
    hand.write("page_account.old", NEW)
    hand.write("page_account.new", NEW)
    hand.write("page_account.again", NEW)
    hand.button("page_account.password_button")
    expect(hand.page.get_by_role("alert").first).to_be_visible()


@task("family", "Turn coaching off")
def turns_off(hand: Hand, town: Town) -> None:
    hand.button("page_consent.family_off", name="Maya")
    hand.told("page_consent.done_withdrawn")


@task("mentor", "Confirm hours")
def confirms(hand: Hand, town: Town) -> None:
    hand.page.goto(town.links[0])
    hand.at("page_credit.mentor_title")
    hand.write("page_credit.mentor_name", "Dr. Lane")
    hand.button("page_credit.mentor_yes")
    hand.told("page_credit.mentor_thanks")


@task("mentor", "Say that hours differ")
def differs(hand: Hand, town: Town) -> None:
    hand.page.goto(town.links[1])
    hand.write("page_credit.mentor_name", "Dr. Lane")
    hand.write("page_credit.mentor_words", "It was two hours")
    hand.button("page_credit.mentor_no")
    hand.told("page_credit.mentor_thanks")
