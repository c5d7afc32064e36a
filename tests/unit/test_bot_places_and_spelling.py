"""Places outside the catalog, words spelt wrong, and vectors kept between trainings."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
SCRIPT = """
import json, sys, tempfile
from pathlib import Path
import numpy as np
from bot.neighbours import Neighbours
from bot.place_finder import places
from bot.spelling import Spelling
from bot.vector_cache import FILE, VectorCache

given = json.load(sys.stdin)
spelling = Spelling(given["words"], given["english"].__contains__)
asked = []

def encode(texts):
    asked.append(list(texts))
    return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)

def cached(folder, weights, texts):
    return VectorCache(Path(folder), weights).encode(texts, encode).tolist()

with tempfile.TemporaryDirectory() as folder:
    first = cached(folder, "w1", ["a", "bb", "a"])
    cached(folder, "w1", ["bb", "ccc"])
    cached(folder, "w1", ["bb"])
    cached(folder, "w2", ["bb"])
    (Path(folder) / FILE).write_bytes(b"not an archive")
    cached(folder, "w2", ["bb"])
    pickled = np.load(Path(folder) / FILE, allow_pickle=False)["keys"].tolist()
near = Neighbours(
    np.array([[1, 0], [0.9, 0.1], [0, 1], [1, 0]], dtype=np.float32),
    np.array([0, 2, 3, 4]),
    2,
    8,
)
json.dump(
    {
        "places": [[t[a:b] for a, b in places(t)] for t in given["texts"]],
        "mended": [spelling.mend(word) for word in given["misspelt"]],
        "first": first,
        "asked": asked,
        "keys": pickled,
        "shares": near.shares(np.array([1, 0], dtype=np.float32), [0, 1]).tolist(),
        "taken": list(places("at the food bank", [range(0, 16)])),
    },
    sys.stdout,
)
"""
PLACES = {
    "I worked 3 hours at Rosie's Diner": ["Rosie's Diner"],
    "helped at the vet clinic": ["vet clinic"],
    "any internships at an animal clinic?": ["animal clinic"],
    "i volunteered at grace lutheran church": ["grace lutheran church"],
    "i did my hours at kroger": ["kroger"],
    "Log 2 hrs for Habitat for Humanity": ["Habitat for Humanity"],
    "I WORKED AT THE FOOD BANK": ["FOOD BANK"],
    "i helped out at st. mary's soup kitchen": ["st. mary's soup kitchen"],
    "Maple Grove Veterinary Clinic said yes": ["Maple Grove Veterinary Clinic"],
    "i work at target": ["target"],
    "target my goal on reading": [],
    "send it to Ms. Ortiz": [],
    "i want to work with kids": [],
    "at school by Friday": [],
    "can i get into college": [],
    "i like the hospital one": [],
    "tell me about working in a lab": [],
}
WORDS = ["electrician", "electrical", "nurse", "biology", "animals", "vet", "chef"]
ENGLISH = ["nurses", "animal", "curse", "friend"]
MISSPELT = {
    "electrican": "electrician",
    "nusre": "nurse",
    "biologey": "biology",
    "animls": "animals",
    "curse": "curse",
    "vat": "vat",
    "chief": "chief",
    "electricity": "electricity",
    "xurse": "xurse",
}


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    given = {
        "texts": [*PLACES],
        "words": WORDS,
        "english": ENGLISH,
        "misspelt": [*MISSPELT],
    }
    done = subprocess.run(
        [PYTHON, "-W", "ignore", "-c", SCRIPT],
        cwd=ROOT,
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answers: dict[str, Any] = json.loads(done.stdout)
    return answers


@pytest.mark.parametrize("text", PLACES)
def test_a_place_is_found_where_one_is_named(text: str, found: dict[str, Any]) -> None:
    assert found["places"][[*PLACES].index(text)] == PLACES[text]


def test_a_place_that_the_catalog_knows_is_left_to_it(found: dict[str, Any]) -> None:
    assert found["taken"] == []


@pytest.mark.parametrize("word", MISSPELT)
def test_one_wrong_letter_is_mended(word: str, found: dict[str, Any]) -> None:
    assert found["mended"][[*MISSPELT].index(word)] == MISSPELT[word]


def test_only_new_texts_are_encoded(found: dict[str, Any]) -> None:
    assert found["first"] == [[1.0, 1.0], [2.0, 1.0], [1.0, 1.0]]
    assert found["asked"][:2] == [["a", "bb"], ["ccc"]]
    assert len(found["asked"]) == 4


def test_other_weights_or_a_broken_file_encode_anew(found: dict[str, Any]) -> None:
    assert found["asked"][2:] == [["bb"], ["bb"]]


def test_the_cache_holds_no_words(found: dict[str, Any]) -> None:
    assert [len(key) for key in found["keys"]] == [64]


def test_the_nearest_examples_of_labels_in_question_share_the_say(
    found: dict[str, Any],
) -> None:
    assert found["shares"] == [1.0, 0.0, 0.0]
