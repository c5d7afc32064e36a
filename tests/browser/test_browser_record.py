"""What students share, what staff see, what counselors edit."""

from __future__ import annotations

import re

from house import SignIn, Site, actor_called
from playwright.sync_api import Page, expect
from test_browser_chat import say, settled

from pathways.services import goals

LINE = "Set a goal: “Finish five biology labs”, by Dec 18."


def with_a_draft(page: Page) -> None:
    say(page, "finish five biology labs")
    expect(page.locator(".turn")).to_contain_text("Your goal is on your plan")
    settled(page)
    page.goto("/summaries")
    expect(page.locator(".line")).to_contain_text(LINE)


def test_a_summary_is_edited_shared_read_and_the_look_is_seen(
    sign_in: SignIn,
) -> None:
    student = sign_in("maya")
    with_a_draft(student)
    expect(student.locator(".line")).to_contain_text("finish five biology labs")
    advisor = sign_in("ortiz")
    advisor.get_by_role("link", name="Maya Brooks").click()
    expect(advisor.get_by_role("main")).to_contain_text("has not shared anything yet")

    student.locator(".line summary").click()
    student.get_by_label("Your words for this line").fill("I plan to do five labs.")
    student.get_by_role("button", name="Save this line").click()
    expect(student.locator(".line .text")).to_contain_text("I plan to do five labs.")
    expect(student.locator(".share")).to_contain_text("Elena Ortiz, Denise Brooks")
    student.get_by_role("button", name="Share this summary").click()
    expect(student.get_by_role("status")).to_contain_text("Shared.")

    advisor.reload()
    expect(advisor.get_by_role("main")).to_contain_text("I plan to do five labs.")
    assert "finish five biology labs" not in advisor.content()
    family = sign_in("maya.family")
    expect(family.get_by_role("main")).to_contain_text("I plan to do five labs.")

    student.goto("/looks")
    expect(student.get_by_role("row", name=re.compile("Elena Ortiz"))).to_have_count(2)
    student.goto("/summaries")
    student.get_by_role("button", name="Take it back").click()
    expect(student.get_by_role("main")).to_contain_text("Taken back")
    advisor.reload()
    expect(advisor.get_by_role("main")).to_contain_text("has not shared anything yet")


def test_a_line_is_left_out_and_an_empty_one_is_refused(sign_in: SignIn) -> None:
    page = sign_in("maya")
    with_a_draft(page)
    page.get_by_role("button", name="Leave out").click()
    expect(page.locator(".line")).to_contain_text("Left out")
    page.get_by_role("button", name="Share this summary").click()
    expect(page.get_by_role("alert")).to_contain_text("no line left to share")
    page.goto("/summaries")
    page.get_by_role("button", name="Put back").click()
    page.locator(".line summary").click()
    page.get_by_label("Your words for this line").fill("x" * 501)
    page.get_by_role("button", name="Save this line").click()
    expect(page.get_by_role("alert")).to_contain_text("between 1 and 500")
    expect(page.get_by_label("Your words for this line")).to_have_value("x" * 501)


def test_a_line_leads_to_the_turn_it_rests_on(sign_in: SignIn) -> None:
    page = sign_in("maya")
    with_a_draft(page)
    page.get_by_role("link", name="See it in the chat").click()
    expect(page).to_have_url(re.compile(r"/chat\?around=1#turn-1$"))
    expect(page.locator("#turn-1.found")).to_contain_text("finish five biology labs")


def test_asking_for_a_person_reaches_the_advisor_who_takes_it_on(
    sign_in: SignIn,
) -> None:
    student = sign_in("maya")
    student.get_by_role("link", name="Talk to a person").click()
    expect(student.get_by_role("link", name="988")).to_be_visible()
    student.get_by_role("button", name="Tell them I want to talk").click()
    expect(student.get_by_role("status")).to_contain_text("They can see now")
    advisor = sign_in("ortiz")
    expect(advisor.get_by_role("main")).to_contain_text("Wants to talk to a person")
    advisor.get_by_role("button", name=re.compile("I am on it: Maya Brooks")).click()
    expect(advisor.get_by_role("status")).to_contain_text("you are on it")
    expect(advisor.get_by_role("main")).to_contain_text("No open alerts")
    counselor = sign_in("bell")
    counselor.get_by_role("link", name="Alerts").click()
    counselor.get_by_text("Taken on (1)").click()
    expect(counselor.get_by_role("row", name=re.compile("Maya"))).to_contain_text(
        "Elena Ortiz took it on"
    )


def test_a_course_is_edited_its_history_shows_it_and_it_comes_back(
    sign_in: SignIn,
) -> None:
    page = sign_in("bell")
    page.get_by_label("Search").fill("algebra")
    page.get_by_role("button", name="Find").click()
    expect(page).to_have_url(re.compile("q=algebra"))
    page.get_by_role("link", name="Algebra I", exact=True).click()
    page.get_by_label(re.compile("^Title")).fill("Algebra One")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("status")).to_contain_text("Version 2 is live")
    page.get_by_role("link", name="History").click()
    newest = page.get_by_role("region", name="Version 2").first
    expect(newest).to_contain_text("Algebra I")
    expect(newest).to_contain_text("Algebra One")
    expect(newest).to_contain_text("Joanne Bell")
    page.get_by_role("button", name="Bring version 1 back").click()
    expect(page.get_by_role("status")).to_contain_text("Version 3 is live")
    expect(page.get_by_role("heading", level=1)).to_have_text("Algebra I")


def test_a_mistake_in_a_course_stands_by_its_field_and_nothing_is_lost(
    sign_in: SignIn,
) -> None:
    page = sign_in("bell")
    page.goto("/catalog/course/MTH-ALG1")
    page.get_by_label(re.compile("^Description")).fill("Words that I typed.")
    page.get_by_label("Competencies taught", exact=True).fill("NO.SUCH")
    page.get_by_role("button", name="Publish").click()
    field = page.get_by_label("Competencies taught", exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#wrong-competencies_taught")).to_contain_text("NO.SUCH")
    expect(page.get_by_label(re.compile("^Description"))).to_have_value(
        "Words that I typed."
    )
    page.goto("/catalog/course/MTH-ALG1?view=history")
    expect(page.locator(".revision")).to_have_count(1)


def test_two_counselors_do_not_overwrite_each_other(sign_in: SignIn) -> None:
    one, two = sign_in("bell"), sign_in("bell")
    for page in (one, two):
        page.goto("/catalog/course/MTH-ALG1")
    one.get_by_label(re.compile("^Title")).fill("First change")
    one.get_by_role("button", name="Publish").click()
    expect(one.get_by_role("status")).to_contain_text("Version 2")
    two.get_by_label(re.compile("^Title")).fill("Second change")
    two.get_by_role("button", name="Publish").click()
    expect(two.get_by_role("alert")).to_contain_text("Joanne Bell changed this entry")
    title = two.get_by_role("group", name=re.compile("^Title"))
    for words in ("Second change", "First change", "Algebra I"):
        expect(title).to_contain_text(words)
    two.get_by_role("button", name="Publish").click()
    expect(two.get_by_role("status")).to_contain_text("Version 3")
    expect(two.get_by_role("heading", level=1)).to_have_text("Second change")
    two.get_by_role("link", name="History").click()
    expect(two.locator(".revision").first).to_contain_text("First change")


def test_a_new_opportunity_is_published_with_a_slash_in_its_code(
    sign_in: SignIn,
) -> None:
    page = sign_in("bell")
    page.goto("/catalog?kind=opportunity")
    page.get_by_role("link", name="Add an opportunity").click()
    page.get_by_label("Code").fill("OPP/ZOO-1")
    page.get_by_label(re.compile("^Title")).fill("Zoo helper")
    page.get_by_label("Sort").select_option("service")
    page.get_by_label("Organization").fill("Riverbend Zoo")
    page.get_by_label("Hours in all").fill("many")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("#wrong-hours_total")).to_have_text("write a number")
    expect(page.get_by_label("Code")).to_have_value("OPP/ZOO-1")
    page.get_by_label("Hours in all").fill("12.5")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("status")).to_contain_text("Version 2 is live")
    assert page.url.split("?")[0].endswith("/catalog/opportunity/OPP/ZOO-1")
    page.get_by_role("link", name="History").click()
    expect(page.locator(".revision")).to_have_count(1)


def test_a_goal_is_reached_and_taken_up_again(site: Site, sign_in: SignIn) -> None:
    page = sign_in("maya")
    add_goal(site)
    page.get_by_role("link", name="Plan").click()
    expect(page.locator(".step")).to_contain_text("Ask for the lab list")
    page.get_by_role("button", name="I reached it").click()
    expect(page.get_by_role("status")).to_contain_text("Marked as reached")
    page.get_by_text("Goals that are not active (1)").click()
    page.get_by_role("button", name="Take it up again").click()
    expect(page.locator(".goal.active")).to_contain_text("Finish five biology labs")


def test_each_lane_says_its_level_and_opens_its_results(sign_in: SignIn) -> None:
    page = sign_in("maya")
    page.goto("/plan")
    skills = page.locator(".skill")
    assert skills.count() > 20
    lane = skills.first.get_by_role("img")
    label = lane.get_attribute("aria-label") or ""
    assert re.search("beginning|developing|proficient|advanced", label)
    skills.first.locator("summary").click()
    expect(skills.first.get_by_role("table")).to_be_visible()
    expect(skills.first).to_contain_text("Source:")


def add_goal(site: Site) -> None:
    goals.save_goal(
        site.milepost,
        actor_called(site, "maya"),
        {
            "what": "Finish five biology labs",
            "measure": "Five labs handed in",
            "why": "I want to work with animals",
            "confidence": "7",
            "due": "2026-12-18",
            "first_step": "Ask for the lab list",
        },
    )
