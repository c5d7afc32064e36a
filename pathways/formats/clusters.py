"""The crosswalk from SOC codes to career clusters and sub-clusters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from pathways.domain.cluster_framework import cluster_called, from_sixteen
from pathways.domain.fact_sorts import FactSort
from pathways.formats.facts import Fact, Sorted, Tally, cell, maybe, names_of, need
from pathways.formats.oews import soc
from pathways.formats.tables import Row, Unreadable, open_table

SOC = names_of("SOC Code", "soc_code")
TITLE = names_of("Occupation Title", "title")
CLUSTER = names_of("Career Cluster", "cluster")
SUB_CLUSTER = names_of("Sub-Cluster", "sub_cluster")
SOURCE = "SOC to career cluster crosswalk"


def cluster_facts(path: Path, tally: Tally) -> Iterator[Fact]:
    """Yield the clusters of each SOC code, the one with most sub-clusters first.

    Names of the older framework of 16 become the cluster of the 14 that holds most
    of it. Rows without a SOC code are headings.

    Raises:
        FormatError: it is no crosswalk.
    """
    columns = (SOC[0], CLUSTER[0], SUB_CLUSTER[0])
    table = open_table(path, columns=columns)
    need(table, {"SOC Code": SOC, "Career Cluster": CLUSTER})
    older: Counter[str] = Counter()
    with closing(Sorted()) as found:
        for row in tally.rows(table):
            try:
                placed = _placed(row, older)
            except Unreadable as error:
                tally.reject(row, error)
                continue
            if placed is None:
                tally.skipped += 1
            else:
                found.put(placed[0], placed[1:])
        for code, rows in found.groups():
            yield _fact(code, rows)
    if older:
        names = ", ".join(f"{name} ({count})" for name, count in older.items())
        tally.notes.append(f"Clusters of the older 16 were mapped: {names}.")


def _placed(row: Row, older: Counter[str]) -> tuple[str, str, str, str] | None:
    code = maybe(row, SOC, "SOC Code", soc)
    if not code:
        return None
    name = cell(row, CLUSTER, "Career Cluster", str)
    cluster = cluster_called(name)
    if cluster is None:
        mapped = from_sixteen(name)
        if not mapped:
            raise Unreadable(CLUSTER[0], "this is none of the 14 career clusters")
        older[name] += 1
        cluster = mapped[0]
    return code, row.get(*TITLE), cluster, row.get(*SUB_CLUSTER)


def _fact(code: str, rows: Sequence[Sequence[str]]) -> Fact:
    by_cluster: dict[str, dict[str, str]] = {}
    for _, cluster, sub in rows:
        subs = by_cluster.setdefault(cluster, {})
        # The published table writes one sub-cluster with and without capitals.
        if sub and (sub.casefold() not in subs or sub[0].isupper()):
            subs[sub.casefold()] = sub
    ranked = sorted(by_cluster.items(), key=lambda one: -len(one[1]))
    clusters = [
        {"cluster": cluster, "sub_clusters": sorted(subs.values())}
        for cluster, subs in ranked
    ]
    return Fact(
        FactSort.CLUSTERS, code, rows[0][0][:200], {"clusters": clusters}, SOURCE
    )
