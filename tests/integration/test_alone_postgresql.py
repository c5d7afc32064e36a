"""On PostgreSQL, too, an app knows whether another one takes turns beside it (R8)."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text
from test_postgresql import address  # noqa: F401

from pathways.app import Milepost, build
from pathways.settings import Settings
from web.alone import alone_on

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


def app_on(url: str, folder: Path) -> Milepost:
    return build(Settings(database_url=url, var_dir=folder), lambda: NOW)


def test_only_who_starts_without_another_is_alone_on_a_server(
    address: str,  # noqa: F811
    tmp_path: Path,
) -> None:
    one, other, third = (app_on(address, tmp_path) for _ in range(3))
    with ExitStack() as first:
        assert first.enter_context(alone_on(one)) == NOW
        with alone_on(other) as beside:
            assert beside is None
        with one.engine.connect() as later:
            later.execute(text("SELECT 1"))
    one.engine.dispose()
    with alone_on(third) as after:
        assert after == NOW
    for app in (other, third):
        app.engine.dispose()


def test_a_share_comes_back_with_the_first_connection_after_an_outage(
    address: str,  # noqa: F811
    tmp_path: Path,
) -> None:
    one, other, looking = (app_on(address, tmp_path) for _ in range(3))
    with alone_on(one) as since:
        assert since == NOW
        with looking.engine.begin() as connection:  # the server ends all of them
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
                )
            )
        with one.engine.connect() as again:
            again.execute(text("SELECT 1"))
        with alone_on(other) as beside:
            assert beside is None
    for app in (one, other, looking):
        app.engine.dispose()
