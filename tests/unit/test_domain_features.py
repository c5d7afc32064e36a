"""For whom a feature is on (A11)."""

from __future__ import annotations

import pytest

from pathways.domain.features import Switch


@pytest.mark.parametrize(
    ("switch", "grade", "advisors", "is_on"),
    [
        (Switch(), None, (), True),
        (Switch(everyone=False), 9, ("a",), False),
        (Switch(False, (9, 10)), 9, (), True),
        (Switch(False, (9, 10)), 11, (), False),
        (Switch(False, (9,)), None, (), False),
        (Switch(False, (), ("a",)), 12, ("b", "a"), True),
        (Switch(False, (9,), ("a",)), 12, ("b",), False),
    ],
)
def test_a_switch_reaches_its_grades_and_groups(
    switch: Switch, grade: int | None, advisors: tuple[str, ...], is_on: bool
) -> None:
    assert switch.is_on(grade, advisors) is is_on
