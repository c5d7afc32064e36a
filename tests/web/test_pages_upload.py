"""Bringing files in on a page: checked, shown by row, saved once, deleted (A4)."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from pathways.formats.templates import template_of
from pathways.services import import_kinds, staged_imports
from pathways.services.access import Actor, actor_of
from pathways.services.errors import NotFound
from pathways.store.staged_files import State, safe_name
from web import import_jobs, uploads

Enter = Callable[[str], str]
HEADER = "Course No,Course Name,SCED,Dept,Units,Grade Levels\n"
GUIDE = f"{HEADER}NEW-1,Robotics,21009,engineering,1,9-12\n"
HISTORY = "student_id,course,state,mark,credit\n"


def send(
    pages: TestClient,
    token: str,
    kind: str,
    name: str,
    content: str | bytes,
    **more: str,
) -> Any:
    return pages.post(
        f"/imports/files?kind={kind}",
        data={"csrf": token, **more},
        files={"file": (name, content)},
    )


def put(pages: TestClient, token: str, *file: Any, **more: str) -> str:
    """Bring a file in; return the address of its page."""
    answer = send(pages, token, *file, **more)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def staging(pages: TestClient) -> Path:
    return Path(pages.app.state.milepost.settings.var_dir) / "staging"


def actor(pages: TestClient, username: str) -> Actor:
    with pages.app.state.milepost.work() as work:
        person = work.people.by_username(username)
        assert person is not None
        return actor_of(person)


def guide(pages: TestClient, token: str, text: str = GUIDE) -> str:
    return put(pages, token, "table", "guide.csv", text, entry="course")


def test_a_course_guide_is_mapped_looked_at_and_saved_once(
    pages: TestClient, enter: Enter
) -> None:
    token = enter("bell")
    here = guide(pages, token)

    page = pages.get(here).text
    assert "every row needs them" in page
    assert 'name="fixed.level"' in page
    assert re.search(r'value="code" selected', page)

    again = {"csrf": token, "act": "check", "fixed.level": "core"}
    pages.post(here, data=again)
    page = pages.get(here).text
    assert "course NEW-1" in page
    assert "Save 1 changes" in page
    assert pages.get("/catalog/course/NEW-1").status_code == 404

    save = {"csrf": token, "act": "save"}
    for _ in range(2):
        assert pages.post(here, data=save).status_code == 303
    done = pages.get(here)
    assert done.headers["location"].endswith("?done=saved")
    assert "Take back guide.csv" in pages.get(done.headers["location"]).text
    assert pages.get("/catalog/course/NEW-1").status_code == 200
    assert [*staging(pages).glob("*/file")] == []
    assert pages.get("/imports").text.count("guide.csv") == 1

    known = pages.get(guide(pages, token)).text
    assert "Nothing would change" in known
    assert re.search(r'name="fixed.level" value="core"', known)


def test_an_undone_import_is_gone_again(pages: TestClient, enter: Enter) -> None:
    token = enter("bell")
    here = guide(pages, token)
    pages.post(here, data={"csrf": token, "act": "check", "fixed.level": "core"})
    pages.post(here, data={"csrf": token, "act": "save"})
    run = pages.get(here).headers["location"].partition("?")[0]
    assert pages.post(run, data={"csrf": token}).status_code == 303
    assert "retired" in pages.get("/catalog/course/NEW-1").text


def test_refused_rows_are_named_with_line_and_reason(
    pages: TestClient, enter: Enter
) -> None:
    token = enter("admin")
    text = f"{HISTORY}nobody,MTH-ALG1,completed,B,1\nmaya,NO-SUCH,completed,B,1\n"
    here = put(pages, token, "courses", "mine.csv", text)
    page = pages.get(here).text
    assert "no student of this school has this id" in page
    assert "NO-SUCH" in page
    assert 'value="save"' not in page
    answer = pages.post(here, data={"csrf": token, "act": "save"})
    assert answer.status_code in (303, 409)
    assert "mine.csv" not in pages.get("/imports").text


def test_good_rows_can_be_saved_without_the_others(
    pages: TestClient, enter: Enter
) -> None:
    token = enter("admin")
    text = f"{HISTORY}nobody,MTH-ALG1,completed,B,1\nmaya,ART-1,completed,B,1\n"
    with pages.app.state.milepost.work() as work:
        school = work.people.school_by_code("riverbend")
        assert school is not None
        catalog = pages.app.state.milepost.catalogs.current(work, school.id)
    text = text.replace("ART-1", sorted(catalog.entries["course"])[0])
    here = put(pages, token, "courses", "history.csv", text)
    pages.post(here, data={"csrf": token, "act": "check", "partial": "yes"})
    assert 'value="save"' in pages.get(here).text
    pages.post(here, data={"csrf": token, "act": "save"})
    run = pages.get(here).headers["location"]
    assert "no student of this school" in pages.get(run).text


def test_what_was_edited_by_hand_is_listed_and_kept(
    pages: TestClient, enter: Enter
) -> None:
    token = enter("bell")
    guide(pages, token)
    here = guide(pages, token)
    pages.post(here, data={"csrf": token, "act": "check", "fixed.level": "core"})
    pages.post(here, data={"csrf": token, "act": "save"})
    form = pages.get("/catalog/course/NEW-1").text
    seen = re.search(r'name="seen_version" value="(\d+)"', form)
    assert seen is not None
    pages.post(
        "/catalog/course/NEW-1",
        data={"csrf": token, "seen_version": seen[1], "title": "Robots by hand"},
    )
    here = guide(pages, token)
    page = pages.get(here).text
    assert "Edited by hand, and kept" in page
    assert "NEW-1 was edited by hand" in page
    assert "--overwrite" not in page
    pages.post(here, data={"csrf": token, "act": "check", "overwrite": "yes"})
    assert "Save 1 changes" in pages.get(here).text


WRONG_FILES: tuple[tuple[str, str, bytes, str], ...] = (
    ("people", "roster.csv", b"a,b\n1,2\n", "ends in .zip"),
    ("people", "roster.zip", b"PK\x03\x04 not a zip", "damaged"),
    ("courses", "history.csv", b"%PDF-1.7 \x00\x01", "history.csv"),
    ("courses", "history.csv", b"name,town\nx,y\n", "student_id"),
    ("courses", "history.csv", b"", "Choose a file"),
    ("courses", "history.exe", b"MZ", "ends in .csv"),
    ("outcomes", "report.xlsx", b"PK\x03\x04", "report.xlsx"),
    ("case", "case.json", b"[" * 100_000, "nested"),
)


def test_a_wrong_file_is_told_what_is_expected(pages: TestClient, enter: Enter) -> None:
    token = enter("admin")
    for kind, name, content, said in WRONG_FILES:
        answer = send(pages, token, kind, name, content)
        if answer.status_code == 303:
            answer = pages.get(answer.headers["location"])
        assert said in answer.text, said
        assert "What is expected" in answer.text
        assert "/tmp" not in answer.text
        assert f'href="/imports/templates/{kind}"' in answer.text


def test_formula_cells_are_refused_by_row(pages: TestClient, enter: Enter) -> None:
    token = enter("admin")
    text = f'{HISTORY}"=HYPERLINK(""x"")",MTH-ALG1,completed,B,1\n'
    page = pages.get(put(pages, token, "courses", "history.csv", text)).text
    assert "this is a formula" in page


def zipped(**files: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/").replace("UP", ".."), text)
    return content.getvalue()


def test_a_zip_that_means_harm_is_refused(pages: TestClient, enter: Enter) -> None:
    token = enter("bell")
    for content, said in (
        (zipped(**{"UP__UP__courses.csv": b"x"}), "leads elsewhere"),
        (zipped(**{"courses.csv": b"0" * 30_000_000}), "unlikely way"),
        (zipped(**{"readme.md": b"hello"}), "none of"),
    ):
        page = pages.get(put(pages, token, "catalog", "catalog.zip", content)).text
        assert said in page
    assert len([*staging(pages).rglob("courses.csv")]) == 0


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\bell\\guide.csv", "guide.csv"),
        ("..", "file"),
        ("a\x00b.csv", "a b.csv"),
        ("x" * 500 + ".csv", "x" * 120 + ".csv"),
    ],
)
def test_a_files_name_is_no_path(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_only_who_brought_a_file_in_finds_it(pages: TestClient, enter: Enter) -> None:
    here = guide(pages, enter("bell"))
    for username in ("admin", "ortiz", "maya", "maya.family"):
        token = enter(username)
        assert pages.get(here).status_code == 404
        for act in ("save", "check", "drop"):
            done = pages.post(here, data={"csrf": token, "act": act})
            assert done.status_code == 404
    enter("bell")
    assert pages.get(here).status_code == 200
    for odd in ("...", "0" * 32, "stage.json", "%2e%2e%2e"):
        assert pages.get(f"/imports/files/{odd}").status_code == 404


def test_a_counselor_brings_in_what_belongs_to_the_catalog(
    pages: TestClient, enter: Enter
) -> None:
    token = enter("bell")
    assert send(pages, token, "people", "x.zip", b"PK").status_code == 404
    assert pages.get("/imports/new?kind=people").status_code == 404
    assert {one.name for one in import_kinds.kinds_for(actor(pages, "bell"))} == {
        *("table", "catalog", "onet", "oews", "ooh", "sced", "clusters", "case")
    }
    assert import_kinds.kinds_for(actor(pages, "admin")) == import_kinds.EVERY
    with pytest.raises(NotFound):
        import_kinds.kind_for(actor(pages, "maya"), "table")


def test_a_body_beyond_the_limit_is_told_and_kept_nowhere(
    pages: TestClient, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = enter("admin")
    monkeypatch.setattr(uploads, "LARGEST", 100_000)
    answer = send(pages, token, "courses", "history.csv", b"x" * 200_000)
    assert answer.status_code == 413
    assert "larger than 100 MB" in answer.text
    assert [*staging(pages).glob("*")] == []


def test_only_staff_may_send_more_than_a_page_needs(
    pages: TestClient, enter: Enter
) -> None:
    token = enter("maya")
    assert send(pages, token, "courses", "x.csv", b"x" * 50_000).status_code == 404
    assert send(pages, token, "courses", "x.csv", b"x").status_code == 404
    other = pages.post("/person", data={"csrf": token, "text": "x" * 50_000})
    assert other.status_code == 413


def test_a_file_that_nobody_saves_is_deleted_after_a_day(
    pages: TestClient, enter: Enter
) -> None:
    token = enter("bell")
    here = guide(pages, token)
    found = staging(pages) / here.rsplit("/", 1)[1] / "stage.json"
    told = json.loads(found.read_text())
    assert (found.stat().st_mode & 0o777) == 0o600
    found.write_text(json.dumps({**told, "made_at": "2026-11-19T00:00:00+00:00"}))
    assert pages.get(guide(pages, token)).status_code == 200
    assert not found.exists()


def test_no_more_than_a_few_files_wait(pages: TestClient, enter: Enter) -> None:
    token = enter("bell")
    for _ in range(staged_imports.MOST_WAITING + 2):
        guide(pages, token)
    assert len([*staging(pages).glob("*")]) == staged_imports.MOST_WAITING


def test_a_run_whose_process_was_killed_is_settled(
    pages: TestClient, enter: Enter
) -> None:
    token = enter("bell")
    here = guide(pages, token)
    milepost, bell = pages.app.state.milepost, actor(pages, "bell")
    pages.post(here, data={"csrf": token, "act": "check", "fixed.level": "core"})
    key = here.rsplit("/", 1)[1]
    found = staged_imports.order(milepost, bell, key, True, {})
    assert found.state is State.SAVING
    page = pages.get(here).text
    assert "It was interrupted. Nothing was saved." in page
    assert pages.get("/catalog/course/NEW-1").status_code == 404
    pages.post(here, data={"csrf": token, "act": "check"})
    staged_imports.order(milepost, bell, key, True, {})
    done = staged_imports.run(milepost, bell, key)
    folder = staged_imports.folder_of(milepost)
    done.state, done.run = State.SAVING, ""  # killed after it was saved
    folder.write(done)
    assert pages.get(here).headers["location"].endswith("?done=saved")


def test_while_one_saves_another_click_does_nothing(
    pages: TestClient, enter: Enter
) -> None:
    token = enter("bell")
    here = guide(pages, token)
    milepost, bell = pages.app.state.milepost, actor(pages, "bell")
    found = staged_imports.staged_file(milepost, bell, here.rsplit("/", 1)[1])
    with staged_imports.held(milepost, found) as lock:
        assert lock is not None
        before = pages.get(here).text
        for act in ("check", "save", "drop"):
            pages.post(here, data={"csrf": token, "act": act})
        assert pages.get(here).text == before


def test_a_large_file_is_checked_in_a_process_of_its_own(
    pages: TestClient, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_jobs, "AT_ONCE", 0)
    token = enter("bell")
    here = guide(pages, token)
    key = here.rsplit("/", 1)[1]
    milepost, bell = pages.app.state.milepost, actor(pages, "bell")
    import_jobs.wait()
    found = staged_imports.staged_file(milepost, bell, key)
    assert found.state is State.REFUSED
    assert "which column holds level" in found.problem


def test_a_template_is_what_its_import_expects(pages: TestClient, enter: Enter) -> None:
    token = enter("admin")
    for kind in import_kinds.EVERY:
        asked = "table-course" if kind.name == "table" else kind.name
        template = template_of(asked)
        if template is None:
            assert kind.name == "onet"
            continue
        answer = pages.get(f"/imports/templates/{asked}")
        assert answer.content == template.content
        more = {"format": "csv", "entry": "course"}
        file = (kind.name, template.name, template.content)
        page = pages.get(put(pages, token, *file, **more)).text
        assert "What would change" in page, kind.name


def test_consent_of_many_is_checked_by_row_then_saved_and_not_undone(
    pages: TestClient, enter: Enter
) -> None:
    token = enter("admin")
    header = "student_id,consent,given_by,date\n"
    bad = f"{header}maya,perhaps,family,2026-08-20\nnobody,given,family,2026-08-20\n"
    page = pages.get(put(pages, token, "consent", "bad.csv", bad)).text
    assert "no student of this school has this id" in page
    assert 'value="save"' not in page
    good = f"{header}maya,given,family,2026-09-15\n"
    here = put(pages, token, "consent", "paper.csv", good)
    assert 'value="save"' in pages.get(here).text
    pages.post(here, data={"csrf": token, "act": "save"})
    run = pages.get(here).headers["location"]
    assert "A newer entry mends a mistake" in html.unescape(pages.get(run).text)
    with pages.app.state.milepost.work() as work:
        maya = work.people.by_username("maya")
        assert maya is not None
        assert (maya.consent, str(maya.consent_on)) == ("given", "2026-09-15")
    again = pages.get(put(pages, token, "consent", "paper.csv", good)).text
    assert 'value="save"' not in again or "unchanged" in again
    enter("bell")
    assert pages.get("/imports/new?kind=consent").status_code == 404
