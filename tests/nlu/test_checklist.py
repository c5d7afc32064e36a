"""What must always be understood, and what must change nothing (CheckList)."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import pytest
from checklist import CHANGES, Case, cases, name_texts
from figures import answers_to
from live import ROOT

GROUPS = ("minimum", "direction", *CHANGES)
LEAST = 0.95
Answers = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    texts = [one.text for one in cases()]
    texts += [text for variants in name_texts() for text in variants]
    unique = list(dict.fromkeys(texts))
    found = answers_to(unique, tmp_path_factory.mktemp("checklist"))
    answered = dict(zip(unique, found, strict=True))
    _report(answered)
    return answered


def first(answer: dict[str, Any]) -> str:
    ranking: dict[str, float] = answer["ranking"]
    return max(ranking.items(), key=lambda one: (one[0] != "nlu_fallback", one[1]))[0]


def understood(group: str, answers: Answers) -> list[tuple[Case, bool]]:
    chosen = [one for one in cases() if one.group == group]
    return [(one, first(answers[one.text]) == one.intent) for one in chosen]


def _report(answers: Answers) -> None:
    lines = []
    for group in GROUPS:
        every = understood(group, answers)
        right = sum(fine for _, fine in every)
        lines.append(f"{group}: {right} of {len(every)} ({right / len(every):.3f})")
        lines += [
            f"    {one.text!r} is {one.intent}, read as {first(answers[one.text])}"
            for one, fine in every
            if not fine
        ]
    path = ROOT / "var" / "nlu_checklist.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize("group", GROUPS)
def test_each_group_is_understood(group: str, answers: Answers) -> None:
    every = understood(group, answers)
    assert len(every) >= 40
    assert sum(fine for _, fine in every) / len(every) >= LEAST


def test_a_name_changes_nothing(answers: Answers) -> None:
    same = [
        first(answers[text]) == Counter(map(first, found)).most_common(1)[0][0]
        for variants in name_texts()
        for found in [[answers[one] for one in variants]]
        for text in variants
    ]
    assert sum(same) / len(same) >= LEAST


def test_every_intent_has_its_plain_cases() -> None:
    counts: dict[str, int] = defaultdict(int)
    for one in cases():
        counts[one.intent] += one.group == "minimum"
    assert min(counts.values()) >= 2
    assert len(counts) == 74
