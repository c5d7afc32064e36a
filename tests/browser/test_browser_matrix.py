"""Every page x role x language x light and dark, at 320 px and twice as large.

WCAG 2.2 AA as far as axe sees it, reflow (1.4.10) and text at 200 % (1.4.4).
Colours take axe most of its time. They hang on the kinds of elements and not on words
or readers: they are looked at wherever a page has a kind that the same page had not
for somebody else or in another language. All else is looked at everywhere.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest
from axe import bring_axe, faint, serious
from house import SignIn, Site, actor_called
from kinds import kinds_on
from matrix import MORE, live_in, pages_for, uncovered
from playwright.sync_api import BrowserContext, Page
from test_browser_staff import GUIDE, bring_in
from town import entries_of, safety_lead

from pathways.services import goals, preferences

LANGUAGE = "document.documentElement.lang"
WIDTH = """(letters) => {
  document.documentElement.style.fontSize = letters;
  return document.documentElement.scrollWidth;
}"""
OPEN_ALL = """() => {
  document.querySelectorAll("details").forEach((one) => (one.open = true));
  return [...document.querySelectorAll("*")].filter((one) => {
    const style = getComputedStyle(one);
    const times = [style.animationDuration, style.transitionDuration];
    return times.some((time) => parseFloat(time) > 0);
  }).map((one) => one.outerHTML.slice(0, 80));
}"""
STYLES = Path(__file__).parents[2] / "web" / "static"
# Selectors by an id, a language, words, what is within, or a place after the third.
BY_MORE = re.compile(
    r"#[A-Za-z][\w-]*[^;{}]*\{|:lang\(|:has\(|:nth-[\w-]+\((?![123]\))"
    r"|\[(?:lang|id|for|href|src|action|name|value|title|alt|content|data-)"
)
SMALL = {"width": 320, "height": 640}
LARGE = {"width": 1280, "height": 900}
HALF = {"width": 640, "height": 450}


def barriers(page: Page, seen: set[str]) -> list[str]:
    """Return what stands in somebody's way, in light and in dark.

    Dark differs from light in its colours alone, so contrast is looked at again.
    `seen` holds the kinds of elements whose colours were well, and gains others.
    """
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = [f"moves: {one}" for one in page.evaluate(OPEN_ALL)]
    kinds = kinds_on(page)
    new = not kinds <= seen
    found += serious(page, colours=new) + too_wide(page)
    if new:
        page.emulate_media(color_scheme="dark")
        found += faint(page)
    if not found:
        seen |= kinds
    return found


def too_wide(page: Page) -> list[str]:
    """Return where the page scrolls sideways: 320 px, zoom 200 %, letters 200 %."""
    found = []
    for name, size, letters in (
        ("letters 200 %", LARGE, "200%"),
        ("zoom 200 %", HALF, "100%"),
        ("320 px", SMALL, "100%"),
    ):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        wide = page.evaluate(WIDTH, letters)
        if wide > size["width"]:
            found.append(f"{name}: {wide} px wide")
    return found


def test_style_sheets_choose_by_kinds_alone() -> None:
    assert {
        each.name: BY_MORE.findall(each.read_text(encoding="utf-8"))
        for each in STYLES.glob("*.css")
        if BY_MORE.search(each.read_text(encoding="utf-8"))
    } == {}


def test_every_page_with_an_id_is_in_the_matrix() -> None:
    assert uncovered() == set()


@pytest.mark.timeout(1800)
def test_no_page_has_a_serious_barrier_or_scrolls_sideways(
    site: Site, sign_in: SignIn
) -> None:
    student = sign_in("maya", viewport=SMALL)
    live_in(site, student)
    safety_lead(site)
    nobody = student.context.browser.new_context(base_url=site.url, viewport=SMALL)
    people = {name: person(nobody, name, sign_in) for name in MORE}
    ids = entries_of(site)
    bring_in(people["bell"], "table", "guide.csv", GUIDE)
    ids["staged"] = people["bell"].url.rpartition("/")[2]
    who = actor_called(site, "maya")
    ids["goal"] = goals.active_goals(site.milepost, who)[0].id
    problems: dict[str, list[str]] = {}
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for username, page in people.items():
        page.set_default_navigation_timeout(60_000)
        bring_axe(page)
        pages = [*pages_for(page), *(one.format(**ids) for one in MORE[username])]
        for language in preferences.SPOKEN:
            if username:
                preferences.speak(site.milepost, actor_called(site, username), language)
            else:
                page.goto(f"/sign-in?lang={language}")
            for address in pages:
                page.goto(address)
                found = barriers(page, seen[address])
                if page.evaluate(LANGUAGE) != language:
                    found.append("another language")
                if found:
                    problems[f"{language} {username} {address}"] = found
    nobody.close()
    assert not problems, "\n".join(f"{at}: {one}" for at, one in problems.items())


def person(nobody: BrowserContext, username: str, sign_in: SignIn) -> Page:
    """Return the page of somebody who is signed in, or of nobody."""
    if not username:
        return nobody.new_page()
    return sign_in(username, viewport=SMALL)  # type: ignore[no-any-return]
