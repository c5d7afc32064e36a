"""Between gateway and Rasa: the breaker, the line, and the pace of one person."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field, replace
from typing import Any, cast

import pytest
from door import Door
from little_school import LittleSchool
from live import START
from test_rasa_client import message

from pathways.services.messages import ANSWERED, FAILED
from pathways.settings import Settings
from web import guard, pace
from web.gateway import Gateway
from web.guard import AT_ONCE, FAILURES, Guard, LineFull, Resting
from web.keeping import lease_seconds
from web.pace import Pace
from web.rasa_client import AssistantAway, NotReached, RasaClient, workers_of

HELLO = [{"text": "Hello."}]
TOO_FAST = "Your messages come very fast."


@dataclass
class Time:
    """Seconds that a test sets."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Worker:
    """Stands where Rasa's client stands."""

    urls: tuple[str, ...] = ("http://127.0.0.1:1",)
    away: bool = False
    up: bool = True
    gone: frozenset[int] = frozenset()
    took: list[int] = field(default_factory=list)
    asked: int = 0
    running: int = 0
    most: int = 0
    probes: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def turn(
        self, message: Any, now: Any, number: int = 0
    ) -> list[dict[str, Any]]:
        self.asked += 1
        if number in self.gone:
            raise NotReached("gone")
        self.took.append(number)
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await self.gate.wait()
            await asyncio.sleep(0)
        finally:
            self.running -= 1
        if self.away:
            raise AssistantAway("away")
        return [dict(one) for one in HELLO]

    async def probe(self, number: int) -> None:
        self.probes += 1
        if number in self.gone:
            raise NotReached("gone")
        if not self.up:
            raise AssistantAway("not well")

    async def ready(self) -> bool:
        return self.up


@pytest.fixture
def worker() -> Worker:
    return Worker()


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def guarded(worker: Worker, clock: Time) -> Guard:
    return Guard(cast(RasaClient, worker), clock)


async def fail(guarded: Guard, times: int = FAILURES) -> None:
    for _ in range(times):
        with pytest.raises(AssistantAway):
            await guarded.turn(message(), START)


# The breaker (R5)


async def test_failures_in_a_row_open_the_breaker_and_nothing_is_sent(
    guarded: Guard, worker: Worker
) -> None:
    worker.away = True
    await fail(guarded)
    begun = time.perf_counter()
    with pytest.raises(Resting) as told:
        await guarded.turn(message(), START)
    assert time.perf_counter() - begun < 0.1
    assert (worker.asked, worker.probes) == (FAILURES, 0)
    assert 0 < told.value.seconds <= guard.LONGEST_PAUSE


async def test_an_answer_in_between_keeps_it_closed(
    guarded: Guard, worker: Worker
) -> None:
    for _ in range(3):
        worker.away = True
        await fail(guarded, FAILURES - 1)
        worker.away = False
        assert await guarded.turn(message(), START) == HELLO


async def test_a_worker_that_is_still_down_is_asked_for_its_health_only(
    guarded: Guard, worker: Worker, clock: Time
) -> None:
    worker.away, worker.up = True, False
    await fail(guarded)
    waited = []
    for _ in range(6):
        clock.now += guard.LONGEST_PAUSE
        with pytest.raises(Resting) as told:
            await guarded.turn(message(), START)
        waited.append(told.value.seconds)
    assert (worker.asked, worker.probes) == (FAILURES, 6)
    assert waited == sorted(waited)
    assert waited[-1] == guard.LONGEST_PAUSE


async def test_a_worker_that_is_back_closes_it_with_one_try(
    guarded: Guard, worker: Worker, clock: Time
) -> None:
    worker.away = True
    await fail(guarded)
    clock.now += guard.FIRST_PAUSE
    worker.away = False
    worker.gate.clear()
    first = asyncio.create_task(guarded.turn(message(), START))
    await asyncio.sleep(0.01)
    with pytest.raises(Resting):
        await guarded.turn(message(), START)
    worker.gate.set()
    assert await first == HELLO
    assert await guarded.turn(message(), START) == HELLO
    assert worker.asked == FAILURES + 2


async def test_a_try_that_fails_or_is_broken_off_leaves_it_open_for_the_next(
    guarded: Guard, worker: Worker, clock: Time
) -> None:
    worker.away = True
    await fail(guarded)
    clock.now += guard.FIRST_PAUSE
    await fail(guarded, 1)
    clock.now += guard.LONGEST_PAUSE
    worker.gate.clear()
    broken = asyncio.create_task(guarded.turn(message(), START))
    await asyncio.sleep(0.01)
    broken.cancel()
    await asyncio.gather(broken, return_exceptions=True)
    worker.gate.set()
    worker.away = False
    assert await guarded.turn(message(), START) == HELLO


async def test_one_worker_that_fails_does_not_hold_up_the_other(clock: Time) -> None:
    two = Worker(urls=("http://127.0.0.1:1", "http://127.0.0.1:2"), away=True)
    guarded = Guard(cast(RasaClient, two), clock)
    await fail(guarded)
    two.away = False
    served = 0
    for number in range(20):
        other = replace(message(), conversation_id=str(number))
        try:
            assert await guarded.turn(other, START) == HELLO
            served += 1
        except Resting:
            pass
    assert 0 < served < 20


async def test_where_nothing_listens_the_next_worker_takes_the_turn(
    clock: Time,
) -> None:
    three = Worker(urls=("http://127.0.0.1:1",) * 3)
    guarded = Guard(cast(RasaClient, three), clock)
    own, second, third = workers_of(message().conversation_id, 3)
    for _ in range(2 * FAILURES):
        three.gone = frozenset({own})
        assert await guarded.turn(message(), START) == HELLO
    assert set(three.took) == {second}
    clock.now += guard.LONGEST_PAUSE
    three.gone = frozenset({own, second})
    assert await guarded.turn(message(), START) == HELLO
    assert three.took[-1] == third
    three.gone = frozenset(range(3))
    with pytest.raises(NotReached):
        await guarded.turn(message(), START)
    clock.now += guard.LONGEST_PAUSE
    three.gone = frozenset()
    assert await guarded.turn(message(), START) == HELLO
    assert three.took[-1] == own


async def test_a_worker_in_trouble_keeps_its_conversations(clock: Time) -> None:
    two = Worker(urls=("http://127.0.0.1:1",) * 2, away=True)
    guarded = Guard(cast(RasaClient, two), clock)
    await fail(guarded)
    with pytest.raises(Resting):
        await guarded.turn(message(), START)
    assert len(set(two.took)) == 1


# The line (back-pressure)


async def test_a_worker_gets_a_few_turns_at_a_time_and_all_are_answered(
    guarded: Guard, worker: Worker
) -> None:
    turns = (guarded.turn(message(), START) for _ in range(40))
    assert await asyncio.gather(*turns) == [HELLO] * 40
    assert worker.most == AT_ONCE


async def test_who_would_wait_too_long_is_told_how_long(
    guarded: Guard, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "LONGEST_WAIT", 1.0)
    worker.gate.clear()
    held = [
        asyncio.create_task(guarded.turn(message(), START)) for _ in range(AT_ONCE + 13)
    ]
    await asyncio.sleep(0.01)
    begun = time.perf_counter()
    with pytest.raises(LineFull) as told:
        await guarded.turn(message(), START)
    assert time.perf_counter() - begun < 0.1
    assert 1.0 < told.value.seconds < 2.0
    worker.gate.set()
    assert await asyncio.gather(*held) == [HELLO] * (AT_ONCE + 13)


async def test_who_waited_too_long_is_told_and_leaves_the_line(
    guarded: Guard, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.gate.clear()
    held = [asyncio.create_task(guarded.turn(message(), START)) for _ in range(AT_ONCE)]
    await asyncio.sleep(0.01)
    monkeypatch.setattr(guard, "LONGEST_WAIT", 0.2)
    with pytest.raises(LineFull):
        await guarded.turn(message(), START)
    worker.gate.set()
    assert await asyncio.gather(*held) == [HELLO] * AT_ONCE
    assert await guarded.turn(message(), START) == HELLO


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Resting("resting", 2.3), "I need a short break"),
        (LineFull("full", 2.3), "Many students are writing"),
    ],
)
async def test_the_student_reads_plainly_that_it_is_saved_and_when_to_come_back(
    error: AssistantAway, words: str, door: Door, little: LittleSchool
) -> None:
    async def turn(message: Any, now: Any) -> Any:
        raise error

    door.coach.turn = turn  # type: ignore[method-assign]
    answer = door.say("student", "hello").json()
    assert answer["status"] == FAILED
    text = answer["replies"][0]["text"]
    assert text.startswith("Your message is saved.")
    assert words in text
    assert "about 3 seconds" in text
    assert door.say("student", "I want to kill myself").json()["safety"] == "red"


# The place of a turn that waits in line


async def test_a_place_is_kept_for_as_long_as_a_turn_waits_in_line(
    little: LittleSchool, worker: Worker
) -> None:
    """The second tab may not overtake, however long the first waits for Rasa."""
    shorter = little.milepost.settings.model_copy(update={"turn_timeout_seconds": 1.0})
    object.__setattr__(little.milepost, "settings", shorter)
    object.__setattr__(little.milepost, "clock", lambda: _now())
    gateway = Gateway(little.milepost, cast(Any, worker))
    worker.gate.clear()
    student = little["student"]
    first = asyncio.create_task(gateway.turn(student, "first", "hello"))
    await asyncio.sleep(2.5 * lease_seconds(little.milepost))
    async with asyncio.timeout(30):
        second = await gateway.turn(student, "second", "hello again")
    assert second.status == FAILED
    assert worker.asked == 1
    worker.gate.set()
    assert (await first).status == ANSWERED
    assert (await gateway.turn(student, "second", "hello again")).status == ANSWERED


def _now() -> Any:
    from datetime import timedelta

    return START + timedelta(seconds=time.monotonic())


# The pace of one person


def test_a_bucket_of_messages_fills_again() -> None:
    clock = Time()
    bucket = Pace(6, clock)
    assert [bucket.wait("one") for _ in range(6)] == [0.0] * 6
    assert bucket.wait("one") == pytest.approx(10.0)
    assert bucket.wait("other") == 0.0
    clock.now = 10.0
    assert bucket.wait("one") == 0.0
    assert bucket.wait("one") > 0
    clock.now = 10_000.0
    assert [bucket.wait("one") > 0 for _ in range(7)] == [False] * 6 + [True]


def test_a_bucket_forgets_who_was_here_long_ago(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pace, "REMEMBERED", 3)
    bucket = Pace(2, Time())
    for name in "abcdef":
        bucket.wait(name)
    assert list(bucket._left) == ["d", "e", "f"]


def slow_pace(door: Door, per_minute: int) -> None:
    gateway: Gateway = door.app.state.gateway
    gateway._pace = Pace(per_minute, Time())


def test_messages_that_come_too_fast_are_refused_but_never_help(door: Door) -> None:
    slow_pace(door, 3)
    assert [door.say("student", "hello").status_code for _ in range(3)] == [200] * 3
    refused = door.say("student", "hello")
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "20"
    assert refused.json()["detail"].startswith(TOO_FAST)
    assert door.say("other_student", "hello").status_code == 200
    for _ in range(20):
        red = door.say("student", "I want to kill myself")
        assert (red.status_code, red.json()["safety"]) == (200, "red")
    kept = door.api("student", "GET", "/messages").json()["items"]
    assert len(kept) == 23


def test_a_page_keeps_the_words_of_a_message_that_came_too_fast(door: Door) -> None:
    slow_pace(door, 1)
    form = {"client_message_id": "0b0e7a52-0d5c-4c2a-9f0a-3f1a5c1b7a11"}
    door.say("student", "hello")
    answer = door.page("student", "POST", "/chat/messages", text="my own words", **form)
    assert answer.status_code == 422
    assert "my own words" in answer.text
    assert TOO_FAST in answer.text


def test_a_school_can_set_the_pace() -> None:
    assert Settings(messages_per_minute=7).messages_per_minute == 7
