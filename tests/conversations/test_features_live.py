"""What a school has switched off is said by the coach, and talk goes on (A11)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from live import Live

from pathways.domain.features import Feature, Switch
from pathways.services.access import actor_of
from pathways.services.features import set_switch

ASKED = {
    "help me write a credit flex plan": "new credit plans",
    "i worked 6 hours at the vet clinic saturday": "logging hours",
    "am i on track to graduate": "the graduation check",
    "how much does a veterinarian make": "career ideas",
    "i want to reflect on my science project": "these talks",
}


@pytest.fixture
def all_off(assistant: Live) -> Iterator[Live]:
    with assistant.milepost.work() as work:
        admin = work.people.by_username("admin")
        assert admin is not None
        actor = actor_of(admin)
    for one in Feature:
        set_switch(assistant.milepost, actor, one, Switch(everyone=False))
    yield assistant
    for one in Feature:
        set_switch(assistant.milepost, actor, one, Switch())


def test_the_coach_says_what_is_off_and_opens_no_questions(all_off: Live) -> None:
    student = all_off.new_student()
    for words, what in ASKED.items():
        assert student.say(words)["status"] == "answered"
        heard = student.heard()
        assert f"has not turned on {what}" in heard, heard
        student.say("how am i doing in algebra")
        assert "turned on" not in student.heard()
    student.say("i want to raise my math grade to a B by december")
    assert "turned on" not in student.heard()
    assert student.say("I want to kill myself")["safety"] == "red"


def test_it_says_so_in_spanish_too(all_off: Live) -> None:
    student = all_off.new_student(language="es")
    student.say("ayúdame a escribir un plan de crédito flexible")
    heard = student.heard()
    assert "todavía no activó nuevos planes de crédito" in heard, heard
    assert "Your school" not in heard
