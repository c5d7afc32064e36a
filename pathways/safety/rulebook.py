"""The reviewed rules and the phrases that change what a match means."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from pathways.safety.files import load
from pathways.safety.grammar import Compiler, Line, Pattern, Patterns

RULE_FILES = (
    "self_harm",
    "self_harm_hidden",
    "safeguarding",
    "others",
    "friend",
    "wider",
    "deeper",
    "leaving",
    "deeper_routes",
    "nearby",
    "broad",
    "broad_routes",
    "broad_quiet",
    "soft",
    "quiet",
)


@dataclass(frozen=True)
class Rule:
    """One reviewed rule: what it says, and how heavy it is."""

    id: str
    category: str
    level: str
    patterns: Patterns
    refine: bool = False
    unless: str = ""
    weight: int = 0
    kind: str = ""


@dataclass(frozen=True)
class Phrases:
    """A named list of ``context.yml``, compiled."""

    patterns: Patterns

    def stands_in(self, line: Line) -> bool:
        """Tell whether any phrase of the list stands in the line."""
        return any(
            True for one in self.patterns.possible(line.words) for _ in one.spans(line)
        )

    def found(self, part: str, words: frozenset[str]) -> bool:
        """Tell whether any phrase stands in a part of a line with these words."""
        return any(one.regex.search(part) for one in self.patterns.possible(words))

    def spans(self, part: str, words: frozenset[str]) -> Iterable[re.Match[str]]:
        """Give every place where a phrase stands in a part of such a line."""
        for pattern in self.patterns.possible(words):
            yield from pattern.regex.finditer(part)

    def removed(self, line: Line) -> Line:
        """Return the line with every phrase of the list replaced by ``~``."""
        for pattern in self.patterns.possible(line.words):
            found = list(pattern.spans(line))
            for one in reversed(found):
                text = line.text[: one.start()] + "~ " + line.text[one.end() :]
                line = Line(text)
        return line


@dataclass(frozen=True)
class Rulebook:
    """All rules, the context lists, and the expressions built from them."""

    rules: tuple[Rule, ...]
    all_patterns: Patterns
    owners: tuple[int, ...]
    context: dict[str, Phrases]
    negation: re.Pattern[str]
    blocked: re.Pattern[str]
    reported: re.Pattern[str]
    framing: re.Pattern[str]

    def near(self, words: frozenset[str]) -> Iterator[tuple[Rule, list[Pattern]]]:
        """Give the rules, in their order, with what can match such a text."""
        numbers = self.all_patterns.numbers(words)
        for owner, some in groupby(numbers, key=self.owners.__getitem__):
            yield self.rules[owner], [self.all_patterns[number] for number in some]


def _choice(items: Sequence[Any]) -> str:
    return "(" + "|".join(str(item) for item in items) + ")"


@lru_cache(maxsize=1)
def rulebook() -> Rulebook:
    """Load and compile everything once.

    Raises:
        PatternError: a pattern in a rule file cannot be read.
    """
    compiler = Compiler(load("rules/macros.yml"))
    raw: dict[str, list[Any]] = load("context.yml")
    lists = {
        name: Phrases(Patterns(compiler.pattern(str(item)) for item in items))
        for name, items in raw.items()
    }

    def ending(source: str) -> re.Pattern[str]:
        return compiler.pattern(source, tail="$").regex

    bridge = " ".join([_choice(raw["bridge"]) + "?"] * 4)
    rules = [_rule(entry, compiler) for entry in _entries()]
    rules.sort(key=lambda rule: rule.id != "bu.kys")
    owned = [(one, at) for at, rule in enumerate(rules) for one in rule.patterns]
    return Rulebook(
        rules=tuple(rules),
        all_patterns=Patterns(one for one, _ in owned),
        owners=tuple(at for _, at in owned),
        context=lists,
        negation=ending(f"{_choice(raw['negator'])} {bridge}"),
        blocked=ending(f"{_choice(raw['negator_blocks'])} {bridge}"),
        reported=ending(f"{_choice(raw['speech'])} {_choice(raw['reported_start'])}?"),
        framing=ending(f"{_choice(raw['frame'])} ... {_choice(raw['link'])} .."),
    )


def _entries() -> Iterable[dict[str, Any]]:
    for name in RULE_FILES:
        yield from load(f"rules/{name}.yml")


def _rule(entry: dict[str, Any], compiler: Compiler) -> Rule:
    return Rule(
        id=entry["id"],
        category=entry["category"],
        level=entry["level"],
        patterns=Patterns(compiler.pattern(str(say)) for say in entry["say"]),
        refine=bool(entry.get("refine", False)),
        unless=str(entry.get("unless", "")),
        weight=int(entry.get("weight", 0)),
        kind=str(entry.get("kind", "")),
    )
