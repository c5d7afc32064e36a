"""Reads credentials as an import does, for tests of what they say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from credentials import (
    ISSUER,
    PUBLIC,
)

from pathways.formats.credentials import stream_badges, stream_clr
from pathways.formats.mastery import Given, MasteryReading, MasteryRow, gathered

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
OHIO = ZoneInfo("America/New_York")
GIVEN = Given(OHIO, NOW, people=("S1", "maya", "S2", "theo"))
TRUSTED = Given(OHIO, NOW, people=("S1",), keys={ISSUER: PUBLIC})


def read(folder: Path, body: Any, given: Given = GIVEN) -> MasteryReading:
    text = body if isinstance(body, str) else json.dumps(body)
    path = folder / "one.json"
    path.write_text(text, encoding="utf-8")
    is_clr = isinstance(body, dict) and "ClrCredential" in body.get("type", ())
    return gathered((stream_clr if is_clr else stream_badges)(path, given))


def one(folder: Path, body: Any, given: Given = GIVEN) -> MasteryRow:
    reading = read(folder, body, given)
    assert (reading.rejected, len(reading.results)) == ([], 1)
    return reading.results[0]


def refused(folder: Path, body: Any, given: Given = GIVEN) -> str:
    reading = read(folder, body, given)
    assert reading.results == []
    return "; ".join(map(str, reading.rejected))
