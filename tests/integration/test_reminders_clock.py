"""Reminders come once each, whatever the clock and the processes do (R14)."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from little_school import LittleSchool

from pathways.services import conversation, reminders
from pathways.services.messages import ANSWERED, FAILED
from pathways.store.models import School

REMINDERS = 50
DAY, WEEK = timedelta(days=1), timedelta(days=7)
ZONES = ("America/New_York", "America/Los_Angeles", "America/Puerto_Rico")
CHANGES = (date(2027, 3, 14), date(2027, 11, 7))  # daylight saving, United States


@dataclass
class Greetings:
    """A student who greets the coach; some of the turns break off in the middle."""

    little: LittleSchool
    seen: Counter[str] = field(default_factory=Counter)
    early: int = 0

    def greet(self, how: str = ANSWERED) -> None:
        """Greet once; where the turn breaks off, press again like a person."""
        key = str(uuid.uuid4())
        if how != ANSWERED:
            self._once(key, how)
            self.little.clock.now += timedelta(seconds=20)
        self._once(key, ANSWERED)

    def _once(self, key: str, how: str) -> None:
        milepost, student = self.little.milepost, self.little["student"]
        message = conversation.receive(milepost, student, key, "hi")
        due = reminders.take_due(milepost, student)
        if how == "killed":
            return
        replies = [{"text": due.text if due else "Hello."}]
        conversation.answer(milepost, student, message, replies, how)
        if due and how == ANSWERED:
            self.seen[due.text] += 1
            self.early += due.day > self.today()

    def today(self) -> date:
        with self.little.milepost.work() as work:
            school = work.session.get(School, self.little["student"].school_id)
            assert school is not None
            return self.little.milepost.today(school)

    def move_to(self, zone: str) -> None:
        with self.little.milepost.work() as work:
            school = work.session.get(School, self.little["student"].school_id)
            assert school is not None
            school.timezone = zone
            work.commit()


def test_fifty_reminders_over_two_changes_of_the_clock_come_once_each(
    little: LittleSchool,
) -> None:
    dice, greetings = random.Random(7), Greetings(little)
    first = greetings.today()
    days = [first + WEEK * number for number in range(REMINDERS)]
    days[-1] = CHANGES[1]
    days[days.index(min(days, key=lambda one: abs(one - CHANGES[0])))] = CHANGES[0]
    for number, day in enumerate(sorted(days)):
        reminders.set_reminder(little.milepost, little["student"], f"{number}", day)
    for number, day in enumerate(sorted(days)):
        zone = ZoneInfo(ZONES[number * len(ZONES) // REMINDERS])
        greetings.move_to(zone.key)
        for hour, minute in ((23, 59), (1, 30), (2, 30), (3, 1)):
            at = day - DAY if hour == 23 else day
            moment = datetime(at.year, at.month, at.day, hour, minute, tzinfo=zone)
            little.clock.now = moment.astimezone(ZoneInfo("UTC"))
            greetings.greet(dice.choice((ANSWERED, FAILED, "killed")))
        little.clock.now += dice.choice((-3 * DAY, timedelta(hours=-1), DAY, WEEK / 8))
        greetings.greet()
    assert greetings.seen == {f"{number}": 1 for number in range(REMINDERS)}
    assert greetings.early == 0
    assert reminders.list_reminders(little.milepost, little["student"]) == []


@pytest.mark.parametrize("how", [FAILED, "killed"])
def test_a_reminder_of_a_turn_that_nobody_saw_comes_with_a_later_one(
    how: str, little: LittleSchool
) -> None:
    greetings = Greetings(little)
    today = greetings.today()
    reminders.set_reminder(little.milepost, little["student"], "my labs", today)
    greetings._once(str(uuid.uuid4()), how)
    assert greetings.seen == {}
    greetings.greet()
    greetings.greet()
    assert greetings.seen == {"my labs": 1}
