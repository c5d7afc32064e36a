"""One of two apps on one PostgreSQL dies in the middle of a turn (R8)."""

from __future__ import annotations

import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from crash_machine import APP, BESIDE, POSTGRESQL, Machine, let_students_in, machine
from crash_stream import Talker
from crash_talkers import new, say
from fault_parts import NEXT_SECONDS, TIMES, until_answered

LEASE_SECONDS = 10.0  # a server that started less than a lease ago is not believed


def beside() -> bool:
    """Kill one of two apps on PostgreSQL in mid-turn; the other goes on (R8)."""
    took, whole = [], 0
    with (
        tempfile.TemporaryDirectory() as folder,
        machine(Path(folder), POSTGRESQL) as found,
    ):
        found.start(BESIDE)
        time.sleep(LEASE_SECONDS)
        for name, person in let_students_in(found, TIMES):
            here = Talker(found, name, person, False)
            there = Talker(found, name, person, False, found.url_beside)
            took.append(_killed_beside(found, here, there))
            kept = [one["status"] for one in there.kept()]
            whole += kept == ["answered", "answered"]
            here.close()
            there.close()
    fast = sum(seconds <= NEXT_SECONDS for seconds in took)
    say(
        "one of two apps killed in the middle of a turn (postgresql)",
        f"{fast} of {TIMES} next messages answered by the other within 5 s; median "
        f"{statistics.median(took):.2f} s, slowest {max(took):.2f} s; the broken turn "
        f"sent again: whole in {whole} of {TIMES}",
    )
    return fast == whole == TIMES


def _killed_beside(found: Machine, here: Talker, there: Talker) -> float:
    assert found.stand_in is not None
    gate, turns = found.stand_in.gate, found.stand_in.entered
    gate.clear()
    turns.clear()
    broken = new("in the middle")
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(here.once, broken)
        assert turns.wait(30)
        found.kill(APP)
        gate.set()
        asked.result()
    took = until_answered(there, new("the next"))
    there.insist(broken)
    found.start(APP)
    return took
