"""Registry, domain, examples, rules, texts and actions speak of the same things."""

from __future__ import annotations

import ast
import re
from collections import Counter

import pytest
import yaml
from content.assistant import ROOT, domain, examples, files, registry, responses, rules

BUTTON_ENTITIES = {"option", "field", "goal"}
FALLBACK = "nlu_fallback"
LEAST_EXAMPLES = 20
BUILT_IN = {"utter_default"}
FORMS = tuple(domain()["forms"])
SAID_MOST = (
    "utter_greet",
    "utter_greet_promise",
    "utter_greet_draft",
    "utter_goodbye",
    "utter_thank",
    "utter_ask_back",
    "utter_out_of_scope",
    "utter_goal_setting_saved",
    "utter_checkin_saved",
    "utter_suggest_course",
    "utter_suggest_internship",
    "utter_suggest_credit_flex",
)


def action_classes() -> dict[str, str]:
    """Return the names that action classes give themselves, with their class."""
    found = {}
    for path in sorted((ROOT / "actions").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ClassDef):
                continue
            for method in node.body:
                if isinstance(method, ast.FunctionDef) and method.name == "name":
                    for line in method.body:
                        if isinstance(line, ast.Return) and isinstance(
                            line.value, ast.Constant
                        ):
                            found[str(line.value.value)] = node.name
    return found


def used_texts() -> str:
    """Return all code and rules that can name a response."""
    places = [
        *(ROOT / "actions").glob("*.py"),
        *(ROOT / "data" / "rules").glob("*.yml"),
    ]
    return "\n".join(path.read_text(encoding="utf-8") for path in places)


def test_the_domain_declares_the_registry_in_its_order() -> None:
    assert domain()["intents"] == registry()


def test_the_domain_declares_the_registry_s_entities() -> None:
    named = yaml.safe_load((ROOT / "data/intents.yml").read_text())["entities"]
    wanted = {one["name"] for one in named} | BUTTON_ENTITIES
    assert set(domain()["entities"]) == wanted


def test_every_intent_has_examples_enough() -> None:
    count = Counter(intent for _, intent, _ in examples())
    assert set(count) == set(registry())
    assert {name: n for name, n in count.items() if n < LEAST_EXAMPLES} == {}


def test_no_example_stands_twice() -> None:
    folded = Counter(
        re.sub(r"[^\w]+", " ", text.lower()).strip() or text
        for _, _, text in examples()
    )
    assert [text for text, times in folded.items() if times > 1] == []


def test_every_intent_has_exactly_one_rule() -> None:
    started = Counter(
        step["intent"]
        for rule in rules()
        for step in rule["steps"][:1]
        if "intent" in step
    )
    assert set(started) == {*registry(), FALLBACK}
    assert [name for name, times in started.items() if times > 1] == []


def test_there_is_no_story() -> None:
    assert not (ROOT / "data/stories").exists() or files("data/stories") == []


def test_no_response_is_defined_twice() -> None:
    count = Counter(name for _, name, _ in responses())
    assert [name for name, times in count.items() if times > 1] == []


def test_every_action_is_implemented_and_every_implementation_declared() -> None:
    declared = set(domain()["actions"])
    forms = {f"validate_{form}" for form in domain()["forms"]}
    assert declared - forms == set(action_classes())
    assert forms <= declared


def test_every_rule_names_an_action_or_form_that_exists() -> None:
    known = set(domain()["actions"]) | set(domain()["forms"])
    named = {
        step["action"] for rule in rules() for step in rule["steps"] if "action" in step
    }
    assert named <= known


@pytest.mark.parametrize("form", FORMS)
def test_every_question_can_be_asked_and_explained(form: str) -> None:
    defined = {name for _, name, _ in responses()}
    for slot in domain()["forms"][form]["required_slots"]:
        assert f"utter_ask_{form}_{slot}" in defined
        assert f"utter_explain_{form}_{slot}" in defined


def test_every_form_carries_the_same_interruptions() -> None:
    lists = [tuple(form["ignored_intents"]) for form in domain()["forms"].values()]
    assert len(set(lists)) == 1
    assert set(lists[0]) <= set(registry())
    assert {"disclose_crisis", "pause_flow", "request_human"} <= set(lists[0])


def test_every_slot_of_a_form_is_filled_by_that_form_alone() -> None:
    for form, content in domain()["forms"].items():
        for slot in content["required_slots"]:
            for mapping in domain()["slots"][slot]["mappings"]:
                assert mapping["conditions"] == [
                    {"active_loop": form, "requested_slot": slot}
                ]


def test_every_response_is_used() -> None:
    used = used_texts()
    forms = tuple(domain()["forms"])
    flat = {f"utter_{intent}" for intent in registry()}
    unused = []
    for _, name, _ in responses():
        of_form = any(f"_{form}_" in name for form in forms)
        if of_form or name in flat | BUILT_IN or name in used:
            continue
        if not re.match(r"utter_suggest_\w+$", name):
            unused.append(name)
    assert unused == []


def test_every_response_that_code_names_exists() -> None:
    defined = {name for _, name, _ in responses()}
    named = set(re.findall(r'"(utter_[a-z_]+[a-z])"', used_texts()))
    assert {name for name in named if name not in defined} == set()


def test_flat_answers_exist_for_every_flat_intent() -> None:
    defined = {name for _, name, _ in responses()}
    for rule in rules():
        if rule["steps"][-1].get("action") == "action_answer_flat":
            assert f"utter_{rule['steps'][0]['intent']}" in defined


@pytest.mark.parametrize("name", SAID_MOST)
def test_what_is_said_most_has_three_variants(name: str) -> None:
    found = {name: variants for _, name, variants in responses()}
    assert len(found[name]) >= 3


@pytest.mark.parametrize("form", FORMS)
def test_questions_have_three_variants(form: str) -> None:
    found = {name: variants for _, name, variants in responses()}
    for slot in domain()["forms"][form]["required_slots"]:
        if not slot.endswith(("_confirmed", "_wants_person")):
            assert len(found[f"utter_ask_{form}_{slot}"]) >= 3, slot


def test_every_button_goes_somewhere() -> None:
    for _, name, variants in responses():
        for variant in variants:
            for button in variant.get("buttons", []):
                payload = button["payload"]
                if payload.startswith("/"):
                    assert payload[1:].partition("{")[0] in registry(), name


def test_every_guess_has_a_label() -> None:
    labels = yaml.safe_load((ROOT / "pathways/texts/en/intents.yml").read_text())
    assert set(labels) == set(registry())
