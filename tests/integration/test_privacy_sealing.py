"""What people wrote is sealed, with keys outside the database (X11, P3, R15)."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from contextlib import closing
from pathlib import Path

import pytest
from canaries import Canaries, type_everywhere
from databases import file_behind
from little_school import LittleSchool, settings_in
from sqlalchemy import select, text

from pathways.app import build, key_ring
from pathways.services import backup, conversation, goals, keys, summaries
from pathways.services.access_audit import verify
from pathways.services.errors import Invalid
from pathways.settings import Mode
from pathways.store.models import Turn
from pathways.store.resealing import left_behind, sealed_columns
from pathways.store.sealing import MARK, KeyRing, KeysMissing


def file_of(little: LittleSchool) -> Path:
    return file_behind(little.milepost.settings.database_url)


def plain_dump(little: LittleSchool) -> str:
    with closing(sqlite3.connect(file_of(little))) as connection:
        return "\n".join(connection.iterdump())


def no_tick(done: int, whole: int) -> None:
    """Nobody watches."""


@pytest.fixture
def typed(little: LittleSchool) -> Canaries:
    return type_everywhere(little, "student")


def test_a_plain_dump_holds_nothing_that_was_typed(
    little: LittleSchool, typed: Canaries
) -> None:
    assert len(typed.taken) >= 50
    dump = plain_dump(little)
    assert typed.found_in(dump) == {}
    assert dump.count(MARK) > 60
    raw = b"".join(
        one.read_bytes() for one in file_of(little).parent.glob("milepost.db*")
    )
    assert typed.found_in(raw) == {}


def test_the_key_file_is_for_its_owner_alone(
    little: LittleSchool, typed: Canaries
) -> None:
    ring = key_ring(little.milepost.settings)
    assert stat.S_IMODE(ring.path.stat().st_mode) == 0o600
    assert ring.path.read_text() not in plain_dump(little)
    for key in ring.content()["fields"]:
        assert key not in plain_dump(little)


def test_people_read_what_they_wrote(little: LittleSchool, typed: Canaries) -> None:
    milepost, actor = little.milepost, little["student"]
    said = conversation.messages(milepost, actor)
    assert "zqcanary" in said[0].text
    assert "zqcanary" in goals.active_goals(milepost, actor)[0].what
    assert "zqcanary" in str(summaries.list_summaries(milepost, actor))


def test_rotation_seals_all_anew_and_the_old_key_can_go(
    little: LittleSchool, typed: Canaries
) -> None:
    milepost = little.milepost
    ring = key_ring(milepost.settings)
    old = ring.content()["fields"][0]
    before = plain_dump(little)
    with pytest.raises(Invalid, match="is a key file already"):
        keys.make_keys(milepost)
    changed = keys.rotate(milepost, no_tick)
    assert changed > 20
    assert left_behind(milepost.engine, key_ring(milepost.settings)) == 0
    assert keys.retire(milepost) == 1
    assert old not in ring.path.read_text()
    for line in before.splitlines():
        if MARK in line:
            assert line not in plain_dump(little)
    said = conversation.messages(milepost, little["student"])
    assert "zqcanary" in said[0].text
    assert verify(milepost)["north"].problems == []
    little.say("student", "after")
    assert keys.seal(milepost, no_tick) == 0


def test_an_old_key_stays_while_a_row_needs_it(
    little: LittleSchool, typed: Canaries
) -> None:
    key_ring(little.milepost.settings).add()
    with pytest.raises(Invalid, match="rows still need an older key"):
        keys.retire(little.milepost)


def test_a_rotation_that_was_cut_off_goes_on(
    little: LittleSchool, typed: Canaries
) -> None:
    class Cut(Exception):
        pass

    def cut(done: int, whole: int) -> None:
        if done == len(list(sealed_columns())) // 2:
            raise Cut

    with pytest.raises(Cut):
        keys.rotate(little.milepost, cut)
    assert left_behind(little.milepost.engine, key_ring(little.milepost.settings)) > 0
    assert keys.seal(little.milepost, no_tick) > 0
    assert keys.seal(little.milepost, no_tick) == 0
    assert keys.retire(little.milepost) == 1


def test_rows_of_before_are_read_and_then_sealed(little: LittleSchool) -> None:
    little.say("student", "hello")
    with closing(sqlite3.connect(file_of(little))) as connection:
        connection.execute(
            "UPDATE turn SET text = 'from before', replies = '[{\"text\": \"Old.\"}]'"
        )
        connection.commit()
    said = conversation.messages(little.milepost, little["student"])
    assert (said[0].text, said[0].replies[0]["text"]) == ("from before", "Old.")
    assert keys.seal(little.milepost, no_tick) == 1
    assert "from before" not in plain_dump(little)
    said = conversation.messages(little.milepost, little["student"])
    assert (said[0].text, said[0].replies[0]["text"]) == ("from before", "Old.")


def test_a_database_without_its_keys_opens_nothing(
    little: LittleSchool, tmp_path: Path
) -> None:
    little.say("student", "hello")
    other = settings_in(file_of(little).parent, key_file=tmp_path / "other.json")
    stranger = build(other, little.clock)
    with pytest.raises(KeysMissing), stranger.work() as work:
        work.session.scalars(select(Turn)).all()
    stranger.engine.dispose()


def test_only_local_mode_makes_keys_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    with pytest.raises(KeysMissing, match="milepost keys new"):
        KeyRing(path).seal("words")
    assert not path.exists()
    settings = settings_in(
        tmp_path, mode=Mode.SCHOOL, key_file=path, demo=False, now=None
    )
    assert key_ring(settings).may_make is False


def test_keys_that_were_changed_are_noticed_at_once(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path / "keys.json", may_make=True)
    first = ring.seal("words")
    KeyRing(tmp_path / "keys.json").add()
    os.utime(tmp_path / "keys.json", ns=(1, 1))
    assert not ring.is_newest(first)
    assert ring.is_newest(ring.seal("words"))
    assert ring.unseal(first) == "words"


def test_what_sealing_costs_a_turn(little: LittleSchool) -> None:
    """A turn seals its text and replies, and opens up to ten texts of before."""
    ring = key_ring(little.milepost.settings)
    message, replies = "I finished two labs this week " * 3, "That is a step. " * 30
    sealed = ring.seal(message)
    rounds = 300
    began = time.perf_counter()
    for _ in range(rounds):
        ring.seal(message), ring.seal(replies)
        for _ in range(13):
            ring.unseal(sealed)
    cost = (time.perf_counter() - began) / rounds * 1000
    print(f"sealing: {cost:.3f} ms a turn")
    assert cost < 10


def test_a_backup_is_restored_whole_on_an_empty_machine(
    little: LittleSchool, typed: Canaries, tmp_path: Path
) -> None:
    kept = tmp_path / "monday.tgz"
    began = time.perf_counter()
    made = backup.back_up(little.milepost, kept)
    empty = tmp_path / "elsewhere"
    empty.mkdir()
    theirs = settings_in(empty, key_file=key_ring(little.milepost.settings).path)
    back = backup.restore(theirs, kept)
    print(f"backup and restore: {time.perf_counter() - began:.2f} s, {made.total} rows")
    assert back.rows == made.rows
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    with closing(sqlite3.connect(empty / "milepost.db")) as connection:
        assert "\n".join(connection.iterdump()) == plain_dump(little)
    restored = build(theirs, little.clock)
    said = conversation.messages(restored, little["student"])
    assert "zqcanary" in said[0].text
    assert verify(restored)["north"].problems == []
    restored.engine.dispose()


def test_a_backup_holds_no_plain_words_and_no_keys(
    little: LittleSchool, typed: Canaries, tmp_path: Path
) -> None:
    import tarfile

    kept = tmp_path / "monday.tgz"
    backup.back_up(little.milepost, kept)
    ring = key_ring(little.milepost.settings)
    with tarfile.open(kept) as archive:
        names = archive.getnames()
        for name in names:
            file = archive.extractfile(name)
            assert file is not None
            content = file.read()
            assert typed.found_in(content) == {}
            assert ring.content()["log"].encode() not in content
    assert sorted(names) == ["backup.json", "milepost.db"]


def test_a_restore_refuses_what_it_would_overwrite_or_can_not_read(
    little: LittleSchool, tmp_path: Path
) -> None:
    kept = tmp_path / "monday.tgz"
    backup.back_up(little.milepost, kept)
    with pytest.raises(Invalid, match="is there already"):
        backup.back_up(little.milepost, kept)
    with pytest.raises(Invalid, match="not empty"):
        backup.restore(little.milepost.settings, kept)
    empty = tmp_path / "elsewhere"
    empty.mkdir()
    whole = kept.read_bytes()
    for damaged in (whole[: len(whole) // 2], b"not a backup", b""):
        kept.write_bytes(damaged)
        with pytest.raises(Invalid):
            backup.restore(settings_in(empty), kept)
        assert not (empty / "milepost.db").exists()


def test_a_restore_refuses_a_backup_with_a_flipped_bit(
    little: LittleSchool, tmp_path: Path
) -> None:
    """Wherever it is: in the packed bytes, too, where unpacking itself breaks."""
    kept, empty = tmp_path / "monday.tgz", tmp_path / "elsewhere"
    backup.back_up(little.milepost, kept)
    empty.mkdir()
    whole = kept.read_bytes()
    for number in range(1, 30):  # the first bytes are gzip's own: a name, a moment
        damaged = bytearray(whole)
        damaged[64 + (len(whole) - 64) * number // 31] ^= 1 << number % 8
        kept.write_bytes(damaged)
        with pytest.raises(Invalid):
            backup.restore(settings_in(empty), kept)
        assert not (empty / "milepost.db").exists()


def test_a_backup_while_people_write_is_whole(
    little: LittleSchool, tmp_path: Path
) -> None:
    import threading

    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            little.say("student", "one more")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [backup.back_up(little.milepost, tmp_path / f"{n}.tgz") for n in "abc"]
    finally:
        stop.set()
        writer.join()
    for number, one in enumerate(made):
        place = tmp_path / f"r{number}"
        place.mkdir()
        kept = tmp_path / f"{'abc'[number]}.tgz"
        assert backup.restore(settings_in(place), kept).rows == one.rows
        restored = build(settings_in(place), little.clock)
        with restored.work() as work:
            checked = work.session.execute(text("PRAGMA integrity_check")).scalar()
        assert checked == "ok"
        restored.engine.dispose()
