"""A new app knows whether what was begun before it can still be alive (R8)."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path
from typing import cast

from door import Coach, Door
from fastapi.testclient import TestClient
from little_school import LittleSchool

from pathways.app import Milepost
from pathways.services import conversation
from pathways.services.messages import Lease
from pathways.store.base import open_engine
from web.alone import standing_on
from web.app import create_app
from web.gateway import Gateway
from web.keeping import lease_seconds


def test_only_who_starts_without_another_is_alone(little: LittleSchool) -> None:
    milepost = little.milepost
    with standing_on(milepost) as first:
        assert first.alone_since is not None
        assert first.alone_since <= little.clock()
        with standing_on(milepost) as second:
            assert second.alone_since is None
    with standing_on(milepost) as after_both:
        assert after_both.alone_since is not None


def test_one_that_starts_again_sees_who_came_after_it(little: LittleSchool) -> None:
    one, other = standing_on(little.milepost), standing_on(little.milepost)
    assert one.__enter__().alone_since is not None
    assert other.__enter__().alone_since is None
    one.__exit__(None, None, None)  # dies, and the other runs on
    with standing_on(little.milepost) as again:
        assert again.alone_since is None
    other.__exit__(None, None, None)


def test_nobody_is_alone_on_a_database_that_can_not_be_reached(
    little: LittleSchool, tmp_path: Path
) -> None:
    shared = open_engine("postgresql+psycopg://nobody@localhost/none")
    settings, clock = little.milepost.settings, little.milepost.clock
    with standing_on(Milepost(settings, shared, clock)) as found:
        assert found.alone_since is None
    nowhere = open_engine("sqlite:///:memory:")
    with standing_on(Milepost(settings, nowhere, clock)) as found:
        assert found.alone_since is None


def test_a_new_app_goes_on_at_once_where_a_killed_one_stopped(
    little: LittleSchool,
) -> None:
    length = timedelta(seconds=lease_seconds(little.milepost))
    key, killed = str(uuid.uuid4()), Lease("killed", length)
    conversation.receive(little.milepost, little["student"], key, "hi", killed)
    app = create_app(little.milepost)
    with TestClient(app) as client:
        coach = Coach()
        cast(Gateway, app.state.gateway)._rasa = coach
        door = Door(client, little, coach)
        assert door.say("student", "the next").json()["status"] == "answered"
        assert door.say("student", "hi", key).json()["status"] == "answered"
    assert [turn.text for turn in coach.turns] == ["the next", "hi"]
