"""The ASVS page: every requirement once, and what it names is there (X1)."""

from __future__ import annotations

import re
from collections import Counter

from content.assistant import ROOT

PAGE = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
ROW = re.compile(
    r"^\| (\d+\.\d+\.\d+) \| ([123]) \| (.+) \| ([a-z/]+) \| (.+) \|$", re.M
)
TOTALS = re.compile(
    r"^\| (?:\d|3, chosen) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", re.M
)
STATES = ("pass", "part", "gap", "n/a")


def test_each_requirement_of_levels_one_and_two_stands_there_once() -> None:
    rows = ROW.findall(PAGE)
    assert len({one[0] for one in rows}) == len(rows)
    levels = Counter(one[1] for one in rows)
    assert (levels["1"], levels["2"]) == (70, 183)  # as in ASVS 5.0.0
    assert {one[3] for one in rows} <= set(STATES)
    counted = [
        tuple(sum(one[1] == n and one[3] == state for one in rows) for state in STATES)
        for n in "123"
    ]
    assert [tuple(map(int, one)) for one in TOTALS.findall(PAGE)] == counted


def test_each_file_that_it_names_is_there() -> None:
    known = {
        path.name
        for room in ("tests", "pathways", "web", "bot")
        for path in (ROOT / room).rglob("*")
        if path.is_file()
    }
    for named in re.findall(r"`([\w/.]+\.(?:py|md|yml|html|js))`", PAGE):
        assert (ROOT / named).is_file() or named in known, named
