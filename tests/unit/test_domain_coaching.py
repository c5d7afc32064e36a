"""Order, completeness and fidelity of the coaching methods (C8)."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.domain.coaching import (
    GIBBS,
    GROW,
    METHODS,
    SMART,
    WHAT,
    WOOP,
    Method,
    OutOfOrder,
    Talk,
    is_if_then,
    is_inner,
    talk_of,
)

GROWN = {
    "goal": "decide about band",
    "reality": "band and track meet at the same time",
    "tiny": "ask the band teacher",
    "bold": "drop track",
    "another": "do both until winter",
    "choice": "ask the band teacher",
    "day": "2026-11-23",
    "confidence": "8",
}
every_method = pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)


def done(method: Method) -> Talk:
    talk = Talk(method)
    for step in method.steps:
        talk = talk.answer(step, f"words for {step}")
    return talk


@every_method
def test_steps_come_in_their_order_and_end(method: Method) -> None:
    talk, seen = Talk(method), []
    while talk.next_step:
        seen.append(talk.next_step)
        talk = talk.answer(talk.next_step, "words")
    assert tuple(seen) == method.steps
    assert talk.complete


@every_method
def test_no_step_can_be_taken_before_its_turn(method: Method) -> None:
    for early in method.steps[1:]:
        with pytest.raises(OutOfOrder):
            Talk(method).answer(early, "words")
    with pytest.raises(OutOfOrder):
        Talk(method).answer("magic", "words")


@every_method
def test_only_optional_steps_can_be_left_out(method: Method) -> None:
    talk = Talk(method)
    for step in method.steps:
        if step not in method.optional:
            with pytest.raises(OutOfOrder):
                talk.answer(step, "  ")
        talk = talk.answer(step, "" if step in method.optional else "words")
    assert talk.complete
    assert set(talk.fidelity().missing) == set(method.optional)


@every_method
def test_an_earlier_answer_can_be_changed_at_any_point(method: Method) -> None:
    for step, _ in pairwise(method.steps):
        changed = done(method).answer(step, "other words")
        assert changed.answers[step] == "other words"
        assert changed.complete


@every_method
def test_nothing_said_scores_nothing_and_a_gap_is_refused(method: Method) -> None:
    assert Talk(method).fidelity().missing == method.steps
    with pytest.raises(OutOfOrder):
        talk_of(method, {method.steps[-1]: "words"})


@every_method
@given(data=st.data())
def test_a_score_lies_between_none_and_all(method: Method, data: st.DataObject) -> None:
    talk = Talk(method)
    for step in method.steps[: data.draw(st.integers(0, len(method.steps)))]:
        talk = talk.answer(step, data.draw(st.text(min_size=1).filter(str.strip)))
    found = talk.fidelity()
    assert 0 <= found.score <= 1
    assert (found.score == 1) == (not found.missing and not found.unmet)


def test_woop_asks_for_the_obstacle_after_the_outcome() -> None:
    assert WOOP.steps == ("wish", "outcome", "obstacle", "plan")
    with pytest.raises(OutOfOrder):
        Talk(WOOP).answer("wish", "pass chem").answer("obstacle", "my phone")


def test_grow_needs_three_options_before_the_choice() -> None:
    assert talk_of(GROW, GROWN).fidelity().score == 1
    talk = Talk(GROW).answer("goal", "x").answer("reality", "y").answer("tiny", "z")
    with pytest.raises(OutOfOrder):
        talk.answer("choice", "z")
    same = talk_of(GROW, {**GROWN, "another": "drop track!"}).fidelity()
    assert same.unmet == ("three_options",)
    other = talk_of(GROW, {**GROWN, "choice": "run away"}).fidelity()
    assert other.unmet == ("chose_an_option",)


def test_gibbs_ends_in_a_day() -> None:
    assert GIBBS.steps[-2:] == ("action", "day")
    assert done(GIBBS).fidelity().score == 1
    with pytest.raises(OutOfOrder):
        done(GIBBS).answer("day", "")


def test_the_short_way_has_three_turns() -> None:
    assert WHAT.steps == ("what", "so_what", "action")


def test_smart_is_scored_on_its_words() -> None:
    said = {
        "what": "raise my algebra grade",
        "measure": "from a C to a B",
        "why": "",
        "confidence": "8",
        "due": "2026-12-18",
        "first_step": "do two problems tonight",
    }
    assert talk_of(SMART, said).fidelity().unmet == ()
    vague = talk_of(SMART, {**said, "what": "do better", "measure": "you know"})
    assert vague.fidelity().unmet == ("specific", "measurable")


@pytest.mark.parametrize(
    "words",
    [
        "if my phone buzzes then I will turn it over",
        "when I get home i'll do one problem",
        "after practice, i read ten pages",
        "If it is 8 pm, I open my book",
        "when i feel tired i will stand up",
    ],
)
def test_an_if_then_plan_has_a_cue_and_an_act(words: str) -> None:
    assert is_if_then(words)


@pytest.mark.parametrize("words", ["try harder", "put my phone away", "", "if"])
def test_a_plan_without_a_cue_is_none(words: str) -> None:
    assert not is_if_then(words)


@pytest.mark.parametrize(
    ("words", "inner"),
    [
        ("I get distracted by my phone", True),
        ("feeling tired", True),
        ("my teacher", False),
        ("homework", False),
        ("the bus is late", False),
        ("my little brother is loud", False),
        ("", False),
    ],
)
def test_an_inner_obstacle_lies_in_oneself(words: str, inner: bool) -> None:
    assert is_inner(words) is inner
