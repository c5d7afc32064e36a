"""Starts the checking and saving of files that staff brought in.

A small file is done at once; a larger one in a process of its own, which lives on
if the pages are started again, and leaves nothing half done if it is killed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from pathways.app import Milepost
from pathways.services import staged_imports
from pathways.services.access import Actor

AT_ONCE = 256 * 1024
PACKED = (".zip", ".xlsx")
AT_ONCE_PACKED = 32 * 1024
WORKER = "pathways.import_worker"
ROOT = Path(__file__).parents[1]


def start(
    milepost: Milepost,
    actor: Actor,
    staged: str,
    to_save: bool,
    given: Mapping[str, str],
) -> bool:
    """Check or save a file; False where somebody is at it already.

    Raises:
        NotFound: there is no such file of this person.
        Invalid: a choice can't be used.
    """
    found = staged_imports.staged_file(milepost, actor, staged)
    with staged_imports.held(milepost, found) as lock:
        if lock is None:
            return False
        ordered = staged_imports.order(milepost, actor, staged, to_save, given)
        if ordered.is_saved:
            return False
        packed = found.file.lower().endswith(PACKED)
        if found.size <= (AT_ONCE_PACKED if packed else AT_ONCE):
            staged_imports.run(milepost, actor, staged)
        else:
            _apart(milepost, actor, staged, lock)
    return True


def _apart(milepost: Milepost, actor: Actor, staged: str, lock: int) -> None:
    """Run it in a process that keeps the lock; what it says of a crash is not kept."""
    process = subprocess.Popen(
        [sys.executable, "-m", WORKER],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        pass_fds=(lock,),
        start_new_session=True,
    )
    told = {
        "settings": milepost.settings.model_dump(mode="json"),
        "staged": staged,
        "lock": lock,
        "actor": actor.id,
        "school": actor.school_id,
        "role": actor.role.value,
        "language": actor.language,
    }

    def hand_over() -> None:
        process.communicate(json.dumps(told).encode())

    thread = threading.Thread(target=hand_over, name=WORKER, daemon=True)
    thread.start()


def wait() -> None:
    """Wait for the processes that were started here, for tests."""
    for thread in threading.enumerate():
        if thread.name == WORKER:
            thread.join()


def drop(milepost: Milepost, actor: Actor, staged: str) -> bool:
    """Delete a file; False where somebody is at it."""
    found = staged_imports.staged_file(milepost, actor, staged)
    with staged_imports.held(milepost, found) as lock:
        if lock is not None:
            staged_imports.drop(milepost, actor, staged)
        return lock is not None
