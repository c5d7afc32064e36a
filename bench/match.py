"""Ranking a catalog, beside reading the same rows from SQLite by one query.

Also: how the cost grows, what the prepared catalog weighs, and a night's run.
"""

from __future__ import annotations

import sqlite3
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from random import Random

from sqlalchemy.engine import make_url

from bench.figures import Outcome, Row, compared, p95
from bench.product import STUDENT, load_demo
from pathways.app import Milepost, build
from pathways.domain.catalog import (
    Catalog,
    Course,
    CreditOption,
    Entry,
    Opportunity,
    catalog_of,
)
from pathways.domain.district import Caps, District
from pathways.domain.facts import InterestFact, StudentFacts
from pathways.domain.lexicon import lexicon_of
from pathways.domain.mastery import Attempt, Level, summarize
from pathways.domain.matching import rank
from pathways.domain.options import Ranking
from pathways.domain.policy import Policy
from pathways.domain.policy_limits import limits_of
from pathways.garbage import leave_alone_what_stays
from pathways.services.catalog_publish import publish
from pathways.services.policy import state_pack
from pathways.services.student_facts import facts_of
from pathways.store.models import School
from setup.layout import Layout
from setup.report import SetupError

ITEMS = 10_000
MORE_ITEMS = 100_000
RESULTS, STUDENTS = 500, 1000
ROUNDS, FEW_ROUNDS = 40, 10
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
        facts = with_results(facts, milepost, demo_school, Random(SEED))
        for name, school in (("demo", demo_school), (f"{ITEMS} made up", large_school)):
            outcome.rows.append(_row(milepost, name, school, facts, now.date()))
        with milepost.work() as work:
            demo = milepost.catalogs.current(work, demo_school)
            large = milepost.catalogs.current(work, large_school)
        outcome.rows += [
            _absolute(facts, large, now.date()),
            _growth(facts, demo, large, now.date()),
            _memory(facts, demo, now.date()),
            _night(facts, large, now.date()),
        ]
    finally:
        milepost.engine.dispose()
    outcome.notes.append(
        f"Ours: rank() for a student with {RESULTS} results under the rules of Ohio "
        "and a district with caps, the prepared catalog in memory. Other: one SQL "
        "query that fetches the same entries from SQLite, nothing decided. Without a "
        "query, the other side is the target itself."
    )
    return outcome


def with_results(
    facts: StudentFacts, milepost: Milepost, school: str, draw: Random
) -> StudentFacts:
    """Return a student with 500 results and four likings of the catalog's words."""
    with milepost.work() as work:
        catalog = milepost.catalogs.current(work, school)
    codes, day = sorted(catalog.competencies), date(2026, 9, 1)
    attempts = [
        Attempt(
            draw.choice(codes), draw.choice(list(Level)), day, f"Quiz {n}", "Canvas", n
        )
        for n in range(RESULTS)
    ]
    leads = lexicon_of(catalog).leads
    interests = [
        InterestFact(
            words,
            day,
            leads(words).clusters,
            leads(words).occupations,
            leads(words).riasec,
            leads(words).subjects,
        )
        for words in draw.sample(sorted(catalog.phrases), 4)
    ]
    return replace(facts, mastery=summarize(attempts), interests=tuple(interests))


def _absolute(facts: StudentFacts, catalog: Catalog, today: date) -> Row:
    """State the time as the target does: on one core, warm, nothing else asked."""
    leave_alone_what_stays()
    ours = p95_ms(lambda: under_rules(facts, catalog, today))
    return compared(
        f"rank, {ITEMS} options, p95, to 30 ms", ours, 30.0, "ms", 1, ROUNDS
    )


def _growth(facts: StudentFacts, demo: Catalog, large: Catalog, today: date) -> Row:
    """Ten times the options: how many times the time, beside ten times."""
    more = catalog_of(2, enlarged(demo, MORE_ITEMS, Random(SEED)))
    small = p95_ms(lambda: under_rules(facts, large, today), FEW_ROUNDS)
    big = p95_ms(lambda: under_rules(facts, more, today), FEW_ROUNDS)
    label = f"rank, {MORE_ITEMS} options, p95, to ten times that of {ITEMS}"
    return compared(label, big, 10 * small, "ms", 1, FEW_ROUNDS)


def _memory(facts: StudentFacts, demo: Catalog, today: date) -> Row:
    """Weigh a catalog of that size, its prepared form and a ranking, at the peak."""
    tracemalloc.start()
    catalog = catalog_of(3, enlarged(demo, ITEMS, Random(SEED)))
    under_rules(facts, catalog, today)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return compared(f"memory, {ITEMS} options, peak, to 150 MB", peak, 150.0, "MB", 1)


def _night(facts: StudentFacts, catalog: Catalog, today: date) -> Row:
    """Rank for a thousand students, each at another grade and with other results."""
    begun = time.perf_counter()
    for number in range(STUDENTS):
        left = dict(list(facts.mastery.items())[number % 20 :])
        one = replace(facts, grade=7 + number % 6, mastery=left)
        under_rules(one, catalog, today)
    took = time.perf_counter() - begun
    label = f"{STUDENTS} students, {ITEMS} options, to 60 s"
    return compared(label, took, 60.0, "s", 1)


def under_rules(facts: StudentFacts, catalog: Catalog, today: date) -> Ranking:
    """Rank under the rules of Ohio and of a district that has set caps."""
    caps = Caps(credits_per_year=2, credits_total=6)
    policy = Policy(pack=state_pack("OH"), district=District(caps=caps))
    limits = limits_of(policy, facts.grade, today)
    return rank(facts, catalog, today, limits=limits)


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
    ours = p95_ms(lambda: under_rules(facts, catalog, today))
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
