"""Hours in buckets, and what may count twice (P10)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.domain.experience import (
    Allowed,
    Bucket,
    Pair,
    Share,
    log_problem,
    overlaps,
    pair_for,
    total,
)

TODAY = date(2026, 11, 21)
shares = st.lists(
    st.builds(
        Share,
        st.sampled_from(Bucket),
        st.sampled_from(["a", "b", "c"]),
        st.floats(0.5, 20),
    ),
    max_size=6,
)


@pytest.mark.parametrize("first", list(Bucket))
@pytest.mark.parametrize("second", list(Bucket))
def test_where_nobody_has_said_a_counselor_decides(
    first: Bucket, second: Bucket
) -> None:
    assert pair_for(first, second, ()).allowed is Allowed.COUNSELOR


def test_the_order_of_two_buckets_does_not_matter_and_the_first_word_counts() -> None:
    pairs = (
        Pair(Bucket.SEAL, Bucket.CREDIT, Allowed.NO, by="district"),
        Pair(Bucket.CREDIT, Bucket.SEAL, Allowed.YES, "rule", "pack"),
    )
    for first, second in ((Bucket.SEAL, Bucket.CREDIT), (Bucket.CREDIT, Bucket.SEAL)):
        assert pair_for(first, second, pairs).allowed is Allowed.NO


def test_hours_that_are_split_are_not_counted_twice() -> None:
    split = [Share(Bucket.CREDIT, "a", 4), Share(Bucket.WORK_HOURS, "", 6)]
    assert overlaps(split, 10, ()) == ()
    twice = [Share(Bucket.CREDIT, "a", 5), Share(Bucket.WORK_HOURS, "", 6)]
    (found,) = overlaps(twice, 10, ())
    assert (found.first, found.second) == (Bucket.CREDIT, Bucket.WORK_HOURS)
    assert found.allowed is Allowed.COUNSELOR


def test_a_skill_that_is_shown_uses_no_hours_up() -> None:
    both = [Share(Bucket.COMPETENCY, "x", 10), Share(Bucket.CREDIT, "a", 10)]
    assert overlaps(both, 10, ()) == ()


@given(shares, st.floats(0.5, 40))
def test_the_order_of_shares_changes_no_answer(each: list[Share], hours: float) -> None:
    there = sorted((one.first, one.second) for one in overlaps(each, hours, ()))
    back = sorted((one.first, one.second) for one in overlaps(each[::-1], hours, ()))
    assert there == back


@given(shares)
def test_targets_add_up_to_their_bucket(each: list[Share]) -> None:
    for bucket in Bucket:
        parts = sum(total(each, bucket, one) for one in ("a", "b", "c"))
        assert parts == pytest.approx(total(each, bucket))


@pytest.mark.parametrize(
    ("hours", "first", "last", "wanted"),
    [
        (6.0, TODAY, TODAY, ""),
        (None, TODAY, TODAY, "hours"),
        (0.0, TODAY, TODAY, "hours"),
        (-2.0, TODAY, TODAY, "hours"),
        (float("inf"), TODAY, TODAY, "hours"),
        (float("nan"), TODAY, TODAY, "hours"),
        (6.0, None, None, "day"),
        (6.0, TODAY + timedelta(days=1), None, "future"),
        (6.0, TODAY, TODAY + timedelta(days=1), "future"),
        (6.0, TODAY, TODAY - timedelta(days=1), "order"),
        (24.5, TODAY, TODAY, "too_many_hours"),
        (24.5, TODAY - timedelta(days=1), TODAY, ""),
        (6.0, TODAY - timedelta(days=500), TODAY, "too_many_days"),
    ],
)
def test_an_entry_is_taken_or_says_what_is_wrong(
    hours: float | None, first: date | None, last: date | None, wanted: str
) -> None:
    assert log_problem(hours, first, last, TODAY) == wanted
