"""The page of imports: what came in, what was refused, the way back (A4, A5, P1)."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from fastapi.testclient import TestClient
from published_files import WAGES, write

from pathways.services import imports
from pathways.services.imports_job import Options

Enter = Callable[[str], str]
GOOD = "29-1141,Registered Nurses,Ohio,1,1,1,90001,1,\n"
BAD = "1,<b>Nobody</b>,Ohio,1,1,1,1,1,\n"


def load(pages: TestClient, folder: Path, text: str = GOOD + BAD) -> None:
    milepost = pages.app.state.milepost
    path = write(folder / "oews_may2025.csv", WAGES + text)
    assert imports.import_oews(milepost, "riverbend", path, Options(partial=True)).saved


def address(pages: TestClient, file: str = "oews_may2025.csv") -> str:
    found = re.search(
        rf'href="(/imports/[0-9a-f-]+)">{file}', pages.get("/imports").text
    )
    assert found is not None
    return found[1]


def test_the_history_names_what_came_in(
    pages: TestClient, enter: Enter, tmp_path: Path
) -> None:
    load(pages, tmp_path)
    enter("bell")

    page = pages.get("/imports").text

    assert "Pay (OEWS)" in page
    assert "command line" in page
    assert "created: 1" in page
    assert "rejected: 1" in page


def test_an_import_shows_its_refused_rows_and_what_an_undo_changes(
    pages: TestClient, enter: Enter, tmp_path: Path
) -> None:
    load(pages, tmp_path)
    enter("bell")

    page = pages.get(address(pages)).text

    assert "write a SOC code like 29-1141" in page
    assert "Nobody" not in page
    assert "What changes: 1 records go back" in page
    assert "changed back: wage 29-1141 Ohio" in page


def test_taking_back_asks_first_and_happens_once(
    pages: TestClient, enter: Enter, tmp_path: Path
) -> None:
    load(pages, tmp_path)
    token = enter("bell")
    here = address(pages)
    assert pages.post(here).status_code == 403
    before = pages.get("/catalog").text

    done = pages.post(here, data={"csrf": token})

    assert (done.status_code, done.headers["location"]) == (303, f"{here}?done=undone")
    assert "The import was taken back." in pages.get(done.headers["location"]).text
    assert "This import was taken back on" in pages.get(here).text
    assert "taken back" in pages.get("/imports").text
    assert pages.get("/catalog").text != before
    again = pages.post(here, data={"csrf": token})
    assert again.status_code == 409
    assert "Nothing was taken back" in again.text


def test_a_newer_import_is_not_taken_back_by_an_old_page(
    pages: TestClient, enter: Enter, tmp_path: Path
) -> None:
    load(pages, tmp_path)
    token = enter("bell")
    here = address(pages)
    load(pages, tmp_path, GOOD.replace("90001", "90002"))

    answer = pages.post(here, data={"csrf": token})

    assert answer.status_code == 409
    assert "Another import came in since you looked" in answer.text
    assert "A newer import of this kind came in" in answer.text


def test_people_are_for_the_administrator_to_take_back(
    pages: TestClient, enter: Enter
) -> None:
    token = enter("bell")
    page = pages.get("/imports").text
    runs = re.findall(r'href="(/imports/[0-9a-f-]+)"[^<]*<[^<]*</th><td>People', page)
    assert runs
    assert "An administrator can take this import back" in pages.get(runs[0]).text
    assert pages.post(runs[0], data={"csrf": token}).status_code == 404

    enter("admin")
    page = pages.get(runs[0]).text
    assert re.search(r"changed back: \d+ people", page)
    assert "accounts are closed, not deleted" in page
