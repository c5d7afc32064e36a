"""Prerequisites go from text to groups and back with the same meaning (A4)."""

from __future__ import annotations

from itertools import product

import pytest

from pathways.domain.prerequisite_groups import Group, Groups, groups_of, text_of
from pathways.domain.prerequisites import parse


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("", Groups()),
        ("A", Groups(groups=(Group("all", ("A",)),))),
        ("A | B", Groups(groups=(Group("any", ("A", "B")),))),
        (
            "A & B & (C | D)",
            Groups("all", (Group("all", ("A", "B")), Group("any", ("C", "D")))),
        ),
        (
            "(A & B) | C",
            Groups("any", (Group("all", ("A", "B")), Group("any", ("C",)))),
        ),
        (
            "(A | B) & (C | D)",
            Groups("all", (Group("any", ("A", "B")), Group("any", ("C", "D")))),
        ),
    ],
)
def test_a_text_is_read_as_groups_and_written_back(text: str, groups: Groups) -> None:
    assert groups_of(parse(text)) == groups
    assert text_of(groups) == text


def test_groups_within_groups_stay_text() -> None:
    assert groups_of(parse("A & (B | (C & D))")) is None


def test_what_is_written_means_what_was_read() -> None:
    for text in ("A & (B & C) | D", "(A | B) & C & (D)", "A | (B | C)"):
        rule, built = parse(text), groups_of(parse(text))
        assert built is not None
        again = parse(text_of(built))
        for has in product((False, True), repeat=4):
            known = {code for code, on in zip("ABCD", has, strict=True) if on}
            assert rule.holds(known.__contains__) == again.holds(known.__contains__)


def test_empty_groups_say_nothing() -> None:
    built = Groups("any", (Group(), Group("any", ("A", "B")), Group()))
    assert text_of(built) == "A | B"
