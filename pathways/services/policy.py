"""The state's rules that the school works by (feature O11)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[1] / "policies"
PACKS = {"OH": "ohio"}


@cache
def pack(state: str) -> Mapping[str, Any]:
    """Return a state's policy pack; an empty one where we have none.

    Raises:
        ValueError: a rule of the pack has no citation.
    """
    name = PACKS.get(state)
    if name is None:
        return {"id": "none", "version": "0", "rules": []}
    found: dict[str, Any] = yaml.safe_load(
        (FOLDER / f"{name}.yml").read_text(encoding="utf-8")
    )
    for rule in found["rules"]:
        if not (rule.get("citation") or {}).get("title"):
            raise ValueError(f"{name}.yml: the rule {rule.get('id')} has no citation.")
    return found


def policy_version(state: str) -> str:
    """Return the name and version of a state's pack."""
    found = pack(state)
    return f"{found['id']} {found['version']}"


def rule(state: str, rule_id: str) -> Mapping[str, Any] | None:
    """Return one rule of a state's pack, None where it has no such rule."""
    return next((one for one in pack(state)["rules"] if one["id"] == rule_id), None)
