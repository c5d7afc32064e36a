"""Our schemas of credentials say whose rules they hold, and hold the same (P1)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pathways.formats.credentials import SCHEMAS

SHARED = Path(__file__).parents[3] / "shared" / "data" / "ob30"
OFFICIAL = {
    "openbadge": "schema__ob_v3p0_achievementcredential_schema_draft4.json",
    "clr": "schema__clr_v2p0_clrcredential_schema_draft4.json",
}
# What is called otherwise there, and what the two W3C models say differently.
NAMES = {"Identity": "IdentityObject"}
SPECIFICATIONS = ("Open Badges 3.0", "CLR Standard 2.0", "W3C VC Data Model 2.0")


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / f"{name}.json").read_text())
    return found


@pytest.mark.parametrize("name", OFFICIAL)
def test_each_part_names_the_specification_that_it_comes_from(name: str) -> None:
    ours = schema(name)
    parts = {**ours["$defs"], "subject": ours["properties"]["credentialSubject"]}
    for part, rules in parts.items():
        assert rules["$comment"].startswith(SPECIFICATIONS), part
    assert "not the official schema file" in ours["$comment"]


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is absent")
@pytest.mark.parametrize("name", OFFICIAL)
def test_what_a_part_must_hold_is_what_the_official_schema_asks(name: str) -> None:
    ours = schema(name)["$defs"]
    official = json.loads((SHARED / OFFICIAL[name]).read_text())
    theirs = official.get("definitions") or official["$defs"]
    compared = 0
    for part, rules in ours.items():
        wanted = theirs.get(NAMES.get(part, part))
        if wanted is not None and "required" in rules:
            assert set(rules["required"]) == set(wanted.get("required", ())), part
            compared += 1
    assert compared >= 5
