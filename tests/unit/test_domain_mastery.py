from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.domain.mastery import (
    Attempt,
    Level,
    Method,
    Rule,
    average_of,
    combined,
    level_of,
    summarize,
)

FIRST = date(2026, 9, 1)
LEVELS = st.sampled_from(list(Level))


def attempt(
    day: int, level: Level, competency: str = "MATH.RATIO", number: int = 1
) -> Attempt:
    return Attempt(
        competency, level, FIRST + timedelta(days=day), "Quiz", "Canvas", number
    )


@pytest.mark.parametrize(
    ("points", "mastery", "possible", "level"),
    [
        (0, 3, 5, Level.BEGINNING),
        (1.9, 3, 5, Level.BEGINNING),
        (2, 3, 5, Level.DEVELOPING),
        (2.99, 3, 5, Level.DEVELOPING),
        (3, 3, 5, Level.PROFICIENT),
        (4.9, 3, 5, Level.PROFICIENT),
        (5, 3, 5, Level.ADVANCED),
        (6, 3, 5, Level.ADVANCED),
        (3, 3, 3, Level.PROFICIENT),
        (9, 3, None, Level.PROFICIENT),
    ],
)
def test_points_become_a_level_against_those_that_count_as_mastery(
    points: float, mastery: float, possible: float | None, level: Level
) -> None:
    assert level_of(points, mastery, possible) is level


@given(
    st.floats(0, 10, allow_nan=False),
    st.floats(0, 10, allow_nan=False),
    st.floats(0.1, 8, allow_nan=False),
    st.none() | st.floats(0.1, 10, allow_nan=False),
)
def test_more_points_never_give_a_lower_level(
    one: float, other: float, mastery: float, possible: float | None
) -> None:
    low, high = sorted((one, other))
    assert level_of(low, mastery, possible) <= level_of(high, mastery, possible)


def test_methods_differ_where_they_should() -> None:
    levels = [Level.ADVANCED, Level.BEGINNING, Level.DEVELOPING]
    assert combined(levels, Method.LATEST) is Level.DEVELOPING
    assert combined(levels, Method.HIGHEST) is Level.ADVANCED
    assert combined(levels, Method.DECAYING_AVERAGE) is Level.DEVELOPING


def test_the_newest_result_counts_65_percent_in_a_decaying_average() -> None:
    levels = [Level.BEGINNING, Level.ADVANCED]
    assert combined(levels, Method.DECAYING_AVERAGE) is Level.PROFICIENT  # 2.95
    assert combined(levels[::-1], Method.DECAYING_AVERAGE) is Level.DEVELOPING  # 2.05


AVERAGES = [method for method in Method if method is not Method.N_MASTERY]


@given(st.lists(LEVELS, min_size=1, max_size=8), st.sampled_from(AVERAGES))
def test_a_combined_level_lies_among_those_it_came_from(
    levels: list[Level], method: Method
) -> None:
    assert min(levels) <= combined(levels, method) <= max(levels)


@pytest.mark.parametrize(
    ("levels", "trend"),
    [((2,), 0), ((2, 3), 1), ((3, 2), -1), ((1, 3, 3), 0)],
)
def test_the_trend_compares_the_last_two_results(
    levels: tuple[int, ...], trend: int
) -> None:
    found = summarize(attempt(day, Level(one)) for day, one in enumerate(levels))
    assert found["MATH.RATIO"].trend == trend
    assert found["MATH.RATIO"].latest.level == levels[-1]


@given(
    st.lists(
        st.builds(
            attempt,
            st.integers(0, 3),
            LEVELS,
            st.sampled_from(["MATH.RATIO", "SCI.CELL"]),
            st.integers(1, 2),
        ),
        max_size=8,
    ),
    st.randoms(use_true_random=False),
    st.sampled_from(list(Method)),
)
def test_the_order_in_which_results_arrive_never_matters(
    attempts: list[Attempt], random: object, method: Method
) -> None:
    shuffled = list(attempts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert summarize(shuffled, method) == summarize(attempts, method)


def test_a_competency_without_results_is_absent() -> None:
    assert summarize([]) == {}


@pytest.mark.parametrize(
    ("rule", "score"),
    [
        (Rule(Method.AVERAGE), 3.0),
        (Rule(Method.DECAYING_AVERAGE, 65), 4.13),
        (Rule(Method.DECAYING_AVERAGE), 4.13),
        (Rule(Method.STANDARD_DECAYING_AVERAGE, 65), 4.47),
        (Rule(Method.N_MASTERY, 3), 4.0),
        (Rule(Method.N_MASTERY, 4), None),
        (Rule(Method.N_MASTERY), None),
    ],
)
def test_one_to_five_points_come_out_as_in_canvas(
    rule: Rule, score: float | None
) -> None:
    assert average_of([1, 2, 3, 4, 5], 3, rule) == score


def scored(day: int, points: float, mastery: float | None = 3) -> Attempt:
    level = level_of(points, mastery or 3, 4)
    return Attempt(
        "SCI",
        level,
        FIRST + timedelta(days=day),
        "Lab",
        "Canvas",
        1,
        points,
        mastery,
        4,
    )


def test_a_school_s_rule_counts_points_where_they_share_a_scale() -> None:
    results = [scored(0, 1.5), scored(1, 3.5)]

    def level(rule: Rule, rows: list[Attempt] = results) -> Level:
        return summarize(rows, rules={"SCI": rule})["SCI"].level

    assert level(Rule()) is Level.PROFICIENT
    assert level(Rule(Method.DECAYING_AVERAGE, 60)) is Level.DEVELOPING  # 2.7 of 3
    assert level(Rule(Method.DECAYING_AVERAGE, 80)) is Level.PROFICIENT  # 3.1
    assert level(Rule(Method.N_MASTERY, 2)) is Level.DEVELOPING
    assert level(Rule(Method.N_MASTERY, 1)) is Level.PROFICIENT
    mixed = [scored(0, 1.5, mastery=None), scored(1, 4)]
    assert level(Rule(Method.DECAYING_AVERAGE), mixed) is Level.PROFICIENT  # of levels


def test_mastery_that_was_not_shown_often_enough_is_developing_at_most() -> None:
    assert combined([Level.ADVANCED] * 2, Method.N_MASTERY, 3) is Level.DEVELOPING
    assert combined([Level.ADVANCED] * 3, Method.N_MASTERY, 3) is Level.ADVANCED
    assert combined([Level.BEGINNING] * 9, Method.N_MASTERY, 3) is Level.BEGINNING
