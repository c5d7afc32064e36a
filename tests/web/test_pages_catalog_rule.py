"""Building prerequisites from groups, without a script (feature A4, issue 6)."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from fastapi.testclient import TestClient

Enter = Callable[[str], str]
BIO = "/catalog/course/SCI-BIO"
INPUT = re.compile(r'<input\b[^>]*?name="(rule-[^"]+)"[^>]*?value="([^"]*)"')
SELECT = re.compile(r'<select id="rule-[^"]*" name="(rule-[^"]+)">(.*?)</select>')


def builder_on(page: str) -> dict[str, str]:
    """Return what the builder's fields would send."""
    found = {name: html.unescape(value) for name, value in INPUT.findall(page)}
    for name, options in SELECT.findall(page):
        chosen = re.search(r'value="(\w+)" selected', options)
        found[name] = chosen[1] if chosen else "all"
    return found


def text_on(page: str) -> str:
    found = re.search(r'id="f-prerequisites"[^>]*value="([^"]*)"', page)
    assert found is not None
    return html.unescape(found[1])


def press(
    pages: TestClient, token: str, page: str, build: str = "", **typed: str
) -> tuple[int, str]:
    """Send the course's form as it stands, with changes and a button."""
    fields = {**builder_on(page), "prerequisites": text_on(page)}
    fields |= {name.replace("_", "-"): text for name, text in typed.items()}
    seen = re.search(r'name="seen_version" value="(\d*)"', page)
    assert seen is not None
    fields |= {"csrf": token, "seen_version": seen[1]}
    answer = pages.post(BIO, data=fields | ({"build": build} if build else {}))
    return answer.status_code, answer.text


def test_groups_are_built_by_buttons_and_published_as_text(
    pages: TestClient, enter: Enter
) -> None:
    token = enter("bell")
    page = pages.get(BIO).text
    while "drop-0-0" in page:
        _, page = press(pages, token, page, "drop-0-0")
    _, page = press(pages, token, page, "add-0", rule_0_add="MTH-ALG1")
    assert text_on(page) == "MTH-ALG1"
    _, page = press(pages, token, page, "group")
    _, page = press(pages, token, page, "add-1", rule_1_add="geometry")
    _, page = press(pages, token, page, "add-1", rule_1_add="ela-1")
    assert text_on(page) == "MTH-ALG1 & (MTH-GEO | ELA-1)"
    _, page = press(pages, token, page, "drop-1-0")
    assert text_on(page) == "MTH-ALG1 & ELA-1"
    status, _ = press(pages, token, page, rule_1_add="MTH-GEO", rule_join="any")
    assert status == 303
    assert text_on(pages.get(BIO).text) == "MTH-ALG1 | ELA-1 | MTH-GEO"


def test_what_no_course_is_called_is_told_beside_its_field_and_kept(
    pages: TestClient, enter: Enter
) -> None:
    token = enter("bell")
    page = pages.get(BIO).text
    for typed, told in (("Potions", "No course has"), ("sci-bio", "need itself")):
        for build in ("add-0", ""):
            status, again = press(pages, token, page, build, rule_0_add=typed)
            assert status == 422
            assert re.search(rf'id="rule-0-wrong">[^<]*{told}', html.unescape(again))
            assert f'value="{typed}"' in again
    assert 'seen_version" value="1"' in pages.get(BIO).text


def test_a_changed_text_counts_and_a_clash_loses_neither(
    pages: TestClient, enter: Enter
) -> None:
    token = enter("bell")
    page = pages.get(BIO).text
    status, again = press(
        pages, token, page, prerequisites="MTH-GEO", rule_0_add="ELA-1"
    )
    assert status == 422
    assert text_on(again) == "MTH-GEO"
    assert "The groups said:" in again and "ELA-1" in again
    status, _ = press(pages, token, page, prerequisites="MTH-GEO | ELA-1")
    assert status == 303
    shown = builder_on(pages.get(BIO).text)
    assert shown["rule-0-join"] == "any"
    assert (shown["rule-0-0"], shown["rule-0-1"]) == ("MTH-GEO", "ELA-1")


def test_groups_within_groups_are_edited_as_text(
    pages: TestClient, enter: Enter
) -> None:
    deep = "MTH-ALG1 & (MTH-GEO | (ELA-1 & ELA-2))"
    cells = {"csrf": enter("bell"), "seen_version": "1", "prerequisites": deep}
    assert pages.post(BIO, data=cells).status_code == 303
    page = pages.get(BIO).text
    assert "groups within groups" in page
    assert "rule-was" not in page
