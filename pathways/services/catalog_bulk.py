"""One change for many entries of the catalog, as one version (A4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pathways.app import Milepost
from pathways.domain.catalog import KINDS, Entry
from pathways.services.access import Actor, Role, require
from pathways.services.catalog import (
    cells_of,
    check_references,
    differences,
    find,
    read_cells,
)
from pathways.services.catalog_publish import publish
from pathways.services.errors import Invalid, NotFound, Stale
from pathways.store.unit_of_work import UnitOfWork

COLUMNS = ("status", "review_by", "terms", "seats")
MOST = 500
Differences = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Planned:
    """What would become of one entry."""

    entry: Entry
    differences: Differences


def columns_for(kind: str) -> tuple[str, ...]:
    """Return the columns that can be set for many entries of a kind.

    Raises:
        NotFound: there is no such kind.
    """
    if kind not in KINDS:
        raise NotFound("This kind of entry")
    return tuple(name for name in COLUMNS if name in KINDS[kind].model_fields)


def plan_many(
    milepost: Milepost,
    actor: Actor,
    kind: str,
    codes: Sequence[str],
    cells: Mapping[str, str],
) -> list[Planned]:
    """Return what a change would do to each entry; nothing is saved.

    Raises:
        Invalid: nothing was chosen, or a value can't be used.
        NotFound: an entry is not there.
    """
    require(actor, Role.COUNSELOR)
    with milepost.work() as work:
        return _plan(milepost, work, actor, kind, codes, cells)


def change_many(
    milepost: Milepost,
    actor: Actor,
    kind: str,
    codes: Sequence[str],
    cells: Mapping[str, str],
    seen: int,
) -> int:
    """Publish one change of many entries as one version; return how many changed.

    Args:
        milepost: the product.
        actor: a counselor.
        kind: the kind of the entries.
        codes: of the entries.
        cells: column -> text; only `columns_for` the kind.
        seen: the catalog version that the person looked at.

    Raises:
        Invalid: nothing was chosen, or a value can't be used.
        Stale: one of them was changed since `seen`.
    """
    require(actor, Role.COUNSELOR)
    with milepost.work() as work:
        planned = _plan(milepost, work, actor, kind, codes, cells)
        changed = [one.entry for one in planned if one.differences]
        for entry in changed:
            row = work.catalog.entry(actor.school_id, kind, entry.code)
            if row and work.catalog.history(row.id)[0].version > seen:
                raise Stale(f"{entry.title} was changed since you looked. Look again.")
        if changed:
            publish(
                milepost,
                work,
                actor.school_id,
                changed,
                f"Changed {len(changed)} entries at once",
                actor.id,
                by_hand={(kind, entry.code) for entry in changed},
            )
        return len(changed)


def _plan(
    milepost: Milepost,
    work: UnitOfWork,
    actor: Actor,
    kind: str,
    codes: Sequence[str],
    cells: Mapping[str, str],
) -> list[Planned]:
    wanted = {name: cells[name] for name in columns_for(kind) if cells.get(name)}
    if not codes or len(codes) > MOST:
        raise Invalid(f"Choose between 1 and {MOST} rows.", "codes")
    if not wanted:
        raise Invalid("Choose what to change.", "status")
    catalog = milepost.catalogs.current(work, actor.school_id)
    planned = []
    for code in dict.fromkeys(codes):
        before = find(catalog, kind, code)
        after = read_cells(kind, {**cells_of(before), **wanted})
        planned.append(Planned(after, differences(before, after)))
    check_references(catalog, [one.entry for one in planned])
    return planned
