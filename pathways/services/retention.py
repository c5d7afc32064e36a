"""Takes out what is older than the district lets it stay (P5), by the register.

Safe to run at any moment and again after a crash: what went is not due any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    Table,
    and_,
    cast,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from pathways.app import Milepost
from pathways.domain.retention import Retention
from pathways.services.deletion import run_due
from pathways.services.policy import policy_for
from pathways.store.access_chain import AccessChain
from pathways.store.base import Base
from pathways.store.models import AccessLog, Person, School
from pathways.store.privacy_models import RetentionRun
from pathways.store.register import IS_NULL, Entry, Keep, personal
from pathways.store.sealing import SealedJSON
from pathways.store.tracker import Tracker, empty_log
from pathways.store.unit_of_work import UnitOfWork

BLANKED = "emptied"
SPOOLS = ("spool", "live", "staging")
Counts = dict[str, int]


def retain(milepost: Milepost, *, apply: bool = False) -> dict[str, Counts]:
    """Take out what is past its days; return counts by school and table.

    Args:
        milepost: the product; its clock says what is past.
        apply: False counts only.
    """
    found: dict[str, Counts] = {}
    settings: list[Retention] = []
    with milepost.work() as work:
        for school in work.people.schools():
            kept = policy_for(work, school).district.retention
            settings.append(kept)
            counts = _school(milepost, work, school, kept, apply)
            found[school.code] = counts
            if apply:
                work.session.add(
                    RetentionRun(
                        school_id=school.id, ran_at=milepost.clock(), counts=counts
                    )
                )
                work.commit()
    found["all"] = _shared(milepost, settings, apply)
    if apply and milepost.settings.database_url.startswith("sqlite"):
        empty_log(milepost.settings.database_url)
    return found


def run_daily(milepost: Milepost) -> dict[str, Counts] | None:
    """Run deletions that are due, and retention once a day; None: not due yet."""
    run_due(milepost)
    now = milepost.clock()
    with milepost.work() as work:
        last = work.session.scalars(select(func.max(RetentionRun.ran_at))).first()
    if last is not None and last.astimezone(UTC).date() >= now.astimezone(UTC).date():
        return None
    return retain(milepost, apply=True)


def _school(
    milepost: Milepost, work: UnitOfWork, school: School, kept: Retention, apply: bool
) -> Counts:
    counts: Counts = {}
    for table, entry in reversed(personal()):
        days = kept.days(entry.keep.kind) if isinstance(entry.keep, Keep) else None
        if not isinstance(entry.keep, Keep) or days is None:
            continue
        before = milepost.clock() - timedelta(days=days)
        counts |= _table(work, school, table, entry, entry.keep, before, apply)
    return {name: number for name, number in counts.items() if number}


def _table(
    work: UnitOfWork,
    school: School,
    table: Table,
    entry: Entry,
    keep: Keep,
    before: datetime,
    apply: bool,
) -> Counts:
    old = and_(_of_school(table, school), table.c[keep.since] < before)
    pointed_at: list[ColumnElement[bool]] = []
    for one in keep.unless:
        if one.endswith(IS_NULL):
            old = and_(old, table.c[one.removesuffix(IS_NULL)].is_not(None))
        else:
            pointed_at.append(_points(table, one))
    if entry.delete == "blank":
        full = and_(old, AccessLog.erased == "")
        empty = AccessChain(work.session).empty
        return {table.name: empty(full) if apply else _count(work, table, full)}
    held = or_(*pointed_at) if pointed_at else None
    gone = old if held is None else and_(old, ~held)
    counts = {table.name: _count(work, table, gone)}
    if held is not None and entry.words:
        spoken = or_(*(_is_filled(table, name) for name in entry.words))
        emptied = and_(old, held, spoken)
        counts[f"{table.name} {BLANKED}"] = _count(work, table, emptied)
        if apply:
            blank = {name: _blank(table, name) for name in entry.words}
            work.session.execute(update(table).where(emptied).values(blank))
    if apply:
        work.session.execute(delete(table).where(gone))
    return counts


def _of_school(table: Table, school: School) -> ColumnElement[bool]:
    if "school_id" in table.c:
        return table.c.school_id == school.id
    ours = select(Person.id).where(Person.school_id == school.id)
    return table.c.person_id.in_(ours)


def _points(table: Table, path: str) -> ColumnElement[bool]:
    name, _, column = path.partition(".")
    other = Base.metadata.tables[name].alias()
    return exists().where(other.c[column] == table.c.id)


def _blank(table: Table, name: str) -> Any:
    if isinstance(table.c[name].type, SealedJSON):
        return []
    return None if table.c[name].nullable else ""


def _is_filled(table: Table, name: str) -> ColumnElement[bool]:
    column = table.c[name]
    if isinstance(column.type, SealedJSON):
        return func.length(cast(column, String)) > len("[]")
    return and_(column.is_not(None), column != "")


def _count(work: UnitOfWork, table: Table, chosen: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(table).where(chosen)
    return int(work.session.execute(query).scalar_one())


def _shared(milepost: Milepost, settings: list[Retention], apply: bool) -> Counts:
    """Trim what schools share: the assistant's working copy and waiting files.

    With several schools the shortest setting holds.
    """
    shortest = min(settings, key=lambda one: one.tracker, default=Retention())
    files = min((one.files for one in settings), default=Retention().files)
    before = milepost.clock() - timedelta(days=shortest.tracker)
    tracker = Tracker(milepost.settings.tracker_url)
    counts = {"tracker": tracker.trim(before, dry_run=not apply)}
    stale = list(_stale(milepost, milepost.clock() - timedelta(days=files)))
    if apply:
        for file in stale:
            file.unlink(missing_ok=True)
    return {**counts, "files": len(stale)}


def _stale(milepost: Milepost, before: datetime) -> Iterator[Path]:
    """Yield files left over in waiting folders; an alert that waits is never one."""
    for name in SPOOLS:
        for file in (milepost.settings.var_dir / name).rglob("*"):
            waits = file.parent.name == "alerts" and file.suffix == ".json"
            if waits or not file.is_file():
                continue
            if file.stat().st_mtime < before.timestamp():
                yield file
