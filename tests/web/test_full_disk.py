"""A disk that takes nothing more keeps neither help nor an alert back (R9)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from door import Door
from little_school import LittleSchool
from sqlalchemy import event

from pathways.services import alerts
from pathways.services.spare_files import SPARE_BYTES, SPARE_FILES, write_over
from web import metrics
from web.health import LITTLE_ROOM
from web.logs import set_up_logs

RED = "I want to kill myself"
FULL = OSError(28, "No space left on device")


def full(*given: object) -> None:
    raise FULL


class FullOutput:
    """Standard output that goes to a file on the full disk."""

    write = flush = full


def raised(little: LittleSchool) -> int:
    return len(alerts.list_alerts(little.milepost, little["counselor"]))


@contextmanager
def read_only(little: LittleSchool) -> Iterator[None]:
    """Make the database refuse every write."""

    def refuse(connection: object, *given: object) -> None:
        with closing(connection.cursor()) as cursor:  # type: ignore[attr-defined]
            cursor.execute("PRAGMA query_only=ON")

    little.milepost.engine.dispose()
    event.listen(little.milepost.engine, "connect", refuse)
    try:
        yield
    finally:
        event.remove(little.milepost.engine, "connect", refuse)
        little.milepost.engine.dispose()


def spares(little: LittleSchool) -> int:
    """Count the files whose room is kept; the app itself fills up, too."""
    return len(list(alerts.spare_folder(little.milepost).glob("*.spare")))


def not_written() -> float:
    return float(metrics.alerts_not_written._value.get())


def test_an_alert_finds_the_room_that_was_kept_for_it(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    little = door.little
    alerts.keep_spares(little.milepost)
    assert spares(little) == SPARE_FILES
    door.say("student", "hello")
    keys = [str(uuid.uuid4()) for _ in range(3)]
    with read_only(little), monkeypatch.context() as patch:
        patch.setattr("pathways.services.alerts.write_through", full)
        for key in [*keys, keys[0]]:
            answer = door.say("student", RED, key)
            assert answer.status_code == 503
            assert "988" in answer.json()["replies"][0]["text"]
        assert door.say("student", "hello").status_code == 503
        assert alerts.deliver_spool(little.milepost) == 0
    folder = alerts.spool_folder(little.milepost)
    assert {file.stat().st_size for file in folder.iterdir()} == {SPARE_BYTES}
    assert alerts.deliver_spool(little.milepost) == raised(little) == len(keys)
    assert list(folder.iterdir()) == []
    alerts.keep_spares(little.milepost)
    assert spares(little) == SPARE_FILES
    assert door.say("student", RED, keys[0]).status_code == 200
    assert raised(little) == len(keys)


def test_an_alert_that_finds_no_room_at_all_rings_an_alarm(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    door.say("student", "hello")
    before = not_written()
    with read_only(door.little), monkeypatch.context() as patch:
        patch.setattr("pathways.services.alerts.write_through", full)
        answer = door.say("student", RED)
    assert answer.status_code == 503
    assert "988" in answer.json()["replies"][0]["text"]
    assert not_written() == before + 1
    assert list(alerts.spool_folder(door.little.milepost).iterdir()) == []


def test_a_log_that_can_not_be_written_ends_no_turn(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up_logs("DEBUG")
    door.say("student", "hello")
    with read_only(door.little), monkeypatch.context() as patch:
        patch.setattr("sys.stdout", FullOutput())
        patch.setattr("sys.stderr", FullOutput())
        red, plain = door.say("student", RED), door.say("student", "hello")
    assert (red.status_code, plain.status_code) == (503, 503)
    assert "988" in red.json()["replies"][0]["text"]
    assert plain.json()["replies"][0]["text"].startswith("I could not save")


def test_little_room_is_told_before_it_is_none(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.health.free_bytes", lambda milepost: LITTLE_ROOM - 1)
    answer = door.client.get("/readyz")
    assert (answer.status_code, answer.json()["disk"]) == (200, "full")
    door.client.get("/metrics")
    assert metrics.disk_free._value.get() == LITTLE_ROOM - 1
    monkeypatch.undo()
    assert door.client.get("/readyz").json()["disk"] in ("ok", "full")


def test_two_alerts_never_share_a_spare_file(little: LittleSchool) -> None:
    alerts.keep_spares(little.milepost)
    place = alerts.spare_folder(little.milepost)
    for number in range(SPARE_FILES):
        assert write_over(place, f"{number}", place / f"{number}.json")
    assert not write_over(place, "one too many", place / "more.json")
    texts = {Path(file).read_text().strip() for file in place.glob("*.json")}
    assert texts == {str(number) for number in range(SPARE_FILES)}
