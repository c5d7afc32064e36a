"""The district's own rules on a page: tried, saved, brought back (O11)."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from fastapi.testclient import TestClient

Enter = Callable[[str], str]
DAY, SOURCE = "deadlines.credit_flex_fall", "sources.deadlines"


def save(
    pages: TestClient, token: str, seen: int, act: str = "save", **cells: str
) -> tuple[int, str]:
    data = {"csrf": token, "seen_version": str(seen), "act": act}
    answer = pages.post("/rules", data={**data, **cells})
    return answer.status_code, html.unescape(answer.text)


def test_rules_are_tried_saved_and_brought_back(
    pages: TestClient, enter: Enter
) -> None:
    token = enter("bell")
    given = {DAY: "05-01", SOURCE: "Board policy 5460"}
    status, page = save(pages, token, 0, "try", **given)
    assert status == 200 and "This is tried, not saved." in page
    assert "Nor is a day for plans" in page
    assert "your counselor decides this" in page
    assert "Nothing is set yet" in pages.get("/rules").text
    assert save(pages, token, 0, **given)[0] == 303
    assert save(pages, token, 0, **given)[0] == 303
    page = pages.get("/rules").text
    assert "Version 1" in page and "Version 2" not in page
    assert 'value="05-01"' in page
    assert save(pages, token, 1, **{**given, DAY: "04-01"})[0] == 303
    older = pages.get("/rules?version=1").text
    assert "This is version 1." in older and 'value="05-01"' in older
    assert save(pages, token, 2, **given)[0] == 303
    assert "Version 3" in pages.get("/rules").text


def test_what_can_not_be_used_is_not_saved_and_not_lost(
    pages: TestClient, enter: Enter
) -> None:
    token = enter("bell")
    for cells, field in (
        ({DAY: "first of May", SOURCE: "x"}, DAY),
        ({DAY: "05-01"}, SOURCE),
        ({"hours_per_credit": "0", "sources.credit": "x"}, "hours_per_credit"),
        ({"appeal.days": "many", "sources.appeal": "x"}, "appeal.days"),
        ({"graduation.units_by_area": "english"}, "graduation.units_by_area"),
        ({"graduation.units_by_area": "english: x"}, "graduation"),
        ({"caps.credits_total": "-1", "sources.caps": "x"}, "caps.credits_total"),
    ):
        status, page = save(pages, token, 0, **cells)
        assert status == 422, cells
        assert "Nothing was saved." in page
        assert field == "graduation" or f'id="wrong-{field}"' in page
        for text in cells.values():
            assert text in page
    assert "Nothing is set yet" in pages.get("/rules").text


def test_two_who_edit_the_rules_choose(pages: TestClient, enter: Enter) -> None:
    token = enter("bell")
    given = {DAY: "05-01", SOURCE: "Board policy 5460"}
    assert save(pages, token, 0, **given)[0] == 303
    token = enter("admin")
    more = {**given, DAY: "06-01", "caps.credits_total": "5", "sources.caps": "p. 3"}
    status, page = save(pages, token, 0, **more)
    assert status == 409
    assert re.search(f'type="radio" name="{DAY}" value="06-01"', page)
    assert re.search(f'type="radio" name="{DAY}" value="05-01"', page)
    assert 'type="hidden" name="caps.credits_total" value="5"' in page
