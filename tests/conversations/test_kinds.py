"""Each flow with a form has its ten kinds of conversation (house style)."""

from __future__ import annotations

from collections import Counter

import pytest
from content.assistant import domain

from conversations.cases import FOLDER, KINDS, conversation_files, read

CASES = {file: read(file) for file in conversation_files()}
FORM_FLOWS = [form.removesuffix("_form") for form in domain()["forms"]]
PAGES = FOLDER.parents[1] / "docs" / "flows"
FLOWS = [file.stem for file in sorted(PAGES.glob("*.md")) if file.stem != "README"]


@pytest.mark.parametrize("flow", FORM_FLOWS)
def test_a_flow_with_a_form_has_every_kind(flow: str) -> None:
    kinds = {case.kind for file, case in CASES.items() if file.parent.name == flow}
    wanted = set(KINDS) - {"question"}
    assert wanted - kinds == set()


@pytest.mark.parametrize("flow", FLOWS)
def test_every_flow_has_conversations(flow: str) -> None:
    assert any(file.parent.name == flow for file in CASES)


def test_no_two_conversations_tell_the_same() -> None:
    told = Counter(case.case for case in CASES.values())
    assert [text for text, times in told.items() if times > 1] == []


def test_every_conversation_expects_something() -> None:
    for file, case in CASES.items():
        expecting = [
            turn
            for turn in case.turns
            if turn.hears or turn.never_hears or turn.offers or turn.cards
        ]
        assert expecting or case.record.model_fields_set, file
