"""Which room may import which (design: architecture, "Rooms")."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from content.assistant import ROOT

ALLOWED_FROM_STORE = {
    "web/health.py",
    "web/problems.py",
    "web/gateway.py",
    "web/keeping.py",
    "web/app.py",
    "web/alone.py",
    "web/deps.py",
}


def imports(path: Path) -> Iterator[str]:
    """Yield the full name of every module that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def breaches(room: str, *forbidden: str) -> list[tuple[str, str]]:
    """Return (file, module) for each import that a room must not have."""
    return [
        (str(path.relative_to(ROOT)), module)
        for path in sorted((ROOT / room).rglob("*.py"))
        for module in imports(path)
        if any(module == one or module.startswith(f"{one}.") for one in forbidden)
    ]


def test_the_product_knows_neither_rasa_nor_web() -> None:
    assert breaches("pathways", "rasa", "rasa_sdk", "web", "actions", "bot") == []


def test_the_domain_knows_no_database() -> None:
    outer = ("sqlalchemy", "pathways.store", "pathways.services", "pathways.app")
    assert breaches("pathways/domain", *outer) == []


@pytest.mark.parametrize("room", ["actions", "web"])
def test_actions_and_web_reach_the_store_through_services(room: str) -> None:
    assert breaches(room, "pathways.store") == []


def test_only_the_door_catches_database_errors() -> None:
    found = {file for file, _ in breaches("web", "sqlalchemy")}
    assert found <= ALLOWED_FROM_STORE
    assert breaches("actions", "sqlalchemy") == []


def test_the_assistant_s_side_imports_nothing_of_the_others() -> None:
    assert breaches("bot", "pathways", "actions", "web", "setup") == []


def test_formats_and_safety_know_no_database() -> None:
    for room in ("pathways/formats", "pathways/safety", "pathways/texts"):
        assert breaches(room, "sqlalchemy", "pathways.store") == []
