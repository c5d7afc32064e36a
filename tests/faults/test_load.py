"""Students write at an even pace: nothing is lost, doubled or dropped (R10).

The short form; `make bench` has the full one, with 1,000 students for ten minutes.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from crash_machine import machine

from bench.load.people import kept, let_in
from bench.load.writing import writing

pytestmark = pytest.mark.timeout(300)
STUDENTS, PACE, SECONDS = 36, 6.0, 18.0
PATIENT = 60.0  # no answer is late here: what it is about is what was kept


def test_a_load_of_students_loses_and_doubles_nothing(tmp_path: Path) -> None:
    with machine(tmp_path, real_rasa=True, turn_timeout_seconds=PATIENT) as found:
        tokens = let_in(found.settings, STUDENTS)
        rows = writing(found.url, tokens, tmp_path, SECONDS, PACE)
        record = kept(found.settings)
    told = [str(row["key"]) for row in rows]
    assert len(told) >= STUDENTS
    assert {row["status"] for row in rows} == {200}
    assert all(row["answered"] for row in rows)
    assert {key: record.times[key] for key in told} == dict.fromkeys(told, 1)
    assert {record.status[key] for key in told} == {"answered"}
    assert set(record.times) == set(told)
