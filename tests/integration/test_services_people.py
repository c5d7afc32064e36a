"""Signing in, and alerts about students."""

import json
from datetime import datetime, timedelta

import pytest
from little_school import LittleSchool
from live import PASSWORD
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from pathways.services import alerts, sign_in
from pathways.services.access import Role
from pathways.services.conversation import answer, receive
from pathways.services.errors import Invalid, NotFound
from pathways.store.models import Person

SECOND = timedelta(seconds=1)


def enter(little: LittleSchool, name: str = "student") -> str:
    return sign_in.sign_in(little.milepost, name, PASSWORD)


def who(little: LittleSchool, secret: str) -> str | None:
    found = sign_in.actor_for(little.milepost, secret)
    return found.id if found else None


def test_a_name_and_its_password_open_a_session(little: LittleSchool) -> None:
    secret = sign_in.sign_in(little.milepost, "  STUDENT ", PASSWORD)
    assert who(little, secret) == little["student"].id


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("student", "wrong"),
        ("nobody", PASSWORD),
        ("student\0", PASSWORD),
        ("\ud800", "\ud800"),
        ("student", "\ud800"),
    ],
)
def test_what_is_wrong_is_not_said(
    username: str, password: str, little: LittleSchool
) -> None:
    with pytest.raises(Invalid) as refused:
        sign_in.sign_in(little.milepost, username, password)
    assert str(refused.value) == (
        "That name and password don't match. Please try again."
    )


@pytest.mark.parametrize(("username", "password"), [("student", ""), ("", "")])
def test_what_was_left_out_is_asked_for(
    username: str, password: str, little: LittleSchool
) -> None:
    with pytest.raises(Invalid, match="give your user name and your password"):
        sign_in.sign_in(little.milepost, username, password)


def test_a_secret_is_nowhere_in_the_database(little: LittleSchool) -> None:
    secret = enter(little)
    with little.milepost.engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM sign_in")).all()
    assert len(rows) == 1
    assert secret not in str(rows)


@pytest.mark.parametrize(
    ("name", "idle"),
    [
        ("student", timedelta(minutes=30)),
        ("family", timedelta(minutes=30)),
        ("advisor", timedelta(minutes=15)),
        ("counselor", timedelta(minutes=15)),
        ("admin", timedelta(minutes=15)),
    ],
)
def test_a_session_ends_when_nobody_uses_it(
    name: str, idle: timedelta, little: LittleSchool
) -> None:
    secret = enter(little, name)
    little.clock.now += idle - SECOND
    assert who(little, secret) == little[name].id
    little.clock.now += idle - SECOND
    assert who(little, secret) == little[name].id
    little.clock.now += idle + SECOND
    assert who(little, secret) is None
    little.clock.now -= idle
    assert who(little, secret) is None


@pytest.mark.parametrize("name", ["student", "advisor"])
def test_a_session_ends_after_twelve_hours_of_use(
    name: str, little: LittleSchool
) -> None:
    secret = enter(little, name)
    begun = little.clock.now
    while little.clock.now - begun < timedelta(hours=11, minutes=55):
        little.clock.now += timedelta(minutes=10)
        if little.clock.now - begun < timedelta(hours=12):
            assert who(little, secret) == little[name].id
    little.clock.now = begun + timedelta(hours=12, seconds=2)
    assert who(little, secret) is None


def test_signing_out_ends_one_session_and_not_the_other(little: LittleSchool) -> None:
    one, other = enter(little), enter(little)
    sign_in.sign_out(little.milepost, one)
    assert who(little, one) is None
    assert who(little, other) == little["student"].id


def test_who_left_the_school_is_out_at_once(little: LittleSchool) -> None:
    secret = enter(little)
    with little.milepost.work() as work:
        person = work.session.get(Person, little["student"].id)
        assert person is not None
        person.active = False
        work.commit()
    assert who(little, secret) is None
    with pytest.raises(Invalid):
        enter(little)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_page_to_start_on(role: Role) -> None:
    assert sign_in.home_of(role).startswith("/")


# Alerts


def test_an_alert_says_who_and_what_kind_and_never_the_words(
    little: LittleSchool,
) -> None:
    little.alert("student")
    for name in ("advisor", "counselor"):
        (seen,) = alerts.list_alerts(little.milepost, little[name])
        assert (seen.student, seen.category) == ("Student Test", "self_harm")
        assert seen.acknowledged_at is None


def test_the_first_to_take_an_alert_on_stays_on_record(little: LittleSchool) -> None:
    alert = little.alert("student")
    first = alerts.acknowledge(little.milepost, little["advisor"], alert)
    second = alerts.acknowledge(little.milepost, little["counselor"], alert)
    assert first.acknowledged_by == second.acknowledged_by == "Advisor Test"
    assert first.acknowledged_at == second.acknowledged_at


def test_open_alerts_come_first_then_the_newest(little: LittleSchool) -> None:
    ids = [little.alert("student", kind) for kind in ("first", "second", "third")]
    alerts.acknowledge(little.milepost, little["counselor"], ids[2])
    seen = alerts.list_alerts(little.milepost, little["counselor"])
    assert [one.category for one in seen] == ["second", "first", "third"]


def test_a_wish_to_talk_is_raised_once_and_again_once_taken_on(
    little: LittleSchool,
) -> None:
    milepost, student = little.milepost, little["student"]
    names = alerts.ask_for_person(milepost, student)
    assert names == ["Advisor Test", "Counselor Test"]
    alerts.ask_for_person(milepost, student)
    (wish,) = alerts.list_alerts(milepost, little["advisor"])
    assert wish.category == alerts.WANTS_PERSON
    alerts.acknowledge(milepost, little["advisor"], wish.id)
    alerts.ask_for_person(milepost, student)
    assert len(alerts.list_alerts(milepost, little["advisor"])) == 2


def spool(little: LittleSchool, alert_id: str | None = None) -> None:
    alerts.spool_alert(
        little.milepost,
        little["student"],
        "self_harm",
        "explicit",
        little.clock(),
        alert_id,
    )


def waiting(little: LittleSchool) -> list[str]:
    return sorted(
        file.suffix for file in alerts.spool_folder(little.milepost).iterdir()
    )


def raised(little: LittleSchool) -> list[datetime]:
    seen = alerts.list_alerts(little.milepost, little["counselor"])
    return [one.raised_at for one in seen]


def test_an_alert_on_disk_is_delivered_once_with_its_moment(
    little: LittleSchool,
) -> None:
    spool(little)
    moment = little.clock.now
    little.clock.now += timedelta(hours=2)
    assert alerts.deliver_spool(little.milepost) == 1
    assert alerts.deliver_spool(little.milepost) == 0
    assert raised(little) == [moment]
    assert waiting(little) == []


def test_a_file_that_outlives_its_delivery_is_not_delivered_again(
    little: LittleSchool,
) -> None:
    spool(little)
    folder = alerts.spool_folder(little.milepost)
    (file,) = folder.iterdir()
    content = file.read_text()
    alerts.deliver_spool(little.milepost)
    file.write_text(content)
    alerts.deliver_spool(little.milepost)
    assert len(raised(little)) == 1
    assert waiting(little) == []


def test_a_message_sent_again_waits_once(little: LittleSchool) -> None:
    same = alerts.alert_id_of(little["student"], "client-id")
    spool(little, same)
    spool(little, same)
    assert alerts.deliver_spool(little.milepost) == 1
    assert len(raised(little)) == 1


@pytest.mark.parametrize("disk_first", [True, False])
def test_an_alert_on_disk_and_its_message_stored_later_are_one(
    disk_first: bool, little: LittleSchool
) -> None:
    from pathways.safety import Screening

    milepost, student = little.milepost, little["student"]
    spool(little, alerts.alert_id_of(student, "client-id"))
    if disk_first:
        alerts.deliver_spool(milepost)
    message = receive(milepost, student, "client-id", "words")
    found = Screening("red", "self_harm", "explicit")
    answer(milepost, student, message, [{"text": "Help"}], screening=found)
    alerts.deliver_spool(milepost)
    assert len(raised(little)) == 1
    assert waiting(little) == []


def test_one_broken_file_does_not_keep_back_the_others(little: LittleSchool) -> None:
    folder = alerts.spool_folder(little.milepost)
    spool(little)
    (folder / "0.json").write_text("{")
    stranger = {"id": "x", "school_id": "gone", "student_id": "gone"}
    more = {"category": "a", "rule": "b", "raised_at": little.clock().isoformat()}
    (folder / "1.json").write_text(json.dumps({**stranger, **more}))
    assert alerts.deliver_spool(little.milepost) == 1
    assert len(raised(little)) == 1
    assert waiting(little) == [".json", ".unreadable"]


def test_a_half_written_file_waits_for_its_end(little: LittleSchool) -> None:
    spool(little)
    (file,) = alerts.spool_folder(little.milepost).iterdir()
    file.rename(file.with_suffix(".new"))
    assert alerts.deliver_spool(little.milepost) == 0
    assert raised(little) == []


def test_with_the_database_away_the_files_stay(
    little: LittleSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool(little)

    def away(self: object) -> None:
        raise OperationalError("connect", {}, OSError("away"))

    with monkeypatch.context() as patch:
        patch.setattr("pathways.store.unit_of_work.UnitOfWork.__enter__", away)
        assert alerts.deliver_spool(little.milepost) == 0
    assert waiting(little) == [".json"]
    assert alerts.deliver_spool(little.milepost) == 1


def test_nothing_on_disk_is_nothing_to_deliver(little: LittleSchool) -> None:
    assert alerts.deliver_spool(little.milepost) == 0


def test_an_alert_of_another_school_can_not_be_taken_on(little: LittleSchool) -> None:
    alert = little.alert("far_student")
    with pytest.raises(NotFound):
        alerts.acknowledge(little.milepost, little["counselor"], alert)
