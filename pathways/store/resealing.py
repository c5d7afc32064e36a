"""Seals rows of before, and seals all anew after a rotation, in small batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import (
    JSON,
    Column,
    Engine,
    String,
    Table,
    Text,
    bindparam,
    cast,
    select,
    table,
    update,
)
from sqlalchemy import column as named

from pathways.store.base import Base
from pathways.store.register import register
from pathways.store.sealing import MARK, KeyRing, SealedJSON

BATCH = 500
QUOTED = f'"{MARK}'
Tick = Callable[[int, int], None]


def sealed_columns() -> Iterator[tuple[Table, list[Column[object]]]]:
    """Yield each table with its sealed columns."""
    for one in Base.metadata.sorted_tables:
        columns = [one.c[name] for name in register()[one.name].words]
        if columns:
            yield one, columns


def reseal(engine: Engine, ring: KeyRing, tick: Tick = lambda done, all_: None) -> int:
    """Seal with the newest key whatever is not; return how many rows changed.

    Each batch is a transaction, a row that is done is not touched again, and a row that
    changed meanwhile is left to the next run: safe beside a running app and after a
    crash.
    """
    changed = 0
    tables = list(sealed_columns())
    for number, (one, columns) in enumerate(tables):
        tick(number, len(tables))
        changed += _reseal_table(engine, ring, one, columns)
    tick(len(tables), len(tables))
    return changed


def left_behind(engine: Engine, ring: KeyRing) -> int:
    """Return how many rows are not sealed with the newest key."""
    count = 0
    for one, columns in sealed_columns():
        for row in _rows(engine, one, columns):
            stale = [_stale(ring, row[item.name], item) for item in columns]
            count += any(stale)
    return count


def _stale(ring: KeyRing, stored: str | None, column: Column[object]) -> bool:
    if not stored or stored in ("[]", "{}", "null"):
        return False
    return not ring.is_newest(_bare(stored, column))


def _bare(stored: str, column: Column[object]) -> str:
    """Return what the database holds without the quotes of a JSON string."""
    is_json = isinstance(column.type, SealedJSON) and stored.startswith(QUOTED)
    return stored[1:-1] if is_json else stored


def _rows(
    engine: Engine, one: Table, columns: list[Column[object]]
) -> Iterator[dict[str, str | None]]:
    plain = _plain(one, columns)
    shown = [cast(plain.c[item.name], String).label(item.name) for item in columns]
    last = ""
    while True:
        query = select(plain.c.id, *shown).where(plain.c.id > last)
        with engine.connect() as connection:
            page = connection.execute(query.order_by(plain.c.id).limit(BATCH)).all()
        if not page:
            return
        for row in page:
            yield dict(row._mapping)
        last = page[-1].id


def _plain(one: Table, columns: list[Column[object]]) -> Table:
    """Return a table whose columns are read and written as they are stored."""
    found = table(one.name, named("id", String(36)), *(_raw(item) for item in columns))
    return found  # type: ignore[return-value]


def _raw(item: Column[object]) -> Column[object]:
    kind = JSON() if isinstance(item.type, SealedJSON) else Text()
    return named(item.name, kind)  # type: ignore[return-value]


def _reseal_table(
    engine: Engine, ring: KeyRing, one: Table, columns: list[Column[object]]
) -> int:
    plain, changed = _plain(one, columns), 0
    for row in list(_rows(engine, one, columns)):
        stale = [item for item in columns if _stale(ring, row[item.name], item)]
        if not stale:
            continue
        with engine.begin() as connection:
            for item in stale:
                stored = row[item.name] or ""
                fresh = ring.seal(ring.unseal(_bare(stored, item)))
                same = cast(plain.c[item.name], String) == bindparam("stored_before")
                connection.execute(
                    update(plain)
                    .where(plain.c.id == bindparam("row_key"), same)
                    .values({item.name: fresh}),
                    {"row_key": row["id"], "stored_before": stored},
                )
        changed += 1
    return changed
