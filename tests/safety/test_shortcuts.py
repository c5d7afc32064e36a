"""What makes the screen quick changes nothing of what it finds."""

import random

import pytest
from sets import load_groups

from pathways.safety.grammar import Compiler, Line
from pathways.safety.normalise import lexicon, normalise
from pathways.safety.rulebook import rulebook

SETS = ("cases_harder.yml", "cases_safeguarding.yml", "cases_untouched.yml")
TOGETHER = 40


def plain_lines() -> list[str]:
    """Long lines of many messages each, in plain form."""
    texts = [t for g in load_groups(*SETS) for t in g["texts"] if isinstance(t, str)]
    random.Random(11).shuffle(texts)
    joined = [texts[at : at + TOGETHER] for at in range(0, len(texts), TOGETHER)]
    return [normalise(" . ".join(some)) for some in joined[:8]]


def test_trying_likely_places_finds_every_match() -> None:
    book = rulebook()
    groups = [rule.patterns for rule in book.rules]
    groups += [phrases.patterns for phrases in book.context.values()]
    matched = 0
    for line in map(Line, plain_lines()):
        for group in groups:
            likely = {one.source: one for one in group.possible(line.words)}
            for pattern in group:
                every = [m.span() for m in pattern.regex.finditer(line.text)]
                quick = likely.get(pattern.source)
                assert [m.span() for m in quick.spans(line)] == every if quick else True
                assert quick or every == [], pattern.source
                matched += len(every)
    assert matched >= 500


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("(so)? kill* me", " so killing me . killed me ", 2),
        (".. alone", " i am alone ", 1),
        ("# (pills|meds)", " 12 pills and 3 meds and x pills ", 2),
        ("a a", " a a a a a ", 2),
    ],
)
def test_each_way_to_begin_is_tried(source: str, text: str, expected: int) -> None:
    pattern = Compiler({}).pattern(source)
    found = [m.span() for m in pattern.spans(Line(text))]
    assert found == [m.span() for m in pattern.regex.finditer(text)]
    assert len(found) == expected


def test_a_rewriting_is_skipped_only_where_it_would_change_nothing() -> None:
    lines = plain_lines()
    for pattern, new, letters in lexicon().phrases:
        for line in lines:
            if not any(one in line for one in letters):
                assert pattern.sub(new, line) == line
