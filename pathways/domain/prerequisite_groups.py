"""Prerequisites as people build them: groups of courses, all of them or one (A4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from pathways.domain.prerequisites import Rule

Join = Literal["all", "any"]
SIGNS: dict[Join, str] = {"all": " & ", "any": " | "}


@dataclass(frozen=True)
class Group:
    """Some courses: all of them, or one of them."""

    join: Join = "all"
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Groups:
    """Groups of which all hold, or one."""

    join: Join = "all"
    groups: tuple[Group, ...] = ()


def groups_of(rule: Rule) -> Groups | None:
    """Return a rule as groups; None where it has groups within groups."""
    rule = _flat(rule)
    if rule.join == "course":
        return Groups(groups=(Group(codes=rule.codes),))
    plain = all(part.join == "course" for part in rule.parts)
    if plain:
        return Groups(groups=(Group(rule.join, rule.codes),) if rule.codes else ())
    if any(one.join != "course" for part in rule.parts for one in part.parts):
        return None
    return Groups(rule.join, tuple(_groups(rule.join, rule.parts)))


def _flat(rule: Rule) -> Rule:
    """Return a rule without groups that join as the group around them does."""
    parts: list[Rule] = []
    for part in map(_flat, rule.parts):
        parts.extend(part.parts if part.join == rule.join else (part,))
    return Rule(rule.join, rule.code, tuple(parts))


def _groups(join: Join, parts: tuple[Rule, ...]) -> Iterator[Group]:
    for single, some in groupby(parts, lambda part: part.join == "course"):
        if single:
            yield Group(join, tuple(part.code for part in some))
        else:
            for part in some:
                yield Group("any" if part.join == "any" else "all", part.codes)


def text_of(built: Groups) -> str:
    """Write groups as a prerequisite text; empty groups say nothing."""
    full = [group for group in built.groups if group.codes]
    if len(full) == 1:
        return SIGNS[full[0].join].join(full[0].codes)
    return SIGNS[built.join].join(_text(group, built.join) for group in full)


def _text(group: Group, outer: Join) -> str:
    text = SIGNS[group.join].join(group.codes)
    inner = len(group.codes) > 1 and group.join != outer
    return f"({text})" if inner else text
