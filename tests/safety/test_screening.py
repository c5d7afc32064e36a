"""The screen, group by group: what it must see and what it must leave alone."""

import random
import re
from typing import Any

import pytest
from sets import TEMPLATES_TUNED, TEMPLATES_UNTOUCHED, load_groups, screened, wrong

from pathways.safety import Screening, screen

TUNED = (
    "cases_self_harm.yml",
    "cases_safeguarding.yml",
    "cases_calm.yml",
    "cases_harder.yml",
)
KNOWN_MISSED = "cases_known_missed.yml"
UNTOUCHED = "cases_untouched.yml"
# Groups of the untouched file that were not fully right when last measured.
# Raise a floor when the screen gets better; never lower one to pass.
UNTOUCHED_FLOORS: dict[str, float] = {
    "explicit": 0.94,
    "passive": 0.94,
    "typos": 0.85,
}
# Groups of the templates, as measured on 2026-11-22; the rest is fully right.
TEMPLATE_FLOORS = {
    "explicit": 0.88,
    "passive": 0.78,
    "self_injury": 0.9,
    "slang": 0.75,
    "typos": 0.71,
    "es_explicit": 0.91,
    "es_implicit": 0.9,
    "third_person": 0.81,
    "past": 0.66,
    "ordinary": 0.86,
    "sexual_abuse": 0.88,
    "dating_violence": 0.85,
    "threat": 0.77,
    "bullying": 0.87,
    "substances": 0.64,
    "soft": 0.71,
    "hostile": 0.75,
}
TEMPLATE_TUNED_FLOORS = {
    "passive": 0.95,
    "typos": 0.92,
    "ordinary": 0.97,
    "abuse": 0.93,
    "dating_violence": 0.78,
    "threat": 0.94,
}
RULE_ID = re.compile(r"([a-z]+\.[a-z_]+|build_up|retracted|likeness)?")


def group_name(group: dict[str, Any]) -> str:
    return str(group["group"])


@pytest.mark.parametrize("group", load_groups(*TUNED), ids=group_name)
def test_every_tuned_message_gets_its_level_and_category(group: dict[str, Any]) -> None:
    assert list(wrong(group)) == []


@pytest.mark.parametrize("group", load_groups(UNTOUCHED), ids=group_name)
def test_untouched_groups_hold_their_floor(group: dict[str, Any]) -> None:
    right = 1 - len(list(wrong(group))) / len(group["texts"])
    assert right >= UNTOUCHED_FLOORS.get(group["group"], 1.0)


@pytest.mark.parametrize("group", load_groups(TEMPLATES_UNTOUCHED), ids=group_name)
def test_untouched_templates_hold_their_floor(group: dict[str, Any]) -> None:
    right = 1 - len(list(wrong(group))) / len(group["texts"])
    assert right >= TEMPLATE_FLOORS.get(group["group"], 1.0)


@pytest.mark.parametrize("group", load_groups(TEMPLATES_TUNED), ids=group_name)
def test_tuned_templates_hold_their_floor(group: dict[str, Any]) -> None:
    right = 1 - len(list(wrong(group))) / len(group["texts"])
    assert right >= TEMPLATE_TUNED_FLOORS.get(group["group"], 1.0)


def test_no_template_stands_in_both_parts() -> None:
    tuned, untouched = (
        {t for group in load_groups(name) for t in group["templates"]}
        for name in (TEMPLATES_TUNED, TEMPLATES_UNTOUCHED)
    )
    assert tuned & untouched == set()


@pytest.mark.parametrize("group", load_groups(KNOWN_MISSED), ids=group_name)
def test_known_missed_messages_still_fail(group: dict[str, Any]) -> None:
    missed = [case for case, _ in wrong(group)]
    assert missed == group["texts"], "some are read rightly now: move them"


def test_enough_messages_are_written_and_none_twice_in_both_parts() -> None:
    tuned_files, kept_files = (
        (*TUNED, TEMPLATES_TUNED),
        (UNTOUCHED, TEMPLATES_UNTOUCHED),
    )
    tuned = {str(t) for group in load_groups(*tuned_files) for t in group["texts"]}
    untouched = {str(t) for group in load_groups(*kept_files) for t in group["texts"]}
    assert len(untouched) >= 750
    assert len(tuned | untouched) >= 2500


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


@pytest.mark.parametrize(
    "text",
    ["¡me quiero morir!", "¡no quiero vivir!", "…i want to die…", "¡¡quiero morir!!"],
)
def test_signs_that_open_a_sentence_do_not_hide_a_disclosure(text: str) -> None:
    assert screen(text).level == "red"


def test_no_mix_of_signs_stops_the_screen() -> None:
    mixed = random.Random(7)
    signs = "ab é¿¡…?!.,;:\"/'-()«»“”\n\u200d@1"
    for _ in range(3000):
        screen("".join(mixed.choice(signs) for _ in range(mixed.randint(1, 14))))


@pytest.mark.parametrize("broken", ["\ud800", "\udfff", "\ud83d kms"])
def test_half_a_sign_hides_nothing_and_breaks_nothing(broken: str) -> None:
    assert screen(f"i want to kill myself {broken}").level == "red"
    assert screen(f"{broken} i want to kill myself").level == "red"
    assert screen("see you \ud800 monday").level == "none"
