"""An administrator's health, retention and sign-in pages (issue 6, item 6; P5, R15)."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from door import Door, opened
from little_school import LittleSchool

from pathways.app import Milepost
from pathways.services import health as health_service
from pathways.services.backup import back_up
from pathways.services.deletion import delete_student
from pathways.services.health import Line, Outside, State, health
from pathways.services.policy import set_district
from pathways.services.retention import retain
from pathways.services.retention_view import retention_view
from pathways.texts import load
from web.pages import admin_care

WELL = Outside(True, "abcdef", 5 * 1024**3)
IDENTITY = """
address: https://milepost.example
openid:
  - {{name: district, school: north, label: District account, issuer: "{issuer}",
     client_id: the-client, client_secret: "{secret}", match: source_id}}
  - {{name: away, school: south, label: Another school, issuer: "{issuer}",
     client_id: others, client_secret_env: NOT_SET_ANYWHERE, match: source_id}}
  - {{name: late, school: north, label: Not ready, issuer: "{issuer}",
     client_id: later, client_secret_env: NOT_SET_ANYWHERE, match: source_id}}
lti:
  - {{name: canvas, school: north, issuer: "{issuer}", client_id: lti-client,
     deployments: ["7"], login_url: "{issuer}/a", keys_url: "{issuer}/k",
     match: source_id}}
"""


def lines(
    milepost: Milepost, little: LittleSchool, outside: Outside = WELL
) -> dict[str, Line]:
    return {one.name: one for one in health(milepost, little["admin"], outside)}


def words_on(answer: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer)).split())


def test_health_says_what_is_wrong_and_what_to_do(little: LittleSchool) -> None:
    bad = lines(little.milepost, little, Outside(False, None, 10 * 1024**2))
    says = {name: (one.state, one.says) for name, one in bad.items()}
    assert says["assistant"] == (State.BAD, "away")
    assert says["model"] == (State.BAD, "none")
    assert says["disk"] == (State.BAD, "full")
    assert says["backup"] == (State.LOOK, "never")
    assert says["retention"] == (State.LOOK, "never")
    assert says["database"] == (State.WELL, "answers")
    assert says["webhook"] == (State.OFF, "off")


def test_health_knows_the_last_backup_and_the_last_retention(
    little: LittleSchool, tmp_path: Path
) -> None:
    back_up(little.milepost, tmp_path / "one.backup")
    retain(little.milepost, apply=True)
    found = lines(little.milepost, little)
    assert (found["backup"].says, found["retention"].says) == ("made", "ran")
    moment = little.clock() + timedelta(days=8)
    later = lines(replace(little.milepost, clock=lambda: moment), little)
    assert (later["backup"].says, later["retention"].says) == ("late", "late")


def test_every_sentence_of_health_stands_in_the_texts() -> None:
    source = Path(health_service.__file__).read_text(encoding="utf-8")
    names = set(re.findall(r'Line\(\s*"(\w+)"', source)) | {"mail", "webhook"}
    texts = load("en")
    for name in names:
        assert f"page_care.line_{name}" in texts
        assert [one for one in texts if one.startswith(f"page_care.{name}_")]


def test_an_away_coach_shows_on_the_health_page_with_advice(door: Door) -> None:
    assert "The coach answers." in door.page("admin", "GET", "/admin/health").text
    door.coach.away = True
    page = words_on(door.page("admin", "GET", "/admin/health").text)
    assert "The coach does not answer" in page
    assert "What to do: Wait two minutes" in page


def test_retention_shows_days_the_last_run_and_open_deletions(
    door: Door, little: LittleSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = words_on(door.page("admin", "GET", "/admin/retention").text)
    assert "Last run not yet" in before
    with little.milepost.work() as work:
        school = work.people.school(little["admin"].school_id)
        assert school is not None
        given = {"retention": {"messages": 77, "hours": None}}
        set_district(work, school, given, little.clock())
        work.commit()
    retain(little.milepost, apply=True)
    found = retention_view(little.milepost, little["admin"])
    kinds = {one.kind: one for one in found.kinds}
    assert (kinds["messages"].days, kinds["messages"].gone) == (77, 0)
    assert kinds["hours"].days is None
    assert kinds["alerts"].open_stays
    assert found.last is not None and found.due > found.last
    assert (found.due.hour, found.due.minute) == (0, 0)

    def cut(step: str) -> None:
        raise OSError(step)

    with pytest.raises(OSError):
        delete_student(little.milepost, little["admin"], little["student"].id, cut)
    page = words_on(door.page("admin", "GET", "/admin/retention").text)
    assert "77 days" in page
    assert "Begun, not ended 1, since" in page
    theirs = retention_view(little.milepost, little["far_admin"])
    assert theirs.running == ()


def test_sign_in_shows_addresses_and_never_a_secret(
    little: LittleSchool, tmp_path: Path
) -> None:
    file, secret = tmp_path / "identity.yml", "a-very-secret-word"
    file.write_text(IDENTITY.format(issuer="https://idp.example", secret=secret))
    file.chmod(0o600)
    settings = little.milepost.settings.model_copy(update={"identity_file": file})
    known = replace(little, milepost=replace(little.milepost, settings=settings))
    with opened(known) as door:
        page = door.page("admin", "GET", "/admin/sign-in").text
    assert "https://milepost.example/sign-in/with/district/back" in page
    assert "https://milepost.example/lti/login" in page
    assert "https://milepost.example/lti/launch" in page
    assert "NOT_SET_ANYWHERE is not set" in words_on(page)
    assert "the-client" in page
    assert secret not in page
    assert "Another school" not in page and "others" not in page


def test_sign_in_says_what_is_missing(little: LittleSchool, tmp_path: Path) -> None:
    with opened(little) as door:
        page = words_on(door.page("admin", "GET", "/admin/sign-in").text)
    assert "MILEPOST_IDENTITY_FILE" in page
    assert "/sign-in/with/NAME/back" in page
    file = tmp_path / "identity.yml"
    file.write_text("address: nowhere")
    file.chmod(0o600)
    settings = little.milepost.settings.model_copy(update={"identity_file": file})
    broken = replace(little, milepost=replace(little.milepost, settings=settings))
    with opened(broken) as door:
        page = words_on(door.page("admin", "GET", "/admin/sign-in").text)
    assert "can't be used" in page and "write an https address" in page


def test_the_pages_of_the_school_lead_to_each_other(door: Door) -> None:
    paths = [route.path for route in admin_care.router.routes]  # type: ignore[attr-defined]
    for path in ("/admin", "/admin/consent", "/admin/looks", *paths):
        page = door.page("admin", "GET", path).text
        for other in paths:
            assert f'href="{other}"' in page
        assert page.count('aria-current="page"') == 2
