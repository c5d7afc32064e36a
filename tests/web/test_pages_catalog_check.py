"""The counselor's page of what in the catalog wants a look (A5)."""

from collections.abc import Callable

from fastapi.testclient import TestClient

Enter = Callable[[str], str]


def test_what_wants_a_look_is_named_with_a_way_to_change_it(
    pages: TestClient, enter: Enter
) -> None:
    enter("bell")

    page = pages.get("/catalog/check")

    assert page.status_code == 200
    assert "Opportunities that are past" in page.text
    assert 'href="/catalog/opportunity/OPP-CMP-MATH"' in page.text
    assert "ended 2026-11-07" in page.text
    assert 'href="/catalog/check"' in pages.get("/catalog").text


def test_an_earlier_version_is_brought_back_from_the_page(
    pages: TestClient, enter: Enter
) -> None:
    token = enter("bell")
    cells = {"csrf": token, "seen_version": "1", "title": "Life Science"}
    assert pages.post("/catalog/course/SCI-BIO", data=cells).status_code == 303

    back = {"csrf": token, "bring_back": "1"}
    done = pages.post("/catalog/check", data=back)

    assert done.status_code == 303
    assert done.headers["location"] == "/catalog/check?done=published"
    assert "Life Science" not in pages.get("/catalog/course/SCI-BIO").text
    assert "Back to version 1" in pages.get("/catalog/check").text

    again = pages.post("/catalog/check", data=back)
    assert again.status_code == 422
    assert "Nothing was published" in again.text


def test_going_back_needs_the_forms_token(pages: TestClient, enter: Enter) -> None:
    enter("bell")
    assert pages.post("/catalog/check", data={"bring_back": "1"}).status_code == 403
