"""On PostgreSQL, too, an app knows whether another one takes turns beside it (R8)."""

from __future__ import annotations

import uuid
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from test_postgresql import address, milepost, person  # noqa: F401

from pathways.app import Milepost, build
from pathways.services import conversation
from pathways.services.access import Actor
from pathways.services.messages import Message
from pathways.settings import Settings
from web.alone import Standing, standing_on

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
LENGTH = timedelta(milliseconds=1)  # by a clock that stands: never over


def app_on(url: str, folder: Path) -> Milepost:
    return build(Settings(database_url=url, var_dir=folder), lambda: NOW)


def test_only_who_starts_without_another_is_alone_on_a_server(
    address: str,  # noqa: F811
    tmp_path: Path,
) -> None:
    one, other, third = (app_on(address, tmp_path) for _ in range(3))
    with ExitStack() as first:
        assert first.enter_context(standing_on(one)).alone_since == NOW
        with standing_on(other) as beside:
            assert beside.alone_since is None
        with one.engine.connect() as later:
            later.execute(text("SELECT 1"))
    one.engine.dispose()
    with standing_on(third) as after:
        assert after.alone_since == NOW
    for app in (other, third):
        app.engine.dispose()


def test_a_share_comes_back_with_the_first_connection_after_an_outage(
    address: str,  # noqa: F811
    tmp_path: Path,
) -> None:
    one, other, looking = (app_on(address, tmp_path) for _ in range(3))
    with standing_on(one) as found:
        assert found.alone_since == NOW
        with looking.engine.begin() as connection:  # the server ends all of them
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
                )
            )
        with one.engine.connect() as again:
            again.execute(text("SELECT 1"))
        with standing_on(other) as beside:
            assert beside.alone_since is None
    for app in (one, other, looking):
        app.engine.dispose()


def test_what_an_ended_app_began_is_taken_over_and_a_living_ones_is_not(
    milepost: Milepost,  # noqa: F811
    address: str,  # noqa: F811
) -> None:
    student, folder = person(milepost, "maya"), milepost.settings.var_dir
    one, other, third = (app_on(address, folder) for _ in range(3))

    def arrive(app: Milepost, standing: Standing) -> Message:
        asked = standing.lease(LENGTH)
        return conversation.receive(app, student, str(uuid.uuid4()), "hi", asked)

    with ExitStack() as stack:
        here = stack.enter_context(standing_on(other))
        there = stack.enter_context(standing_on(third))
        with standing_on(one) as killed:
            running, waiting = arrive(one, killed), arrive(one, killed)
            assert (running.holder is None, waiting.holder) == (False, None)
            late, later = arrive(third, there), arrive(other, here)
            assert held(third, student, late, there) is None
        one.engine.dispose()
        assert (
            held(other, student, later, here) is None
        )  # what waits in a living app goes first
        holder = held(third, student, late, there)
        assert holder is not None
        assert held(other, student, later, here) is None
        conversation.answer(
            third, student, replace(late, holder=holder), [{"text": "a"}]
        )
        assert held(other, student, later, here) is not None
    for app in (other, third):
        app.engine.dispose()


def held(
    app: Milepost, student: Actor, message: Message, standing: Standing
) -> str | None:
    lease = standing.lease(LENGTH)
    return conversation.hold(app, student, message.id, lease, look=True).holder
