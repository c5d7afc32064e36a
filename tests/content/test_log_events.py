"""The table of log events names every event and no other (ASVS 16.1.1)."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
WRITTEN = re.compile(
    r'log\.(?:debug|info|warning|error|exception|critical)\(\s*"([^"]+)"'
)
CALLS = re.compile(r"log\.(?:debug|info|warning|error|exception|critical)\(")


def test_every_log_event_is_in_the_table_of_the_operations_page() -> None:
    texts = [
        file.read_text(encoding="utf-8")
        for room in ("web", "pathways", "actions")
        for file in sorted((ROOT / room).rglob("*.py"))
    ]
    written = [name for text in texts for name in WRITTEN.findall(text)]
    assert len(written) == sum(len(CALLS.findall(text)) for text in texts) > 20
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    table = page.partition("| event |")[2].partition("\n\n")[0]
    told = {
        name
        for row in table.splitlines()[2:]
        for name in re.findall(r"`([a-z_]+\.[a-z_]+)`", row.split("|")[1])
    }
    assert told == set(written)
