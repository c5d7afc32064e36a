"""While a form asks, all else can be asked too, and comes back to the question."""

from __future__ import annotations

import re

import pytest
from content.assistant import ROOT, domain, responses, rules

# What sounds like an answer stays an answer while a form asks.
ANSWERS = {
    "nlu_fallback",
    "affirm",
    "deny",
    "update_goal_progress",
    "change_goal",
    "report_obstacle",
    "express_stress",
    "express_pride",
    "express_low_confidence",
    "state_interest",
    "state_career_goal",
    "out_of_scope",
}
# Actions that end or move a form themselves; each says how it goes on.
MOVES_THE_FORM = {
    "action_begin_checkin",
    "action_begin_credit_plan",
    "action_begin_experience_log",
    "action_begin_goal_setting",
    "action_begin_grow",
    "action_begin_project",
    "action_begin_reflection",
    "action_support_in_crisis",
}


def heard() -> set[str]:
    return {
        step["intent"] for one in rules() for step in one["steps"] if "intent" in step
    }


@pytest.mark.parametrize("form", sorted(domain()["forms"]))
def test_all_that_is_no_answer_interrupts_a_form(form: str) -> None:
    given = domain()["forms"][form]["ignored_intents"]
    assert set(given) == heard() - ANSWERS
    assert len(set(given)) == len(given)


def test_an_interruption_costs_one_rule_of_one_turn() -> None:
    interrupting = heard() - ANSWERS
    for rule in rules():
        first = rule["steps"][0].get("intent")
        if first in interrupting:
            actions = [one["action"] for one in rule["steps"] if "action" in one]
            moves = actions[0] in MOVES_THE_FORM
            assert len(actions) == (2 if moves and len(actions) > 1 else 1), rule[
                "rule"
            ]


def test_every_text_for_an_answer_that_fails_is_said_by_a_check() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "actions").glob("*.py")
    )
    for _, name, _ in responses():
        found = re.match(
            r"utter_invalid_(\w+?_form)_(\w+?)(_past|_far|_same|_ahead|_late|_early|_big|_outer|_large)?$",
            name,
        )
        if found:
            field = found[2].removeprefix(f"{found[1].removesuffix('_form')}_")
            assert f"{{INVALID}}{field}" in code, name


def test_every_answer_can_be_named_to_change_it() -> None:
    texts = (ROOT / "pathways/texts/en/coach.yml").read_text(encoding="utf-8")
    for content in domain()["forms"].values():
        for slot in content["required_slots"]:
            if not slot.endswith("_confirmed"):
                assert f"\nfield_{slot}: " in texts
                assert f"\nwords_{slot}: " in texts
