"""The capacity sheet says what the measured figures give."""

from __future__ import annotations

import pytest

from bench.capacity import (
    BEGIN,
    END,
    PAGE,
    SIZES,
    Assumed,
    Measured,
    cost,
    limits,
    measured,
    need,
    page,
    text,
)

FIGURES = Measured(20.0, 30.0, 10.0, 600.0, 150.0, 4.0, "a day")


def test_the_page_is_computed_from_the_figures() -> None:
    whole = PAGE.read_text(encoding="utf-8")
    assert page(whole, text(measured(), Assumed())) == whole
    assert whole.index(BEGIN) < whole.index(END)


def test_ten_times_the_students_need_some_ten_times_the_cores() -> None:
    small, _, large = (need(size, FIGURES, Assumed()) for size in SIZES)
    assert small.turns == pytest.approx(1000 * 0.05 / 60)
    assert (small.cores, small.workers, small.apps) == (2, 1, 1)
    assert large.cores == pytest.approx(SIZES[2] * 0.05 / 60 * 0.06 / 0.5, abs=1)
    assert large.workers > large.apps > 2


def test_what_breaks_first_comes_first() -> None:
    found = limits(FIGURES, Assumed())
    assert [count for _, count in found] == sorted(count for _, count in found)
    assert found[0][0].startswith("two cores") or found[0][0].startswith("one Rasa")


def test_a_price_of_nothing_costs_nothing() -> None:
    one = need(50_000, FIGURES, Assumed())
    assert cost(one, 0, 0) == 0
    assert cost(one, 2.0, 0) == pytest.approx(2 * cost(one, 1.0, 0))
