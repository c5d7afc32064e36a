"""An administrator's ten main tasks."""

from __future__ import annotations

import re

from hand import Hand
from playwright.sync_api import expect
from tasks import task
from tasks_counselor import answers_request
from town import Town

MAYA = "Maya Brooks"
PEOPLE = "student_id,course,state\nx,y,completed\n"


@task("administrator", "Give somebody a one-time password")
def gives_password(hand: Hand, town: Town) -> None:
    hand.link("Denise Brooks")
    hand.button("page_account.give_one_time")
    hand.at("page_account.one_time_title")


@task("administrator", "Sign somebody out everywhere")
def signs_out(hand: Hand, town: Town) -> None:
    hand.link("Denise Brooks")
    hand.button("page_account.end_all")
    hand.told("page_account.done_ended")


@task("administrator", "Enter a family's yes or no")
def consents(hand: Hand, town: Town) -> None:
    hand.link(MAYA)
    hand.choose("page_consent.person_state", "page_consent.given")
    hand.button("page_consent.person_button")
    hand.told("page_consent.done_recorded")


@task("administrator", "Set who needs consent")
def asks_all(hand: Hand, town: Town) -> None:
    hand.link("page_care.tab_consent")
    hand.button("page_consent.admin_rule_to_all")
    hand.told("page_consent.done_rule")
    hand.button("page_consent.admin_rule_to_young")
    hand.told("page_consent.done_rule")


@task("administrator", "Set who is on duty")
def sets_duty(hand: Hand, town: Town) -> None:
    hand.link("page_duty.title")
    hand.write("page_duty.place_for", "1", name="Joanne Bell")
    hand.write("page_duty.email_for", "bell@riverbend.example", name="Joanne Bell")
    hand.button("page_duty.save")
    hand.told("page_duty.done_saved")


@task("administrator", "See whether everything is well")
def sees_health(hand: Hand, town: Town) -> None:
    hand.link("page_care.tab_health")
    hand.at("page_care.health_title")


@task("administrator", "Switch something on for some students")
def switches(hand: Hand, town: Town) -> None:
    hand.link("page_care.tab_features")
    hand.unfold(
        hand.words("page_features.change")
        + ": "
        + hand.words("page_features.name_careers")
    )
    with hand.inside("region", "page_features.name_careers"):
        hand.pick("page_features.only")
        hand.tick("page_features.grade", n=9)
        hand.button("page_features.save")
    hand.told("page_features.done_saved")


@task("administrator", "Find out who looked at a student's data")
def finds_looks(hand: Hand, town: Town) -> None:
    hand.link("page_care.tab_looks")
    hand.write("page_admin.looks_name", "maya")
    hand.page.keyboard.press("Enter")
    staff = re.compile("Elena Ortiz|Joanne Bell")
    expect(hand.page.get_by_role("rowheader", name=staff).first).to_be_visible()


@task("administrator", "See what is kept, and for how long")
def sees_days(hand: Hand, town: Town) -> None:
    hand.link("page_care.tab_retention")
    hand.sees("page_care.kinds_title")


@task("administrator", "See how people sign in")
def sees_ways(hand: Hand, town: Town) -> None:
    hand.link("page_care.tab_sign-in")
    hand.sees("page_care.way_local")


@task("administrator", "Bring the course history in")
def brings_in(hand: Hand, town: Town) -> None:
    hand.link("pages.nav_imports")
    hand.link("page_upload.link")
    hand.link("page_upload.kind_courses")
    hand.upload("page_upload.file", "history.csv", PEOPLE)
    hand.button("page_upload.check")
    hand.sees("page_upload.rejected_title")


@task("administrator", "Answer a request about data")
def answers(hand: Hand, town: Town) -> None:
    answers_request(hand, town)


@task("administrator", "Make code apps a must for staff")
def demands_codes(hand: Hand, town: Town) -> None:
    hand.button("page_account.staff_turn_on")
    hand.sees("page_account.staff_must_on")
