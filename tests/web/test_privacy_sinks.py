"""What was typed is in no address, error, backup, file or export of another (X10)."""

from __future__ import annotations

import html
import io
import re
import tarfile
import uuid
import zipfile
from pathlib import Path
from urllib.parse import unquote_plus

import pytest
from canaries import Canaries, record_of, type_everywhere
from door import Door
from little_school import LittleSchool
from test_api_access import RULES, path_for
from test_privacy_canaries import type_at_the_door

from pathways.services import backup, data_copy, record
from pathways.services.alerts import spool_folder
from pathways.services.errors import Invalid
from pathways.services.record import RecordFormat

ADDRESS = re.compile(r'\b(?:href|src|action|formaction|hx-[a-z]+)="([^"]*)"')
READERS = ("student", "advisor", "family", "counselor", "safety_lead", "admin")


@pytest.fixture
def typed(door: Door, little: LittleSchool) -> Canaries:
    """Canaries that came through the services."""
    return type_everywhere(little, "student")


@pytest.mark.parametrize("name", READERS)
def test_no_address_on_a_page_holds_what_was_typed(
    door: Door, little: LittleSchool, typed: Canaries, name: str
) -> None:
    ids = record_of(little, "student")
    seen = 0
    for route in RULES:
        if not route.startswith("GET ") or route == "GET /metrics" or "/api/" in route:
            continue
        answer = door.page(name, "GET", path_for(route, ids))
        found = ADDRESS.findall(answer.text)
        addresses = "\n".join(unquote_plus(html.unescape(one)) for one in found)
        assert typed.found_in(addresses) == {}, route
        seen += len(found)
    assert seen > 50


def test_no_error_of_the_api_repeats_what_was_sent(
    door: Door, little: LittleSchool
) -> None:
    typed = Canaries()
    answers = type_at_the_door(door, typed)
    for route in RULES:
        method, _, path = route.partition(" ")
        if "/api/" not in path or path.endswith("/token"):
            continue
        path = re.sub(r"\{[^}]+\}", lambda _: typed("id").split()[0], path)
        path = path.removeprefix("/api/v1")
        words = typed("query").split()[0]
        sent = {words: words, "text": [words], "add": words, "hours_a_week": words}
        more = {"json": sent} if method == "POST" else {"params": sent}
        for name in ("student", "counselor", ""):
            answers.append(door.api(name, method, path, **more))
    errors = [
        one
        for one in answers
        if one.headers.get("content-type", "").startswith("application/problem+json")
    ]
    assert len(errors) > 30
    assert {one.status_code for one in errors} >= {401, 404, 422}
    for one in errors:
        assert typed.found_in(one.content) == {}, one.request.url.path


def test_no_error_page_repeats_what_was_sent(door: Door, little: LittleSchool) -> None:
    typed = Canaries()
    word = typed("address").split()[0]
    door.say("student", "hello")
    for route in RULES:
        method, _, path = route.partition(" ")
        if "/api/" in path or "{" not in path or "/catalog/" in path:
            continue
        path = re.sub(r"\{[^}]+\}", word, path)
        answer = door.page("student", method, path, text=typed("a field"), reason=word)
        assert answer.status_code in (200, 303, 404, 422), route
        assert typed.found_in(answer.content) == {}, route
        assert typed.found_in(answer.headers.get("location", "")) == {}, route
    for token in (word, f"{word}-ñ"):
        forged = door.page("student", "POST", "/my-data", csrf=token, words=word)
        assert forged.status_code == 403
        assert typed.found_in(forged.content) == {}
    long = door.page("student", "POST", "/my-data", words=word * 2000)
    assert long.status_code == 413
    assert typed.found_in(long.content) == {}


def parts_of(content: bytes) -> list[bytes]:
    """Return what stands in an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [archive.read(name) for name in archive.namelist()]


def test_no_export_of_another_person_holds_it(
    little: LittleSchool, typed: Canaries
) -> None:
    for name in ("other_student", "far_student"):
        found = parts_of(data_copy.copy_of(little.milepost, little[name]).content)
        for kind in RecordFormat:
            try:
                made = record.export_record(little.milepost, little[name], kind)
            except Invalid:
                continue  # nothing to write in this format yet
            found.append(made.content)
        assert len(found) >= 2
        for content in found:
            assert typed.found_in(content) == {}


def test_no_backup_and_no_file_beside_the_records_holds_it(
    door: Door, little: LittleSchool, typed: Canaries, tmp_path: Path
) -> None:
    more = Canaries({f"x{word}": place for word, place in typed.taken.items()})
    type_at_the_door(door, more)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pathways.services.conversation.answer", _away)
        patch.setattr("web.app.deliver_spool", lambda milepost: 0)
        door.say("student", f"I want to kill myself {more('red')}", str(uuid.uuid4()))
        spool = spool_folder(little.milepost)
        waiting = [one.read_bytes() for one in spool.glob("*.json")]
    assert waiting
    kept = tmp_path / "kept.backup"
    backup.back_up(little.milepost, kept)
    opened = tmp_path / "opened"
    with tarfile.open(kept) as archive:
        archive.extractall(opened, filter="data")
    tracker = Path(little.milepost.settings.tracker_url.removeprefix("sqlite:///"))
    files = [one for one in tmp_path.rglob("*") if one.is_file()]
    files = [one for one in files if not one.name.startswith(tracker.name)]
    live = spool.parent  # its files come and go while the app runs
    files = [one for one in files if not one.is_relative_to(live)]
    assert opened / "milepost.db" in files
    for content in (*waiting, *(one.read_bytes() for one in files)):
        assert typed.found_in(content) == {}
        assert more.found_in(content) == {}


def _away(*given: object, **more: object) -> None:
    from sqlalchemy.exc import OperationalError

    raise OperationalError("SELECT", {}, OSError("away"))
