"""What a school has not switched on, the coach says before it asks anything (A11)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from form_loop import FormLoop, every_action
from little_school import LittleSchool, build_template, open_school
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.switches import FEATURES
from pathways.domain.features import Switch
from pathways.services import features
from pathways.texts import load


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def little(template: Path, tmp_path: Path) -> Iterator[LittleSchool]:
    school = open_school(template, tmp_path)
    yield school
    school.milepost.engine.dispose()


def test_every_switched_action_is_one_of_ours() -> None:
    assert {*FEATURES} <= {*every_action()}


@pytest.mark.parametrize("action", sorted(FEATURES))
async def test_the_coach_says_that_it_is_off_and_waits(
    little: LittleSchool, action: str
) -> None:
    feature = FEATURES[action]
    loop = FormLoop(little, "onboarding")
    for is_on in (True, False):
        switch = Switch(everyone=is_on)
        features.set_switch(little.milepost, little["admin"], feature, switch)
        message = {"text": "words", "intent": {"name": "x"}, "entities": []}
        tracker = Tracker(loop.conversation, {}, message, [], False, None, {}, "")
        dispatcher = CollectingDispatcher()
        events = await loop.actions[action].run(dispatcher, tracker, {})
        texts = [one.get("text") for one in dispatcher.messages]
        off = load("en")[f"page_pilot.off_{feature}"]
        assert (off in texts) is not is_on
        if not is_on:
            assert texts == [off]
            assert [one.get("name") for one in events] == ["action_listen"]
