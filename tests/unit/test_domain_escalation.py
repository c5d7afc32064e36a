"""Who is told and when, over hours, nights, weekends and changes of the clock (S15)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from pathways.domain.escalation import Due, Hours, Pace, Step, due_steps

OHIO = ZoneInfo("America/New_York")
PEOPLE = ("ann", "ben", "cy")
HOURS = Hours(OHIO, frozenset(range(5)), time(8), time(15), frozenset())
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=OHIO)
MINUTE = timedelta(minutes=1)


def told(raised: datetime, after: timedelta, **more: object) -> list[tuple[str, ...]]:
    steps = due_steps(raised, None, PEOPLE, HOURS, raised + after, **more)  # type: ignore[arg-type]
    return [(one.step, *one.people) for one in steps]


FIRST, NEXT = ("first", "ann"), ("next", "ben")
ALL, LATE = ("all", *PEOPLE), ("after_hours", *PEOPLE)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (timedelta(0), [FIRST]),
        (timedelta(minutes=4, seconds=59), [FIRST]),
        (5 * MINUTE, [FIRST, NEXT]),
        (timedelta(minutes=9, seconds=59), [FIRST, NEXT]),
        (10 * MINUTE, [FIRST, NEXT, ALL]),
        (60 * MINUTE, [FIRST, NEXT, ALL]),
    ],
)
def test_in_hours_it_goes_to_the_first_the_next_and_all(
    after: timedelta, expected: list[tuple[str, ...]]
) -> None:
    assert told(MONDAY, after) == expected


def test_an_alert_near_closing_time_is_passed_on_all_the_same() -> None:
    raised = datetime(2026, 11, 23, 14, 58, tzinfo=OHIO)
    assert told(raised, 10 * MINUTE) == [FIRST, NEXT, ALL]


def test_after_hours_all_are_told_at_once_and_again_from_the_opening_on() -> None:
    friday = datetime(2026, 11, 20, 19, 0, tzinfo=OHIO)
    assert told(friday, timedelta(0)) == [LATE]
    assert told(friday, timedelta(days=2)) == [LATE]
    monday = datetime(2026, 11, 23, 8, 0, tzinfo=OHIO)
    assert told(friday, monday - friday) == [LATE, FIRST]
    assert told(friday, monday - friday + 5 * MINUTE) == [LATE, FIRST, NEXT]
    assert told(friday, monday - friday + 10 * MINUTE) == [LATE, FIRST, NEXT, ALL]


def test_a_danger_that_nobody_took_is_told_at_every_opening() -> None:
    steps = due_steps(MONDAY, None, PEOPLE, HOURS, MONDAY + timedelta(days=3))
    assert [one.key for one in steps[3:]] == [
        "opening:2026-11-24",
        "opening:2026-11-25",
        "opening:2026-11-26",
    ]


def test_closed_days_are_skipped() -> None:
    off = Hours(
        OHIO, HOURS.days, HOURS.opens, HOURS.closes, frozenset({date(2026, 11, 23)})
    )
    assert not off.are_on(MONDAY)
    assert off.next_opening(MONDAY) == datetime(2026, 11, 24, 8, tzinfo=OHIO)


def test_a_school_that_never_opens_has_no_opening_and_still_tells_all() -> None:
    never = Hours(OHIO, frozenset(), time(8), time(15))
    assert never.next_opening(MONDAY) is None
    (only,) = due_steps(MONDAY, None, PEOPLE, never, MONDAY + timedelta(days=400))
    assert only.step is Step.AFTER_HOURS


def test_nothing_is_due_once_somebody_is_on_it() -> None:
    taken = MONDAY + 3 * MINUTE
    steps = due_steps(MONDAY, taken, PEOPLE, HOURS, MONDAY + timedelta(days=9))
    assert [one.step for one in steps] == [Step.FIRST]


def test_a_wish_is_told_once_to_the_first_in_hours() -> None:
    night = datetime(2026, 11, 20, 19, 0, tzinfo=OHIO)
    assert told(night, timedelta(hours=1), pace=Pace.WISH) == []
    assert told(night, timedelta(days=9), pace=Pace.WISH) == [FIRST]
    assert told(MONDAY, timedelta(days=9), pace=Pace.WISH) == [FIRST]


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 11, 1)])
def test_the_hours_follow_the_wall_clock_over_a_change_of_the_clock(day: date) -> None:
    before = datetime.combine(day, time(0, 30), OHIO)
    opens = HOURS.next_opening(before)
    assert opens is not None
    assert opens.astimezone(OHIO).time() == time(8)
    assert opens.tzinfo is UTC


MOMENTS = some.datetimes(
    datetime(2026, 8, 1), datetime(2027, 6, 1), timezones=some.just(UTC)
)


@given(raised=MOMENTS, minutes=some.lists(some.integers(0, 20000), max_size=6))
def test_what_was_due_once_stays_due_and_keys_are_unique(
    raised: datetime, minutes: list[int]
) -> None:
    """However often and late the clock asks, no step is lost, moved or doubled."""
    seen: dict[str, Due] = {}
    for after in sorted(minutes):
        steps = due_steps(raised, None, PEOPLE, HOURS, raised + after * MINUTE)
        keys = [one.key for one in steps]
        assert len(keys) == len(set(keys))
        assert set(seen) <= set(keys)
        assert all(seen.get(one.key, one) == one for one in steps)
        assert all(raised <= one.at <= raised + after * MINUTE for one in steps)
        seen |= {one.key: one for one in steps}
