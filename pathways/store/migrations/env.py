"""Alembic's entry: runs migrations on the database that was passed in."""

from typing import Any, Literal

from alembic import context

from pathways.store import catalog_models, credit_models, models  # noqa: F401
from pathways.store.base import Base, open_engine
from pathways.store.types import Moment


def render_item(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Write our own column type by its name."""
    if kind != "type" or not isinstance(item, Moment):
        return False
    autogen.imports.add("from pathways.store.types import Moment")
    return "Moment()"


engine = open_engine(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
