"""Imports published facts: read to the end, compare, then write as one version."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pathways.app import Milepost
from pathways.domain.catalog import Entry, Occupation
from pathways.domain.fact_sorts import FactSort
from pathways.formats.facts import Fact, Tally
from pathways.formats.report import Report, RowError
from pathways.formats.staging import Stage
from pathways.services.catalog_publish import publish
from pathways.services.imports_job import Job, Options, begin
from pathways.services.published import COLUMNS, cleared, kept_by_hand
from pathways.store.base import new_id
from pathways.store.catalog_models import CatalogFact
from pathways.store.fact_repository import Key

REVIEW_AFTER = timedelta(days=365)
Read = Callable[[Tally], Iterator[Fact]]
Entries = Callable[[Job, Stage], list[Entry]]


def import_facts(
    milepost: Milepost,
    school_code: str,
    kind: str,
    path: Path,
    read: Read,
    options: Options,
    *,
    complete: bool = False,
    check: Callable[[Job], None] | None = None,
    entries: Entries | None = None,
) -> Report:
    """Import what a reader yields as one new version of the school's catalog.

    Args:
        milepost: the product.
        school_code: whose catalog it is.
        kind: what the import is called in the log.
        path: the file, folder or zip.
        read: yields the facts; counts and refuses in the tally.
        options: how to import.
        complete: whether the file holds all there is, so that what is no longer in
            it is retired.
        check: may refuse the whole import before anything is compared.
        entries: catalog entries that follow from the facts.

    Raises:
        FormatError: the file can't be used at all.
        Invalid: there is no such school.
    """
    with closing(Stage()) as stage:
        tally = Tally(progress=options.progress)
        _read(stage, read(tally), tally, path.name)
        with milepost.work() as work:
            job = begin(milepost, work, school_code, kind, path, options)
            if check:
                check(job)
            _report(job, tally)
            retired = _compare(job, stage, complete)
            changed = entries(job, stage) if entries else []
            changed += _hand_set(job, stage)
            if job.may_save:
                _save(job, stage, retired, changed)
            return job.finish()


def _read(stage: Stage, facts: Iterator[Fact], tally: Tally, file: str) -> None:
    for fact in facts:
        if not stage.put(fact):
            place = f" in {fact.area}" if fact.area else ""
            reason = f"an earlier row has this code{place}"
            row = fact.row
            tally.rejected.append(
                row.error("", reason, fact.code)
                if row
                else RowError(file, 0, "", fact.code, reason)
            )


def _report(job: Job, tally: Tally) -> None:
    job.report.read = tally.read
    job.report.skipped = tally.skipped
    job.report.rejected += tally.rejected
    job.report.notes += tally.notes


def _compare(job: Job, stage: Stage, complete: bool) -> list[Key]:
    """Mark what is new or changed; return the keys that are to be retired."""
    facts, school_id, total = job.work.facts, job.school.id, len(stage)
    done = 0
    for batch in stage.batches():
        sorts = {fact.sort for fact in batch}
        codes = sorted({fact.code for fact in batch})
        before = facts.before(school_id, sorts, codes)
        wanted = [fact for fact in batch if not _same(before.get(fact.key), fact)]
        job.report.created += sum(fact.key not in before for fact in wanted)
        job.report.changed += sum(fact.key in before for fact in wanted)
        job.report.unchanged += len(batch) - len(wanted)
        stage.want(wanted)
        job.work.session.expunge_all()
        done += len(batch)
        if job.options.progress:
            job.options.progress(done, total)
    if not complete:
        return []
    retired = [
        key
        for sort in stage.sorts
        for key in facts.keys(school_id, sort, None)
        if key[2] in stage.areas(sort) and not stage.has(key)
    ]
    if retired:
        job.report.changed += len(retired)
        job.report.notes.append(
            f"{len(retired):,} facts that are no longer published were retired."
        )
    return retired


def _same(before: CatalogFact | None, fact: Fact) -> bool:
    return (
        before is not None
        and before.status == "active"
        and before.title == fact.title
        and before.source == fact.source
        and (fact.as_of is None or before.as_of == fact.as_of)
        and before.data == fact.data
    )


def _hand_set(job: Job, stage: Stage) -> list[Entry]:
    """Note figures that a counselor set; with `overwrite` return them cleared."""
    sorts = stage.sorts & set(COLUMNS)
    if not sorts:
        return []
    catalog = job.milepost.catalogs.current(job.work, job.school.id)
    found: list[Entry] = []
    for entry, revision in job.work.catalog.content(job.school.id, catalog.version):
        if entry.kind != Occupation.kind or not revision.by_hand:
            continue
        kept = kept_by_hand(job.work.catalog.history(entry.id)) & sorts
        occupation = catalog.entries[Occupation.kind][entry.code]
        if not kept or not isinstance(occupation, Occupation):
            continue
        what = " and ".join(sorted(sort.value for sort in kept))
        name = f"{entry.code} {occupation.title}: {what} set by hand"
        if job.options.overwrite:
            found.append(cleared(occupation, kept))
            job.report.notes.append(f"{name} was cleared.")
        else:
            job.report.notes.append(
                f"{name} is kept; --overwrite uses the published figure."
            )
    return found


def _save(
    job: Job, stage: Stage, retired: Sequence[Key], changed: Sequence[Entry]
) -> None:
    job.record()
    if not (job.report.created or job.report.changed or changed):
        return
    newest = job.work.catalog.newest(job.school.id)
    number = newest.number + 1 if newest else 1
    job.run.catalog_version = number
    for batch in stage.batches(wanted=True):
        job.work.facts.insert([_row(job, number, fact) for fact in batch])
    for key in retired:
        _retire(job, number, key)
    publish(
        job.milepost,
        job.work,
        job.school.id,
        changed,
        f"Imported {job.run.file}",
        job.options.actor_id,
        by_hand=[
            (entry.kind, entry.code)
            for entry in changed
            if isinstance(entry, Occupation)
        ],
    )
    job.report.notes.append(f"Published as version {number}.")


def _row(job: Job, number: int, fact: Fact) -> dict[str, Any]:
    today: date = job.today
    return {
        "id": new_id(),
        "school_id": job.school.id,
        "sort": fact.sort.value,
        "code": fact.code,
        "area": fact.area,
        "period": fact.period,
        "version": number,
        "language": "en",
        "title": fact.title,
        "status": "active",
        "source": fact.source,
        "as_of": fact.as_of or today,
        "review_by": today + REVIEW_AFTER,
        "data": fact.data,
        "import_id": job.run.id,
    }


def _retire(job: Job, number: int, key: Key) -> None:
    sort, code, area, period = key
    facts = job.work.facts.before(job.school.id, [FactSort(sort)], [code])
    old = facts[key]
    fact = Fact(
        FactSort(sort), code, old.title, old.data, old.source, area, period, old.as_of
    )
    row = {**_row(job, number, fact), "status": "retired"}
    job.work.facts.insert([row])
