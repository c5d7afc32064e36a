"""The duty list and the record of an incident, in a browser (S15, S17)."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from axe import serious
from house import SignIn, Site, actor_called
from playwright.sync_api import Page, expect

from pathways.services.alerts import add_alert

WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SHOTS = os.environ.get("MILEPOST_TEST_SHOTS", "")


def looked_at(page: Page, name: str) -> None:
    """Check a page at both sizes; keep a picture where somebody wants one."""
    for size, width in (("phone", 390), ("desktop", 1280)):
        page.set_viewport_size({"width": width, "height": 844})
        assert not page.evaluate(WIDE), (name, size)
        assert serious(page) == [], (name, size)
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{size}.png", full_page=True)


@pytest.mark.timeout(600)
def test_an_alert_goes_from_the_duty_list_to_a_closed_record(
    site: Site, sign_in: SignIn
) -> None:
    admin = sign_in("admin")
    admin.goto("/duty")
    looked_at(admin, "duty-empty")
    admin.get_by_label(re.compile("^Place of .*Bell")).fill("1")
    admin.get_by_label(re.compile("^E-mail of .*Bell")).fill("bell@riverbend.example")
    admin.get_by_label(re.compile("^Place of .*Ortiz")).fill("2")
    admin.get_by_role("button", name="Save the list").click()
    expect(admin.get_by_role("status")).to_contain_text("saved")
    looked_at(admin, "duty")

    maya = actor_called(site, "maya")
    with site.milepost.work() as work:
        row = add_alert(work, maya, "self_harm", "t", None, site.milepost.clock())
        work.commit()
    counselor = sign_in("bell")
    counselor.goto("/alerts")
    looked_at(counselor, "alerts")
    counselor.goto(f"/alerts/{row.id}")
    looked_at(counselor, "incident-new")
    counselor.get_by_role("button", name="I am on it").click()
    counselor.get_by_label("What was decided").select_option("called_family")
    counselor.get_by_label("Who, what and why").fill("I called Denise Brooks at 10.")
    counselor.get_by_role("button", name="Add to the record").click()
    expect(counselor.get_by_role("main")).to_contain_text("Due by")
    counselor.get_by_label("What was decided").select_option("closed_support")
    counselor.get_by_label("Who, what and why").fill("We meet each Monday.")
    counselor.get_by_role("button", name="Add to the record").click()
    expect(counselor.get_by_role("main")).to_contain_text("Closed on")
    looked_at(counselor, "incident")
    counselor.emulate_media(media="print")
    expect(counselor.get_by_role("button", name="Add to the record")).to_be_hidden()
    expect(counselor.get_by_role("main")).to_contain_text("We meet each Monday.")
    counselor.emulate_media(media="screen")
    counselor.get_by_role("link", name="Draft the 72-hour notice").click()
    looked_at(counselor, "notice")
    counselor.get_by_label("The notice").fill("Dear family, we met with Maya.")
    counselor.get_by_role("button", name="Save the draft").click()
    expect(counselor.get_by_role("status")).to_contain_text("saved")
