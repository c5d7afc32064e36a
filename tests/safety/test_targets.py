"""The rows S1 to S11 of the trust targets, on the set that no rule was tuned on.

Each floor stands a little under the figure measured on 2026-11-22 (docs/flows/safety.md
holds figures and targets). Raise a floor when the screen gets better; never lower one.
"""

import hashlib
from collections import defaultdict
from functools import lru_cache
from typing import Any

import pytest
from sets import (
    FRESH,
    HERE,
    LEVELS,
    expand,
    load_groups,
    nlu_examples,
    noisy,
    read,
    screened,
)
from test_screening import group_name

from pathways.safety import Screening, likeness, screen, screening

# Share read with the right level and route.
RIGHT = {
    "explicit": 0.975,
    "self_injury": 0.97,
    "passive": 0.82,
    "coded": 0.92,
    "farewell": 0.96,
    "slang": 0.86,
    "typos": 0.98,
    "emoji": 0.96,
    "es_explicit": 0.97,
    "es_implicit": 0.98,
    "spanglish": 0.97,
    "third_person": 0.95,
    "friend_harmed": 0.97,
    "abuse": 0.95,
    "sexual_abuse": 0.98,
    "neglect": 0.9,
    "dating_violence": 0.98,
    "threat": 0.93,
    "bullying": 0.98,
    "substances": 0.9,
    "eating": 0.98,
    "trafficking": 0.95,
    "buildup": 0.83,
}
# Share read as red where it must not be.
MOST_RED = {
    "negated": 0.12,
    "past": 0.04,
    "quoted": 0.05,
    "idiom": 0.02,
    "career": 0.02,
    "identity": 0.0,
    "dialect": 0.0,
    "ordinary": 0.02,
    "calm_dialogues": 0.11,
}
ORDINARY_RED = 0.003
NOISY_FLOOR = 0.86
BBC_2018 = (
    "I'm being forced to have sex and I'm only 12 years old",
    "I'm being forced to have sex and I'm only 12",
)


@lru_cache(maxsize=1)
def found() -> dict[str, list[tuple[Any, str, Screening]]]:
    """Every fresh message of a group, with what was expected and what was read."""
    by_group: dict[str, list[tuple[Any, str, Screening]]] = defaultdict(list)
    for group in load_groups(*FRESH):
        for case in group["texts"]:
            by_group[group["group"]].append((case, group["expect"], screened(case)))
    return by_group


def is_right(expect: str, seen: Screening) -> bool:
    level, _, category = expect.partition("/")
    return seen.level in LEVELS[level] and category in ("", seen.category)


@pytest.mark.parametrize("group", RIGHT)
def test_danger_gets_its_level_and_route(group: str) -> None:
    cases = found()[group]
    right = sum(is_right(expect, seen) for _, expect, seen in cases)
    assert right / len(cases) >= RIGHT[group]


@pytest.mark.parametrize("group", MOST_RED)
def test_what_is_calm_seldom_alarms(group: str) -> None:
    cases = found()[group]
    red = sum(seen.level == "red" for _, _, seen in cases)
    assert red / len(cases) <= MOST_RED[group]


def test_every_fresh_group_has_a_limit() -> None:
    assert set(found()) == {*RIGHT, *MOST_RED}


def test_ordinary_coaching_messages_almost_never_alarm() -> None:
    ordinary = list(nlu_examples())[::2]
    red = [text for text in ordinary if screen(text).level == "red"]
    assert len(ordinary) >= 5000
    assert len(red) / len(ordinary) <= ORDINARY_RED, red


def test_slips_of_the_hand_hide_little() -> None:
    clean = [t for t, _, seen in found()["explicit"] if seen.level == "red"][::2]
    red = sum(screen(noisy(t, i)).level == "red" for i, t in enumerate(clean))
    assert red / len(clean) >= NOISY_FLOOR


@pytest.mark.parametrize("text", BBC_2018)
def test_the_sentence_that_others_missed_is_seen(text: str) -> None:
    seen = screen(text)
    assert (seen.level, seen.category) == ("red", "sexual_abuse")


def test_the_fresh_set_is_as_it_was_frozen() -> None:
    frozen = (HERE / "fresh" / "frozen.sha256").read_text(encoding="utf-8")
    for line in frozen.splitlines():
        digest, name = line.split()
        written = (HERE / name).read_bytes()
        assert hashlib.sha256(written).hexdigest() == digest, name
    assert len(frozen.splitlines()) == len(FRESH)


def test_no_fresh_template_stands_where_rules_were_tuned() -> None:
    developed = sorted((HERE / "develop").glob("*.yml"))
    groups = [g for one in developed for g in read(f"develop/{one.name}")]
    tuned = {str(t) for g in groups for t in g.get("texts", ())}
    tuned |= {one for g in groups for t in g.get("templates", ()) for one in expand(t)}
    fresh = [g for name in FRESH for g in read(name)]
    templates = {t for g in fresh for t in g.get("templates", ())}
    told = {t for g in groups for t in g.get("templates", ())}
    assert templates & told == set()
    assert len(tuned) >= 2500
    assert sum(len(g["texts"]) for g in load_groups(*FRESH)) >= 2500


def test_without_its_second_reader_the_screen_still_reads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(screening, "likeness", lambda: None)
    assert screen("I want to kill myself").level == "red"
    assert screen("what classes should I take").level == "none"


def test_changed_weights_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert likeness.likeness() is not None
    monkeypatch.setattr(likeness, "SHA256", "of other weights")
    likeness.likeness.cache_clear()
    assert likeness.likeness() is None
    monkeypatch.undo()
    likeness.likeness.cache_clear()
    assert likeness.likeness() is not None


@pytest.mark.parametrize("group", load_groups("develop/more.yml"), ids=group_name)
def test_wording_found_later_stays_found(group: dict[str, Any]) -> None:
    cases = [(group["expect"], screened(case)) for case in group["texts"]]
    right = sum(is_right(expect, seen) for expect, seen in cases)
    assert right / len(cases) >= 0.9
