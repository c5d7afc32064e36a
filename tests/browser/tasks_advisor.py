"""An advisor's ten main tasks, and those of a safety lead."""

from __future__ import annotations

from hand import Hand
from playwright.sync_api import expect
from tasks import task
from town import SHARED, Town

MAYA = "Maya Brooks"


@task("advisor", "See who needs me, and why")
def surveys(hand: Hand, town: Town) -> None:
    hand.sees("page_brief.overview")
    row = hand.page.get_by_role("row").filter(has_text=MAYA).first
    expect(row).to_contain_text(hand.words("page_brief.why_alert", n="").strip())


@task("advisor", "Show only those who shared something")
def sifts(hand: Hand, town: Town) -> None:
    hand.link("page_brief.reason_summary")
    expect(hand.page.get_by_role("row")).to_have_count(2)


@task("advisor", "Take on a student who asks for a person")
def takes_on(hand: Hand, town: Town) -> None:
    kind = hand.words("page_staff.kind_wants_person")
    hand.button("page_staff.acknowledge_for", student=MAYA, kind=kind)
    hand.told("page_staff.done_acknowledged")


@task("advisor", "Read the ten-minute brief before a meeting")
def prepares(hand: Hand, town: Town) -> None:
    hand.link(MAYA)
    hand.sees("page_brief.ask_title")
    hand.sees(SHARED)


@task("advisor", "Put the brief on paper")
def prints(hand: Hand, town: Town) -> None:
    hand.link(MAYA)
    hand.page.evaluate("window.print = () => { document.title = 'printed'; }")
    hand.tap("page_brief.print")
    expect(hand.page).to_have_title("printed")
    hand.page.emulate_media(media="print")
    expect(hand.page.get_by_role("navigation").first).to_be_hidden()
    hand.page.emulate_media(media="screen")


@task("advisor", "Note what a meeting came to")
def notes(hand: Hand, town: Town) -> None:
    hand.link(MAYA)
    hand.write("page_brief.agreed", "ask about the lab list")
    hand.button("page_brief.save")
    hand.told("page_brief.done_meeting")


@task("advisor", "See everything a student shared")
def reads(hand: Hand, town: Town) -> None:
    hand.link(MAYA)
    with hand.inside("region", "page_brief.shared_title"):
        expect(hand._inside).to_contain_text(SHARED)


@task("advisor", "Agree to be teacher of record for a credit plan")
def agrees(hand: Hand, town: Town) -> None:
    hand.link("pages.nav_credit-plans")
    hand.link(MAYA)
    hand.button("page_credit.act_teacher_sign")
    hand.told("page_credit.done_step")


@task("advisor", "See a student's way to graduation")
def graduates(hand: Hand, town: Town) -> None:
    hand.link("pages.nav_graduation")
    hand.link(MAYA)
    hand.at("page_credit.graduation_title")


@task("advisor", "Read these pages in another language, and go back")
def speaks(hand: Hand, town: Town) -> None:
    hand.button("pages.other_language")
    hand.language = {"en": "es", "es": "en"}[hand.language]
    hand.told("page_account.done_language")
    hand.button("pages.other_language")
    hand.language = {"en": "es", "es": "en"}[hand.language]
    hand.told("page_account.done_language")


def taken(hand: Hand) -> str:
    """Return how the fold of the alerts that somebody took on begins."""
    return hand.words("page_staff.alerts_past", n="").split("(")[0].strip()


def opens_record(hand: Hand) -> None:
    """Go from the alerts to the record of the one that was taken on."""
    kind = hand.words("page_staff.kind_abuse")
    hand.unfold(taken(hand))
    hand.link("page_duty.record_kind", student=MAYA, kind=kind)


@task("safety lead", "Take on an alert")
def answers(hand: Hand, town: Town) -> None:
    kind = hand.words("page_staff.kind_abuse")
    hand.button("page_staff.acknowledge_for", student=MAYA, kind=kind)
    hand.told("page_staff.done_acknowledged")


@task("safety lead", "Enter a decision in the record")
def decides(hand: Hand, town: Town) -> None:
    opens_record(hand)
    hand.choose("page_duty.kind", "page_duty.kind_called_family")
    hand.write("page_duty.why", "I called Denise Brooks at 10.")
    hand.button("page_duty.add")
    hand.told("page_duty.done_added")


@task("safety lead", "Draft the notice to the family")
def drafts(hand: Hand, town: Town) -> None:
    opens_record(hand)
    hand.link("page_duty.notice_open")
    hand.write("page_duty.notice_text", "Dear family, we met with Maya.")
    hand.button("page_duty.notice_save")
    hand.told("page_duty.done_notice")


@task("safety lead", "Open a chat with a reason")
def opens(hand: Hand, town: Town) -> None:
    hand.link("page_privacy.chat_open")
    hand.write("page_privacy.chat_reason", "The alert about abuse of today")
    hand.button("page_privacy.chat_button")
    hand.sees("I like animals")


@task("safety lead", "Close an alert")
def closes(hand: Hand, town: Town) -> None:
    opens_record(hand)
    hand.choose("page_duty.kind", "page_duty.kind_closed_safe")
    hand.write("page_duty.why", "Maya is with her aunt.")
    hand.button("page_duty.add")
    hand.told("page_duty.done_added")
