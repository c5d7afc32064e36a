"""Errors of ours are known in Spanish, word for word as the code raises them (P8)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from content.assistant import ROOT

from pathways.store.register import personal
from pathways.texts.phrases import told

RAISED = frozenset({"Invalid", "Stale", "NotFound", "FormatError", "TooFast"})
ROOMS = ("pathways/services", "pathways/formats", "web/pages")
# What no page shows: commands of the school's computer, live systems, signed records.
NO_PAGE = frozenset(
    {
        "accounts.py",
        "backup.py",
        "keys.py",
        "occupation_drafts.py",
        "replay.py",
        "imports_live.py",
        "imports_job.py",
        "imports_undo.py",
        "record.py",
        "credential_keys.py",
        "credential_proof.py",
        "credentials.py",
        "json_files.py",
        "json_limits.py",
        "catalog_mapping.py",
        "case.py",
        "catalog_csv.py",
        "unpacking.py",
        "onet.py",
        "staging.py",
        "facts.py",
        "policy.py",
    }
)


def text_of(node: ast.expr) -> str:
    """Return a text as code writes it, a value in each blank; empty if computed."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return ""
    return "".join(
        part.value
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
        else "X"
        for part in node.values
    )


def raised(file: Path) -> Iterator[tuple[str, str]]:
    """Yield (what is raised, its words) of a file."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        place = 1 if name == "error" and len(node.args) > 1 else 0
        words = text_of(node.args[place])
        if (name in RAISED or place) and words:
            yield name, f"{words} was not found." if name == "NotFound" else words


def test_each_error_that_a_page_can_show_has_its_spanish() -> None:
    missing = {
        f"{file.name}: {words}"
        for room in ROOMS
        for file in sorted((ROOT / room).glob("*.py"))
        if file.name not in NO_PAGE
        for _, words in raised(file)
        # A column and its reason, which the page says by itself.
        if words != "X: X" and told("es", words) == words
    }
    assert missing == set()


def test_each_kind_of_personal_data_has_its_spanish() -> None:
    entries = [entry for _, entry in personal() if entry.exported]
    words = {entry.export for entry in entries} | {entry.why for entry in entries}
    words |= {one for entry in entries for one in entry.seen_by}
    words |= {entry.keep for entry in entries if isinstance(entry.keep, str)}
    assert len(words) > 60
    # "Chat" and the like would be the same word in both languages; there is none.
    assert {one for one in words if told("es", one) == one} == set()


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("The plan was not found.", "No se encontró el plan."),
        (
            "Too many tries. Please wait 5 minutes.",
            "Demasiados intentos. Espere 5 minutos, por favor.",
        ),
        ("line 7 has the same code", "la línea 7 tiene el mismo código"),
        ("Words of somebody else.", "Words of somebody else."),
    ],
)
def test_values_stay_and_what_is_not_ours_too(english: str, spanish: str) -> None:
    assert told("es", english) == spanish
    assert told("en", english) == english
