"""What was imported into a school, for its administrator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from pathways.app import Milepost
from pathways.services.access import Actor, Role, require
from pathways.store.models import ImportRun


@dataclass(frozen=True)
class ImportView:
    """One import: which file, when, and how many rows it touched."""

    kind: str
    file: str
    ran_at: datetime
    counts: tuple[tuple[str, int], ...]


def list_imports(milepost: Milepost, actor: Actor, limit: int = 50) -> list[ImportView]:
    """Return a school's imports, newest first."""
    require(actor, Role.ADMIN)
    with milepost.work() as work:
        runs = work.people.all(
            select(ImportRun)
            .where(ImportRun.school_id == actor.school_id)
            .order_by(ImportRun.ran_at.desc())
            .limit(limit)
        )
    return [
        ImportView(
            run.kind,
            run.file,
            run.ran_at,
            tuple((name, int(count)) for name, count in run.counts.items()),
        )
        for run in runs
    ]
