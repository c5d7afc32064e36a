"""Ranking a catalog, beside reading the same rows from SQLite by one query."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from random import Random

from sqlalchemy.engine import make_url

from bench.figures import Outcome, Row, compared, p95
from bench.product import STUDENT, load_demo
from pathways.app import Milepost, build
from pathways.domain.catalog import Catalog, Course, CreditOption, Entry, Opportunity
from pathways.domain.facts import StudentFacts
from pathways.domain.matching import rank
from pathways.services.catalog_publish import publish
from pathways.services.student_facts import facts_of
from pathways.store.models import School
from setup.layout import Layout
from setup.report import SetupError

ITEMS = 10_000
ROUNDS = 40
SEED = 7
KINDS = tuple(one.kind for one in (Course, Opportunity, CreditOption))
VARIED = {
    "clusters",
    "occupations",
    "competencies",
    "competencies_needed",
    "competencies_taught",
    "interest_words",
    "grades",
    "prerequisites",
    "age_min",
}
QUERY = """
    SELECT entry.kind, entry.code, revision.title, revision.status, revision.data
    FROM catalog_entry AS entry
    JOIN catalog_revision AS revision ON revision.entry_id = entry.id
    WHERE entry.school_id = ? AND entry.kind IN (?, ?, ?) AND revision.version = (
        SELECT max(version) FROM catalog_revision WHERE entry_id = entry.id
    )
"""


def measure(layout: Layout, now: datetime) -> Outcome:
    """Rank the demo catalog and a large made-up one.

    Args:
        layout: the checkout; the database goes to `var/bench/match`.
        now: the moment, which decides what is over and what is still open.
    """
    settings = load_demo(layout.var / "bench" / "match")
    milepost = build(settings)
    outcome = Outcome("match", settings={"rounds": ROUNDS, "seed": SEED})
    try:
        facts, demo_school = _student(milepost, now.date())
        large_school = _add_large(milepost, demo_school)
        for name, school in (("demo", demo_school), (f"{ITEMS} made up", large_school)):
            outcome.rows.append(_row(milepost, name, school, facts, now.date()))
    finally:
        milepost.engine.dispose()
    outcome.notes.append(
        "Ours: rank() for a student with a full record, the catalog in memory. Other: "
        "one SQL query that fetches the same entries from SQLite, nothing decided."
    )
    return outcome


def p95_ms(run: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the 95th percentile of one call after a first one, in milliseconds."""
    run()
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        run()
        times.append((time.perf_counter() - begun) * 1000)
    return p95(times)


def _row(
    milepost: Milepost, name: str, school: str, facts: StudentFacts, today: date
) -> Row:
    with milepost.work() as work:
        catalog = milepost.catalogs.current(work, school)
    path = make_url(milepost.settings.database_url).database
    assert path is not None
    connection = sqlite3.connect(path)
    try:
        rows = connection.execute(QUERY, (school, *KINDS)).fetchall()
        _same(rows, catalog)

        def read() -> object:
            return connection.execute(QUERY, (school, *KINDS)).fetchall()

        other = p95_ms(read)
    finally:
        connection.close()
    ours = p95_ms(lambda: rank(facts, catalog, today))
    label = f"rank, {name} ({len(rows)} options), p95"
    return compared(label, ours, other, "ms", n=ROUNDS)


def _same(rows: list[tuple[str, ...]], catalog: Catalog) -> None:
    """Make sure that both sides look at the same entries."""
    read = sorted((kind, code) for kind, code, *_ in rows)
    held = sorted((kind, code) for kind in KINDS for code in catalog.entries[kind])
    if read != held:
        raise SetupError("The query and the catalog do not hold the same entries.")


def _student(milepost: Milepost, today: date) -> tuple[StudentFacts, str]:
    """Return the demo student's facts and the id of the school."""
    with milepost.work() as work:
        person = work.people.by_username(STUDENT)
        if person is None:
            raise SetupError("The demo school has no student to rank for.")
        catalog = milepost.catalogs.current(work, person.school_id)
        return facts_of(work, person, catalog, today), person.school_id


def _add_large(milepost: Milepost, demo_school: str) -> str:
    """Add a school with the demo's catalog and many varied copies of its options."""
    with milepost.work() as work:
        catalog = milepost.catalogs.current(work, demo_school)
        school = School(
            code="large",
            name="A large school",
            state="OH",
            timezone="America/New_York",
            language="en",
            safety_adult="the school counselor",
        )
        work.people.add(school)
        work.people.flush()
        entries = list(enlarged(catalog, ITEMS, Random(SEED)))
        publish(milepost, work, school.id, entries, "made up", None)
        return school.id


def enlarged(catalog: Catalog, options: int, draw: Random) -> Iterator[Entry]:
    """Yield a catalog's entries, then copies until there are so many options.

    A copy has a code of its own, and its clusters and what it needs and teaches
    are those of other entries of its kind, so that scores and limits differ.
    """
    for group in catalog.entries.values():
        yield from group.values()
    originals = [one for kind in KINDS for one in catalog.entries[kind].values()]
    for number in range(options - len(originals)):
        entry = originals[number % len(originals)]
        like = list(catalog.entries[entry.kind].values())
        changes = {
            name: getattr(draw.choice(like), name)
            for name in sorted(VARIED & type(entry).model_fields.keys())
        }
        named = {"code": f"{entry.code}-{number}", "title": f"{entry.title} {number}"}
        yield entry.model_copy(update=changes | named)
