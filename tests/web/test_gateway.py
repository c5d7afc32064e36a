"""One turn through the gateway, whatever the assistant or the database does."""

import asyncio
import json
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast

import pytest
from door import Coach, Door
from little_school import LittleSchool
from sqlalchemy.exc import OperationalError

from pathways.safety import Screening
from pathways.safety.screening import CLEAR
from pathways.services import alerts, conversation
from pathways.services.messages import ANSWERED, FAILED, Lease, Message
from web.gateway import Gateway
from web.off_record import NotSaved
from web.rasa_client import (
    RasaClient,
)
from web.second_net import heard

RED = "I want to kill myself"
SECRET = "a-secret-of-the-channel"
STALE = timedelta(seconds=60)


def new() -> str:
    return str(uuid.uuid4())


@pytest.fixture
def coach() -> Coach:
    return Coach()


@pytest.fixture
def gateway(little: LittleSchool, coach: Coach) -> Gateway:
    return Gateway(little.milepost, cast(RasaClient, coach))


def stored(little: LittleSchool) -> list[Message]:
    return conversation.messages(little.milepost, little["student"])


def spooled(little: LittleSchool) -> list[dict[str, Any]]:
    folder = alerts.spool_folder(little.milepost)
    return [json.loads(file.read_text()) for file in folder.glob("*.json")]


def raised(little: LittleSchool) -> int:
    return len(alerts.list_alerts(little.milepost, little["counselor"]))


# Order and once


async def test_a_double_click_is_one_turn(
    gateway: Gateway, little: LittleSchool, coach: Coach
) -> None:
    key = new()
    found = await asyncio.gather(
        *(gateway.turn(little["student"], key, "hello") for _ in range(8))
    )
    assert {one.id for one in found} == {found[0].id}
    assert {one.status for one in found} == {ANSWERED}
    assert len(coach.turns) == 1
    assert len(stored(little)) == 1


async def test_twenty_at_once_are_all_answered_in_their_places(
    gateway: Gateway, little: LittleSchool, coach: Coach
) -> None:
    inside = 0

    async def one_at_a_time(message: Message, now: object) -> list[dict[str, Any]]:
        nonlocal inside
        inside += 1
        assert inside == 1
        await asyncio.sleep(0)
        inside -= 1
        return [{"text": f"You said {message.text}"}]

    coach.turn = one_at_a_time  # type: ignore[method-assign,assignment]
    said = [f"message {number}" for number in range(20)]
    found = await asyncio.gather(
        *(gateway.turn(little["student"], new(), text) for text in said)
    )
    assert {one.status for one in found} == {ANSWERED}
    for one in found:
        assert one.replies[0]["text"] == f"You said {one.text}"
    kept = stored(little)
    assert [one.place for one in kept] == list(range(1, 21))
    assert sorted(one.text for one in kept) == sorted(said)


async def test_two_students_do_not_wait_for_each_other(
    gateway: Gateway, little: LittleSchool, coach: Coach
) -> None:
    both = asyncio.Barrier(2)

    async def together(message: Message, now: object) -> list[dict[str, Any]]:
        async with asyncio.timeout(20):
            await both.wait()
        return [{"text": "Hello."}]

    coach.turn = together  # type: ignore[method-assign,assignment]
    found = await asyncio.gather(
        gateway.turn(little["student"], new(), "hi"),
        gateway.turn(little["other_student"], new(), "hi"),
    )
    assert {one.status for one in found} == {ANSWERED}


async def test_a_turn_that_waits_too_long_says_so_and_is_kept(
    little: LittleSchool, coach: Coach
) -> None:
    settings = little.milepost.settings.model_copy(
        update={"turn_timeout_seconds": 0.05}
    )
    object.__setattr__(little.milepost, "settings", settings)
    gateway = Gateway(little.milepost, cast(RasaClient, coach))
    somebody = Lease("somebody", timedelta(hours=1))
    first = conversation.receive(
        little.milepost, little["student"], new(), "first", somebody
    )
    key = new()
    found = await gateway.turn(little["student"], key, "hi")
    assert found.status == FAILED
    assert found.replies[0]["text"].startswith("I am still working")
    conversation.answer(little.milepost, little["student"], first, [{"text": "Ok."}])
    assert (await gateway.turn(little["student"], key, "hi")).status == ANSWERED


async def test_a_turn_answered_while_another_waited_is_not_taken_twice(
    little: LittleSchool,
) -> None:
    milepost, student = little.milepost, little["student"]
    key = new()
    one, other = (Lease(name, timedelta(seconds=20)) for name in ("one", "other"))
    first = conversation.receive(milepost, student, key, "hi", one)
    second = conversation.receive(milepost, student, key, "hi", other)
    assert (first.holder, second.holder) == ("one", None)
    conversation.answer(milepost, student, first, [{"text": "Ok."}])
    late = conversation.hold(milepost, student, second.id, other)
    assert (late.holder, late.status) == (None, ANSWERED)


async def test_the_place_is_free_again_after_a_failure(
    gateway: Gateway, little: LittleSchool, coach: Coach
) -> None:
    coach.away = True
    assert (await gateway.turn(little["student"], new(), "one")).status == FAILED
    coach.away = False
    assert (await gateway.turn(little["student"], new(), "two")).status == ANSWERED
    assert [one.status for one in stored(little)] == [FAILED, ANSWERED]


# Danger


async def test_help_comes_without_the_assistant(
    gateway: Gateway, little: LittleSchool, coach: Coach
) -> None:
    coach.away = True
    found = await gateway.turn(little["student"], new(), RED)
    assert (found.status, found.safety) == (ANSWERED, "red")
    assert "988" in found.replies[0]["text"]
    assert coach.turns == []
    assert raised(little) == 1


async def test_what_the_model_takes_for_danger_gets_the_same_help(
    gateway: Gateway, little: LittleSchool, coach: Coach
) -> None:
    coach.replies = [{"text": "", "crisis": True}]
    found = await gateway.turn(little["student"], new(), "hello there")
    assert (found.status, found.safety) == (ANSWERED, "red")
    assert "988" in found.replies[0]["text"]
    assert raised(little) == 1


async def test_what_the_reader_in_the_assistant_hears_keeps_its_kind(
    gateway: Gateway, little: LittleSchool, coach: Coach
) -> None:
    coach.replies = [{"text": "", "danger": {"level": "red", "kind": "neglect"}}]
    found = await gateway.turn(little["student"], new(), "hello there")
    assert (found.status, found.safety) == (ANSWERED, "red")
    (alert,) = alerts.list_alerts(little.milepost, little["counselor"])
    assert alert.category == "neglect"


async def test_what_the_reader_finds_hard_gets_a_line_of_support(
    gateway: Gateway, little: LittleSchool, coach: Coach
) -> None:
    coach.replies = [{"text": "Hi.", "danger": {"level": "soft", "kind": "eating"}}]
    found = await gateway.turn(little["student"], new(), "hello there")
    assert (found.status, found.safety, raised(little)) == (ANSWERED, "soft", 0)
    assert [len(found.replies), "danger" in found.replies[0]] == [2, False]
    assert "Ms. Rivera" in found.replies[1]["text"]


async def test_the_assistant_is_told_that_words_were_denied(
    gateway: Gateway, little: LittleSchool, coach: Coach
) -> None:
    for words in ("I would never kill myself", "what classes can I take"):
        await gateway.turn(little["student"], new(), words)
    told = [turn.screening for turn in coach.turns]
    assert [one.calm for one in told if one] == [True, False]


@pytest.mark.parametrize("told", [{}, {"level": "red", "kind": "?"}, {"level": 5}])
def test_a_kind_that_nobody_knows_is_taken_for_self_harm(told: dict[str, Any]) -> None:
    found = heard(CLEAR, [{"text": "", "crisis": True, "danger": told}])
    assert (found.level, found.category) == ("red", "self_harm")


def test_the_assistant_never_lowers_what_the_screen_found() -> None:
    seen = Screening("soft", "abuse", "ab.hit")
    assert heard(seen, [{"danger": {"level": "soft", "kind": "eating"}}]) == seen
    assert heard(seen, [{"text": "Hi."}]) == seen


async def test_after_a_red_flag_nothing_is_coached_until_the_student_goes_on(
    gateway: Gateway, little: LittleSchool, coach: Coach
) -> None:
    await gateway.turn(little["student"], new(), RED)
    talk = await gateway.turn(little["student"], new(), "Talk to a person")
    assert "Ms. Rivera" in talk.replies[0]["text"]
    assert coach.turns == []
    going_on = await gateway.turn(little["student"], new(), "go on with coaching")
    assert going_on.status == ANSWERED
    await gateway.turn(little["student"], new(), "hello")
    assert [turn.text for turn in coach.turns] == ["hello"]
    assert raised(little) == 2


class Broken:
    """A database that stops answering, from the start or at a step."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch

    def everywhere(self) -> None:
        self.at("pathways.store.unit_of_work.UnitOfWork.__enter__")

    def at(self, name: str) -> None:
        def away(*given: object, **more: object) -> None:
            raise OperationalError("SELECT", {}, OSError("away"))

        self._patch.setattr(name, away)

    def mended(self) -> None:
        self._patch.undo()


@pytest.fixture
def database() -> Iterator[Broken]:
    with pytest.MonkeyPatch.context() as patch:
        yield Broken(patch)


async def test_without_a_database_help_comes_and_the_alert_waits_on_disk(
    gateway: Gateway, little: LittleSchool, database: Broken
) -> None:
    await gateway.turn(little["student"], new(), "hello")
    database.everywhere()
    key = new()
    for _ in range(3):
        with pytest.raises(NotSaved) as told:
            await gateway.turn(little["student"], key, RED)
        assert told.value.level == "red"
        assert "988" in str(told.value.replies[0]["text"])
        assert "Ms. Rivera" in str(told.value.replies[0]["text"])
    (waiting,) = spooled(little)
    assert RED not in str(waiting)
    database.mended()
    assert alerts.deliver_spool(little.milepost) == 1
    await gateway.turn(little["student"], key, RED)
    assert raised(little) == 1


async def test_an_ordinary_message_that_can_not_be_saved_says_so(
    gateway: Gateway, little: LittleSchool, database: Broken, coach: Coach
) -> None:
    database.everywhere()
    with pytest.raises(NotSaved) as told:
        await gateway.turn(little["student"], new(), "hello")
    assert told.value.level == "none"
    assert told.value.replies[0]["text"].startswith("I could not save")
    assert coach.turns == []
    assert spooled(little) == []


STEPS = ("answer", "safety_adult")


@pytest.mark.parametrize("step", STEPS)
async def test_a_database_lost_in_mid_turn_still_lets_help_through(
    step: str, gateway: Gateway, little: LittleSchool, database: Broken
) -> None:
    database.at(f"pathways.services.conversation.{step}")
    key = new()
    found = await gateway.turn(little["student"], key, RED)
    assert found.safety == "red"
    assert "988" in found.replies[0]["text"]
    database.mended()
    little.clock.now += 2 * STALE
    alerts.deliver_spool(little.milepost)
    again = await gateway.turn(little["student"], key, RED)
    assert (again.status, again.safety) == (ANSWERED, "red")
    assert raised(little) == 1


@pytest.mark.parametrize("step", STEPS)
async def test_a_database_lost_in_mid_turn_loses_nothing_typed(
    step: str, gateway: Gateway, little: LittleSchool, database: Broken
) -> None:
    database.at(f"pathways.services.conversation.{step}")
    key = new()
    found = await gateway.turn(little["student"], key, "hello")
    assert found.status == FAILED
    assert found.replies[0]["text"].startswith("Your message is saved")
    database.mended()
    assert [one.text for one in stored(little)] == ["hello"]
    little.clock.now += 2 * STALE
    assert (await gateway.turn(little["student"], key, "hello")).status == ANSWERED


async def test_a_full_disk_does_not_keep_help_back(
    gateway: Gateway,
    little: LittleSchool,
    database: Broken,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*given: object) -> None:
        raise OSError(28, "No space left on device")

    database.everywhere()
    monkeypatch.setattr("pathways.services.alerts.spool_alert", full)
    with pytest.raises(NotSaved) as told:
        await gateway.turn(little["student"], new(), RED)
    assert "988" in str(told.value.replies[0]["text"])


def test_the_api_carries_the_replies_in_its_problem(
    door: Door, database: Broken
) -> None:
    assert door.say("student", "hello").status_code == 200
    database.everywhere()
    red, plain = door.say("student", RED), door.say("student", "hello")
    for answer in (red, plain):
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
    assert (red.json()["safety"], plain.json()["safety"]) == ("red", "none")
    assert "988" in red.json()["replies"][0]["text"]
    assert door.api("student", "GET", "/plan").status_code == 503
    database.mended()
    assert alerts.deliver_spool(door.little.milepost) == 1
    (alert,) = alerts.list_alerts(door.little.milepost, door.little["advisor"])
    assert alert.student_id == door.little["student"].id


def test_help_comes_even_to_somebody_whom_nobody_remembers(
    door: Door, database: Broken
) -> None:
    door.secret("student")
    database.everywhere()
    answer = door.say("student", RED)
    assert answer.status_code == 503
    assert "988" in answer.json()["replies"][0]["text"]
    assert spooled(door.little) == []


def test_the_page_shows_help_too_with_and_without_its_script(
    door: Door, database: Broken
) -> None:
    said = {"client_message_id": new(), "text": RED}
    assert door.page("student", "GET", "/chat").status_code == 200
    secret = door.secret("student")
    database.everywhere()
    plain = door.page("student", "POST", "/chat/messages", **said)
    assert plain.status_code == 503
    assert "988" in plain.text
    stream = door.client.post(
        "/chat/messages",
        data={**said, "csrf": door.csrf(secret)},
        headers={"accept": "text/event-stream"},
    )
    assert stream.status_code == 200
    assert stream.headers["content-type"].startswith("text/event-stream")
    assert stream.text.startswith("event: unsaved\n")
    assert "988" in stream.text
    database.mended()
    assert alerts.deliver_spool(door.little.milepost) == 1
    assert raised(door.little) == 1
