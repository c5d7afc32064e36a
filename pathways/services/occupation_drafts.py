"""Makes a draft of an occupation from what is published about it.

Published texts are written for adults. So an imported occupation is no entry of the
catalog, and students do not hear of it, until a counselor takes it in as a draft and
words it plainly.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pathways.app import Milepost
from pathways.domain.catalog import Catalog, Occupation, Status
from pathways.domain.fact_sorts import FactSort
from pathways.services.catalog_publish import publish
from pathways.services.errors import Invalid
from pathways.store.catalog_models import CatalogFact
from pathways.store.models import School
from pathways.store.unit_of_work import UnitOfWork

MOST_NAMES = 8
MOST_RELATED = 6
MOST_INTERESTS = 3
LONGEST_NAME = 40
ONET = (FactSort.OCCUPATION, FactSort.TITLES, FactSort.RELATED, FactSort.CLUSTERS)
CREDIT = (
    "This page includes information from the {release} by the U.S. Department of "
    "Labor, Employment and Training Administration (USDOL/ETA). Used under the CC BY "
    "4.0 license. O*NET® is a trademark of USDOL/ETA."
)


def facts_about(
    milepost: Milepost, work: UnitOfWork, school: School, code: str
) -> list[CatalogFact]:
    """Return every published fact about a SOC, SCED or other code, newest version."""
    catalog = milepost.catalogs.current(work, school.id)
    codes = [code, f"{code}.00"]
    return work.facts.of(school.id, catalog.version, list(FactSort), codes)


def credit_of(facts: Sequence[CatalogFact]) -> str:
    """Return the credit line that O*NET data asks for; "" where there are none."""
    found = next((one.source for one in facts if one.source.startswith("O*NET")), "")
    return CREDIT.format(release=found) if found else ""


def draft_occupation(
    milepost: Milepost, school: School, code: str, cluster: str = ""
) -> Occupation:
    """Publish a draft of an occupation that the catalog lacks, and return it.

    Args:
        milepost: the product.
        school: whose catalog it is.
        code: a SOC code.
        cluster: the cluster's code; the crosswalk's first where left out.

    Raises:
        Invalid: the catalog has it, nothing is published about it, or its cluster
            is not known.
    """
    with milepost.work() as work:
        catalog = milepost.catalogs.current(work, school.id)
        if code in catalog.entries.get(Occupation.kind, {}):
            raise Invalid(f"The catalog has {code} already.")
        facts = {
            fact.sort: fact
            for fact in facts_about(milepost, work, school, code)
            if fact.sort in ONET
        }
        if FactSort.OCCUPATION not in facts:
            raise Invalid(
                f"O*NET data says nothing about {code}. Try: milepost import onet"
            )
        place = cluster or _cluster(facts.get(FactSort.CLUSTERS))
        if place not in catalog.entries.get("cluster", {}):
            raise Invalid("Name the cluster with --cluster, by its code.")
        draft = _draft(catalog, code, place, facts, milepost.today(school))
        publish(milepost, work, school.id, [draft], f"Draft {code}", None)
    return draft


def _cluster(fact: CatalogFact | None) -> str:
    return str(fact.data["clusters"][0]["cluster"]) if fact else ""


def _draft(
    catalog: Catalog,
    code: str,
    cluster: str,
    facts: dict[str, CatalogFact],
    today: date,
) -> Occupation:
    main = facts[FactSort.OCCUPATION]
    interests = main.data["interests"]
    titles, related = facts.get(FactSort.TITLES), facts.get(FactSort.RELATED)
    shown = titles.data["shown"] if titles else []
    others = [one[0][:7] for one in related.data["occupations"]] if related else []
    known = catalog.entries.get(Occupation.kind, {})
    return Occupation(
        code=code,
        title=main.title,
        everyday_names=tuple(
            name for name in shown if len(name) <= LONGEST_NAME and ";" not in name
        )[:MOST_NAMES],
        cluster=cluster,
        description=main.data["description"],
        interests=tuple(sorted(interests, key=lambda one: -interests[one]))[
            :MOST_INTERESTS
        ],
        related=tuple(
            one for one in dict.fromkeys(others) if one in known and one != code
        )[:MOST_RELATED],
        source=main.source,
        as_of=main.as_of,
        review_by=today,
        status=Status.DRAFT,
    )
