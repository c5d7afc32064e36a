"""The screen, group by group: what it must see and what it must leave alone."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from pathways.safety import Screening, screen

HERE = Path(__file__).parent
TUNED = (
    "cases_self_harm.yml",
    "cases_safeguarding.yml",
    "cases_calm.yml",
    "cases_harder.yml",
)
KNOWN_MISSED = "cases_known_missed.yml"
UNTOUCHED = "cases_untouched.yml"
LEVELS = {
    "red": {"red"},
    "soft": {"soft"},
    "none": {"none"},
    "any": {"red", "soft"},
    "not_red": {"soft", "none"},
}
# Groups of the untouched file that were not fully right when last measured.
# Raise a floor when the screen gets better; never lower one to pass.
UNTOUCHED_FLOORS: dict[str, float] = {
    "explicit": 0.94,
    "passive": 0.94,
    "typos": 0.85,
}
RULE_ID = re.compile(r"([a-z]+\.[a-z_]+|build_up|retracted)?")


def load_groups(*names: str) -> list[dict[str, Any]]:
    return [
        group
        for name in names
        for group in yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    ]


def screened(case: str | list[str]) -> Screening:
    if isinstance(case, str):
        return screen(case)
    return screen(case[-1], history=case[:-1])


def wrong(group: dict[str, Any]) -> Iterator[tuple[str | list[str], Screening]]:
    level, _, category = group["expect"].partition("/")
    for case in group["texts"]:
        found = screened(case)
        if found.level not in LEVELS[level] or category not in ("", found.category):
            yield case, found


def group_name(group: dict[str, Any]) -> str:
    return str(group["group"])


@pytest.mark.parametrize("group", load_groups(*TUNED), ids=group_name)
def test_every_tuned_message_gets_its_level_and_category(group: dict[str, Any]) -> None:
    assert list(wrong(group)) == []


@pytest.mark.parametrize("group", load_groups(UNTOUCHED), ids=group_name)
def test_untouched_groups_hold_their_floor(group: dict[str, Any]) -> None:
    right = 1 - len(list(wrong(group))) / len(group["texts"])
    assert right >= UNTOUCHED_FLOORS.get(group["group"], 1.0)


@pytest.mark.parametrize("group", load_groups(KNOWN_MISSED), ids=group_name)
def test_known_missed_messages_still_fail(group: dict[str, Any]) -> None:
    missed = [case for case, _ in wrong(group)]
    assert missed == group["texts"], "some are read rightly now: move them"


def test_enough_messages_are_written_and_none_twice_in_both_parts() -> None:
    tuned = [str(t) for group in load_groups(*TUNED) for t in group["texts"]]
    untouched = [str(t) for group in load_groups(UNTOUCHED) for t in group["texts"]]
    assert len(untouched) >= 250
    assert len(tuned) + len(untouched) >= 900


def test_calm_untouched_messages_never_alarm() -> None:
    calm = [
        text
        for group in load_groups(UNTOUCHED)
        if group["expect"] in ("none", "soft")
        for text in group["texts"]
    ]
    assert [text for text in calm if screen(text).level == "red"] == []


@pytest.mark.parametrize(
    "disguise",
    [
        str.upper,
        lambda text: text.replace("kill", "k1ll").replace("die", "d1e"),
        lambda text: text.replace("kill", "k!ll").replace("die", "d*e"),
        lambda text: text.replace("kill", "k i l l").replace("die", "d i e"),
        lambda text: text.replace("kill", "k.i.l.l").replace("die", "d.i.e"),
        lambda text: text.replace("i", "і"),
        lambda text: "\u200b".join(text),
        lambda text: text.replace("kill", "killll").replace("die", "dieee"),
        lambda text: text.replace(" ", "  "),
        lambda text: f"hey so um {text} idk",
        lambda text: f"how do I drop chem? {text}",
    ],
)
@pytest.mark.parametrize("text", ["i want to kill myself", "i want to die"])
def test_a_disguise_does_not_hide_danger(disguise: Any, text: str) -> None:
    assert screen(disguise(text)).level == "red"


@pytest.mark.parametrize("text", ["", " ", "\n", "...", "🙂", "\x00", "٣", "a" * 5000])
def test_text_without_meaning_is_clear(text: str) -> None:
    assert screen(text) == Screening("none", "none")


def test_danger_stays_visible_beside_an_idiom() -> None:
    assert screen("this homework is killing me and I want to die").level == "red"
    assert screen("my essay is due and i want to kill myself").level == "red"


def test_taking_a_red_message_back_leaves_a_soft_line() -> None:
    found = screen("jk never mind", history=["I want to die"])
    assert (found.level, found.rule) == ("soft", "retracted")


def test_earlier_signs_alone_do_not_alarm_on_a_plain_message() -> None:
    history = ["nothing matters", "I'm such a burden", "I can't take this anymore"]
    assert screen("what classes should I take", history=history).level == "none"


def test_the_rule_id_never_repeats_the_student() -> None:
    for group in load_groups(*TUNED):
        for case in group["texts"]:
            assert RULE_ID.fullmatch(screened(case).rule)
