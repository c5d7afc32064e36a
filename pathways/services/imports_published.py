"""Imports what governments and standards bodies publish (features A4, O1)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from pathways.app import Milepost
from pathways.domain.catalog import Competency, Course, Entry, Occupation, Status
from pathways.domain.fact_sorts import FactSort
from pathways.formats.case import case_facts
from pathways.formats.clusters import cluster_facts
from pathways.formats.facts import Fact, Tally
from pathways.formats.oews import oews_facts
from pathways.formats.onet import open_release
from pathways.formats.onet_facts import onet_facts
from pathways.formats.ooh import ooh_facts
from pathways.formats.problems import FormatError
from pathways.formats.report import Report
from pathways.formats.sced import sced_facts
from pathways.formats.staging import Stage
from pathways.services.catalog_publish import plan_changes
from pathways.services.imports_facts import import_facts
from pathways.services.imports_job import Job, Options

MOST_LISTED = 20


def import_onet(
    milepost: Milepost, school_code: str, path: Path, options: Options
) -> Report:
    """Import an O*NET release; a release older than the one that is in is refused.

    Raises:
        FormatError: the release can't be used at all.
        Invalid: there is no such school.
    """
    newest: list[Fact] = []

    def read(tally: Tally) -> Iterator[Fact]:
        with open_release(path) as release:
            for fact in onet_facts(release, tally):
                if not newest:
                    newest.append(fact)
                yield fact

    def check(job: Job) -> None:
        there = job.work.facts.any_of(job.school.id, FactSort.OCCUPATION)
        as_of = newest[0].as_of if newest else None
        if there is None or as_of is None or options.overwrite:
            return
        if as_of < there.as_of:
            raise FormatError(
                f"{path.name}: {newest[0].source} is older than the {there.source} "
                "that is in. --overwrite goes back to it."
            )

    return import_facts(
        milepost, school_code, "onet", path, read, options, complete=True, check=check
    )


def import_oews(
    milepost: Milepost,
    school_code: str,
    path: Path,
    options: Options,
    year: int | None = None,
    areas: Collection[str] = (),
) -> Report:
    """Import wages by occupation and area; each year is kept beside the others.

    Args:
        milepost: the product.
        school_code: whose catalog it is.
        path: a table of wages.
        options: how to import.
        year: of the wages, where the file does not say it.
        areas: the areas that are wanted; all if none are named.

    Raises:
        FormatError: the file can't be used at all.
        Invalid: there is no such school.
    """
    return import_facts(
        milepost,
        school_code,
        "oews",
        path,
        lambda tally: oews_facts(path, tally, year, areas),
        options,
    )


def import_ooh(
    milepost: Milepost, school_code: str, path: Path, options: Options
) -> Report:
    """Import the outlook of occupations.

    Raises:
        FormatError: the file can't be used at all.
        Invalid: there is no such school.
    """
    return import_facts(
        milepost,
        school_code,
        "ooh",
        path,
        lambda tally: ooh_facts(path, tally),
        options,
    )


def import_sced(
    milepost: Milepost, school_code: str, path: Path, options: Options
) -> Report:
    """Import SCED codes; note the school's courses whose code is none of them.

    Raises:
        FormatError: the file can't be used at all.
        Invalid: there is no such school.
    """

    def entries(job: Job, stage: Stage) -> list[Entry]:
        catalog = job.milepost.catalogs.current(job.work, job.school.id)
        _list(
            job,
            "Courses with a SCED code that is not in this list",
            [
                f"{course.code} ({course.sced_code})"
                for course in catalog.entries.get(Course.kind, {}).values()
                if isinstance(course, Course)
                and not stage.has((FactSort.COURSE_CODE, course.sced_code, "", ""))
            ],
        )
        return []

    return import_facts(
        milepost,
        school_code,
        "sced",
        path,
        lambda tally: sced_facts(path, tally),
        options,
        complete=True,
        entries=entries,
    )


def import_clusters(
    milepost: Milepost, school_code: str, path: Path, options: Options
) -> Report:
    """Import the crosswalk; note occupations that stand in none of its clusters.

    Raises:
        FormatError: the file can't be used at all.
        Invalid: there is no such school.
    """

    def entries(job: Job, stage: Stage) -> list[Entry]:
        catalog = job.milepost.catalogs.current(job.work, job.school.id)
        jobs = catalog.entries.get(Occupation.kind, {})
        elsewhere = []
        for batch in stage.batches():
            for fact in batch:
                found = jobs.get(fact.code)
                codes = [one["cluster"] for one in fact.data["clusters"]]
                if isinstance(found, Occupation) and found.cluster not in codes:
                    elsewhere.append(f"{found.code} ({found.cluster})")
        _list(job, "Occupations in another cluster than the crosswalk's", elsewhere)
        return []

    return import_facts(
        milepost,
        school_code,
        "clusters",
        path,
        lambda tally: cluster_facts(path, tally),
        options,
        complete=True,
        entries=entries,
    )


def import_case(
    milepost: Milepost, school_code: str, path: Path, options: Options
) -> Report:
    """Import a competency framework; its competencies join the school's catalog.

    Those with others below them are headings and come as drafts. An entry of the
    same code that came from elsewhere, or was edited by hand, is kept and noted,
    unless `overwrite`.

    Raises:
        FormatError: the file can't be used at all.
        Invalid: there is no such school.
    """
    return import_facts(
        milepost,
        school_code,
        "case",
        path,
        lambda tally: case_facts(path, tally),
        options,
        complete=True,
        entries=_competencies,
    )


def _competencies(job: Job, stage: Stage) -> list[Entry]:
    """Return the catalog entries to publish; note those that are kept."""
    wanted: list[Entry] = []
    for batch in stage.batches():
        found = [_competency(fact) for fact in batch]
        for change in plan_changes(job.milepost, job.work, job.school.id, found):
            if change.kind == "unchanged":
                continue
            before = change.before
            others = before is not None and before.source != change.entry.source
            if (change.by_hand_before or others) and not job.options.overwrite:
                why = (
                    "was edited by hand" if change.by_hand_before else "is the school's"
                )
                job.report.notes.append(
                    f"Competency {change.entry.code} {why} and is kept; "
                    "--overwrite replaces it."
                )
            else:
                wanted.append(change.entry)
    return wanted


def _competency(fact: Fact) -> Competency:
    data = fact.data
    return Competency(
        code=data["catalog_code"],
        title=fact.title,
        statement=data["statement"],
        subject=(data["subject"] or fact.source)[:200],
        category="content_knowledge",
        source=fact.source,
        as_of=fact.as_of,
        status=Status.DRAFT if data["has_children"] else Status.ACTIVE,
    )


def _list(job: Job, what: str, names: list[str]) -> None:
    if names:
        more = f" and {len(names) - MOST_LISTED} more" if names[MOST_LISTED:] else ""
        job.report.notes.append(f"{what}: {', '.join(names[:MOST_LISTED])}{more}.")
