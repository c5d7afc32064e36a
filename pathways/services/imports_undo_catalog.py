"""Puts catalog entries and published facts back as they were before an import.

Nothing that was published ever changes, so the way back is a new version (A4, A5).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pathways.app import Milepost
from pathways.domain.catalog import Entry, Status
from pathways.domain.fact_sorts import FactSort
from pathways.formats.report import Report
from pathways.services.catalog_publish import publish
from pathways.store.base import new_id
from pathways.store.catalog_cache import entry_of
from pathways.store.catalog_models import CatalogFact
from pathways.store.fact_repository import key_of
from pathways.store.models import ImportRun
from pathways.store.unit_of_work import UnitOfWork

LATER = "{} were changed by something else since; they stay as they are."
NEWEST = 2**31 - 1


@dataclass
class _Former:
    """Entries as they were, and which of them a person had written."""

    entries: list[Entry] = field(default_factory=list)
    by_hand: set[tuple[str, str]] = field(default_factory=set)


def put_catalog_back(
    milepost: Milepost, work: UnitOfWork, run: ImportRun, report: Report
) -> None:
    """Publish what an import's version changed as it was; what was new is retired.

    Entries and facts that something else changed since stay and are counted. A dry
    run only counts.
    """
    former = _former_entries(work, run, report)
    newest = work.catalog.newest(run.school_id)
    number = newest.number + 1 if newest else 1
    facts = _put_facts_back(work, run, report, number)
    if not report.dry_run and (former.entries or facts):
        publish(
            milepost,
            work,
            run.school_id,
            former.entries,
            f"Undone: {run.file}",
            run.undone_by,
            former.by_hand,
        )
        report.notes.append(f"Published as version {number}.")


def _former_entries(work: UnitOfWork, run: ImportRun, report: Report) -> _Former:
    version = run.catalog_version or 0
    then = {
        row.id: (entry_of(row.kind, row.code, revision), revision.by_hand)
        for row, revision in work.catalog.content(run.school_id, version - 1)
    }
    found, later = _Former(), 0
    for row, revision in work.catalog.content(run.school_id, NEWEST):
        entry = entry_of(row.kind, row.code, revision)
        retired = entry.model_copy(update={"status": Status.RETIRED})
        before, by_hand = then.get(row.id, (retired, False))
        if revision.version == version:
            report.changed += 1
            report.foresee("changed back", f"{entry.kind} {entry.code}")
            found.entries.append(before)
            if by_hand:
                found.by_hand.add((entry.kind, entry.code))
        elif revision.version > version and before != entry:
            later += 1
    _note_later(report, later, "entries")
    return found


def _put_facts_back(
    work: UnitOfWork, run: ImportRun, report: Report, number: int
) -> int:
    """Add each fact of an import as it was before, a part at a time; count them."""
    version, school_id = run.catalog_version or 0, run.school_id
    written, later = work.facts.count_of_import(run.id, version)
    for batch in work.facts.of_import(run.id, version):
        for fact in batch:
            place = f" {fact.area}" if fact.area else ""
            report.foresee("changed back", f"{fact.sort} {fact.code}{place}")
        if report.dry_run:
            break
        sorts = {FactSort(fact.sort) for fact in batch}
        codes = sorted({fact.code for fact in batch})
        then = work.facts.before(school_id, sorts, codes, version - 1)
        rows = [_again(then.get(key_of(fact)), fact, number) for fact in batch]
        work.facts.insert(rows)
        for one in {*batch, *then.values()}:
            work.session.expunge(one)
    report.changed += written - later
    _note_later(report, later, "facts")
    return written - later


def _again(
    former: CatalogFact | None, fact: CatalogFact, number: int
) -> dict[str, Any]:
    """Return a former fact, or one that was new as retired, for a new version."""
    columns = CatalogFact.__table__.columns.keys()
    row = {name: getattr(former or fact, name) for name in columns}
    row |= {"id": new_id(), "version": number}
    return row if former else {**row, "status": "retired"}


def _note_later(report: Report, later: int, what: str) -> None:
    if later:
        report.skipped += later
        report.notes.append(LATER.format(f"{later:,} {what}"))
