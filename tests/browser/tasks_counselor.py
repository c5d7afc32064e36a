"""A counselor's ten main tasks."""

from __future__ import annotations

from hand import Hand
from playwright.sync_api import expect
from tasks import task
from tasks_advisor import taken
from test_browser_staff import GUIDE
from town import Town

MAYA = "Maya Brooks"


@task("counselor", "Find a class and change it")
def edits(hand: Hand, town: Town) -> None:
    hand.write("page_catalog.search", "algebra i")
    hand.button("page_catalog.find")
    hand.link("Algebra I")
    hand.write("page_fields.seats", "18")
    hand.button("page_catalog.publish")
    hand.told("page_catalog.done_published")


@task("counselor", "Change several rows at once")
def edits_many(hand: Hand, town: Town) -> None:
    hand.tick("page_catalog.many_choose", title="Algebra II")
    hand.tick("page_catalog.many_choose", title="Algebra I")
    hand.write("page_fields.seats", "24")
    hand.button("page_catalog.many_look")
    hand.button("page_catalog.many_publish", n=2)
    hand.told("page_catalog.done_published")


@task("counselor", "Bring a course guide in")
def brings_in(hand: Hand, town: Town) -> None:
    hand.link("pages.nav_imports")
    hand.link("page_upload.link")
    hand.upload("page_upload.file", "guide.csv", GUIDE)
    hand.button("page_upload.check")
    hand.at("guide.csv")
    hand.write("Level, for all rows" if hand.language == "en" else LEVEL, "core")
    hand.button("page_upload.again")
    hand.sees("page_upload.checked_title")


LEVEL = "Nivel, para todas las filas"


@task("counselor", "Save what was brought in")
def saves(hand: Hand, town: Town) -> None:
    hand.link("pages.nav_imports")
    hand.link("page_upload.link")
    hand.link("guide.csv")
    hand.button("page_upload.save", n=1)
    hand.told("page_imports.done_saved")


@task("counselor", "Take an import back")
def takes_back(hand: Hand, town: Town) -> None:
    hand.link("pages.nav_imports")
    hand.link("guide.csv")
    hand.button("page_imports.undo_button", file="guide.csv")
    hand.told("page_imports.done_undone")


@task("counselor", "See what wants a look, and go to the row")
def checks(hand: Hand, town: Town) -> None:
    hand.link("page_catalog.check")
    hand.at("page_catalog.check_title")
    with hand.inside("main"):
        rows = hand.page.get_by_role("main").get_by_role("row").get_by_role("link")
        hand.link(rows.first.inner_text())
    expect(hand.page.get_by_role("button", name=hand.words("page_catalog.publish")))


@task("counselor", "See what students asked for and did not find")
def hears(hand: Hand, town: Town) -> None:
    hand.link("page_demand.link")
    hand.at("page_demand.title")


@task("counselor", "Set a rule of the district, and see the test cases")
def rules(hand: Hand, town: Town) -> None:
    hand.link("pages.nav_rules")
    with hand.inside("group", "page_rules.part_deadlines"):
        hand.write("page_rules.field_deadlines.credit_flex_fall", "05-01")
        hand.write("page_rules.source", "Board policy 5460")
    hand.button("page_rules.save")
    hand.told("page_rules.done_saved")
    hand.sees("page_rules.cases_title")


@task("counselor", "Take on an alert and open its record")
def takes_on(hand: Hand, town: Town) -> None:
    hand.link("pages.nav_alerts")
    kind = hand.words("page_staff.kind_bullying")
    hand.button("page_staff.acknowledge_for", student=MAYA, kind=kind)
    hand.told("page_staff.done_acknowledged")
    hand.unfold(taken(hand))
    hand.link("page_duty.record_kind", student=MAYA, kind=kind)
    hand.sees("page_duty.facts")


@task("counselor", "Approve a credit plan")
def approves(hand: Hand, town: Town) -> None:
    hand.link("pages.nav_credit-plans")
    hand.link(MAYA)
    hand.button("page_credit.act_approve")
    hand.told("page_credit.done_step")


@task("counselor", "Note a score for graduation")
def notes(hand: Hand, town: Town) -> None:
    hand.link("pages.nav_graduation")
    hand.link(MAYA)
    hand.choose("page_credit.note_name", "graduation.item_act_math")
    hand.write("page_credit.note_value", "21")
    hand.write("page_credit.note_source", "School record")
    hand.button("page_credit.note_button")
    hand.told("page_credit.done_noted")


@task("counselor", "Look at who is offered what")
def compares(hand: Hand, town: Town) -> None:
    hand.link("pages.nav_equity")
    hand.choose("page_equity.by", "page_equity.by_grade")
    hand.button("page_equity.look")
    hand.sees("page_equity.table_offered")


@task("counselor", "Answer a request about data")
def answers_request(hand: Hand, town: Town) -> None:
    hand.link("pages.nav_data-requests")
    hand.choose("page_privacy.act", "page_privacy.act_answer")
    hand.write("page_privacy.staff_words", "It is right now.", student=MAYA)
    hand.button("page_privacy.act_button")
    hand.told("page_privacy.done_settled")
