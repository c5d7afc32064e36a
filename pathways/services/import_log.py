"""What was imported into a school: the history for counselors and administrators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from pathways.app import Milepost
from pathways.services.access import Actor, Role, require
from pathways.services.errors import NotFound
from pathways.services.imports_undo import may_undo
from pathways.store.models import ImportRun, Person
from pathways.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class ImportView:
    """One import: which file, when, by whom, and how many rows it touched.

    Attributes:
        who: who imported it; empty for the command line.
        refused: the first rows that could not be used, without their values.
        version: the catalog version that it published, if it did.
        can_undo: whether it is the last of its kind and this person may take it back.
    """

    run: str
    kind: str
    file: str
    ran_at: datetime
    who: str
    counts: tuple[tuple[str, int], ...]
    refused: tuple[dict[str, Any], ...]
    version: int | None
    can_undo: bool
    undone_at: datetime | None
    undone_by: str


def list_imports(milepost: Milepost, actor: Actor, limit: int = 50) -> list[ImportView]:
    """Return a school's imports, newest first."""
    require(actor, Role.ADMIN, Role.COUNSELOR)
    with milepost.work() as work:
        runs = work.people.all(
            select(ImportRun)
            .where(ImportRun.school_id == actor.school_id)
            .order_by(ImportRun.ran_at.desc(), ImportRun.id)
            .limit(limit)
        )
        return [_view(work, actor, run) for run in runs]


def find_import(milepost: Milepost, actor: Actor, run: str) -> ImportView:
    """Return one import of the actor's school.

    Raises:
        NotFound: there is no such import, or the actor may not know of it.
    """
    require(actor, Role.ADMIN, Role.COUNSELOR)
    with milepost.work() as work:
        found = work.session.get(ImportRun, run)
        if found is None or found.school_id != actor.school_id:
            raise NotFound("The import")
        return _view(work, actor, found)


def _view(work: UnitOfWork, actor: Actor, run: ImportRun) -> ImportView:
    return ImportView(
        run.id,
        run.kind,
        run.file,
        run.ran_at,
        _name(work, run.actor_id),
        tuple((name, int(count)) for name, count in run.counts.items()),
        tuple(run.refused),
        run.catalog_version,
        run.undoable and may_undo(actor, run.kind),
        run.undone_at,
        _name(work, run.undone_by),
    )


def _name(work: UnitOfWork, person_id: str | None) -> str:
    person = work.session.get(Person, person_id) if person_id else None
    return f"{person.given_name} {person.family_name}" if person else ""
