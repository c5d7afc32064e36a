"""Prerequisites: course codes joined by `&` and `|`, with parentheses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

TOKEN = re.compile(r"\s*([&|()]|[^\s&|()]+)")
DEEPEST = 20
MOST_WAYS = 64


class UnreadableRule(ValueError):
    """A prerequisite text that can't be understood; the message says where."""


@dataclass(frozen=True)
class Rule:
    """A course code, or all/any of several rules; `all` of nothing is no rule."""

    join: Literal["course", "all", "any"]
    code: str = ""
    parts: tuple[Rule, ...] = field(default=())

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Every course code that the rule names, in order."""
        if self.join == "course":
            return (self.code,)
        return tuple(code for part in self.parts for code in part.codes)

    def holds(self, has: Callable[[str], bool]) -> bool:
        """Tell whether the rule is met by the courses that `has` accepts."""
        if self.join == "course":
            return has(self.code)
        answers = (part.holds(has) for part in self.parts)
        return all(answers) if self.join == "all" else any(answers)

    def missing(self, has: Callable[[str], bool]) -> tuple[str, ...]:
        """Return the fewest course codes that would meet the rule."""
        return self._ways(has)[0]

    def _ways(self, has: Callable[[str], bool]) -> list[tuple[str, ...]]:
        """Return sets of codes that would each meet the rule, the smallest first."""
        if self.holds(has):
            return [()]
        if self.join == "course":
            return [(self.code,)]
        lists = [part._ways(has) for part in self.parts]
        if self.join == "any":
            return _smallest(way for ways in lists for way in ways)
        found: list[tuple[str, ...]] = [()]
        for ways in lists:
            found = _smallest((*one, *way) for one in found for way in ways)
        return found


def _smallest(ways: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return different sets of codes, the smallest first, never too many to try."""
    different = {frozenset(way): tuple(dict.fromkeys(way)) for way in ways}
    return sorted(different.values(), key=len)[:MOST_WAYS]


NOTHING = Rule("all")


def parse(text: str) -> Rule:
    """Read a prerequisite text; an empty one is a rule that always holds.

    Raises:
        UnreadableRule: a sign is missing or too much.
    """
    tokens = TOKEN.findall(text)
    if not tokens:
        return NOTHING
    walk = iter([*tokens, ""])
    rule, last = _any(next(walk), walk, 0)
    if last:
        raise UnreadableRule(f"write & or | before {last!r}")
    return rule


def _any(token: str, walk: Iterator[str], depth: int) -> tuple[Rule, str]:
    return _joined("|", "any", _all, token, walk, depth)


def _all(token: str, walk: Iterator[str], depth: int) -> tuple[Rule, str]:
    return _joined("&", "all", _one, token, walk, depth)


def _joined(
    sign: str,
    join: Literal["all", "any"],
    read: Callable[[str, Iterator[str], int], tuple[Rule, str]],
    token: str,
    walk: Iterator[str],
    depth: int,
) -> tuple[Rule, str]:
    parts = []
    part, token = read(token, walk, depth)
    parts.append(part)
    while token == sign:
        part, token = read(next(walk), walk, depth)
        parts.append(part)
    return (parts[0] if len(parts) == 1 else Rule(join, parts=tuple(parts))), token


def _one(token: str, walk: Iterator[str], depth: int) -> tuple[Rule, str]:
    if depth > DEEPEST:
        raise UnreadableRule("too many parentheses")
    if token == "(":
        rule, token = _any(next(walk), walk, depth + 1)
        if token != ")":
            raise UnreadableRule("a closing ) is missing")
        return rule, next(walk)
    if not token or token in "&|)":
        raise UnreadableRule(f"a course code is missing before {token or 'the end'!r}")
    return Rule("course", code=token), next(walk)
