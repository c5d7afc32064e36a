"""Pictures as numbers: the map of a pathway, lanes by dimension, growth, bars."""

from __future__ import annotations

import re
from datetime import date

import pytest

from pathways.services.mastery import Standing
from pathways.services.pathway import in_order
from web.pages import pictures
from web.pages.map_layout import GAP_Y, HEIGHT, WIDTH, Drawing, draw, layers_of

DAY = date(2026, 9, 1)


def standing(
    title: str, category: str, *attempts: tuple[int, int], subject: str = "math"
) -> Standing:
    days = tuple((date(2026, month, 1), level, "quiz") for month, level in attempts)
    return Standing(
        code=title,
        title=title,
        subject=subject,
        category=category,
        level=days[-1][1],
        word="",
        trend=0,
        as_of=days[-1][0],
        source="Canvas",
        attempts=days,
    )


NEEDS = {"a": [], "b": ["a"], "c": ["b"], "d": ["a", "c"], "e": [], "f": ["e", "gone"]}


def drawn(needs: dict[str, list[str]]) -> Drawing:
    return draw({code: code.upper() for code in needs}, needs)


def test_a_step_stands_in_the_column_after_the_last_that_it_needs() -> None:
    assert layers_of(NEEDS) == {"a": 0, "b": 1, "c": 2, "d": 3, "e": 0, "f": 1}
    picture = drawn(NEEDS)
    at = {one.code: one.x for one in picture.boxes}
    assert at["a"] == at["e"] < at["b"] == at["f"] < at["c"] < at["d"]
    assert picture.columns == 4


def test_boxes_never_overlap_and_stay_inside_the_drawing() -> None:
    wide = {f"n{n}": [f"n{n // 3}"] if n >= 3 else [] for n in range(24)}
    picture = drawn(wide)
    places = {(one.x, one.y) for one in picture.boxes}
    assert len(places) == len(picture.boxes) == 24
    for one in picture.boxes:
        assert one.x >= 0 and one.x + WIDTH <= picture.width
        assert one.y >= 0 and one.y + HEIGHT <= picture.height
        for other in picture.boxes:
            if other is not one and other.x == one.x:
                assert abs(other.y - one.y) >= HEIGHT + GAP_Y


def test_a_line_that_skips_a_column_passes_between_its_boxes() -> None:
    picture = drawn({"a": [], "b": ["a"], "c": ["b"], "d": ["a", "c"]})
    (line,) = (one for one in picture.lines if (one.start, one.end) == ("a", "d"))
    passed = [int(y) for y in re.findall(r" (\d+)(?=H)", line.path)]
    tops = {one.y for one in picture.boxes if one.code in "bc"}
    assert len(passed) == 2
    for y in passed:
        assert all(not top <= y <= top + HEIGHT for top in tops)


def test_each_line_begins_and_ends_at_its_boxes() -> None:
    picture = drawn(NEEDS)
    at = {one.code: one for one in picture.boxes}
    assert {(one.start, one.end) for one in picture.lines} == {
        ("a", "b"),
        ("b", "c"),
        ("a", "d"),
        ("c", "d"),
        ("e", "f"),
    }
    for line in picture.lines:
        numbers = [int(n) for n in re.findall(r"\d+", line.path)]
        start, end = at[line.start], at[line.end]
        assert numbers[:2] == [start.x + WIDTH, start.y + HEIGHT // 2]
        assert numbers[-2:] == [end.x, end.y + HEIGHT // 2]


def test_the_same_pathway_is_drawn_the_same_way() -> None:
    assert drawn(NEEDS) == drawn(dict(NEEDS))


def test_a_circle_of_needs_and_an_empty_pathway_are_drawn_too() -> None:
    circle = drawn({"a": ["b"], "b": ["a"]})
    assert {one.code for one in circle.boxes} == {"a", "b"}
    assert draw({}, {}).boxes == ()
    assert in_order({"a": ("b",), "b": ("a",)}) == ["b", "a"]


def test_a_long_title_takes_two_lines_and_is_cut_there() -> None:
    picture = draw({"a": "Introduction to the very long history of everything"}, {})
    (box,) = picture.boxes
    assert len(box.lines) == 2 and box.lines[1].endswith("…")


def test_lanes_by_dimension_stand_side_by_side_and_mix_no_levels() -> None:
    known = [
        standing("z", "content_knowledge", (1, 1), (2, 3)),
        standing("a", "content_knowledge", (2, 4), subject="arts"),
        standing("h", "habits_of_success", (3, 2)),
    ]
    first, second = pictures.profiles(known, "dimension")
    assert (first.name, second.name) == ("content_knowledge", "habits_of_success")
    assert [row.lane.standing.title for row in first.rows] == ["a", "z"]
    assert [row.now for row in first.rows] == [262.5, 187.5]
    assert first.rows[1].start == 37.5
    assert first.trail == "262.5,50 187.5,96"


@pytest.mark.parametrize("order", pictures.ORDERS)
def test_every_order_shows_every_skill_once(order: str) -> None:
    known = [standing(f"s{n}", "cognitive_skills", (n, 2)) for n in range(1, 6)]
    found = [row for one in pictures.profiles(known, order) for row in one.rows]
    assert sorted(row.title for row in found) == ["S1", "S2", "S3", "S4", "S5"]


def test_growth_counts_skills_at_proficient_and_takes_back_what_fell() -> None:
    known = [
        standing("a", "content_knowledge", (1, 2), (3, 3), (5, 2)),
        standing("b", "content_knowledge", (1, 3), (4, 4)),
    ]
    points = pictures.growth(known)
    assert [(one.day.month, one.count) for one in points] == [
        (1, 1),
        (3, 2),
        (4, 2),
        (5, 1),
    ]
    assert points[0].x == pictures.GROWTH_LEFT
    assert points[-1].x == pictures.GROWTH_RIGHT
    assert pictures.stairs(points).startswith(f"M{points[0].x:g} ")
    assert pictures.growth(known[:0]) == []
    assert pictures.growth([standing("a", "content_knowledge", (1, 2))]) == []


def test_all_four_areas_show_even_without_a_result() -> None:
    bars = pictures.bars([standing("a", "habits_of_success", (1, 3))])
    assert [(one.reached, one.of) for one in bars] == [(0, 0), (0, 0), (1, 1), (0, 0)]
