"""Puts published figures in place of those that the catalog holds (O1, A4).

The catalog's own figures stay as they are: what is published is laid over them
when a career is explained, each with its source and date. A figure that a counselor
set by hand wins until it is cleared.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pathways.domain.catalog import Catalog, Occupation
from pathways.domain.fact_sorts import FactSort
from pathways.store.catalog_models import CatalogFact, CatalogRevision
from pathways.store.unit_of_work import UnitOfWork
from pathways.texts import say

PAY = ("median_pay_us", "median_pay_ohio", "pay_note", "pay_source", "pay_as_of")
OUTLOOK = ("outlook_percent", "outlook_words", "outlook_source")
COLUMNS: Mapping[FactSort, tuple[str, ...]] = {
    FactSort.WAGE: PAY,
    FactSort.OUTLOOK: OUTLOOK,
}
AREAS = {"us": "US", "ohio": "Ohio"}
# The highest yearly figure that a release gives (BLS footnote 5), in dollars.
HIGHEST = {"2025-05": 239_200}
EMPTY = ("", None)
Columns = dict[str, Any]


def with_published(
    work: UnitOfWork, school_id: str, catalog: Catalog, job: Occupation, language: str
) -> Occupation:
    """Return an occupation with the figures published by the catalog's version."""
    facts = work.facts.of(
        school_id, catalog.version, COLUMNS, [job.code, broad(job.code)]
    )
    if not facts:
        return job
    kept = kept_by_hand(_revisions(work, school_id, job.code, catalog.version))
    return job.model_copy(update=_figures(job, facts, kept, language))


def broad(code: str) -> str:
    """Return the broad SOC code that a detailed one belongs to: 11-3012, 11-3010."""
    return f"{code[:-1]}0"


def kept_by_hand(revisions: Sequence[CatalogRevision]) -> set[FactSort]:
    """Return the kinds of figures that a counselor set last, not an import.

    Args:
        revisions: the revisions of one occupation, newest first.
    """
    if not revisions or not revisions[0].by_hand:
        return set()
    return {sort for sort, names in COLUMNS.items() if _set_by_hand(revisions, names)}


def _set_by_hand(revisions: Sequence[CatalogRevision], names: Sequence[str]) -> bool:
    values = [[one.data.get(name) for name in names] for one in revisions]
    if all(value in EMPTY for value in values[0]):
        return False
    place = next(
        (at for at, older in enumerate(values[1:]) if older != values[0]),
        len(values) - 1,
    )
    return revisions[place].by_hand


def cleared(job: Occupation, sorts: Collection[FactSort]) -> Occupation:
    """Return an occupation without its own figures of some kinds."""
    names = [name for sort in sorts for name in COLUMNS[sort]]
    fields = Occupation.model_fields
    return job.model_copy(update={name: fields[name].default for name in names})


def _revisions(
    work: UnitOfWork, school_id: str, code: str, version: int
) -> list[CatalogRevision]:
    entry = work.catalog.entry(school_id, Occupation.kind, code)
    if entry is None:
        return []
    found = work.catalog.history(entry.id)
    return [revision for revision in found if revision.version <= version]


def _figures(
    job: Occupation,
    facts: Sequence[CatalogFact],
    kept: Collection[FactSort],
    language: str,
) -> Columns:
    figures: Columns = {}
    if FactSort.WAGE not in kept:
        figures |= _pay(job, _about(job, facts, FactSort.WAGE), language)
    if FactSort.OUTLOOK not in kept:
        figures |= _outlook(job, _about(job, facts, FactSort.OUTLOOK), language)
    return figures


def _about(
    job: Occupation, facts: Sequence[CatalogFact], sort: FactSort
) -> list[CatalogFact]:
    """Return the newest period's facts, of the code itself before the broad one."""
    areas = AREAS.values()
    fitting = [one for one in facts if one.sort == sort.value and one.area in areas]
    exact = [one for one in fitting if one.code == job.code]
    found = exact or fitting
    newest = max((one.period for one in found), default="")
    return [one for one in found if one.period == newest]


def _pay(job: Occupation, wages: Sequence[CatalogFact], language: str) -> Columns:
    if not wages:
        return {}
    by_area = {wage.area: wage for wage in wages}
    medians = {
        f"median_pay_{place}": by_area[area].data["median"] if area in by_area else None
        for place, area in AREAS.items()
    }
    notes = [
        _absent(by_area[area], place, language)
        for place, area in AREAS.items()
        if area in by_area and by_area[area].data["median_absent"]
    ]
    if wages[0].code != job.code:
        notes.append(say(language, "facts.pay_together", {"title": wages[0].title}))
    # The catalog's own note tells of figures that are there or missing.
    same = all(
        (getattr(job, name) is None) == (medians[name] is None) for name in medians
    )
    if same and job.pay_note:
        notes = [job.pay_note]
    return {
        **medians,
        "pay_note": " ".join(notes),
        "pay_source": wages[0].source,
        "pay_as_of": wages[0].period,
    }


def _absent(wage: CatalogFact, place: str, language: str) -> str:
    reason = wage.data["median_absent"]
    floor = HIGHEST.get(wage.period)
    if reason == "top_coded" and floor is None:
        reason = "top_coded_unknown"
    values = {
        "place": say(language, f"facts.place_{place}"),
        "floor": f"${floor:,}" if floor else "",
    }
    return say(language, f"facts.pay_{reason}", values)


def _outlook(job: Occupation, facts: Sequence[CatalogFact], language: str) -> Columns:
    if not facts:
        return {}
    fact = facts[0]
    words = _outlook_words(fact.data["words"], language)
    if fact.code != job.code:
        together = {"words": words, "title": fact.title}
        words = say(language, "facts.outlook_together", together)
    return {
        "outlook_percent": fact.data["percent"],
        "outlook_words": words,
        "outlook_source": fact.source,
    }


def _outlook_words(published: str, language: str) -> str:
    name = published.casefold().replace(" ", "_")
    try:
        return say(language, f"facts.outlook_{name}")
    except KeyError:
        return published.lower()
