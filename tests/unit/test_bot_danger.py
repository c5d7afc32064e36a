"""The reader of danger: what it raises, what it holds back, and its weights."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rasa_side import in_rasa

CRISIS, OTHER = "disclose_crisis", "ask_options"
FAR, NEAR, BETWEEN = 0.0, 1.0, 0.8
# (likeness to danger by the vector, what the gateway tells, intent, what it comes to)
CASES: dict[str, tuple[float | None, Any, str, tuple[str, Any]]] = {
    "danger that was no disclosure by its intent": (
        *(NEAR, {"calm": False, "likeness": 0.5}, OTHER),
        (CRISIS, {"level": "red", "kind": "abuse"}),
    ),
    "the same words denied": (
        *(NEAR, {"calm": True, "likeness": 0.5}, OTHER),
        (OTHER, None),
    ),
    "a denied disclosure": (
        *(NEAR, {"calm": True, "likeness": 0.5}, CRISIS),
        (OTHER, {"level": "soft", "kind": "self_harm"}),
    ),
    "a disclosure by its intent alone": (
        *(FAR, {"calm": False, "likeness": 0.5}, CRISIS),
        (OTHER, {"level": "soft", "kind": "self_harm"}),
    ),
    "what lies between the limits": (
        *(BETWEEN, {"calm": False, "likeness": 0.5}, OTHER),
        (OTHER, {"level": "soft", "kind": "abuse"}),
    ),
    "letters and words count too": (
        *(BETWEEN, {"calm": False, "likeness": 0.99}, OTHER),
        (CRISIS, {"level": "red", "kind": "abuse"}),
    ),
    "an everyday message": (
        *(FAR, {"calm": False, "likeness": 0.1}, OTHER),
        (OTHER, None),
    ),
    "Spanish, which has no such vector": (
        *(None, {"calm": False, "likeness": 0.5}, CRISIS),
        (CRISIS, None),
    ),
    "denied in Spanish": (
        *(None, {"calm": True, "likeness": 0.5}, CRISIS),
        (OTHER, {"level": "soft", "kind": "self_harm"}),
    ),
    "a turn that tells nothing of the screen": (
        *(NEAR, None, CRISIS),
        (CRISIS, None),
    ),
    "a screen without its second reader": (
        *(FAR, {"calm": False, "likeness": None}, CRISIS),
        (CRISIS, None),
    ),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    given = json.dumps({name: case[:3] for name, case in CASES.items()})
    script = f"""
        import json
        import numpy as np
        from rasa.shared.nlu.training_data.features import Features
        from rasa.shared.nlu.training_data.message import Message
        from bot import danger
        from bot.danger_reader import HEARD, DangerReader
        from bot.interruption_gate import InterruptionGate

        weights = danger.DangerWeights(
            landmarks=np.eye(2, dtype="f4")[:1], sharpness=2.0, weights=np.ones(1),
            offset=0.0, kinds=("abuse", "neglect"), by_kind=np.eye(2, dtype="f4"),
            kind_offsets=np.zeros(2), mix=(0.0, 10.0, 1.0), red=5.0, soft=1.0)
        asking = "utter_ask_goal_setting_form_goal_setting_what"

        def message(likeness, screened, intent, open_question):
            told = {{"screened": screened, "asking": asking if open_question else ""}}
            ranked = [{{"name": intent, "confidence": 0.9}},
                      {{"name": "ask_options", "confidence": 0.07}}]
            made = Message(data={{"text": "words", "metadata": told,
                "intent": ranked[0], "intent_ranking": ranked}})
            if likeness is not None:
                vector = np.array([[likeness, (1 - likeness ** 2) ** 0.5]])
                made.add_features(Features(
                    vector, "sentence", "text", "SentenceVectorFeaturizer"))
            return made

        found = {{}}
        for name, case in json.loads({given!r}).items():
            HEARD.set(None)
            made = message(*case, False)
            DangerReader(weights).process([made])
            within = message(*case, True)
            DangerReader(weights).process([within])
            InterruptionGate(0.6).process([within])
            found[name] = (made.get("intent")["name"], made.get("danger"),
                           HEARD.get(), within.get("intent")["name"])
        button = message(1.0, {{"calm": False, "likeness": 0.9}}, "deny", False)
        button.set("text", "/deny")
        DangerReader(weights).process([button])
        told = {{"calm": False, "likeness": 0.9}}
        unread = message(1.0, told, "disclose_crisis", False)
        DangerReader(None).process([unread])
        rows = np.array([[0.5, -1.0], [2.0, 0.25]])
        loaded = danger.danger_weights()
        danger.danger_weights.cache_clear()
        danger.SHA256 = "of other weights"
        print(json.dumps({{
            "cases": found,
            "button": button.get("intent")["name"],
            "without weights": unread.get("intent")["name"],
            "lost by packing": float(np.abs(
                danger.unpacked(danger.packed(rows, "int16")) - rows).max()),
            "loaded": loaded is not None and len(loaded.kinds),
            "changed weights": danger.danger_weights() is None,
        }}))
    """
    read: dict[str, Any] = json.loads(in_rasa(script, tmp_path_factory.mktemp("read")))
    return read


@pytest.mark.parametrize("name", CASES)
def test_what_a_message_comes_to(name: str, found: dict[str, Any]) -> None:
    intent, noted = CASES[name][3]
    assert found["cases"][name][:2] == [intent, noted]
    assert found["cases"][name][2] == noted, "the channel hears the same"


@pytest.mark.parametrize("name", CASES)
def test_danger_is_heard_in_the_middle_of_a_form(
    name: str, found: dict[str, Any]
) -> None:
    heard = found["cases"][name][3]
    assert heard == (CRISIS if CASES[name][3][0] == CRISIS else "nlu_fallback")


def test_a_button_is_not_read(found: dict[str, Any]) -> None:
    assert found["button"] == "deny"


def test_without_its_weights_the_intent_counts(found: dict[str, Any]) -> None:
    assert found["without weights"] == CRISIS


def test_the_weights_are_plain_numbers_and_changed_ones_are_refused(
    found: dict[str, Any],
) -> None:
    assert found["lost by packing"] < 0.001
    assert found["loaded"] == 11
    assert found["changed weights"]
