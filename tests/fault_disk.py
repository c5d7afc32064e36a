"""A disk that is full under the records, the alerts and the log (R9)."""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from crash_machine import Machine, machine
from crash_stream import RED, alerts_in
from crash_talkers import new, say, talkers

from pathways.services.spare_files import SPARE_FILES

SMALL_DISK = "16m"


@contextmanager
def small_disk() -> Iterator[Path]:
    """Mount a small file system in memory; needs the right to mount."""
    place = Path(tempfile.mkdtemp(prefix="milepost-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "tmpfs", str(place)]
    done = subprocess.run(mount, capture_output=True, text=True)
    if done.returncode:
        place.rmdir()
        raise PermissionError(done.stderr.strip())
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)
        place.rmdir()


def full_disk() -> bool:
    """Fill the disk under the records and the spool (R9)."""
    name = "disk full"
    try:
        with small_disk() as place, machine(place) as found:
            return _fill(found, place, name)
    except PermissionError as error:
        say(name, f"not run: {error}")
        return False


def _fill(found: Machine, place: Path, name: str) -> bool:
    with talkers(found, 2) as (plain, danger):
        plain.insist(new("hello"))
        danger.insist(new("hello"))
        spares = place / "spool" / "spare"
        while len(list(spares.glob("*.spare"))) < SPARE_FILES:
            time.sleep(0.1)  # room is taken in the first seconds of the first start
        filler = place / "filler"
        with filler.open("wb", buffering=0) as out:
            try:
                while out.write(b"\0" * 4096):
                    pass
            except OSError:
                pass
        sent = [new(f"on a full disk {number}") for number in range(100)]
        red = [new(f"{RED} {number}") for number in range(100)]
        for one, other in zip(sent, red, strict=True):
            plain.once(one)
            danger.once(other)
        told = {one.key for one in sent if one.acknowledged}
        helps = sum(bool(one.help_seconds) for one in red)
        figures = httpx.get(f"{found.url}/metrics").text
        (not_written,) = re.findall(
            r"^milepost_alerts_not_written_total (.+)$", figures, re.M
        )
        disk = httpx.get(f"{found.url}/readyz").json()["disk"]
        filler.unlink()
        last = new("there is room again")
        plain.insist(last)
        kept = {one["client_message_id"] for one in plain.kept()}
        alerts = alerts_in(found, [danger.person], len(red))
        for one in red:
            danger.insist(one)
        after = alerts_in(found, [danger.person], len(red))
    false = len(told - kept)
    say(
        name,
        f"{false} false acknowledgements of 100 ({len(told)} were stored); help "
        f"{helps} of 100; {not_written} alerts not written; disk told as {disk!r}; "
        f"with room again: answered {last.answered}, {alerts} alerts before each was "
        f"sent again, {after} after",
    )
    held = helps == alerts == after == 100
    return not false and held and disk == "full" and last.answered
