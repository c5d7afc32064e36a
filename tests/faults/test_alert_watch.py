"""The watch over alerts is killed again and again: no step is lost or doubled (S14)."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from little_school import open_school
from outside import outside

from pathways.services import duty
from pathways.services.duty import Duty

ROOT = Path(__file__).parents[2]
MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
ALERTS, KILLS = 40, 8
WATCH = """
import asyncio, sys
from datetime import datetime, timedelta
from pathlib import Path
from pathways.app import build
from pathways.senders.watch import watch_once
from pathways.settings import Settings
settings = Settings.model_validate_json(sys.stdin.read())
milepost = build(settings, lambda: datetime.fromisoformat(sys.argv[1]))
async def main():
    Path(sys.argv[3]).touch()
    for _ in range(int(sys.argv[2])):
        await watch_once(milepost)
asyncio.run(main())
"""


def watching(
    settings: str, now: datetime, rounds: int, up: Path
) -> subprocess.Popen[bytes]:
    """Start a watch and return it once it runs."""
    up.unlink(missing_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-c", WATCH, now.isoformat(), str(rounds), str(up)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    assert process.stdin is not None
    process.stdin.write(settings.encode())
    process.stdin.close()
    while not up.exists():
        assert process.poll() is None
        time.sleep(0.005)
    return process


@pytest.mark.timeout(600)
def test_a_watch_that_is_killed_loses_and_doubles_nothing(
    two_schools: Path, tmp_path: Path
) -> None:
    chance = random.Random(7)
    with outside() as world:
        more = {"smtp_url": world.smtp_url, "mail_from": "m@north.example"}
        school = open_school(two_schools, tmp_path, **more)
        members = {school["counselor"].id: "counselor@north.example"}
        duty.set_duty(school.milepost, school["admin"], Duty(members=members))
        school.clock.now = now = MONDAY
        made = [school.alert("student") for _ in range(ALERTS)]
        settings = school.milepost.settings.model_dump_json()
        settings = settings.replace('"now":"', '"nothing":"')
        killed = 0
        for _ in range(KILLS):
            process = watching(settings, now, 1000, tmp_path / "up")
            try:
                process.wait(chance.uniform(0.02, 0.4))
            except subprocess.TimeoutExpired:
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
                killed += 1
            now += timedelta(seconds=61)
        for _ in range(3):
            assert watching(settings, now, 6, tmp_path / "up").wait(60) == 0
            now += timedelta(minutes=11)
        with school.milepost.work() as work:
            rows = [row for one in made for row in work.alerts.notices(one)]
        school.milepost.engine.dispose()
        assert killed == KILLS
        assert Counter(row.step for row in rows) == {"first": ALERTS, "all": ALERTS}
        assert all(row.sent_at or row.dropped_at for row in rows)
        arrived = Counter(str(one["Message-ID"]) for one in world.mails)
        sent = {f"<{row.id}@milepost.invalid>" for row in rows if row.sent_at}
        assert set(arrived) >= sent
        assert len(sent) >= ALERTS
        assert sum(arrived.values()) - len(arrived) <= killed * 20  # one batch a kill
