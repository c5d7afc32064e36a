"""A stream of students' messages, parts that die in it, and what came of it."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx
from crash_machine import PASSWORD, Machine, let_students_in
from loopback import TRUST

RED = "I want to kill myself"
GIVE_UP = 180.0
PAUSE = 0.2
ASKS = ("how am i doing in math", "what are my goals", "hello")


@dataclass
class Sent:
    """One message: when it was told to be safe, and the answer that was shown."""

    key: str
    text: str
    acknowledged: bool = False
    answered: bool = False
    replies: Any = None
    help_seconds: list[float] = field(default_factory=list)


@dataclass
class Outcome:
    """What a stream with deaths in it came to."""

    messages: int = 0
    deaths: int = 0
    acknowledged: int = 0
    answered: int = 0
    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0
    other_answer: int = 0
    red: int = 0
    alerts: int = 0
    seconds: float = 0.0

    @property
    def whole(self) -> bool:
        """Whether nothing was lost, doubled, mixed up or left without an answer."""
        wrong = self.lost + self.doubled + self.out_of_order + self.other_answer
        return not wrong and self.answered == self.messages and self.red == self.alerts


class Talker:
    """A student who sends one message after the other, again until it is answered."""

    def __init__(
        self, machine: Machine, name: str, person: str, red: bool, url: str = ""
    ) -> None:
        self.person = person
        self.sent: list[Sent] = []
        self._red = red
        self._machine = machine
        self._http = httpx.Client(
            base_url=f"{url or machine.url}/api/v1", timeout=30, verify=TRUST
        )
        given = {"username": name, "password": PASSWORD}
        token = self._http.post("/token", json=given).json()["token"]
        self._http.headers["authorization"] = f"Bearer {token}"

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def talk(self, count: int, counter: Progress) -> None:
        """Send so many messages."""
        for number in range(count):
            words = RED if self._red else ASKS[number % len(ASKS)]
            one = Sent(str(uuid.uuid4()), f"{words} {number}")
            self.sent.append(one)
            self.insist(one)
            counter.step()

    def insist(self, one: Sent) -> None:
        """Send a message until it is answered, as a person would press again."""
        deadline = time.monotonic() + GIVE_UP
        while not one.answered and time.monotonic() < deadline:
            answer = self.once(one)
            if answer is None or not one.answered:
                time.sleep(PAUSE)

    def once(self, one: Sent) -> httpx.Response | None:
        """Send a message once; None where nobody answered."""
        begun = time.monotonic()
        body = {"client_message_id": one.key, "text": one.text}
        try:
            answer = self._http.post("/messages", json=body)
        except httpx.HTTPError:
            return None
        if "988" in answer.text:
            one.help_seconds.append(time.monotonic() - begun)
        if answer.status_code == 200:
            one.acknowledged = True
            found = answer.json()
            one.answered = found["status"] == "answered"
            one.replies = found["replies"]
        return answer

    def kept(self) -> list[dict[str, Any]]:
        """Return the whole conversation as the product has it, oldest first."""
        items: list[dict[str, Any]] = []
        before = None
        while True:
            given = {"limit": 50, **({"before": before} if before else {})}
            page = self._http.get("/messages", params=given).json()
            items = page["items"] + items
            before = page["before"]
            if before is None or before <= 1:
                return items


class Progress:
    """Counts messages; says when a part's time has come."""

    def __init__(self, points: list[int]) -> None:
        self._lock = threading.Lock()
        self._count = 0
        self._points = sorted(points)
        self.due = threading.Semaphore(0)

    def step(self) -> None:
        with self._lock:
            self._count += 1
            while self._points and self._count >= self._points[0]:
                self._points.pop(0)
                self.due.release()


def run_stream(
    machine: Machine,
    part: str,
    messages: int,
    deaths: int,
    seed: int,
    students: int = 8,
) -> Outcome:
    """Send a stream of messages and kill a part at random points of it.

    Args:
        machine: the Milepost to do it to.
        part: what is killed, and started again at once, as the supervisor does.
        messages: how many in all; one student in eight is in danger all the time.
        deaths: how often.
        seed: decides the points and the moments after them.
        students: who write at the same time.
    """
    dice = random.Random(seed)
    named = let_students_in(machine, students)
    talkers = [Talker(machine, n, p, k % 8 == 7) for k, (n, p) in enumerate(named)]
    each = messages // students
    points = [dice.randrange(1, each * students * 9 // 10) for _ in range(deaths)]
    progress = Progress(points)
    begun, died = time.monotonic(), 0
    with ThreadPoolExecutor(students) as pool:
        work = [pool.submit(talker.talk, each, progress) for talker in talkers]
        while died < deaths and not all(one.done() for one in work):
            if not progress.due.acquire(timeout=1):
                continue
            time.sleep(dice.uniform(0, 0.3))
            machine.kill(part)
            died += 1
            machine.start(part)
        for one in work:
            one.result()
    found = judge(machine, talkers)
    for talker in talkers:
        talker.close()
    found.deaths, found.seconds = died, time.monotonic() - begun
    return found


def judge(machine: Machine, talkers: list[Talker]) -> Outcome:
    """Compare what students were told with what the product has."""
    found = Outcome()
    for talker in talkers:
        kept = talker.kept()
        ids = [one["client_message_id"] for one in kept]
        times = Counter(ids)
        by_id = {one["client_message_id"]: one for one in kept}
        acknowledged = [one for one in talker.sent if one.acknowledged]
        found.messages += len(talker.sent)
        found.acknowledged += len(acknowledged)
        found.answered += sum(one.answered for one in talker.sent)
        found.lost += sum(not times[one.key] for one in acknowledged)
        found.doubled += sum(count - 1 for count in times.values())
        found.out_of_order += ids != [one.key for one in talker.sent if times[one.key]]
        found.other_answer += sum(
            by_id[one.key]["replies"] != one.replies
            for one in acknowledged
            if one.answered and one.key in by_id
        )
        found.red += sum(one.text.startswith(RED) for one in acknowledged)
    found.alerts = alerts_in(machine, [talker.person for talker in talkers], found.red)
    return found


def alerts_in(machine: Machine, people: list[str], wanted: int) -> int:
    """Return the number of alerts once those from disk are delivered."""
    milepost = machine.milepost()
    deadline = time.monotonic() + 20
    try:
        while True:
            with milepost.work() as work:
                school = work.people.schools()[0]
                count = len(list(work.conversations.alerts(school.id, people)))
            if count >= wanted or time.monotonic() > deadline:
                return count
            time.sleep(0.5)
    finally:
        milepost.engine.dispose()
