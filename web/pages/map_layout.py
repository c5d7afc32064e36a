"""Where the steps of a pathway stand on its map: columns, rows, lines between them.

Layers by the longest way to a step, dummy places where a line passes a column, and a
few passes that move each step toward the middle of its neighbours (the layered drawing
of Sugiyama, Tagawa and Toda 1981). All lengths are units of the drawing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

WIDTH, HEIGHT = 178, 62
GAP_X, GAP_Y = 54, 18
EDGE = 8
PASSES = 4
LETTERS, LINES = 20, 2
Needs = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Box:
    """A step's place: its corner, and its title in lines."""

    code: str
    x: int
    y: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """A line from a step to one that it opens, as the path of a curve."""

    start: str
    end: str
    path: str


@dataclass(frozen=True)
class Drawing:
    """A whole map; `columns` counts its layers."""

    width: int
    height: int
    columns: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def layers_of(needs: Needs) -> dict[str, int]:
    """Return the layer of each code: one after the last that it needs, from 0."""
    found: dict[str, int] = {}

    def layer(code: str, way: tuple[str, ...]) -> int:
        if code in way or code not in needs:
            return -1
        if code not in found:
            before = [layer(one, (*way, code)) for one in needs[code]]
            found[code] = max(before, default=-1) + 1
        return found[code]

    for code in needs:
        layer(code, ())
    return found


def draw(titles: Mapping[str, str], needs: Needs) -> Drawing:
    """Lay a pathway out.

    Args:
        titles: of each step by its code, in the order to prefer.
        needs: codes before each step; those that are no step are left out.
    """
    known = {
        code: [one for one in needs.get(code, ()) if one in titles] for code in titles
    }
    layers = layers_of(known)
    ways = _ways(known, layers)
    columns = _columns(layers, ways)
    for _ in range(PASSES):
        _settle(columns, ways)
    most = max((len(column) for column in columns), default=0)
    at = {
        code: (EDGE + place * (WIDTH + GAP_X), EDGE + _row(row, len(column), most))
        for place, column in enumerate(columns)
        for row, code in enumerate(column)
    }
    boxes = tuple(
        Box(code, *at[code], _in_lines(title)) for code, title in titles.items()
    )
    lines = tuple(
        Line(way[0], way[-1], _path([at[one] for one in way])) for way in ways
    )
    return Drawing(
        2 * EDGE + len(columns) * (WIDTH + GAP_X) - GAP_X,
        2 * EDGE + most * (HEIGHT + GAP_Y) - GAP_Y,
        len(columns),
        boxes,
        lines,
    )


def _ways(needs: Needs, layers: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Return each line as the places it passes, one in every column."""
    found = []
    for code, before in needs.items():
        for one in before:
            if layers[one] >= layers[code]:
                continue
            between = range(layers[one] + 1, layers[code])
            found.append((one, *(f"{one}>{code}@{at}" for at in between), code))
    return found


def _columns(
    layers: Mapping[str, int], ways: Sequence[tuple[str, ...]]
) -> list[list[str]]:
    columns: list[list[str]] = [[] for _ in range(max(layers.values(), default=-1) + 1)]
    for code, layer in layers.items():
        columns[layer].append(code)
    for way in ways:
        for passed, layer in zip(
            way[1:-1], range(layers[way[0]] + 1, 99), strict=False
        ):
            columns[layer].append(passed)
    return columns


def _settle(columns: list[list[str]], ways: Sequence[tuple[str, ...]]) -> None:
    """Order each column by the middle of its neighbours, there and back."""
    pairs = [pair for way in ways for pair in zip(way, way[1:], strict=False)]
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for start, end in pairs:
        before.setdefault(end, []).append(start)
        after.setdefault(start, []).append(end)
    steps = [(place, place - 1, before) for place in range(1, len(columns))]
    steps += [(place, place + 1, after) for place in reversed(range(len(columns) - 1))]
    for place, beside, near in steps:
        rows = {code: row for row, code in enumerate(columns[beside])}
        here = {code: row for row, code in enumerate(columns[place])}
        columns[place].sort(
            key=lambda code: _middle(near.get(code, ()), rows, here[code])
        )  # noqa: B023


def _middle(near: Sequence[str], rows: Mapping[str, int], own: int) -> float:
    found = [rows[one] for one in near if one in rows]
    return sum(found) / len(found) if found else float(own)


def _row(row: int, of: int, most: int) -> int:
    step = HEIGHT + GAP_Y
    return row * step + (most - of) * step // 2


def _path(places: Sequence[tuple[int, int]]) -> str:
    """Return a curve from the right side of the first place to the last one's left."""
    middle, bend = HEIGHT // 2, GAP_X // 2
    x, y = places[0][0] + WIDTH, places[0][1] + middle
    path = f"M{x} {y}"
    for number, (left, top) in enumerate(places[1:], 2):
        end = top + middle
        path += f"C{x + bend} {y} {left - bend} {end} {left} {end}"
        x, y = left, end
        if number < len(places):
            x = left + WIDTH
            path += f"H{x}"
    return path


def _in_lines(title: str) -> tuple[str, ...]:
    lines = wrap(title, LETTERS)
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], lines[LINES - 1][: LETTERS - 1].rstrip() + "…"]
    return tuple(lines)
