"""Open alerts and room on the disk, for the people who run the machine."""

from __future__ import annotations

import shutil
from datetime import datetime

from pathways.app import Milepost
from pathways.services.alerts import spool_folder


def open_alerts(milepost: Milepost) -> tuple[int, datetime | None]:
    """Return how many alerts of all schools are open, and since when the oldest is."""
    with milepost.work() as work:
        return work.conversations.open_alerts()


def spooled(milepost: Milepost) -> int:
    """Return how many alerts wait on disk for the database."""
    return sum(1 for _ in spool_folder(milepost).glob("*.json"))


def free_bytes(milepost: Milepost) -> int:
    """Return the room left on the disk of the records; 0 where nobody can tell."""
    try:
        return shutil.disk_usage(milepost.settings.var_dir).free
    except OSError:
        return 0
