"""The main tasks of counselor, advisor and administrator, in one start (A2, A4, A9)."""

from __future__ import annotations

import pytest
from axe import serious
from house import SignIn, Site, actor_called
from playwright.sync_api import Page, expect

from pathways.services import checkins

GUIDE = (
    "Course No,Course Name,SCED,Dept,Units,Grade Levels\n"
    "NEW-1,Drone Building,21009,engineering,1,9-12\n"
)
PHONE = {"viewport": {"width": 320, "height": 640}}


def fine(page: Page) -> None:
    """No serious barrier, nothing that scrolls sideways."""
    assert serious(page) == [], page.url
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


def bring_in(page: Page, kind: str, name: str, text: str) -> None:
    page.goto(f"/imports/new?kind={kind}")
    fine(page)
    content = {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    page.get_by_label("File", exact=True).set_input_files(content)
    page.get_by_role("button", name="Check the file").click()
    page.wait_for_url("**/imports/files/*")


@pytest.mark.timeout(600)
def test_staff_do_their_main_tasks_on_a_small_phone(
    site: Site, sign_in: SignIn
) -> None:
    counselor = sign_in("bell", **PHONE)
    imports_a_guide(counselor)
    edits_many(counselor)
    finds_a_code(counselor)
    sets_a_rule(counselor)
    meets_a_student(site, sign_in("ortiz", **PHONE))
    looks_after_the_school(sign_in("admin", **PHONE))


def imports_a_guide(page: Page) -> None:
    bring_in(page, "table", "guide.csv", GUIDE)
    expect(page.get_by_role("heading", name="Which column is which")).to_be_visible()
    fine(page)
    page.get_by_label("Level, for all rows").fill("core")
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_text("course NEW-1")).to_be_visible()
    fine(page)
    page.get_by_role("button", name="Save 1 changes").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="guide.csv")).to_be_visible()
    expect(page.get_by_role("button", name="Take back guide.csv")).to_be_visible()


def edits_many(page: Page) -> None:
    page.goto("/catalog?q=drone")
    page.get_by_role("checkbox", name="Choose Drone Building").check()
    page.get_by_label("Seats").fill("18")
    page.get_by_role("button", name="Look at the change").click()
    fine(page)
    page.get_by_role("button", name="Publish 1 changes").click()
    page.goto("/catalog/course/NEW-1")
    expect(page.get_by_label("Seats")).to_have_value("18")


def finds_a_code(page: Page) -> None:
    finder = page.get_by_role("searchbox", name="Competencies taught")
    finder.press_sequentially("design")
    page.locator("#f-competencies_taught ~ .finder button").first.click()
    expect(page.locator("#f-competencies_taught")).not_to_have_value("")
    search = page.get_by_label("Add a course to group 1")
    search.fill("algebra i")
    search.press("Enter")
    expect(page.locator("#f-prerequisites")).to_have_value("MTH-ALG1")
    page.get_by_role("button", name="Add a group").click()
    expect(page.get_by_label("Add a course to group 2")).to_be_focused()
    fine(page)
    page.get_by_role("button", name="Look at the change first").click()
    expect(page.get_by_text("What students will see differently")).to_be_visible()


def sets_a_rule(page: Page) -> None:
    page.goto("/rules")
    fine(page)
    page.get_by_label("Plans for fall, by").fill("05-01")
    page.get_by_role("button", name="Save these rules").click()
    expect(
        page.get_by_text("Say where the district has written this.").first
    ).to_be_visible()
    page.locator('[name="sources.deadlines"]').fill("Board policy 5460")
    page.get_by_role("button", name="Save these rules").click()
    expect(page.get_by_text("Version 1", exact=True).first).to_be_visible()
    expect(page.get_by_text("Nor is a day for plans")).to_be_visible()


def meets_a_student(site: Site, page: Page) -> None:
    page.goto("/caseload")
    fine(page)
    page.get_by_role("link", name="Maya").click()
    fine(page)
    page.get_by_label("The step you agreed on").fill("ask about the lab list")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("The coach asks about the step")).to_be_visible()
    maya = actor_called(site, "maya")
    assert checkins.last_promise(site.milepost, maya) == "ask about the lab list"


def looks_after_the_school(page: Page) -> None:
    page.goto("/admin")
    for name in ("Health", "Sign-in", "What is kept", "Features"):
        page.get_by_role("navigation", name="The school's pages").get_by_role(
            "link", name=name
        ).click()
        fine(page)
    page.get_by_text("Change for whom it is on: Careers").click()
    careers = page.locator("#careers")
    careers.get_by_label("only these").check()
    careers.get_by_label("Grade 9").check()
    careers.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. It holds")).to_be_visible()
    expect(careers.get_by_label("Grade 9")).to_be_checked()
    fine(page)
    page.goto("/admin/looks?name=maya")
    fine(page)
    expect(page.get_by_role("cell", name="Released summaries").first).to_be_visible()
    bring_in(page, "courses", "history.csv", "student_id,course,state\nx,y,completed\n")
    expect(page.get_by_text("no student of this school has this id")).to_be_visible()
    fine(page)
