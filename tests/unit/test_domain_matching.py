import json
import os
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from students import (
    CATALOG,
    CODES,
    TODAY,
    allowed,
    career,
    days,
    drawn,
    drawn_limits,
    entry_called,
    kinds,
    students,
)

from pathways.domain.catalog import Catalog, catalog_of
from pathways.domain.facts import (
    CourseState,
    StudentFacts,
    canonical,
    from_snapshot,
    snapshot,
)
from pathways.domain.matching import Pools, closed_for_good, option_for, rank
from pathways.domain.options import OptionKind
from pathways.domain.shelves import index_of
from pathways.domain.standing import Standing
from pathways.services.option_views import next_step

quick = settings(max_examples=40, deadline=None)
CASES = 100_000
ENTRIES = [(code, entry_called(code)) for code in CODES]


@quick
@given(students(), days, kinds, st.integers(1, 20))
def test_hard_limits_are_never_broken(
    facts: StudentFacts, today: date, kind: OptionKind | None, limit: int
) -> None:
    ranking = rank(facts, CATALOG, today, kind, limit)
    assert len(ranking.items) <= limit
    for option in ranking.items:
        assert option.open
        assert allowed(option.entry, facts, today), option.entry.code
        assert option.entry.code not in facts.dismissed
        assert kind is None or option.kind is kind
    codes = [one.entry.code for one in ranking.items]
    assert len(set(codes)) == len(codes)


def test_no_option_breaks_a_hard_limit_in_a_hundred_thousand_cases() -> None:
    """A case is a student before a single option, with or without rules.

    `MILEPOST_TEST_STUDENTS=100000` judges so many students, each before every option.
    """
    random, seen = Random(26), 0
    wanted = int(os.environ.get("MILEPOST_TEST_STUDENTS", 0)) * len(CODES) or CASES
    while seen < wanted:
        facts = drawn(random)
        today = date.fromordinal(TODAY.toordinal() + random.randrange(-100, 300))
        limits = drawn_limits(random, today)
        standing = Standing(facts, CATALOG, today, limits)
        pools = Pools(index_of(CATALOG), standing, None)
        found = {pools.code(one) for one in pools.open}
        right = {code for code, one in ENTRIES if allowed(one, facts, today, limits)}
        assert found == right - facts.dismissed
        seen += len(CODES)


@quick
@given(students(), days)
def test_the_index_and_the_explanation_agree(facts: StudentFacts, today: date) -> None:
    pools = Pools(index_of(CATALOG), Standing(facts, CATALOG, today), None)
    for one in (*pools.open, *pools.later):
        option = option_for(pools.entry(one), facts, CATALOG, today)
        assert option is not None
        assert option.units == one // pools.size, option.entry.code
    for one in pools.later:
        option = option_for(pools.entry(one), facts, CATALOG, today)
        assert option is not None
        assert not option.open


@quick
@given(students(), days, kinds, st.integers(2, 10))
def test_one_stretch_is_among_the_suggestions_where_there_is_one(
    facts: StudentFacts, today: date, kind: OptionKind | None, limit: int
) -> None:
    every = rank(facts, CATALOG, today, kind, limit=500).items
    ranking = rank(facts, CATALOG, today, kind, limit)
    available = any(one.stretch for one in every)
    wanted = 1 if available and len(ranking.items) > 1 else int(available)
    marked = [one for one in ranking.items if one.stretch]
    assert len(marked) == wanted
    assert all(one.support is not None for one in marked)


@quick
@given(students(), days, kinds, st.randoms(use_true_random=True))
def test_the_order_of_what_goes_in_never_matters(
    facts: StudentFacts, today: date, kind: OptionKind | None, random: Any
) -> None:
    def mixed(things: Any) -> list[Any]:
        found = list(things)
        random.shuffle(found)
        return found

    same = StudentFacts(
        grade=facts.grade,
        age=facts.age,
        mastery=dict(mixed(facts.mastery.items())),
        courses=dict(mixed(facts.courses.items())),
        interests=tuple(mixed(facts.interests)),
        careers=tuple(mixed(facts.careers)),
        dismissed=frozenset(mixed(facts.dismissed)),
        hours_a_week=facts.hours_a_week,
        places=facts.places,
    )
    entries = [one for group in CATALOG.entries.values() for one in group.values()]
    other = catalog_of(1, mixed(entries))
    assert same.fingerprint == facts.fingerprint
    assert shown(rank(same, other, today, kind)) == shown(
        rank(facts, CATALOG, today, kind)
    )


@quick
@given(students(), days, kinds)
def test_a_snapshot_gives_the_same_facts_and_the_same_ranking(
    facts: StudentFacts, today: date, kind: OptionKind | None
) -> None:
    again = from_snapshot(json.loads(canonical(snapshot(facts))))
    assert again.fingerprint == facts.fingerprint
    assert shown(rank(again, CATALOG, today, kind)) == shown(
        rank(facts, CATALOG, today, kind)
    )


def shown(ranking: Any) -> list[Any]:
    return [
        (one.entry.code, one.score, one.stretch, one.reasons, one.failed)
        for one in (*ranking.items, *ranking.not_yet)
    ]


@quick
@given(students(), days, kinds)
def test_what_is_not_open_yet_names_a_step_and_can_still_open(
    facts: StudentFacts, today: date, kind: OptionKind | None
) -> None:
    for option in rank(facts, CATALOG, today, kind).not_yet:
        assert option.failed
        assert not closed_for_good(option)
        assert option.entry.code not in facts.dismissed
        assert next_step(option, "en").endswith(".")


BEHIND_A_JUNIOR = {
    code: CourseState.COMPLETED
    for code, course in CATALOG.courses.items()
    if course.level != "college" and course.grades and min(course.grades) <= 10
}


@pytest.mark.parametrize("kind", list(OptionKind))
def test_a_goal_lifts_what_leads_to_it(kind: OptionKind) -> None:
    plain = StudentFacts(grade=11, age=17, courses=BEHIND_A_JUNIOR)
    vet = StudentFacts(
        grade=11, age=17, courses=BEHIND_A_JUNIOR, careers=(career("29-1131"),)
    )
    before = rank(plain, CATALOG, TODAY, kind, 1).items
    after = rank(vet, CATALOG, TODAY, kind, 1).items
    assert before and after
    assert after[0].score >= before[0].score


def test_the_starter_catalog_offers_each_kind_to_a_junior() -> None:
    facts = StudentFacts(grade=11, age=17, courses=BEHIND_A_JUNIOR)
    missing = [k for k in OptionKind if not rank(facts, CATALOG, TODAY, k).items]
    assert missing == []


def test_a_mixed_list_is_spread_over_kinds_and_families() -> None:
    facts = StudentFacts(grade=10, age=16)
    items = rank(facts, CATALOG, TODAY, limit=8).items
    assert len({one.kind for one in items}) >= 3
    assert len({one.entry.code for one in items}) == 8


def test_a_catalog_without_entries_suggests_nothing() -> None:
    ranking = rank(StudentFacts(grade=9), Catalog(0, {}), TODAY)
    assert (ranking.items, ranking.not_yet) == ((), ())
