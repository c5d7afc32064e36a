"""Brings a database to the newest schema, by Alembic."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from pathways.store.base import open_engine

MIGRATIONS = Path(__file__).with_name("migrations")


def configuration(url: str) -> Config:
    """Return Alembic's configuration for one database."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config


def upgrade(url: str) -> None:
    """Apply every migration that the database has not seen."""
    open_engine(url).dispose()
    command.upgrade(configuration(url), "head")


def is_newest(url: str) -> bool:
    """Tell whether every migration was applied to a database."""
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            applied = MigrationContext.configure(connection).get_current_heads()
    finally:
        engine.dispose()
    return set(applied) == _heads()


@cache
def _heads() -> frozenset[str]:
    """Return the newest migrations; reading all of them takes a while."""
    return frozenset(ScriptDirectory(str(MIGRATIONS)).get_heads())
