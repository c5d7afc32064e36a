"""Notices to people on duty: each once, whatever fails in between (S14, S15, S17)."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from little_school import LittleSchool, open_school
from outside import Outside, outside

from pathways.app import Milepost, build
from pathways.senders import mail
from pathways.senders import webhook as webhooks
from pathways.senders.message import Notice, NotSent
from pathways.senders.outgoing import send_waiting
from pathways.senders.watch import watch_once, write_all_due
from pathways.senders.webhook import SIGNATURE, address_problem, send_webhook
from pathways.services import alerts, conversation, duty, notices, preferences
from pathways.services.duty import Duty
from pathways.services.errors import Invalid
from pathways.store.alert_models import AlertNotice

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # 10 in the morning in Ohio
SECRET = "hK7c-2pQw_Rt9yUi4oAs6dFg8hJk3lZx"
MINUTE = timedelta(minutes=1)
WORDS = "i am so tired of being alive"


@pytest.fixture
def world() -> Iterator[Outside]:
    with outside() as found:
        yield found


@pytest.fixture
def school(
    two_schools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, world: Outside
) -> Iterator[LittleSchool]:
    """A school with a counselor and an advisor on duty, on a Monday at ten."""
    more = {
        "smtp_url": world.smtp_url,
        "mail_from": "milepost@north.example",
        "webhook_secret": SECRET,
        "webhook_loopback": True,
        "public_url": "https://milepost.north.example",
    }
    found = open_school(two_schools, tmp_path, **more)
    found.clock.now = MONDAY
    put_on_duty(found, webhook=world.webhook)
    yield found
    found.milepost.engine.dispose()


def put_on_duty(school: LittleSchool, **more: Any) -> None:
    members = {
        school["counselor"].id: "counselor@north.example",
        school["advisor"].id: "advisor@north.example",
        school["other_advisor"].id: "",
    }
    new = Duty(**{"members": members, **more})
    duty.set_duty(school.milepost, school["admin"], new)


def watch(school: LittleSchool, after: timedelta = timedelta(0)) -> None:
    school.clock.now += after
    asyncio.run(watch_once(school.milepost))


def rows(school: LittleSchool, alert_id: str) -> list[AlertNotice]:
    with school.milepost.work() as work:
        return list(work.alerts.notices(alert_id))


def to(world: Outside) -> list[str]:
    return [str(one["To"]) for one in world.mails]


def test_first_next_and_all_are_told_in_hours(
    school: LittleSchool, world: Outside
) -> None:
    school.alert("student")
    watch(school)
    assert to(world) == ["counselor@north.example"]
    watch(school, 4 * MINUTE)
    assert len(world.mails) == 1
    watch(school, MINUTE)
    assert to(world)[1:] == ["advisor@north.example"]
    watch(school, 5 * MINUTE)
    assert sorted(to(world)[2:]) == ["advisor@north.example", "counselor@north.example"]
    assert len(world.posts) == 3
    watch(school, timedelta(hours=2))
    assert (len(world.mails), len(world.posts)) == (4, 3)


def test_a_notice_speaks_its_reader_s_language(
    school: LittleSchool, world: Outside
) -> None:
    preferences.speak(school.milepost, school["counselor"], "es")
    school.alert("student")
    watch(school)
    watch(school, 5 * MINUTE)
    spanish, english = world.mails
    assert "mire esto ahora" in str(spanish["Subject"])
    assert "please look now" in str(english["Subject"])


def test_who_takes_it_on_ends_it(school: LittleSchool, world: Outside) -> None:
    alert_id = school.alert("student")
    watch(school)
    alerts.acknowledge(school.milepost, school["advisor"], alert_id)
    watch(school, timedelta(days=2))
    assert len(world.mails) == 1


def test_two_people_take_it_on_at_once_and_one_stays_on_record(
    school: LittleSchool,
) -> None:
    for _ in range(5):
        alert_id = school.alert("student")
        with ThreadPoolExecutor(2) as pool:
            seen = list(
                pool.map(
                    lambda name, one=alert_id: alerts.acknowledge(  # type: ignore[misc]
                        school.milepost, school[name], one
                    ),
                    ("advisor", "counselor"),
                )
            )
        assert seen[0].acknowledged_by == seen[1].acknowledged_by != ""


def test_a_notice_holds_no_words_no_kind_and_no_name(
    school: LittleSchool, world: Outside
) -> None:
    actor = school["student"]
    message = conversation.receive(school.milepost, actor, "key", WORDS)
    from pathways.safety import Screening

    red = Screening("red", "self_harm", "sh.test")
    conversation.answer(
        school.milepost, actor, message, [{"text": "Help"}], screening=red
    )
    watch(school)
    everything = [world.mails[0].as_string(), world.posts[0][1].decode()]
    for text in everything:
        for secret in (WORDS, "tired", "self_harm", "harm", "Student", actor.id):
            assert secret not in text, secret
        assert "https://milepost.north.example/alerts/" in text


@pytest.mark.parametrize(
    ("naming", "shown"), [("initials", "S. T."), ("name", "Student Test")]
)
def test_a_school_may_allow_initials_or_the_name(
    school: LittleSchool, world: Outside, naming: str, shown: str
) -> None:
    put_on_duty(school, naming=naming)
    school.alert("student")
    watch(school)
    assert shown in str(world.mails[0].get_payload())
    assert shown not in str(world.mails[0]["Subject"])


def test_a_webhook_is_signed_and_carries_its_own_id(
    school: LittleSchool, world: Outside
) -> None:
    school.alert("student")
    watch(school)
    ((headers, body),) = world.posts
    stamp, _, sent = headers[SIGNATURE].partition(",v1=")
    signed = f"{stamp.removeprefix('t=')}.".encode() + body
    assert sent == hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["Idempotency-Key"] == json.loads(body)["id"]


def test_servers_that_fail_are_tried_again_with_growing_waits(
    school: LittleSchool, world: Outside
) -> None:
    world.mode = "fail"
    alert_id = school.alert("student")
    watch(school)
    first = rows(school, alert_id)
    assert {one.problem for one in first} == {"mail_SMTPDataError", "webhook_503"}
    assert all(one.tries == 1 and one.sent_at is None for one in first)
    watch(school)
    assert {one.tries for one in rows(school, alert_id)} == {1}
    watch(school, timedelta(seconds=6))
    assert {one.tries for one in rows(school, alert_id)} == {2}
    world.mode = "ok"
    watch(school, timedelta(seconds=11))
    assert (len(world.mails), len(world.posts)) == (1, 1)
    assert all(one.sent_at and not one.problem for one in rows(school, alert_id))
    watch(school, MINUTE)
    assert (len(world.mails), len(world.posts)) == (1, 1)


def test_nobody_waits_for_a_server_that_hangs(
    school: LittleSchool, world: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "SECONDS", 0.3)
    monkeypatch.setattr(webhooks, "SECONDS", 0.3)
    world.mode = "hang"
    alert_id = school.alert("student")
    watch(school)
    assert {one.problem for one in rows(school, alert_id)} == {
        "mail_SMTPServerDisconnected",
        "webhook_too_slow",
    }
    world.let_go.set()
    world.mode = "ok"
    world.mails.clear()
    watch(school, timedelta(seconds=6))
    assert len(world.mails) == 1
    assert all(one.sent_at for one in rows(school, alert_id))


def test_without_a_mail_server_the_page_says_so(
    two_schools: Path, tmp_path: Path
) -> None:
    bare = open_school(two_schools, tmp_path)
    bare.clock.now = MONDAY
    put_on_duty(bare)
    alert_id = bare.alert("student")
    watch(bare)
    (row,) = rows(bare, alert_id)
    assert (row.problem, row.sent_at) == ("no_mail_server", None)
    bare.milepost.engine.dispose()


def test_a_crash_between_sending_and_noting_sends_it_under_the_same_id(
    school: LittleSchool, world: Outside
) -> None:
    school.alert("student")
    write_all_due(school.milepost)
    for one in notices.waiting(school.milepost):
        assert notices.take(school.milepost, one) is not None
    watch(school)
    assert world.mails == []
    watch(school, notices.LEASE + timedelta(seconds=1))
    assert (len(world.mails), len(world.posts)) == (1, 1)


def again(school: LittleSchool) -> Milepost:
    """Another app on the same database, as after a restart."""
    return build(school.milepost.settings, school.clock)


def test_a_restart_loses_no_step_and_repeats_none(
    school: LittleSchool, world: Outside
) -> None:
    alert_id = school.alert("student")
    watch(school)
    school.clock.now += 11 * MINUTE  # the app was away over two steps
    other = again(school)
    asyncio.run(watch_once(other))
    asyncio.run(watch_once(school.milepost))
    other.engine.dispose()
    kept = rows(school, alert_id)
    assert sorted({one.step for one in kept}) == ["all", "first", "next"]
    assert to(world).count("counselor@north.example") == 2
    assert to(world).count("advisor@north.example") == 1  # not twice for two steps
    assert len(kept) == len({one.id for one in kept})


def test_two_apps_at_once_double_nothing(school: LittleSchool, world: Outside) -> None:
    others = [again(school) for _ in range(4)]
    made = [school.alert("student") for _ in range(10)]
    for after in (timedelta(0), 5 * MINUTE, 5 * MINUTE):
        school.clock.now += after
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda one: asyncio.run(watch_all(one)), others))
    for one in others:
        one.engine.dispose()
    assert len(world.mails) == len(made) * 4
    assert len({one["Message-ID"] for one in world.mails}) == len(made) * 4
    assert len(world.posts) == len(made) * 3


async def watch_all(milepost: Milepost) -> None:
    for _ in range(6):
        await watch_once(milepost)


def test_an_alert_that_waited_on_disk_is_passed_on(
    school: LittleSchool, world: Outside
) -> None:
    now = school.clock()
    alerts.spool_alert(school.milepost, school["student"], "abuse", "ab.x", now)
    assert alerts.deliver_spool(school.milepost) == 1
    watch(school)
    assert to(world) == ["counselor@north.example"]


def test_without_a_list_the_counselors_see_it(school: LittleSchool) -> None:
    alert_id = school.alert("far_student")
    watch(school)
    (row,) = rows(school, alert_id)
    assert (row.recipient, row.channel) == (school["far_counselor"].id, "page")


@pytest.mark.parametrize("category", [alerts.WANTS_COPY, alerts.WANTS_DELETION])
def test_a_wish_for_data_wakes_nobody(school: LittleSchool, category: str) -> None:
    alert_id = school.alert("student", category)
    watch(school, timedelta(days=2))
    assert rows(school, alert_id) == []


# Addresses
INNER = [
    "http://hooks.example/x",
    "https://10.0.0.1/",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://[::ffff:192.168.0.1]/",
    "https://169.254.169.254/latest",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://user:pass@hooks.example/",
    "ftp://hooks.example/",
    "https://",
    "https://hooks.example:99999/",
]


@pytest.mark.parametrize("url", INNER)
def test_an_inner_address_is_refused_when_set_and_when_sent(
    url: str, school: LittleSchool, world: Outside
) -> None:
    assert address_problem(url)
    strict = school.milepost.settings.model_copy(update={"webhook_loopback": False})
    milepost = replace(school.milepost, settings=strict)
    with pytest.raises(Invalid):
        duty.set_duty(milepost, school["admin"], Duty(webhook=url))
    with pytest.raises(NotSent):
        asyncio.run(send_webhook(notice_for(url), SECRET, MONDAY))
    assert world.posts == []


def test_a_name_that_leads_inside_is_refused(world: Outside) -> None:
    port = world.webhook.rpartition(":")[2]
    with pytest.raises(NotSent, match="webhook_"):
        url = f"https://localhost:{port}"
        asyncio.run(send_webhook(notice_for(url), SECRET, MONDAY))
    assert not world.reached.is_set()


def test_a_redirect_is_not_followed(world: Outside) -> None:
    world.mode = "redirect"
    with pytest.raises(NotSent, match="webhook_302"):
        asyncio.run(
            send_webhook(notice_for(world.webhook), SECRET, MONDAY, loopback=True)
        )


def notice_for(url: str) -> Notice:
    words = ("first", "North", "", "subject", "text", "page")
    return Notice("id", "webhook", "webhook", url, *words, MONDAY)


def test_nothing_is_sent_by_hand_of_a_send_without_alerts(
    school: LittleSchool, world: Outside
) -> None:
    assert asyncio.run(send_waiting(school.milepost)) == []
    assert (world.mails, world.posts) == ([], [])
