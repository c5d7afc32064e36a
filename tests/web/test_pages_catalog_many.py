"""Editing the catalog together and in bulk: no edit is lost (A4)."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable

from fastapi.testclient import TestClient
from python_calamine import CalamineWorkbook

from web.pages.catalog_conflict import three_way

Enter = Callable[[str], str]
BIO = "/catalog/course/SCI-BIO"


def edit(pages: TestClient, token: str, seen: int, **cells: str) -> int:
    data = {"csrf": token, "seen_version": str(seen), **cells}
    return pages.post(BIO, data=data).status_code


def test_two_who_edit_one_row_choose_and_lose_nothing(
    pages: TestClient, enter: Enter
) -> None:
    token = enter("bell")
    assert edit(pages, token, 1, title="Life Science", seats="20") == 303
    data = {"csrf": token, "seen_version": "1", "title": "Living Things"}
    answer = pages.post(BIO, data={**data, "terms": "fall"})
    assert answer.status_code == 409
    page = html.unescape(answer.text)
    for text in ("Living Things", "Life Science", "Biology"):
        assert re.search(f'type="radio" name="title" value="{text}"', page)
    assert 'type="hidden" name="seats" value="20"' in page
    assert 'type="hidden" name="terms" value="fall"' in page
    seen = re.search(r'name="seen_version" value="(\d+)"', page)
    assert seen is not None
    settled = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    chosen = {**settled, "csrf": token, "title": "Living Things"}
    assert pages.post(BIO, data=chosen).status_code == 303
    now = pages.get(BIO).text
    assert "Living Things" in now
    assert re.search(r'name="seats"[^>]*value="20"', now)
    assert re.search(r'name="terms"[^>]*value="fall"', now)


def test_three_way_keeps_what_only_one_changed() -> None:
    fields = three_way(
        {"title": "A", "seats": "1", "terms": "", "code": "X"},
        {"title": "B", "seats": "2", "terms": "", "code": "X"},
        {"title": "C", "seats": "1", "terms": "fall"},
    )
    assert [(one.column, one.yours, one.theirs) for one in fields.open] == [
        ("title", "C", "B")
    ]
    assert dict(fields.settled) == {"seats": "2", "terms": "fall", "code": "X"}
    assert [(one.column, one.by) for one in fields.merged] == [
        ("seats", "theirs"),
        ("terms", "yours"),
    ]


def test_a_double_click_publishes_once(pages: TestClient, enter: Enter) -> None:
    token = enter("bell")
    assert edit(pages, token, 1, title="Life Science") == 303
    assert edit(pages, token, 1, title="Life Science") == 303
    history = pages.get(f"{BIO}?view=history").text
    assert history.count("Life Science</ins>") == 1
    new = {"csrf": token, "code": "NEW-1", "title": "New", "sced_code": "21009"}
    new |= {"subject": "engineering", "credits": "1", "level": "core"}
    for _ in range(2):
        answer = pages.post("/catalog/course/new", data=new)
        assert answer.status_code == 303
    other = pages.post("/catalog/course/new", data={**new, "title": "Other"})
    assert other.status_code == 422


def test_a_change_can_be_looked_at_before_it_is_published(
    pages: TestClient, enter: Enter
) -> None:
    token = enter("bell")
    data = {"csrf": token, "seen_version": "1", "title": "Life <b>", "look": "yes"}
    page = pages.post(BIO, data=data).text
    assert "What students will see differently" in page
    assert "<ins>Life &lt;b&gt;</ins>" in page
    assert "Life" not in pages.get(f"{BIO}?view=history").text


def test_many_rows_change_as_one_version(pages: TestClient, enter: Enter) -> None:
    token = enter("bell")
    data = {
        "csrf": token,
        "kind": "course",
        "codes": ["SCI-BIO", "ELA-1"],
        "seats": "24",
        "seen": "1",
    }
    look = pages.post("/catalog/many", data=data)
    assert look.status_code == 200
    assert "Publish 2 changes" in look.text
    assert ",24," not in pages.get("/catalog/export?q=english").text
    done = pages.post("/catalog/many", data={**data, "act": "publish"})
    assert done.status_code == 303
    assert "Changed 2 entries at once" in pages.get("/catalog/check").text
    again = pages.post("/catalog/many", data={**data, "act": "publish"})
    assert again.status_code == 303
    stale = pages.post("/catalog/many", data={**data, "seats": "9", "act": "publish"})
    assert stale.status_code == 422
    assert "was changed since you looked" in stale.text
    for wrong in ({"seats": "many"}, {"seats": ""}, {"codes": []}):
        assert pages.post("/catalog/many", data={**data, **wrong}).status_code == 422
    for strange in ({"kind": "nothing"}, {"codes": ["NO-SUCH"]}):
        assert pages.post("/catalog/many", data={**data, **strange}).status_code == 404


def test_the_list_is_a_file_without_formulas(pages: TestClient, enter: Enter) -> None:
    token = enter("bell")
    edit(pages, token, 1, description="=HYPERLINK(1)")
    csv = pages.get("/catalog/export?q=biology").text
    assert "'=HYPERLINK(1)" in csv
    content = pages.get("/catalog/export?kind=course&q=biology&as=xlsx").content
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    cells = [
        str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row
    ]
    assert "'=HYPERLINK(1)" in cells and "SCI-BIO" in cells


def test_codes_are_found_by_title(pages: TestClient, enter: Enter) -> None:
    enter("bell")
    found = pages.get("/catalog/codes?kind=course&q=biology").json()
    assert {"code": "SCI-BIO", "title": "Biology"} in found
    page = pages.get("/catalog/course/SCI-ANAT").text
    assert 'data-find="competency"' in page
    assert pages.get("/catalog/codes?kind=secret").status_code == 404
